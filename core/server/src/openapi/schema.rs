//! Shapes as JSON Schema 2020-12 writes them, which OpenAPI 3.1 uses.

use std::collections::BTreeMap;

use jardin_model::ID_BYTES;
use serde_json::{Map, Value, json};

use crate::field::{Bounds, Field, Shape, ValueKind};

/// The shapes of a document, by name.
#[derive(Default)]
pub(super) struct Schemas(BTreeMap<&'static str, Value>);

impl Schemas {
    /// A reference to a shape, which is added with all that it holds.
    pub(super) fn reference(&mut self, shape: &'static Shape) -> Value {
        if !self.0.contains_key(shape.name) {
            self.0.insert(shape.name, Value::Null);
            let schema = self.object_schema(shape);
            self.0.insert(shape.name, schema);
        }
        json!({"$ref": format!("#/components/schemas/{}", shape.name)})
    }

    /// The schemas, to stand under `components`.
    pub(super) fn into_value(self) -> Value {
        Value::Object(self.0.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect())
    }

    fn object_schema(&mut self, shape: &'static Shape) -> Value {
        let required: Vec<&str> = shape.fields.iter().filter(|f| f.required).map(|f| f.key).collect();
        let properties = shape.fields.iter().map(|f| (f.key.to_owned(), self.field_schema(f)));
        json!({
            "type": "object",
            "description": shape.says,
            "properties": properties.collect::<Map<_, _>>(),
            "required": required,
            "additionalProperties": shape.open,
        })
    }

    /// A field's value, with what it means.
    pub(super) fn field_schema(&mut self, field: &'static Field) -> Value {
        let mut schema = self.value_schema(&field.kind, field.bounds);
        if let Some(map) = schema.as_object_mut() {
            map.insert("description".to_owned(), field.says.into());
        }
        schema
    }

    fn value_schema(&mut self, kind: &'static ValueKind, bounds: Bounds) -> Value {
        match kind {
            ValueKind::Text => bounded(json!({"type": "string"}), bounds, "minLength", "maxLength"),
            ValueKind::Id => json!({"type": "string", "minLength": 1, "maxLength": ID_BYTES}),
            ValueKind::Word(words) => json!({"type": "string", "enum": words}),
            ValueKind::Whole => {
                bounded(json!({"type": "integer", "minimum": 0}), bounds, "minimum", "maximum")
            }
            ValueKind::Flag => json!({"type": "boolean"}),
            ValueKind::Time => json!({"type": "string", "format": "date-time"}),
            ValueKind::Any => json!({}),
            ValueKind::Object(shape) => self.reference(shape),
            ValueKind::Map(of) => {
                json!({"type": "object", "additionalProperties": self.value_schema(of, Bounds::NONE)})
            }
            ValueKind::List(of) => {
                let entries = self.value_schema(of, Bounds::NONE);
                bounded(json!({"type": "array", "items": entries}), bounds, "minItems", "maxItems")
            }
            ValueKind::Rows(shape) => bounded(
                json!({"type": "array", "items": self.reference(shape)}),
                bounds,
                "minItems",
                "maxItems",
            ),
            ValueKind::OneOf(kinds) => {
                let kinds = kinds.iter().map(|kind| self.value_schema(kind, Bounds::NONE));
                json!({"anyOf": kinds.collect::<Vec<_>>()})
            }
            ValueKind::OrNull(kind) => json!({"anyOf": [self.value_schema(kind, bounds), {"type": "null"}]}),
        }
    }
}

fn bounded(mut schema: Value, bounds: Bounds, least: &str, most: &str) -> Value {
    if let Some(map) = schema.as_object_mut() {
        if bounds.least != Bounds::NONE.least {
            map.insert(least.to_owned(), bounds.least.into());
        }
        if bounds.most != Bounds::NONE.most {
            map.insert(most.to_owned(), bounds.most.into());
        }
    }
    schema
}
