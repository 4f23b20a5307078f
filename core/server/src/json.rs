//! Reading JSON that strangers send: the whole body must be one value, and no object may name a key twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A JSON value without repeated keys.
pub(crate) struct Strict(pub(crate) Value);

/// Reads a body. The error is a fixed phrase with a place, and repeats nothing that was sent.
pub(crate) fn read(body: &[u8]) -> Result<Value, String> {
    match serde_json::from_slice::<Strict>(body) {
        Ok(Strict(value)) => Ok(value),
        Err(error) => Err(format!("{}, at line {} column {}", phrase(&error), error.line(), error.column())),
    }
}

/// Reads NDJSON: a value a line; empty lines are passed over.
pub(crate) fn read_lines(body: &[u8]) -> Result<Vec<Value>, String> {
    let lines = body.split(|byte| *byte == b'\n').enumerate();
    let lines = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    lines
        .map(|(before, line)| match serde_json::from_slice::<Strict>(line) {
            Ok(Strict(value)) => Ok(value),
            Err(error) => {
                Err(format!("{}, at line {} column {}", phrase(&error), before + 1, error.column()))
            }
        })
        .collect()
}

fn phrase(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "the JSON ends too early",
        serde_json::error::Category::Data => "an object has the same key twice",
        _ => "the body is not valid JSON",
    }
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(Value::Number(n.into()))
    }

    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(Value::Number(n.into()))
    }

    fn visit_f64<E>(self, n: f64) -> Result<Value, E> {
        Ok(Number::from_f64(n).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Strict(value) = entries.next_value()?;
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("repeated key"));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::{read, read_lines};

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#"{"a":[1,-2,3.5,"x",null,true,{"b":{}}]}"#;
        assert_eq!(read(text.as_bytes()).unwrap(), serde_json::from_str::<serde_json::Value>(text).unwrap());
    }

    #[test]
    fn refuses_repeats_cuts_and_rests() {
        for (body, phrase) in [
            (&br#"{"a":1,"a":2}"#[..], "twice"),
            (br#"{"a":{"b":1,"b":1}}"#, "twice"),
            (br#"{"a":"#, "too early"),
            (br#"{"a":1} x"#, "not valid"),
            (b"\xff", "not valid"),
            (b"", "too early"),
        ] {
            let error = read(body).unwrap_err();
            assert!(error.contains(phrase), "{error}");
        }
    }

    #[test]
    fn names_the_line_of_the_body_and_not_of_the_value() {
        let error = read_lines(b"{\"a\":1}\n\n{\"a\":1,\"a\":2}\n").unwrap_err();
        assert_eq!(error, "an object has the same key twice, at line 3 column 13");
        assert_eq!(read_lines(b"1\n \n2").unwrap().len(), 2);
    }

    #[test]
    fn refuses_a_depth_bomb() {
        assert!(read("[".repeat(100_000).as_bytes()).is_err());
    }
}
