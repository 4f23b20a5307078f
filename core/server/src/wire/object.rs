//! A JSON object that is taken apart key by key.

use jardin_engine::{Fields, Problem};
use serde_json::Value;

/// A JSON object of which each key is taken once; what is left at the end is unknown.
pub(crate) struct Object(Fields);

type Taken<T> = Result<Option<T>, Problem>;

fn wrong(what: &'static str) -> Problem {
    Problem::Unprocessable { what, names: Vec::new() }
}

impl Object {
    pub(crate) fn new(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(map) => Ok(Self(map)),
            _ => Err(wrong("the body is an object in braces")),
        }
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key).filter(|v| !v.is_null())
    }

    pub(crate) fn text(&mut self, key: &str, what: &'static str) -> Taken<String> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(what)),
        }
    }

    pub(crate) fn flag(&mut self, key: &str, what: &'static str) -> Taken<bool> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(wrong(what)),
        }
    }

    pub(crate) fn count(&mut self, key: &str, what: &'static str) -> Taken<u32> {
        match self.take(key) {
            None => Ok(None),
            Some(value) => {
                value.as_u64().and_then(|n| u32::try_from(n).ok()).map(Some).ok_or_else(|| wrong(what))
            }
        }
    }

    pub(crate) fn object(&mut self, key: &str, what: &'static str) -> Taken<Fields> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map)),
            Some(_) => Err(wrong(what)),
        }
    }

    pub(crate) fn list(&mut self, key: &str, what: &'static str) -> Taken<Vec<Value>> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(_) => Err(wrong(what)),
        }
    }

    /// Refuses what was not taken, without repeating it.
    pub(crate) fn end(self, known: &'static str) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(wrong(known)) }
    }
}
