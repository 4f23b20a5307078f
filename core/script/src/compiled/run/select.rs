//! Conditions over a selection of candidates: where they hold, where they do not.

use jardin_model::Symbol;

use super::{
    Machine, Rows,
    columns::{Column, NO_SYMBOL},
};
use crate::{
    compiled::{
        node::Node,
        value::{Stop, Value},
    },
    host::List as Settings,
    semantics::Comparison,
};

/// Where a condition holds, and where it does not. Candidates on which it failed are in neither.
type Both = (Rows, Rows);

impl<'v> Machine<'v, '_> {
    /// Parts a selection by a condition.
    pub(super) fn select(&mut self, node: &Node, rows: Rows) -> Result<Both, Stop> {
        if rows.is_empty() {
            return Ok((Rows::new(), Rows::new()));
        }
        self.spend(1 + rows.len() as u64 / 16)?;
        match node {
            Node::And(parts) => {
                let (mut here, mut no) = (rows, Rows::new());
                for part in parts {
                    let (yes, not) = self.select(part, here)?;
                    no.extend(not);
                    here = yes;
                }
                Ok((here, no))
            }
            Node::Or(parts) => {
                let (mut here, mut yes) = (rows, Rows::new());
                for part in parts {
                    let (holds, not) = self.select(part, here)?;
                    yes.extend(holds);
                    here = not;
                }
                Ok((yes, here))
            }
            Node::Not(inner) => {
                let (yes, no) = self.select(inner, rows)?;
                Ok((no, yes))
            }
            Node::Constant(value) => {
                let value = Value::of(value.clone(), self.request);
                self.select_fixed(Ok(value), rows)
            }
            Node::Static(index) => {
                let value = self.fixed(*index);
                self.select_fixed(value, rows)
            }
            Node::Compare(op, a, b) => match self.select_numbers(*op, a, b, &rows)? {
                Some(both) => Ok(both),
                None => self.select_each(node, rows),
            },
            Node::Equal(a, b) => match self.select_equal(a, b, &rows)? {
                Some(both) => Ok(both),
                None => self.select_each(node, rows),
            },
            Node::Contains(list, x) => match self.select_member(list, x, &rows)? {
                Some(both) => Ok(both),
                None => self.select_each(node, rows),
            },
            _ => self.select_each(node, rows),
        }
    }

    fn select_fixed(&mut self, value: Result<Value<'v>, Stop>, rows: Rows) -> Result<Both, Stop> {
        match value.and_then(|v| v.flag()) {
            Ok(true) => Ok((rows, Rows::new())),
            Ok(false) => Ok((Rows::new(), rows)),
            Err(stop) => {
                self.all_fail(stop, &rows)?;
                Ok((Rows::new(), Rows::new()))
            }
        }
    }

    fn select_each(&mut self, node: &Node, rows: Rows) -> Result<Both, Stop> {
        let (mut yes, mut no) = (Rows::new(), Rows::new());
        for row in rows {
            match self.value(node, row).and_then(|v| v.flag()) {
                Ok(true) => yes.push(row),
                Ok(false) => no.push(row),
                Err(Stop::Fault) => self.fail(row),
                Err(stop) => return Err(stop),
            }
        }
        Ok((yes, no))
    }

    fn select_numbers(&mut self, op: Comparison, a: &Node, b: &Node, rows: &Rows) -> Result<Option<Both>, Stop> {
        if let (Some(column), Some((limit, _))) = (field(a), self.fixed_number(b)?) {
            return self.select_column(column, rows, |x| op.floats(x, limit));
        }
        if let (Some((limit, _)), Some(column)) = (self.fixed_number(a)?, field(b)) {
            return self.select_column(column, rows, |x| op.floats(limit, x));
        }
        let Some(left) = self.side(a, rows)? else { return Ok(None) };
        let Some(right) = self.side(b, rows)? else { return Ok(None) };
        let mut pairs = left.into_iter().zip(right);
        Ok(Some(parted(rows, |_| pairs.next().is_some_and(|(x, y)| op.floats(x, y)))))
    }

    /// A column of numbers against one number; `None` where a candidate lacks it, since that is a failure.
    fn select_column(&mut self, column: usize, rows: &Rows, holds: impl Fn(f64) -> bool) -> Result<Option<Both>, Stop> {
        let Column::Numbers(all) = self.column(column)? else {
            return Ok(None);
        };
        let mut is_complete = true;
        let both = parted(rows, |row| {
            let n = all.get(row as usize).copied().unwrap_or(f64::NAN);
            is_complete &= !n.is_nan();
            holds(n)
        });
        Ok(is_complete.then_some(both))
    }

    fn side(&mut self, node: &Node, rows: &Rows) -> Result<Option<Vec<f64>>, Stop> {
        if let Some((n, _)) = self.fixed_number(node)? {
            return Ok(Some(vec![n; rows.len()]));
        }
        Ok(self.numbers(node, rows)?.and_then(|n| n.complete()).map(|n| n.all))
    }

    /// `field == value` for a value of the whole request.
    fn select_equal(&mut self, a: &Node, b: &Node, rows: &Rows) -> Result<Option<Both>, Stop> {
        let (column, other) = match (field(a), field(b)) {
            (Some(column), None) => (column, b),
            (None, Some(column)) => (column, a),
            _ => return Ok(None),
        };
        let Some(value) = self.fixed_value(other)? else { return Ok(None) };
        Ok(match (self.column(column)?, value) {
            (Column::Symbols(all), Value::Symbol(symbol)) => Some(matching(rows, all, |s| s == symbol.0)),
            // a text that no product has
            (Column::Symbols(_), Value::Other(text)) if text.is_string() => Some((Rows::new(), rows.clone())),
            (Column::Symbols(all), Value::Unit) => Some(matching(rows, all, |s| s == NO_SYMBOL)),
            (Column::Flags(all), Value::Flag(flag)) => Some(matching(rows, all, |f| f == u8::from(flag))),
            (Column::Flags(all), Value::Unit) => Some(matching(rows, all, |f| f == 2)),
            (Column::Numbers(all), Value::Unit) => Some(matching(rows, all, f64::is_nan)),
            (Column::Lists(all), Value::Unit) => Some(matching(rows, all, |list| list.is_none())),
            (Column::Dates(all), Value::Unit) => Some(matching(rows, all, |d| d.is_none())),
            (Column::Times(all), Value::Unit) => Some(matching(rows, all, |t| t == i64::MIN)),
            _ => None,
        })
    }

    fn fixed_value(&mut self, node: &Node) -> Result<Option<Value<'v>>, Stop> {
        match node {
            Node::Constant(value) => Ok(Some(Value::of(value.clone(), self.request))),
            Node::Static(index) => match self.fixed(*index) {
                Ok(value) => Ok(Some(value)),
                Err(Stop::Fault) => Ok(None),
                Err(stop) => Err(stop),
            },
            _ => Ok(None),
        }
    }

    /// `text in field` and `field in texts`, where the other side is one of the whole request.
    fn select_member(&mut self, list: &Node, x: &Node, rows: &Rows) -> Result<Option<Both>, Stop> {
        if let Some(column) = texts_field(list) {
            let Some(value) = self.fixed_value(x)? else { return Ok(None) };
            let Column::Lists(all) = self.column(column)? else {
                return Ok(None);
            };
            return Ok(match value {
                Value::Symbol(symbol) => Some(parted(rows, |row| {
                    all.get(row as usize).copied().flatten().is_some_and(|list| list.contains(&symbol))
                })),
                Value::Other(text) if text.is_string() => Some((Rows::new(), rows.clone())),
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
        Ok(Some(match symbols.as_slice() {
            [] => (Rows::new(), rows.clone()),
            [Symbol(one)] => matching(rows, all, |s| s == *one),
            many => matching(rows, all, |s| many.contains(&Symbol(s))),
        }))
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
            [Node::Field(index), Node::Static(_) | Node::Constant(_) | Node::Array(_)] => Some(*index),
            _ => None,
        },
        other => field(other),
    }
}

fn matching<T: Copy>(rows: &Rows, all: &[T], holds: impl Fn(T) -> bool) -> Both {
    parted(rows, |row| all.get(row as usize).copied().is_some_and(&holds))
}

/// Parts a selection without a branch that the processor would have to guess.
fn parted(rows: &Rows, mut holds: impl FnMut(u32) -> bool) -> Both {
    let (mut yes, mut no) = (vec![0; rows.len()], vec![0; rows.len()]);
    let (mut y, mut n) = (0, 0);
    for row in rows {
        let holds = usize::from(holds(*row));
        if let (Some(a), Some(b)) = (yes.get_mut(y), no.get_mut(n)) {
            *a = *row;
            *b = *row;
        }
        y += holds;
        n += 1 - holds;
    }
    yes.truncate(y);
    no.truncate(n);
    (yes, no)
}
