//! What people are asked and told: consents and purposes.

use serde_json::{Value, json};

use super::{
    closed_schema, described, flag_schema, named_schema, some_texts_schema, span_schema, spoken_schema,
    text_schema, texts_schema, words_schema,
};

pub(super) fn consent_schema() -> Value {
    let purposes = json!({ "type": "array", "items": { "type": "integer", "minimum": 1, "maximum": 24 } });
    let signals = closed_schema(
        &[
            ("tcf_publisher_purposes", purposes),
            ("consent_mode", text_schema()),
            ("may", words_schema(&["only refuse"])),
        ],
        &["may"],
    );
    closed_schema(
        &[
            ("texts", some_texts_schema()),
            ("lasts", span_schema()),
            (
                "rests_for",
                described("how long what rested on a yes is kept, unseen, once it has ended", span_schema()),
            ),
            ("ask_again_after", described("how long after a no", span_schema())),
            ("wording", described("what people are asked, by version", named_schema(spoken_schema()))),
            ("signals", signals),
        ],
        &["texts", "lasts"],
    )
}

pub(super) fn purpose_schema() -> Value {
    closed_schema(
        &[
            ("says", spoken_schema()),
            ("profiling", flag_schema()),
            ("profiling_because", text_schema()),
            (
                "basis",
                described(
                    "the last two for what changes no list",
                    words_schema(&[
                        "nothing about a person is read",
                        "legitimate interests",
                        "consent",
                        "contract",
                        "legal obligation",
                    ]),
                ),
            ),
            ("needs", texts_schema()),
            ("interest", spoken_schema()),
            ("balance", text_schema()),
            ("device", words_schema(&["nothing", "consent"])),
            (
                "stop_if",
                json!({ "type": "array", "items": { "enum": ["objection", "global privacy control"] } }),
            ),
        ],
        &["says", "profiling", "basis"],
    )
}
