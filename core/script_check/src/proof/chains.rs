//! Chains: `params.goes_with[here.category ?? ""]`, `item.margin`, `item.boost(2)`.

use std::sync::Arc;

use jardin_model::{FieldPath, FieldType, Namespace};
use rhai::{Expr, Position};

use super::{
    Walk,
    abstracts::{Absence, Abstract, Elements, Object, Origin, Place, Value},
    value_type::{Types, ValueType},
};
use crate::{
    GrantedField,
    codes::{DYNAMIC_FIELD, FIELD_NOT_GRANTED},
    parsed::{Step, chain_of},
    vocabulary::EventField,
};

impl Walk<'_> {
    /// Walks a chain.
    pub(super) fn walk_chain(&mut self, expr: &Expr) -> Abstract {
        let Some((base, steps)) = chain_of(expr) else {
            return Abstract::Value(Value::REFUSED);
        };
        let mut value = self.walk_expression(base);
        for step in steps {
            value = match step {
                Step::Property(name, at) => self.walk_property(&value, name, at),
                Step::Index(key) => self.walk_index(&value, key),
                Step::Method(call, at) => self.walk_method(value, call, at),
                Step::Unknown(at) => {
                    self.refuse_banned(
                        at,
                        "this is not part of scripts".into(),
                        "read a field, or call a function",
                    );
                    Abstract::Value(Value::REFUSED)
                }
            };
        }
        value
    }

    fn walk_property(&mut self, value: &Abstract, name: &str, at: Position) -> Abstract {
        match value {
            Abstract::Item(object) => self.item_field(object, name, at),
            Abstract::Person(namespace) => self.person_field(*namespace, name, at),
            Abstract::Event(object) => self.event_field(object, name, at),
            Abstract::Params => self.read_setting(name, at),
            Abstract::Value(held) => self.refuse_within(held, name, at),
            Abstract::Many(..) | Abstract::Sources | Abstract::Page | Abstract::Plan(_) => {
                self.refuse_whole(value, at, "asked for a field");
                self.find_unknown_method(value, name, at);
                Abstract::Value(Value::REFUSED)
            }
        }
    }

    /// What stands in a plain value: a key of a table.
    fn refuse_within(&mut self, held: &Value, name: &str, at: Position) -> Abstract {
        if let Some(place) = held.place.as_ref().filter(|place| place.object != Object::Settings) {
            let message = format!("`{place}` is one value and has no field `{name}`");
            self.add_finding(FIELD_NOT_GRANTED, at, message, None);
        }
        Abstract::Value(value_inside(held))
    }

    fn item_field(&mut self, object: &Object, name: &str, at: Position) -> Abstract {
        let Some(field) = self.names.granted.granted_field(Namespace::Item, name) else {
            let shown = match object {
                Object::Named(_, name) => name.to_string(),
                _ => "item".to_owned(),
            };
            let granted = self.names.granted;
            self.not_granted(&shown, name, granted.granted_names(Namespace::Item).map(|n| &**n), at);
            return Abstract::Value(Value::REFUSED);
        };
        self.record_read(FieldPath::new(Namespace::Item, name));
        let there = match object {
            // the product itself may be missing, unless it was asked for
            Object::Named(..) => self.state.present.contains(&Place { object: object.clone(), field: None }),
            _ => true,
        };
        Abstract::Value(Value {
            absence: if field.always && there { Absence::Never } else { Absence::Field },
            origin: self.origin_of_object(object),
            ..field_value(object.clone(), name, field)
        })
    }

    fn person_field(&mut self, namespace: Namespace, name: &str, at: Position) -> Abstract {
        let Some(field) = self.names.granted.granted_field(namespace, name) else {
            let granted = self.names.granted;
            self.not_granted(namespace.word(), name, granted.granted_names(namespace).map(|n| &**n), at);
            return Abstract::Value(Value::REFUSED);
        };
        self.record_read(FieldPath::new(namespace, name));
        let value = field_value(Object::Of(namespace), name, field);
        let many =
            |elements, value: Value| value.place.map(|place| Abstract::Many(elements, place, Absence::Field));
        match field.kind {
            FieldType::Item => Abstract::Item(Object::Named(namespace, name.into())),
            FieldType::Items => many(Elements::Items, value).unwrap_or(Abstract::UNIT),
            FieldType::Events => many(Elements::Events, value).unwrap_or(Abstract::UNIT),
            _ => Abstract::Value(value),
        }
    }

    fn event_field(&mut self, object: &Object, name: &str, at: Position) -> Abstract {
        match EventField::from_name(name) {
            Some(EventField::Item) => Abstract::Item(object.clone()),
            Some(field @ (EventField::Kind | EventField::At | EventField::Quantity)) => {
                let own = match field {
                    EventField::At => ValueType::plain(Types::TIME),
                    EventField::Quantity => ValueType::plain(Types::DECIMAL),
                    EventField::Item | EventField::Kind => ValueType::TEXT,
                };
                let origin = self.origin_of_object(object);
                Abstract::Value(Value { absence: Absence::Never, origin, own, ..Value::ANYTHING })
            }
            None => {
                self.not_granted(&object.to_string(), name, EventField::ALL.map(EventField::name), at);
                Abstract::Value(Value::REFUSED)
            }
        }
    }

    fn walk_index(&mut self, value: &Abstract, key: &Expr) -> Abstract {
        if let Abstract::Value(held) = value {
            let key_value = self.walk_expression(key);
            let key_value = self.plain_value(key_value, key.start_position(), "used as a key");
            let mut found = value_inside(held);
            found.origin = found.origin.max(key_value.origin);
            return Abstract::Value(found);
        }
        match (value, key) {
            (Abstract::Params, Expr::StringConstant(name, at)) => self.read_setting(name, *at),
            (Abstract::Params, _) => {
                let key_value = self.walk_expression(key);
                let key_value = self.plain_value(key_value, key.start_position(), "used as a key");
                self.read_any_setting(key_value.origin)
            }
            (_, Expr::StringConstant(name, at)) => self.walk_property(value, name, *at),
            _ => {
                self.walk_expression(key);
                let help = "name the field: what a script reads is proved before it runs";
                let message = "a field is chosen by a computed name".to_owned();
                self.add_finding(DYNAMIC_FIELD, key.start_position(), message, Some(help.into()));
                Abstract::Value(Value::REFUSED)
            }
        }
    }
}

/// What stands in a value.
fn value_inside(held: &Value) -> Value {
    Value {
        absence: held.inner.max(Absence::Settings),
        place: None,
        own: held.element.clone(),
        element: ValueType::ANY,
        ..held.clone()
    }
}

fn field_value(object: Object, name: &str, field: &GrantedField) -> Value {
    Value {
        own: ValueType::of_field(field),
        element: ValueType::of_element(field),
        absence: Absence::Field,
        inner: Absence::Never,
        place: Some(Place { object, field: Some(Arc::from(name)) }),
        origin: if field.order_only { Origin::OrderOnly } else { Origin::Data },
    }
}
