//! What a misspelt name may have meant.

/// The nearest of `known` to a misspelt name, where one is near enough to be meant.
#[must_use]
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near =
        known.into_iter().map(|k| (strsim::jaro_winkler(name, k), k)).filter(|(score, _)| *score >= 0.82);
    near.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, k)| k)
}

/// Up to a dozen names in backticks.
#[must_use]
pub fn list_names(names: &[&str]) -> String {
    let mut text = names.iter().take(12).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        text.push_str(", …");
    }
    text
}
