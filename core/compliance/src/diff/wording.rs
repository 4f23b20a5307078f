//! Which words of a text changed.

/// What a text says instead of another one, the words that both share told once: `top 20 of "category"
/// instead of "brand"`.
pub(super) fn instead_of(new: &str, old: &str) -> String {
    match changed_words(old, new) {
        (added, left_out) if left_out.is_empty() => format!("{new}, with “{added}” added"),
        (added, left_out) if added.is_empty() => format!("{new}, without “{left_out}”"),
        (_, left_out) => format!("{new} instead of {left_out}"),
    }
}

/// What would be read otherwise in a text, in a sentence.
pub(super) fn describe_change(old: &str, new: &str) -> String {
    match changed_words(old, new) {
        (added, left_out) if left_out.is_empty() => format!("“{added}” would be added"),
        (added, left_out) if added.is_empty() => format!("“{left_out}” would be left out"),
        (added, left_out) => format!("“{added}” would stand instead of “{left_out}”"),
    }
}

/// The words that only the new text has, and those that only the old one has, between what both begin and end
/// with.
fn changed_words(old: &str, new: &str) -> (String, String) {
    let words = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
    let (mut old, mut new) = (words(old), words(new));
    let shared = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    old.drain(..shared);
    new.drain(..shared);
    while old.last().is_some() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    (new.join(" "), old.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_by_its_own_words() {
        let old = "Choose products for you.";
        let new = "Choose products for you and sell your data.";
        assert_eq!(describe_change(old, new), "“you and sell your data.” would stand instead of “you.”");
        assert_eq!(describe_change("kept here", "kept only here"), "“only” would be added");
        assert_eq!(describe_change("kept only here", "kept here"), "“only” would be left out");
        assert_eq!(
            instead_of("top 20 of category", "top 20 of brand"),
            "top 20 of category instead of brand"
        );
        assert_eq!(instead_of("by year", "as it is"), "by year instead of as it is");
    }
}
