//! The codes of what a shop's folder can lack, and those of every package.

use jardin_diagnostics::{Code, codes_page};
use jardin_engine::{DROPPING_RULES, EVENT_VERDICTS, ITEM_VERDICTS};

jardin_diagnostics::codes! {
    NOT_PINNED = "not-pinned" Warning "A plugin that nobody reviewed does not run.",
    PLUGIN_SETTING = "plugin-setting" Error "A plugin is not loaded with a setting that it does not take.",
    ITEM_REFUSED = "item-refused" Error "A product that no door takes is not sold.",
    ITEM_SHORTENED = "item-shortened" Warning "What is left out of a product can neither rank nor filter it.",
    ITEM_DOUBTFUL = "item-doubtful" Warning "A product that says two things, or a figure of another scale, is seldom what its shop means.",
    NEVER_UNMATCHED = "never-unmatched" Warning "A value of [never] or [discreet] that is written otherwise than the catalogue writes it keeps nothing from anybody.",
    NO_POPULARITY = "no-popularity" Warning "A list of what sells well that is told of no sales is the catalogue, the last product first.",
    NO_SUCH_VALUE = "no-such-value" Warning "A rule about what the shop does not have does nothing.",
    UNREAD_SETTING = "unread-setting" Warning "A setting that no rule reads changes nothing, whoever sets it.",
}

/// The codes of every package, in the order of docs/codes.md: those of any text, of policies, of what compliance
/// finds, of configurations, of scripts, of shop folders.
#[must_use]
pub fn every_code() -> Vec<Code> {
    let lists = [
        jardin_diagnostics::codes::ALL,
        jardin_policy::codes::ALL,
        jardin_compliance::codes::ALL,
        jardin_engine::codes::ALL,
        jardin_script_check::codes::ALL,
        ALL,
    ];
    lists.concat()
}

/// `docs/codes.md`: the codes of findings, then the words for what became of events and items.
#[must_use]
pub fn codes_and_verdicts_page() -> String {
    let mut page = codes_page(&every_code());
    for (title, says, verdicts) in [
        ("Events", "What became of an event that was not taken.", EVENT_VERDICTS),
        ("Items", "What became of an item that was not taken.", ITEM_VERDICTS),
        (
            "Dropped fields",
            "Why a field was dropped of what was taken: `rule` in `redacted`.",
            DROPPING_RULES,
        ),
    ] {
        page.push_str(&format!("\n## {title}\n\n{says}\n\n| word | what it means |\n|---|---|\n"));
        page.extend(verdicts.iter().map(|(word, sentence)| format!("| `{word}` | {sentence} |\n")));
    }
    page
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{codes_and_verdicts_page, every_code};

    const PAGE: &str = include_str!("../../../docs/codes.md");

    /// A code is a promise: it may be added and never change its meaning.
    #[test]
    fn the_page_of_codes_is_the_list_of_codes() {
        assert_eq!(
            PAGE,
            codes_and_verdicts_page(),
            "write docs/codes.md anew: cargo run -p jardin-host --example codes > docs/codes.md"
        );
    }

    #[test]
    fn codes_are_words_and_belong_to_one_package_each() {
        let mut seen = BTreeSet::new();
        for code in every_code() {
            assert!(code.word().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code:?}");
            assert!(seen.insert(code.word()), "`{}` stands twice", code.word());
        }
    }
}
