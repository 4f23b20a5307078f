//! What people are shown: what holds lists back.

use serde_json::{Value, json};

use super::{closed_schema, described, flag_schema, span_schema, text_schema, up_to, words_schema};

pub(super) fn restraint_schema() -> Value {
    let shown = closed_schema(&[("times", up_to(1_000)), ("unless", words_schema(&["clicked"]))], &["times"]);
    let bought = closed_schema(
        &[
            ("rest", span_schema()),
            (
                "unless",
                described("a flag of products that do not rest, such as `item.consumable`", text_schema()),
            ),
        ],
        &["rest"],
    );
    let share = json!({ "type": "number", "minimum": 0, "maximum": 1 });
    closed_schema(
        &[
            ("shown_at_most", described("how often one product is shown within a visit", shown)),
            (
                "dismissed",
                described("whether a product that somebody does not want is shown no more", flag_schema()),
            ),
            (
                "personal_share_at_most",
                described(
                    "the largest share of a list that data of a person chooses, above 0 and below 1",
                    share,
                ),
            ),
            ("after_purchase", described("how long a product rests that somebody bought", bought)),
        ],
        &[],
    )
}
