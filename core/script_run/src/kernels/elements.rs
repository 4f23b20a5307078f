//! What a loop goes round over where one candidate is asked by itself.

use std::rc::Rc;

use jardin_model::Symbol;
use jardin_script_check::lowered::Node;

use super::{
    Machine,
    value::{Stop, Value},
};

/// So many lists of a request are remembered.
const MAX_REMEMBERED: usize = 64;

/// The elements of a list.
pub(super) type Elements<'v> = Rc<[Value<'v>]>;

/// The elements of an entry of a request-wide table under one key, which are the same for every candidate.
#[derive(Debug)]
pub(super) struct EntryElements<'v, 'p> {
    node: &'p Node,
    key: Symbol,
    elements: Elements<'v>,
}

impl<'v, 'p> Machine<'v, 'p> {
    /// The elements of a list for one candidate.
    pub(super) fn elements_of(&mut self, node: &'p Node, row: u32) -> Result<Elements<'v>, Stop> {
        let key = match self.key_of_entry(node) {
            Some(slot) => self.get_value(slot, row)?,
            None => Value::Unit,
        };
        let Value::Symbol(key) = key else {
            let list = self.evaluate_one(node, row)?;
            return self.elements_within(&list);
        };
        self.spend_steps(1)?;
        let is_same = |entry: &&EntryElements<'_, '_>| entry.key == key && std::ptr::eq(entry.node, node);
        if let Some(known) = self.entries.iter().find(is_same) {
            return Ok(Rc::clone(&known.elements));
        }
        let list = self.evaluate_one(node, row)?;
        let elements = self.elements_within(&list)?;
        if self.entries.len() < MAX_REMEMBERED {
            self.entries.push(EntryElements { node, key, elements: Rc::clone(&elements) });
        }
        Ok(elements)
    }

    /// The variable that is the key in `table[key]` or `table[key] ?? []` of a request-wide table.
    fn key_of_entry(&self, node: &Node) -> Option<usize> {
        let entry = match node {
            Node::Coalesce(parts) => match parts.as_slice() {
                [entry, rest] if self.is_empty_list(rest) => entry,
                _ => return None,
            },
            other => other,
        };
        match entry {
            Node::Index(table, key) if matches!(**table, Node::Static(_)) => match **key {
                Node::Slot(slot) => Some(slot),
                _ => None,
            },
            _ => None,
        }
    }

    fn elements_within(&self, list: &Value<'v>) -> Result<Elements<'v>, Stop> {
        match list {
            Value::Symbols(symbols) => Ok(symbols.iter().copied().map(Value::Symbol).collect()),
            Value::Other(list) => self.list_elements(list).map(Rc::from),
            other => self.list_elements(&other.to_dynamic(self.request)).map(Rc::from),
        }
    }
}
