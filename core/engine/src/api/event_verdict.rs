//! Why events are refused or set aside, in words and sentences: docs/codes.md lists them.

use jardin_model::EventKind;

/// What may become of an event beside being taken: a stable word, and a sentence that repeats nothing of what was sent.
pub const EVENT_VERDICTS: &[(&str, &str)] = &[
    ("not-an-object", "an event is an object in braces"),
    ("type-missing", "`type` is missing; it says what happened, for example \"view_item\""),
    ("unknown-type", "`type` must be one of the known types"),
    (
        "occurred-at-missing",
        "`occurred_at` is missing; it must be an instant, for example \"2026-11-20T10:00:00Z\"",
    ),
    (
        "occurred-at-invalid",
        "`occurred_at` must be an instant as in RFC 3339 with its offset, for example \"2026-11-20T10:00:00Z\"",
    ),
    ("event-id-invalid", "`event_id` must be a text of 1 to 256 bytes without control characters"),
    ("subject-id-invalid", "`subject_id` must be a text of 1 to 256 bytes without control characters"),
    ("session-id-invalid", "`session_id` must be a text of 1 to 256 bytes without control characters"),
    ("recommendation-id-invalid", "`recommendation_id` must be the id that an answer carried"),
    (
        "items-missing",
        "`items` is missing; every type but `search` names a product, for example [{\"item_id\": \"TEN-103\"}]",
    ),
    ("items-invalid", "`items` must be a list of objects, for example [{\"item_id\": \"TEN-103\"}]"),
    ("too-many-items", "`items` must have at most 2,000 entries"),
    ("item-id-missing", "`items[].item_id` is missing; it names a product, for example \"TEN-103\""),
    ("item-id-invalid", "`items[].item_id` must be a text of 1 to 256 bytes without control characters"),
    (
        "unknown-item",
        "the catalogue does not have an item that it names, and too many ids without an item are known already; import the items first",
    ),
    (
        "too-many-instructions",
        "one call says of more than 100 products whether they are for somebody, or one visit of more than 1,000",
    ),
    ("quantity-invalid", "`items[].quantity` must be a whole number from 1 to 1,000,000"),
    ("too-many-fields", "an event or a line of it has more than 64 fields of its own"),
    ("ahead", "`occurred_at` lies more than 5 minutes ahead of the host's clock"),
    ("too-old", "it is older than the policy keeps events of this type"),
    ("never", "it concerns products that the policy never ties to a person"),
    ("discreet", "it concerns products that count within a visit alone, and is of no visit that keeps it"),
    ("restricted", "processing is restricted for this person"),
    ("stopped", "what would use such events is switched off"),
    ("paused", "the visit is paused: its person wants nothing of it recorded"),
    ("no-purpose", "nobody agreed: no purpose that uses such events may run for this person or visit"),
];

/// The sentence of a word.
pub(crate) fn event_detail(word: &str) -> String {
    let sentence =
        EVENT_VERDICTS.iter().find(|(known, _)| *known == word).map_or("", |(_, sentence)| *sentence);
    if word == "unknown-type" {
        let types: Vec<String> = EventKind::ALL.iter().map(|kind| format!("`{kind}`")).collect();
        return format!("`type` must be one of {}", types.join(", "));
    }
    sentence.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../../../docs/events.md");

    #[test]
    fn the_page_of_events_lists_every_type() {
        let (_, rest) = PAGE.split_once("<!-- the types -->").unwrap();
        let (listed, _) = rest.split_once("<!-- end of the types -->").unwrap();
        let listed: Vec<&str> = listed.split(',').map(|word| word.trim().trim_matches('`')).collect();
        let types: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(listed, types);
    }

    #[test]
    fn every_word_has_its_sentence() {
        for (word, sentence) in EVENT_VERDICTS {
            assert!(!sentence.is_empty() && !event_detail(word).is_empty(), "{word}");
        }
        assert!(event_detail("unknown-type").ends_with("`dismiss`, `useful`"));
    }
}
