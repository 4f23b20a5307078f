//! The words that every script may use.

/// One word of the language.
pub(super) struct Word {
    /// As an editor is told it.
    pub(super) definition: &'static str,
    /// What it does.
    pub(super) does: &'static str,
}

const fn word(definition: &'static str, does: &'static str) -> Word {
    Word { definition, does }
}

/// Functions of items, lists, pages and plain values.
pub(super) const WORDS: [Word; 30] = [
    word(
        "fn boost(item: Item, factor: float, note: String);",
        "Moves the item up: a factor of 1 to 10, and a constant note for the shop.",
    ),
    word(
        "fn bury(item: Item, factor: float, note: String);",
        "Moves the item down: a factor of 0.1 to 1, and a constant note for the shop.",
    ),
    word("fn drop(item: Item, note: String);", "Leaves the item out, with a constant note for the shop."),
    word("fn say(item: Item, code: String);", "Tells the shopper a declared reason, by its constant code."),
    word(
        "fn catalogue(sources: Sources, limit: int, having: Map) -> List;",
        "Sellable items whose fields have these values, by popularity.",
    ),
    word("fn or(first: List, second: List) -> List;", "The first list, then the second."),
    word(
        "fn mix(first: List, second: List, share: float) -> List;",
        "Both interleaved; the share, 0 to 1, is the second one's.",
    ),
    word("fn max_per(page: Page, field: String, n: int);", "At most n items of one value of the field."),
    word(
        "fn diversify(page: Page, field: String, strength: float);",
        "Values of the field alternate; the strength is 0 to 1.",
    ),
    word(
        "fn at_least(page: Page, n: int, field: String, value: ?, top: int);",
        "At least n items with the value among the first top.",
    ),
    word(
        "fn rotate(page: Page, top: int, every: String);",
        "The first top items turn each \"hour\", \"day\" or \"week\".",
    ),
    word(
        "fn slot(page: Page, position: int, field: String, value: ?);",
        "At the position, from 1, the best item with the value.",
    ),
    word(
        "fn pin(page: Page, position: int, item: ?);",
        "At the position, from 1, this item or the first of a list that can be sold.",
    ),
    word("fn limit(page: Page, n: int);", "At most n items."),
    word("fn days_since(date: ?) -> ?;", "Days since a date; `()` without one."),
    word("fn days_until(date: ?) -> ?;", "Days until a date; `()` without one."),
    word("fn abs(x: float) -> float;", "Without its sign."),
    word("fn floor(x: float) -> float;", "Rounded down."),
    word("fn ceil(x: float) -> float;", "Rounded up."),
    word("fn round(x: float) -> float;", "Rounded to the nearest."),
    word("fn sqrt(x: float) -> float;", "The square root."),
    word("fn min(x: float, y: float) -> float;", "The lesser."),
    word("fn max(x: float, y: float) -> float;", "The greater."),
    word("fn len(x: ?) -> int;", "How many."),
    word("fn is_empty(x: ?) -> bool;", "True of nothing."),
    word("fn contains(x: ?, y: ?) -> bool;", "True where y is in x."),
    word("fn starts_with(x: String, y: String) -> bool;", "True where x begins with y."),
    word("fn ends_with(x: String, y: String) -> bool;", "True where x ends with y."),
    word("fn to_upper(x: String) -> String;", "In capitals."),
    word("fn to_lower(x: String) -> String;", "In small letters."),
];

/// The words as a table.
pub(super) fn page() -> String {
    let rows = WORDS.iter().map(|w| {
        format!("| `{}` | {} |", w.definition.trim_start_matches("fn ").trim_end_matches(';'), w.does)
    });
    std::iter::once("## What every script may use\n\n| function | does |\n|---|---|".to_owned())
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_words_are_those_of_scripts() {
        let name =
            |word: &'static Word| word.definition.strip_prefix("fn ").and_then(|d| d.split('(').next());
        let shown: BTreeSet<&str> = WORDS.iter().filter_map(name).collect();
        assert_eq!(shown, jardin_script_check::vocabulary::words().into_iter().collect());
    }
}
