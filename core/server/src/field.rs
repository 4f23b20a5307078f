//! What a body holds, described once: the reader walks it, and the OpenAPI document is printed from it.

use serde_json::{Map, Value};

/// An object with the fields that it may have.
pub(crate) struct Shape {
    /// What it is called in the OpenAPI document.
    pub(crate) name: &'static str,
    /// What it is, in a sentence.
    pub(crate) says: &'static str,
    pub(crate) fields: &'static [Field],
    /// Whether it may have keys beside these, which the policy declares and the engine judges.
    pub(crate) open: bool,
}

/// One key of an object.
pub(crate) struct Field {
    pub(crate) key: &'static str,
    pub(crate) kind: ValueKind,
    pub(crate) required: bool,
    pub(crate) bounds: Bounds,
    /// What it means, in a phrase.
    pub(crate) says: &'static str,
    /// A fixed example as JSON; where there is none it follows from the kind.
    example: Option<&'static str>,
}

/// What a value may be.
#[derive(Clone, Copy)]
pub(crate) enum ValueKind {
    Text,
    /// A text of 1 to 256 bytes without control characters.
    Id,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number, not below zero.
    Whole,
    Flag,
    /// An instant as RFC 3339 writes it.
    Time,
    /// Whatever the policy makes of it.
    Any,
    Object(&'static Shape),
    /// An object whose keys are declared by the policy or by the shop.
    Map(&'static ValueKind),
    List(&'static ValueKind),
    /// Objects of which the engine judges each by itself, so that a wrong one is refused alone.
    Rows(&'static Shape),
    OneOf(&'static [ValueKind]),
    /// In answers: `null` where there is none.
    OrNull(&'static ValueKind),
}

/// The least and the most: of a whole number itself, of a text in bytes, of a list in entries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) least: u64,
    pub(crate) most: u64,
}

impl Bounds {
    pub(crate) const NONE: Self = Self { least: 0, most: u64::MAX };

    pub(crate) const fn hold(self, n: u64) -> bool {
        self.least <= n && n <= self.most
    }
}

impl Field {
    /// A field that may be left out.
    pub(crate) const fn optional(key: &'static str, kind: ValueKind, says: &'static str) -> Self {
        Self { key, kind, required: false, bounds: Bounds::NONE, says, example: None }
    }

    /// A field that must be there.
    pub(crate) const fn required(key: &'static str, kind: ValueKind, says: &'static str) -> Self {
        Self { required: true, ..Self::optional(key, kind, says) }
    }

    /// With an example, as JSON.
    pub(crate) const fn such_as(self, json: &'static str) -> Self {
        Self { example: Some(json), ..self }
    }

    pub(crate) const fn at_least(self, least: u64) -> Self {
        Self { bounds: Bounds { least, most: self.bounds.most }, ..self }
    }

    pub(crate) const fn at_most(self, most: u64) -> Self {
        Self { bounds: Bounds { least: self.bounds.least, most }, ..self }
    }

    /// The fixed example.
    pub(crate) fn example_value(&self) -> Value {
        let written = self.example.and_then(|json| serde_json::from_str(json).ok());
        written.unwrap_or_else(|| self.kind.example_value())
    }

    /// The form that is expected, in words.
    pub(crate) fn form(&self) -> String {
        self.kind.form(self.bounds)
    }
}

impl Shape {
    /// An object with every field's example.
    pub(crate) fn example_value(&self) -> Value {
        self.example_of(|_| true)
    }

    /// An object with the examples of the fields that must be there; of all where none must.
    pub(crate) fn short_example(&self) -> Value {
        let some = self.fields.iter().any(|f| f.required);
        self.example_of(|field| field.required || !some)
    }

    fn example_of(&self, taken: impl Fn(&Field) -> bool) -> Value {
        let fields = self.fields.iter().filter(|f| taken(f));
        Value::Object(fields.map(|f| (f.key.to_owned(), f.example_value())).collect::<Map<_, _>>())
    }
}

impl ValueKind {
    fn example_value(&self) -> Value {
        match self {
            Self::Text | Self::Id => "…".into(),
            Self::Word(words) => words.first().copied().into(),
            Self::Whole => 1.into(),
            Self::Flag => true.into(),
            Self::Time => "2026-11-20T10:00:00Z".into(),
            Self::Any => Value::Null,
            Self::Object(shape) => shape.example_value(),
            Self::Rows(shape) => vec![shape.example_value()].into(),
            Self::Map(_) => Value::Object(Map::new()),
            Self::List(of) => vec![of.example_value()].into(),
            Self::OneOf(kinds) => kinds.first().map_or(Value::Null, Self::example_value),
            Self::OrNull(kind) => kind.example_value(),
        }
    }

    /// The form in words, to stand after "must be".
    pub(crate) fn form(&self, bounds: Bounds) -> String {
        match self {
            Self::Text if bounds == Bounds::NONE => "a string".to_owned(),
            Self::Text => format!("a string of {} to {} bytes", bounds.least, bounds.most),
            Self::Id => "a string of 1 to 256 bytes without control characters".to_owned(),
            Self::Word(words) => words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(" or "),
            Self::Whole if bounds == Bounds::NONE => "a whole number".to_owned(),
            Self::Whole => format!("a whole number from {} to {}", bounds.least, bounds.most),
            Self::Flag => "true or false".to_owned(),
            Self::Time => "a time as RFC 3339 writes it".to_owned(),
            Self::Any => "a value".to_owned(),
            Self::Object(_) => "an object".to_owned(),
            Self::Map(of) => format!("an object in which each value is {}", of.form(Bounds::NONE)),
            Self::Rows(_) => "an array of objects".to_owned(),
            Self::List(of) => format!("an array in which each entry is {}", of.form(Bounds::NONE)),
            Self::OneOf(kinds) => {
                kinds.iter().map(|k| k.form(Bounds::NONE)).collect::<Vec<_>>().join(", or ")
            }
            Self::OrNull(kind) => format!("{}, or null", kind.form(bounds)),
        }
    }
}
