//! Values between JSON, the policy's types and the catalogue's columns.

use std::sync::Arc;

use jardin_model::{Cell, Dictionary, FieldType, ItemId, Money, Timestamp, Value};
use serde_json::Value as Json;

/// A JSON value as a field of type `kind` holds it; `None` where it does not fit.
pub(crate) fn read_value(json: &Json, kind: FieldType) -> Option<Value> {
    match kind {
        FieldType::Id | FieldType::Text | FieldType::Choice => json.as_str().map(|t| Value::Text(t.into())),
        FieldType::Texts => read_each(json, |t| Some(Arc::from(t))).map(|texts| Value::Texts(texts.into())),
        FieldType::Number => json.as_f64().filter(|n| n.is_finite()).map(Value::Number),
        FieldType::Money => json.as_str()?.parse::<Money>().ok().map(Value::Money),
        FieldType::Flag => json.as_bool().map(Value::Flag),
        FieldType::Date => json.as_str().filter(|t| t.len() == 10)?.parse().ok().map(Value::Date),
        FieldType::Time => Timestamp::parse(json.as_str()?).ok().map(Value::Time),
        FieldType::Item => ItemId::new(json.as_str()?).ok().map(Value::Item),
        FieldType::Items => read_each(json, |t| ItemId::new(t).ok()).map(|items| Value::Items(items.into())),
        FieldType::Events => None,
    }
}

fn read_each<T>(json: &Json, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    json.as_array()?.iter().map(|j| j.as_str().and_then(&read)).collect()
}

/// A JSON value for the door to judge: one that does not fit becomes one that the door calls `wrong-type`. It
/// keeps the words that were said, in whatever form, so that a rule about them can be held.
pub(crate) fn offered_value(json: &Json, kind: Option<FieldType>) -> Value {
    kind.and_then(|kind| read_value(json, kind)).unwrap_or_else(|| {
        let mut words = Vec::new();
        collect_words(json, &mut words);
        match kind {
            Some(FieldType::Texts) => Value::Text(words.join(",").into()),
            _ => Value::Texts(words.into_iter().map(Arc::from).collect()),
        }
    })
}

fn collect_words(json: &Json, words: &mut Vec<String>) {
    match json {
        Json::Null => {}
        Json::Bool(flag) => words.push(flag.to_string()),
        Json::Number(number) => words.push(number.to_string()),
        Json::String(text) => words.push(text.clone()),
        Json::Array(list) => list.iter().for_each(|json| collect_words(json, words)),
        Json::Object(object) => object.values().for_each(|json| collect_words(json, words)),
    }
}

/// A stored value as JSON, the same that was sent.
pub(crate) fn to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => Json::from(&**text),
        Value::Texts(texts) => texts.iter().map(|t| &**t).collect(),
        Value::Number(n) => Json::from(*n),
        Value::Money(money) => Json::from(money.to_string()),
        Value::Flag(flag) => Json::from(*flag),
        Value::Date(date) => Json::from(date.to_string()),
        Value::Time(time) => Json::from(time.to_string()),
        Value::Item(id) => Json::from(id.as_str()),
        Value::Items(ids) => ids.iter().map(ItemId::as_str).collect(),
        Value::TakenAway => Json::Null,
    }
}

/// A cell of the catalogue as the value that made it. Exact: a float holds every amount up to 2^53
/// ten-thousandths.
pub(crate) fn value_of_cell(cell: Cell<'_>, kind: FieldType, dictionary: &Dictionary) -> Option<Value> {
    Some(match cell {
        Cell::Absent => return None,
        Cell::Number(n) if kind == FieldType::Money => Value::Money(exact_money(n)?),
        Cell::Number(n) => Value::Number(n),
        Cell::Flag(flag) => Value::Flag(flag),
        Cell::Text(_, text) => Value::Text(Arc::clone(text)),
        Cell::Texts(symbols) => {
            Value::Texts(symbols.iter().filter_map(|s| dictionary.text(*s).cloned()).collect())
        }
        Cell::Date(date) => Value::Date(date),
        Cell::Time(time) => Value::Time(time),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "bounded by 2^53 one line above")]
fn exact_money(major: f64) -> Option<Money> {
    let exact = (major * 10_000.0).round();
    (exact.abs() <= 9_007_199_254_740_992.0).then(|| Money::from_ten_thousandths(exact as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_type_takes_its_own_shape_only() {
        let shapes = [
            json!("a"),
            json!(["a", "b"]),
            json!(1.5),
            json!("9.90"),
            json!(true),
            json!("2026-11-20"),
            json!("2026-11-20T10:00:00Z"),
            json!(null),
            json!({"a": 1}),
            json!([1]),
        ];
        // how many of the shapes above a type takes: worked out by hand
        let taken = [
            (FieldType::Text, 4),
            (FieldType::Texts, 1),
            (FieldType::Number, 1),
            (FieldType::Money, 1),
            (FieldType::Flag, 1),
            (FieldType::Date, 1),
            (FieldType::Time, 1),
            (FieldType::Item, 4),
            (FieldType::Items, 1),
            (FieldType::Events, 0),
        ];
        for (kind, count) in taken {
            assert_eq!(shapes.iter().filter(|s| read_value(s, kind).is_some()).count(), count, "{kind}");
        }
    }

    #[test]
    fn what_does_not_fit_is_never_mistaken_for_a_value() {
        for kind in FieldType::ALL {
            for odd in [json!({"odd": 1}), json!({}), json!([[]]), json!(["a", 1])] {
                assert!(!offered_value(&odd, Some(kind)).fits_type(kind), "{kind} {odd}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_keeps_its_words() {
        let said = json!({"name": "pharmacy", "path": [["sleep", 3], null]});
        let words = Value::Texts(["pharmacy", "sleep", "3"].map(Arc::from).into());
        assert_eq!(offered_value(&said, None), words);
        assert_eq!(offered_value(&said, Some(FieldType::Text)), words);
        assert_eq!(offered_value(&said, Some(FieldType::Texts)), Value::Text("pharmacy,sleep,3".into()));
    }

    #[test]
    fn values_come_back_as_they_were_sent() {
        for (kind, sent) in [
            (FieldType::Money, json!("129.90")),
            (FieldType::Date, json!("1990-05-17")),
            (FieldType::Time, json!("2026-11-20T10:00:00Z")),
            (FieldType::Texts, json!(["a", "b"])),
            (FieldType::Number, json!(2.5)),
        ] {
            assert_eq!(to_json(&read_value(&sent, kind).unwrap()), sent);
        }
        assert_eq!(exact_money(129.9), Some(Money::from_ten_thousandths(1_299_000)));
        assert_eq!(exact_money(1e300), None);
    }
}
