//! What a field may hold: the check, and the words for it.

use jardin_model::{FieldType, Namespace, Value};

use super::FieldRule;

impl FieldRule {
    /// True where the field may hold this value: its type fits, a number is finite, a choice is one of the list, and
    /// an amount of the catalogue is not below zero; whoever knows the shop's currency holds its decimals.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        let is_listed = match value {
            Value::Text(text) if self.kind == FieldType::Choice => self.choices.contains(text),
            Value::Number(n) => n.is_finite(),
            Value::Money(money) if self.path.namespace == Namespace::Item => money.ten_thousandths() >= 0,
            _ => true,
        };
        is_listed && value.fits_type(self.kind)
    }

    /// The form that is expected, to stand after "must be".
    #[must_use]
    pub fn form(&self) -> String {
        let form = match self.kind {
            FieldType::Id | FieldType::Text => "a text",
            FieldType::Texts => "a list of texts",
            FieldType::Number => "a number",
            FieldType::Money if self.path.namespace == Namespace::Item => {
                "a price as a text, not below zero and with no more places after a point than its currency has"
            }
            FieldType::Money => "an amount as a text with at most four places after a point",
            FieldType::Flag => "true or false",
            FieldType::Choice => return self.choices_in_words(),
            FieldType::Date => "a day as a text, written year-month-day",
            FieldType::Time => "an instant as a text, as in RFC 3339",
            FieldType::Item => "the id of an item",
            FieldType::Items => "a list of ids of items",
            FieldType::Events => "sent as events",
        };
        form.to_owned()
    }

    /// A fixed example as JSON, which follows from what the policy declares alone.
    #[must_use]
    pub fn example(&self) -> String {
        let example = match self.kind {
            FieldType::Id | FieldType::Item => r#""TEN-103""#,
            FieldType::Text => r#""tents""#,
            FieldType::Texts => r#"["light", "blue"]"#,
            FieldType::Number => "12.5",
            FieldType::Money => r#""12.90""#,
            FieldType::Flag => "true",
            FieldType::Choice => {
                return self
                    .choices
                    .first()
                    .map_or_else(|| r#""""#.to_owned(), |choice| format!("{choice:?}"));
            }
            FieldType::Date => r#""1990-05-17""#,
            FieldType::Time => r#""2026-11-20T10:00:00Z""#,
            FieldType::Items => r#"["TEN-103"]"#,
            FieldType::Events => r#"{"type": "view_item"}"#,
        };
        example.to_owned()
    }

    fn choices_in_words(&self) -> String {
        let listed: Vec<String> = self.choices.iter().map(|choice| format!("`{choice}`")).collect();
        format!("one of {}", listed.join(", "))
    }
}
