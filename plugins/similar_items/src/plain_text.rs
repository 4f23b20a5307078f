//! Texts of shops as people read them: tags and character references of HTML are no words.

use std::borrow::Cow;

/// The longest character reference, `&CounterClockwiseContourIntegral;`, is not much longer.
const MAX_REFERENCE_BYTES: usize = 40;

/// The text with a space for each tag and each named reference, and the character for each numbered one.
pub(crate) fn without_markup(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(['<', '&']) {
        let (before, markup) = rest.split_at(at);
        plain.push_str(before);
        let (said, after) = read_markup(markup);
        plain.push(said);
        rest = after;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// What stands for the markup at the beginning of a text, and the text behind it.
fn read_markup(text: &str) -> (char, &str) {
    let mut behind = text.chars();
    let sign = behind.next();
    let inner = behind.as_str();
    let is_tag = inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
    if sign == Some('<') && is_tag {
        return (' ', inner.split_once('>').map_or(inner, |(_, after)| after));
    }
    let reference = inner.split_once(';').filter(|_| sign == Some('&'));
    match reference {
        Some((name, after)) if name.len() <= MAX_REFERENCE_BYTES && is_reference(name) => {
            (numbered_character(name).unwrap_or(' '), after)
        }
        _ => (' ', inner),
    }
}

fn is_reference(name: &str) -> bool {
    let name = name.strip_prefix('#').unwrap_or(name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The character of `#233` or `#xE9`.
fn numbered_character(name: &str) -> Option<char> {
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_no_word() {
        for (text, plain) in [
            ("Sleeping bag", "Sleeping bag"),
            ("<p class=\"lead\">Sleeping <strong>bag</strong></p>", " Sleeping  bag  "),
            ("bag &amp; mat&nbsp;for two", "bag   mat for two"),
            ("caf&#233; cr&#xE8;me", "caf\u{e9} cr\u{e8}me"),
            // what is no markup stays: a sign alone, a comparison, a name without its end
            ("a < b && c", "a   b    c"),
            ("R&D; R&D &;", "R  R D  ;"),
            ("cut <b", "cut  b"),
            ("&#x110000; &#;", "   #;"),
        ] {
            assert_eq!(without_markup(text), plain, "{text}");
        }
    }
}
