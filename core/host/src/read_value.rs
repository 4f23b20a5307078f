//! How what was read is shown to whoever sent it, in commands alone.

use jardin_policy::rules::Class;
use serde_json::Value;

/// The most characters of a value that are shown.
const MAX_SHOWN: usize = 40;

/// What was read: of a field that is about nobody and no secret the value itself, of any other its shape alone.
#[must_use]
pub fn show_read_value(value: &Value, class: Class) -> String {
    if class == Class::None { show_value(value) } else { describe_shape(value) }
}

fn show_value(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let escaped = escape_controls(&text);
    match escaped.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("`{}…`", escaped.get(..end).unwrap_or_default()),
        None => format!("`{escaped}`"),
    }
}

/// A text whose control characters, and those that turn the direction of writing, are written as escapes.
#[must_use]
pub fn escape_controls(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

fn describe_shape(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) => describe_text(text),
    }
}

fn describe_text(text: &str) -> String {
    let count = text.chars().count();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{count} digits");
    }
    let mut marks: Vec<char> = text.chars().filter(|c| c.is_ascii_punctuation() || *c == ' ').collect();
    marks.sort_unstable();
    marks.dedup();
    let marks: Vec<String> =
        marks.iter().take(5).map(|c| if *c == ' ' { "blanks".to_owned() } else { c.to_string() }).collect();
    let with = if marks.is_empty() { String::new() } else { format!(" with {}", marks.join(" ")) };
    format!("{count} characters{with}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_of_a_person_or_a_secret_is_told_by_its_shape() {
        for (value, shape) in [
            (json!("20120517"), "8 digits"),
            (json!("17/05/2012"), "10 characters with /"),
            (json!("Rue 5, Gap"), "10 characters with blanks ,"),
            (json!(5), "a number"),
            (json!(["a"]), "a list of 1"),
        ] {
            for class in [Class::Confidential, Class::Personal, Class::HighlyPersonal] {
                assert_eq!(show_read_value(&value, class), shape);
            }
        }
    }

    #[test]
    fn another_value_is_shown_short_and_without_controls() {
        for (value, shown) in [
            (json!("14,90"), "`14,90`".to_owned()),
            (json!(14.9), "`14.9`".to_owned()),
            (json!(["wine", "gift"]), "`[\"wine\",\"gift\"]`".to_owned()),
            (json!("\u{1b}[31m"), "`\\u{1b}[31m`".to_owned()),
            (json!("x".repeat(41)), format!("`{}…`", "x".repeat(40))),
        ] {
            assert_eq!(show_read_value(&value, Class::None), shown);
        }
    }
}
