//! Conditions over a selection of candidates.

use jardin_model::Symbol;

use super::{
    Machine,
    columns::{Column, NO_SYMBOL},
    mask::{Mask, any, either, matching, matching_each, none, rows, without},
};
use crate::{
    compiled::{
        node::Node,
        value::{Stop, Value},
    },
    host::List as Settings,
    semantics::Comparison,
};

/// Up to so many texts are compared one by one.
const FEW: usize = 8;

impl<'v> Machine<'v, '_> {
    /// Where a condition holds within a selection. Candidates on which it fails are marked as failed, and are not among them.
    pub(super) fn holds(&mut self, node: &Node, within: &Mask) -> Result<Mask, Stop> {
        if !any(within) {
            return Ok(none(within));
        }
        self.spend_all()?;
        match node {
            Node::And(parts) => {
                let mut here = within.clone();
                for part in parts {
                    here = self.holds(part, &here)?;
                }
                Ok(here)
            }
            Node::Or(parts) => {
                let (mut open, mut yes) = (within.clone(), none(within));
                for part in parts {
                    let found = self.holds(part, &open)?;
                    open = self.open(without(open, &found));
                    yes = either(yes, &found);
                }
                Ok(yes)
            }
            Node::Not(inner) => {
                let held = self.holds(inner, within)?;
                Ok(self.open(without(within.clone(), &held)))
            }
            Node::Constant(_) | Node::Static(_) => self.holds_fixed(node, within),
            _ => match self.kernel(node, within)? {
                Some(mask) => Ok(mask),
                None => self.holds_each(node, within),
            },
        }
    }

    /// Those of a selection on which the rule has not failed.
    pub(super) fn open(&self, mask: Mask) -> Mask {
        if self.has_failures { without(mask, &self.failed) } else { mask }
    }

    fn kernel(&mut self, node: &Node, within: &Mask) -> Result<Option<Mask>, Stop> {
        match node {
            Node::Compare(op, a, b) => self.compared(*op, a, b, within),
            Node::Equal(a, b) => self.equal(a, b, within),
            Node::Contains(list, x) => self.contained(list, x, within),
            _ => Ok(None),
        }
    }

    fn holds_fixed(&mut self, node: &Node, within: &Mask) -> Result<Mask, Stop> {
        match self.fixed_result(node).and_then(|v| v.flag()) {
            Ok(true) => Ok(within.clone()),
            Ok(false) => Ok(none(within)),
            Err(stop) => self.all_fail(stop, within),
        }
    }

    fn holds_each(&mut self, node: &Node, within: &Mask) -> Result<Mask, Stop> {
        let mut yes = none(within);
        for row in rows(within) {
            match self.value(node, row).and_then(|v| v.flag()) {
                Ok(holds) => {
                    if let Some(place) = yes.get_mut(row as usize) {
                        *place = holds;
                    }
                }
                Err(Stop::Fault) => self.fail(row),
                Err(stop) => return Err(stop),
            }
        }
        Ok(yes)
    }

    fn compared(&mut self, op: Comparison, a: &Node, b: &Node, within: &Mask) -> Result<Option<Mask>, Stop> {
        Ok(match (self.fixed_number(a)?, self.fixed_number(b)?) {
            (None, Some((limit, _))) => self.side(a, within)?.map(|x| against(op, within, &x, limit)),
            (Some((limit, _)), None) => self.side(b, within)?.map(|x| against(op.turned(), within, &x, limit)),
            (None, None) => match (self.side(a, within)?, self.side(b, within)?) {
                (Some(x), Some(y)) => {
                    let pairs = x.iter().zip(&*y);
                    Some(within.iter().zip(pairs).map(|(w, (x, y))| *w & op.floats(*x, *y)).collect())
                }
                _ => None,
            },
            (Some(_), Some(_)) => None,
        })
    }

    fn side(&mut self, node: &Node, within: &Mask) -> Result<Option<std::rc::Rc<Vec<f64>>>, Stop> {
        Ok(self.numbers(node, within)?.and_then(|n| n.complete(within)).map(|n| n.all))
    }

    /// `field == value` for a value of the whole request.
    fn equal(&mut self, a: &Node, b: &Node, within: &Mask) -> Result<Option<Mask>, Stop> {
        let (column, other) = match (field(a), field(b)) {
            (Some(column), None) => (column, b),
            (None, Some(column)) => (column, a),
            _ => return Ok(None),
        };
        let Some(value) = self.fixed_value(other)? else { return Ok(None) };
        Ok(match (self.column(column)?, value) {
            (Column::Symbols(all), Value::Symbol(symbol)) => Some(matching(within, all, |s| s == symbol.0)),
            // a text that no product has
            (Column::Symbols(_), Value::Other(text)) if text.is_string() => Some(none(within)),
            (Column::Symbols(all), Value::Unit) => Some(matching(within, all, |s| s == NO_SYMBOL)),
            (Column::Flags(all), Value::Flag(flag)) => Some(matching(within, all, |f| f == u8::from(flag))),
            (Column::Flags(all), Value::Unit) => Some(matching(within, all, |f| f == 2)),
            (Column::Numbers(all), Value::Unit) => Some(matching(within, all, f64::is_nan)),
            (Column::Lists(all), Value::Unit) => Some(matching(within, all, |list| list.is_none())),
            (Column::Dates(all), Value::Unit) => Some(matching(within, all, |d| d.is_none())),
            (Column::Times(all), Value::Unit) => Some(matching(within, all, |t| t == i64::MIN)),
            _ => None,
        })
    }

    /// A request-wide value; `None` where the expression is none, or has no value.
    pub(super) fn fixed_value(&mut self, node: &Node) -> Result<Option<Value<'v>>, Stop> {
        match self.fixed_result(node) {
            Ok(value) => Ok(Some(value)),
            Err(Stop::Fault) => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    fn fixed_result(&mut self, node: &Node) -> Result<Value<'v>, Stop> {
        match node {
            Node::Constant(value) => Ok(Value::of(value.clone(), self.request)),
            Node::Static(index) => self.fixed(*index),
            _ => Err(Stop::Fault),
        }
    }

    /// `text in field` and `field in texts`, where the other side is one of the whole request.
    fn contained(&mut self, list: &Node, x: &Node, within: &Mask) -> Result<Option<Mask>, Stop> {
        if let Some(column) = texts_field(list) {
            let Some(value) = self.fixed_value(x)? else { return Ok(None) };
            let Column::Lists(all) = self.column(column)? else {
                return Ok(None);
            };
            return Ok(match value {
                Value::Symbol(symbol) => Some(matching_each(within, all, |list| list.is_some_and(|list| list.contains(&symbol)))),
                Value::Other(text) if text.is_string() => Some(none(within)),
                _ => None,
            });
        }
        let Some(column) = field(x) else { return Ok(None) };
        let Some(symbols) = self.fixed_symbols(list)? else {
            return Ok(None);
        };
        let Column::Symbols(all) = self.column(column)? else {
            return Ok(None);
        };
        if symbols.len() > FEW {
            let symbols: std::collections::HashSet<u32> = symbols.iter().map(|s| s.0).collect();
            return Ok(Some(matching_each(within, all, |s| symbols.contains(&s))));
        }
        let mut found = none(within);
        for symbol in symbols {
            found = either(found, &matching(within, all, |s| s == symbol.0));
        }
        Ok(Some(found))
    }

    /// The texts of a request-wide list that products have; `None` where it is no list.
    fn fixed_symbols(&mut self, node: &Node) -> Result<Option<Vec<Symbol>>, Stop> {
        let Some(value) = self.fixed_value(node)? else { return Ok(None) };
        let list = match value {
            Value::Unit => return Ok(Some(Vec::new())),
            Value::Symbols(symbols) => return Ok(Some(symbols.to_vec())),
            Value::Other(list) => list,
            _ => return Ok(None),
        };
        let view = self.request.view();
        let symbol = |value: &rhai::Dynamic| value.as_immutable_string_ref().ok().and_then(|t| view.symbol(&t));
        if let Ok(array) = list.as_array_ref() {
            return Ok(Some(array.iter().filter_map(symbol).collect()));
        }
        if let Some(settings) = list.read_lock::<Settings>() {
            return Ok(Some(settings.texts().filter_map(|t| view.symbol(t)).collect()));
        }
        let texts = list.read_lock::<crate::host::Texts>();
        Ok(texts.map(|texts| texts.0.iter().filter_map(|t| view.symbol(t)).collect()))
    }
}

/// Numbers against one number; a loop for each comparison, so that it has no branch.
fn against(op: Comparison, within: &Mask, all: &[f64], limit: f64) -> Mask {
    match op {
        Comparison::Less => matching(within, all, |x| x < limit),
        Comparison::AtMost => matching(within, all, |x| x <= limit),
        Comparison::More => matching(within, all, |x| x > limit),
        Comparison::AtLeast => matching(within, all, |x| x >= limit),
    }
}

const fn field(node: &Node) -> Option<usize> {
    match node {
        Node::Field(index) => Some(*index),
        _ => None,
    }
}

/// `field` or `field ?? []`: nothing is in `()`, and nothing is in an empty list.
fn texts_field(node: &Node) -> Option<usize> {
    match node {
        Node::Coalesce(parts) => match parts.as_slice() {
            [Node::Field(index), Node::Array(rest)] if rest.is_empty() => Some(*index),
            _ => None,
        },
        other => field(other),
    }
}
