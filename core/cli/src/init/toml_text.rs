//! Texts as TOML writes them.

/// A text in quotes.
pub(super) fn quote_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
