//! Why items are refused, and fields dropped at any door, in words and sentences: docs/codes.md lists them.

/// What may become of an item beside being taken: a stable word, and a sentence that repeats nothing of what was sent. Of
/// fields the sentence of an answer names which, the form and an example.
pub const ITEM_VERDICTS: &[(&str, &str)] = &[
    ("not-an-object", r#"an item is `{"item_id": "TEN-103", "fields": {"category": "tents"}}`"#),
    (
        "item-id",
        "`item_id` must be a text of 1 to 256 bytes without control characters, for example \"TEN-103\"",
    ),
    (
        "unknown-key",
        "beside `item_id` and `fields` an item has no key: what is told of it stands in `fields`",
    ),
    ("unreadable-field", "a field on which something rests holds what cannot be read as its form"),
    ("missing-field", "a field that the policy always asks for is missing"),
];

/// By which rule a field is dropped of what is taken.
pub const DROPPING_RULES: &[(&str, &str)] = &[
    ("undeclared", "the policy does not declare it"),
    ("wrong-type", "it cannot be read as its form, and nothing rests on it"),
    ("never", "the policy never keeps it, or it names a product that is never tied to a person"),
    ("discreet", "it names a product that counts within a visit alone"),
    ("no-purpose", "nobody agreed: no purpose that uses it may run for this person"),
    ("stopped", "what would use it is switched off"),
    ("child-until-told", "the age was taken away, and they count as a child until it is told again"),
];

/// The sentence of a word.
pub(crate) fn item_detail(word: &str) -> &'static str {
    ITEM_VERDICTS.iter().find(|(known, _)| *known == word).map_or("", |(_, sentence)| *sentence)
}
