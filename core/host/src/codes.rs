//! The codes of what a shop's folder can lack, and those of every package.

use jardin_diagnostics::Code;

jardin_diagnostics::codes! {
    NOT_PINNED = "not-pinned" Warning "A plugin that nobody reviewed does not run.",
    PLUGIN_SETTING = "plugin-setting" Error "A plugin is not loaded with a setting that it does not take.",
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::every_code;

    const PAGE: &str = include_str!("../../../docs/codes.md");

    /// A code is a promise: it may be added and never change its meaning.
    #[test]
    fn the_page_of_codes_is_the_list_of_codes() {
        assert_eq!(
            PAGE,
            jardin_diagnostics::codes_page(&every_code()),
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
