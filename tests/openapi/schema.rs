//! The part of JSON Schema 2020-12 that the document uses. A keyword that is not known here fails the test, so
//! that none is passed over.

use jardin_model::Timestamp;
use serde_json::{Map, Value};

/// What is wrong with a value by a schema of a document; empty where nothing is.
pub fn violations(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Checker { document }.check(schema, value, "$", &mut found);
    found
}

struct Checker<'a> {
    document: &'a Value,
}

impl Checker<'_> {
    fn check(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let schema = schema.as_object().unwrap_or_else(|| panic!("no schema at {at}: {schema}"));
        for (keyword, rule) in schema {
            let holds = match keyword.as_str() {
                "description" | "properties" => true,
                "$ref" => {
                    let place = rule.as_str().and_then(|r| r.strip_prefix('#')).expect("a local reference");
                    self.check(self.document.pointer(place).expect("it leads somewhere"), value, at, found);
                    true
                }
                "type" => is_type(rule.as_str().expect("one type"), value),
                "enum" => rule.as_array().expect("words").contains(value),
                "anyOf" => rule.as_array().expect("schemas").iter().any(|one| {
                    let mut wrong = Vec::new();
                    self.check(one, value, at, &mut wrong);
                    wrong.is_empty()
                }),
                "format" => {
                    assert_eq!(rule, "date-time");
                    value.as_str().is_none_or(|text| Timestamp::parse(text).is_ok())
                }
                "minimum" => value.as_u64().is_none_or(|n| Some(n) >= rule.as_u64()),
                "maximum" => value.as_u64().is_none_or(|n| Some(n) <= rule.as_u64()),
                "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= bound(rule)),
                "maxLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 <= bound(rule)),
                "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= bound(rule)),
                "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= bound(rule)),
                "items" => {
                    for (index, entry) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(rule, entry, &format!("{at}[{index}]"), found);
                    }
                    true
                }
                "required" => {
                    let keys = rule.as_array().expect("keys").iter().map(|key| key.as_str().expect("a key"));
                    value.as_object().is_none_or(|map| keys.into_iter().all(|key| map.contains_key(key)))
                }
                "additionalProperties" => {
                    self.check_members(schema, rule, value, at, found);
                    true
                }
                unknown => panic!("the checker does not know `{unknown}`"),
            };
            if !holds {
                found.push(format!("{at} breaks `{keyword}`: {rule}, and is {value}"));
            }
        }
    }

    fn check_members(
        &self,
        schema: &Map<String, Value>,
        others: &Value,
        value: &Value,
        at: &str,
        found: &mut Vec<String>,
    ) {
        let properties = schema.get("properties").and_then(Value::as_object);
        for (key, member) in value.as_object().into_iter().flatten() {
            let at = format!("{at}.{key}");
            match (properties.and_then(|p| p.get(key)), others) {
                (Some(schema), _) => self.check(schema, member, &at, found),
                (None, Value::Bool(true)) => {}
                (None, Value::Bool(false)) => found.push(format!("{at} is not in the table")),
                (None, schema) => self.check(schema, member, &at, found),
            }
        }
    }
}

fn bound(rule: &Value) -> u64 {
    rule.as_u64().expect("a whole number")
}

fn is_type(word: &str, value: &Value) -> bool {
    match word {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        unknown => panic!("the checker does not know the type `{unknown}`"),
    }
}

#[test]
fn what_breaks_a_schema_is_named_with_its_place() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {"a": {"type": "array", "maxItems": 1, "items": {"type": "integer", "minimum": 0}}, "b": {"anyOf": [{"type": "null"}, {"type": "string", "enum": ["x"]}]}},
    });
    for (value, places) in [
        (serde_json::json!({"a": [1], "b": "x"}), vec![]),
        (serde_json::json!({"a": [1], "b": null}), vec![]),
        (serde_json::json!({"a": ["1"], "b": "y", "c": 1}), vec!["$.a[0]", "$.b", "$.c"]),
        (serde_json::json!({"a": [1, 2]}), vec!["$.a"]),
        (serde_json::json!({}), vec!["$"]),
        (serde_json::json!([]), vec!["$"]),
    ] {
        let found = violations(&Value::Null, &schema, &value);
        let found: Vec<&str> = found.iter().map(|f| f.split(' ').next().unwrap()).collect();
        assert_eq!(found, places, "{value}");
    }
}
