//! Fields and elements of a value, of one candidate or of the whole request.

use std::sync::Arc;

use jardin_model::{Cell, Namespace};
use jardin_policy::Access;
use jardin_script_check::vocabulary::EventField;
use rhai::{Array, Dynamic};

use super::{
    Machine,
    value::{Stop, Value},
};
use crate::host::{Event, List as Settings, Table};

type Outcome<'v> = Result<Value<'v>, Stop>;

impl<'v> Machine<'v, '_> {
    /// A granted field of subject, session or context.
    pub(super) fn person_value(&self, namespace: Namespace, name: &str, is_item: bool) -> Outcome<'v> {
        let denied = matches!(self.request.view().get(namespace, name), Access::Denied);
        if denied {
            // the interpreter denies it, if the rule gets there
            return Err(Stop::Bail);
        }
        let value = self.request.person_field(namespace, name, is_item).map_err(|_| Stop::Bail)?;
        Ok(Value::of_dynamic(value, self.request))
    }

    pub(super) fn property_value(&self, base: &Value<'v>, name: &Arc<str>) -> Outcome<'v> {
        let value = match base {
            Value::Unit => return Ok(Value::Unit),
            Value::Item(index) => {
                let view = self.request.view();
                let item = index.map_or_else(|| view.no_item(), |index| view.item(index));
                match item.get(name) {
                    Access::Denied => return Err(Stop::Bail),
                    Access::Absent => return Ok(Value::Unit),
                    Access::Value(Cell::Text(symbol, _)) => return Ok(Value::Symbol(symbol)),
                    Access::Value(Cell::Texts(symbols)) => return Ok(Value::Symbols(symbols)),
                    Access::Value(cell) => self.request.cell_value(cell),
                }
            }
            Value::Other(value) => value_inside(value, name).ok_or(Stop::Fault)?,
            _ => return Err(Stop::Fault),
        };
        Ok(Value::of_dynamic(value, self.request))
    }

    pub(super) fn indexed_value(&self, base: &Value<'v>, key: &Value<'v>) -> Outcome<'v> {
        let Value::Other(held) = base else {
            return match (base, key) {
                (Value::Unit, _) => Ok(Value::Unit),
                // a product by a constant name
                (Value::Item(_), Value::Symbol(symbol)) => {
                    let name = self.request.view().text(*symbol).cloned().ok_or(Stop::Bail)?;
                    self.property_value(base, &name)
                }
                (Value::Item(_) | Value::Symbol(_), _) => Err(Stop::Bail),
                _ => Err(Stop::Fault),
            };
        };
        let key = key.to_dynamic(self.request);
        let found = if let Some(table) = held.read_lock::<Table>() {
            Some(table.at(&key))
        } else if let Some(list) = held.read_lock::<Settings>() {
            Some(list.at(&key))
        } else if let Ok(map) = held.as_map_ref() {
            let key = key.as_immutable_string_ref().map_err(|_| Stop::Fault)?;
            Some(map.get(key.as_str()).cloned().unwrap_or(Dynamic::UNIT))
        } else if let Ok(array) = held.as_array_ref() {
            Some(array_element(&array, &key)?)
        } else if held.is_string() {
            return Err(Stop::Bail);
        } else {
            None
        };
        found.map(|v| Value::of_dynamic(v, self.request)).ok_or(Stop::Fault)
    }
}

/// A field of an event, or a key of a table.
fn value_inside(held: &Dynamic, name: &str) -> Option<Dynamic> {
    if let Some(event) = held.read_lock::<Event>() {
        return EventField::from_name(name).and_then(|field| event.field(field).ok());
    }
    if let Some(table) = held.read_lock::<Table>() {
        return Some(table.entry_named(name));
    }
    held.as_map_ref().ok().map(|map| map.get(name).cloned().unwrap_or(Dynamic::UNIT))
}

/// An element of an array; from its end where the place is negative.
fn array_element(array: &Array, place: &Dynamic) -> Result<Dynamic, Stop> {
    let place = place.as_int().map_err(|_| Stop::Fault)?;
    let from_end = usize::try_from(place.unsigned_abs()).map_err(|_| Stop::Fault)?;
    let index = if place < 0 { array.len().checked_sub(from_end) } else { Some(from_end) };
    index.and_then(|i| array.get(i)).cloned().ok_or(Stop::Fault)
}
