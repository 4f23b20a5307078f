//! Reading a body by the table of its fields. What is wrong is told by field, form and a fixed example, and
//! nothing that was sent is repeated.

use jardin_engine::Fields;
use jardin_model::ID_BYTES;
use serde_json::Value;

use crate::{
    field::{Bounds, Field, Shape, ValueKind},
    problem_kind::ProblemKind,
};

/// What is wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BodyProblem {
    pub(crate) kind: ProblemKind,
    /// Where, such as `requests[2].limit`; empty for the body itself.
    at: String,
    says: String,
}

impl BodyProblem {
    fn new(says: String) -> Self {
        Self { kind: ProblemKind::Unprocessable, at: String::new(), says }
    }

    fn form(form: &str, example: &Value) -> Self {
        Self::new(format!("must be {form}, for example {example}"))
    }

    /// A field that is not there.
    pub(crate) fn missing(field: &Field) -> Self {
        let (form, example) = (field.form(), field.example_value());
        Self::new(format!("is missing; it must be {form}, for example {example}")).inside(field.key)
    }

    fn unknown_key(shape: &Shape) -> Self {
        let known: Vec<String> = shape.fields.iter().map(|f| format!("`{}`", f.key)).collect();
        Self::new(format!("has an unknown key; known keys are {}", known.join(", ")))
    }

    fn too_many(most: u64) -> Self {
        Self { kind: ProblemKind::TooLarge, ..Self::new(format!("has more than {most} entries")) }
    }

    fn inside(mut self, outer: &str) -> Self {
        let dot = if self.at.is_empty() || self.at.starts_with('[') { "" } else { "." };
        self.at = format!("{outer}{dot}{}", self.at);
        self
    }
}

impl std::fmt::Display for BodyProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.at.is_empty() {
            write!(f, "the body {}", self.says)
        } else {
            write!(f, "`{}` {}", self.at, self.says)
        }
    }
}

/// An object whose fields were checked by its shape, taken apart key by key. `null` is as if the key were
/// left out.
#[derive(Debug, Default)]
pub(crate) struct Object(Fields);

impl Object {
    /// Checks a body by its shape.
    pub(crate) fn read(shape: &Shape, value: Value) -> Result<Self, BodyProblem> {
        check_object(shape, &value)?;
        Ok(Self::of(value))
    }

    fn of(value: Value) -> Self {
        match value {
            Value::Object(map) => Self(map),
            _ => Self::default(),
        }
    }

    /// All of it, as it was sent.
    pub(crate) fn into_fields(self) -> Fields {
        self.0
    }

    pub(crate) fn take_text(&mut self, key: &str) -> Option<String> {
        match self.0.remove(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn take_flag(&mut self, key: &str) -> Option<bool> {
        self.0.remove(key)?.as_bool()
    }

    pub(crate) fn take_count(&mut self, key: &str) -> Option<u32> {
        u32::try_from(self.0.remove(key)?.as_u64()?).ok()
    }

    pub(crate) fn take_map(&mut self, key: &str) -> Option<Fields> {
        match self.0.remove(key) {
            Some(Value::Object(map)) => Some(map),
            _ => None,
        }
    }

    pub(crate) fn take_list(&mut self, key: &str) -> Option<Vec<Value>> {
        match self.0.remove(key) {
            Some(Value::Array(list)) => Some(list),
            _ => None,
        }
    }

    pub(crate) fn take_object(&mut self, key: &str) -> Option<Self> {
        self.take_map(key).map(Self)
    }

    pub(crate) fn take_objects(&mut self, key: &str) -> Option<Vec<Self>> {
        self.take_list(key).map(|list| list.into_iter().map(Self::of).collect())
    }
}

fn check_object(shape: &Shape, value: &Value) -> Result<(), BodyProblem> {
    let Value::Object(map) = value else {
        return Err(BodyProblem::form("an object", &shape.short_example()));
    };
    let mut known = 0;
    for field in shape.fields {
        let value = map.get(field.key);
        known += usize::from(value.is_some());
        match value {
            None | Some(Value::Null) if field.required => return Err(BodyProblem::missing(field)),
            None | Some(Value::Null) => {}
            Some(value) => check_field(field, value).map_err(|problem| problem.inside(field.key))?,
        }
    }
    if known < map.len() && !shape.open { Err(BodyProblem::unknown_key(shape)) } else { Ok(()) }
}

fn check_field(field: &Field, value: &Value) -> Result<(), BodyProblem> {
    check_value(field.kind, field.bounds, value, &|| field.example_value())
}

fn check_value(
    kind: ValueKind,
    bounds: Bounds,
    value: &Value,
    example: &dyn Fn() -> Value,
) -> Result<(), BodyProblem> {
    let holds = match (kind, value) {
        (ValueKind::Any, _) | (ValueKind::OrNull(_), Value::Null) | (ValueKind::Flag, Value::Bool(_)) => true,
        (ValueKind::Text | ValueKind::Time, Value::String(text)) => bounds.hold(length(text.len())),
        (ValueKind::Id, Value::String(text)) => is_id(text),
        (ValueKind::Word(words), Value::String(text)) => words.contains(&text.as_str()),
        (ValueKind::Whole, Value::Number(n)) => n.as_u64().is_some_and(|n| bounds.hold(n)),
        (ValueKind::OrNull(kind), _) => return check_value(*kind, bounds, value, example),
        (ValueKind::Object(shape), _) => return check_object(shape, value),
        (ValueKind::Map(of), Value::Object(map)) => {
            // the key is the caller's own word, so the error names the object alone
            map.values().all(|value| check_value(*of, Bounds::NONE, value, example).is_ok())
        }
        (ValueKind::List(of), Value::Array(list)) => return check_list(*of, bounds, list, example),
        (ValueKind::Rows(_), Value::Array(list)) if !bounds.hold(length(list.len())) => {
            return Err(BodyProblem::too_many(bounds.most));
        }
        (ValueKind::Rows(_), Value::Array(_)) => true,
        (ValueKind::OneOf(kinds), _) => kinds.iter().any(|k| check_value(*k, bounds, value, example).is_ok()),
        _ => false,
    };
    if holds { Ok(()) } else { Err(BodyProblem::form(&kind.form(bounds), &example())) }
}

fn check_list(
    of: ValueKind,
    bounds: Bounds,
    list: &[Value],
    example: &dyn Fn() -> Value,
) -> Result<(), BodyProblem> {
    if !bounds.hold(length(list.len())) {
        return Err(BodyProblem::too_many(bounds.most));
    }
    let entry = || example().get(0).cloned().unwrap_or_default();
    for (index, value) in list.iter().enumerate() {
        check_value(of, Bounds::NONE, value, &entry).map_err(|p| p.inside(&format!("[{index}]")))?;
    }
    Ok(())
}

/// Whether a text is an id as [`jardin_model`] takes it.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=ID_BYTES).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn length(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const INNER: Shape = Shape {
        name: "Inner",
        says: "",
        fields: &[Field::optional("gpc", ValueKind::Flag, "")],
        open: false,
    };
    const SHAPE: Shape = Shape {
        name: "Outer",
        says: "",
        fields: &[
            Field::required("place", ValueKind::Text, "").such_as(r#""home""#),
            Field::optional("limit", ValueKind::Whole, "").at_most(9).such_as("8"),
            Field::optional("ids", ValueKind::List(&ValueKind::Id), "").at_most(2).such_as(r#"["MAT-104"]"#),
            Field::optional("inner", ValueKind::Object(&INNER), ""),
            Field::optional("many", ValueKind::List(&ValueKind::Object(&INNER)), ""),
            Field::optional("word", ValueKind::Word(&["granted", "withdrawn"]), ""),
            Field::optional("yes", ValueKind::Map(&ValueKind::Flag), "").such_as(r#"{"news":false}"#),
        ],
        open: false,
    };

    #[test]
    fn says_where_what_form_and_a_fixed_example_and_never_what_was_sent() {
        let id = "must be a string of 1 to 256 bytes without control characters, for example \"MAT-104\"";
        let cases = [
            (json!([1]), "the body must be an object, for example {\"place\":\"home\"}".to_owned()),
            (json!({}), "`place` is missing; it must be a string, for example \"home\"".to_owned()),
            (
                json!({"place": null}),
                "`place` is missing; it must be a string, for example \"home\"".to_owned(),
            ),
            (json!({"place": 7}), "`place` must be a string, for example \"home\"".to_owned()),
            (
                json!({"place": "x", "limit": 10}),
                "`limit` must be a whole number from 0 to 9, for example 8".to_owned(),
            ),
            (
                json!({"place": "x", "limit": -1}),
                "`limit` must be a whole number from 0 to 9, for example 8".to_owned(),
            ),
            (json!({"place": "x", "ids": ["a", "a\u{7}"]}), format!("`ids[1]` {id}")),
            (json!({"place": "x", "ids": ["", "a"]}), format!("`ids[0]` {id}")),
            (json!({"place": "x", "ids": ["a", "b", "c"]}), "`ids` has more than 2 entries".to_owned()),
            (
                json!({"place": "x", "inner": {"gpc": "secret"}}),
                "`inner.gpc` must be true or false, for example true".to_owned(),
            ),
            (
                json!({"place": "x", "inner": {"secret": 1}}),
                "`inner` has an unknown key; known keys are `gpc`".to_owned(),
            ),
            (
                json!({"place": "x", "many": [{}, {"gpc": 1}]}),
                "`many[1].gpc` must be true or false, for example true".to_owned(),
            ),
            (
                json!({"place": "x", "word": "secret"}),
                "`word` must be `granted` or `withdrawn`, for example \"granted\"".to_owned(),
            ),
            (
                json!({"place": "x", "yes": {"secret": "secret"}}),
                "`yes` must be an object in which each value is true or false, for example {\"news\":false}"
                    .to_owned(),
            ),
        ];
        for (sent, expected) in cases {
            let said = Object::read(&SHAPE, sent.clone()).unwrap_err().to_string();
            assert_eq!(said, expected, "{sent}");
        }
    }

    #[test]
    fn null_is_as_if_the_key_were_left_out() {
        let mut object = Object::read(&SHAPE, json!({"place": "x", "limit": null})).unwrap();
        assert_eq!((object.take_text("place").as_deref(), object.take_count("limit")), (Some("x"), None));
    }
}
