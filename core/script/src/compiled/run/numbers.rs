//! Numbers of a selection of candidates at once.

use super::{Machine, Rows, Variable, columns::Column};
use crate::{
    compiled::{
        native::Native,
        node::Node,
        value::{Stop, Value},
    },
    host::{Day, Moment},
    semantics::Arithmetic,
};

/// Whole numbers below it are exact as decimal ones.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number for each candidate of a selection.
#[derive(Debug)]
pub(super) struct Numbers {
    /// The numbers, in the order of the selection; NaN is `()`.
    pub(super) all: Vec<f64>,
    /// True where none can be a whole number in the interpreter. Whole and decimal numbers compare alike, and calculate alike as long as
    /// the result is exact.
    pub(super) are_decimal: bool,
}

impl Numbers {
    const fn decimal(all: Vec<f64>) -> Self {
        Self { all, are_decimal: true }
    }

    /// These numbers if no candidate lacks one.
    pub(super) fn complete(self) -> Option<Self> {
        self.all.iter().all(|n| !n.is_nan()).then_some(self)
    }
}

/// What is not a number must not be taken for an absent one; what is no longer exact, or a negative zero, may differ between whole and
/// decimal numbers.
fn is_exact(op: Arithmetic, n: f64) -> bool {
    let is_negative_zero = n == 0.0 && n.is_sign_negative();
    !n.is_nan() && (op == Arithmetic::Divide || n.abs() < EXACT && !is_negative_zero)
}

impl Machine<'_, '_> {
    /// The numbers that an expression gives for candidates; `None` where the shape of the expression, or a value, asks for another way.
    pub(super) fn numbers(&mut self, node: &Node, rows: &Rows) -> Result<Option<Numbers>, Stop> {
        self.spend(rows.len() as u64 / 16)?;
        match node {
            Node::Field(index) => self.field_numbers(*index, rows),
            Node::Slot(slot) => Ok(match self.variables.get(*slot) {
                Some(Variable::Numbers(all)) => Some(Numbers::decimal(gathered(all, rows))),
                _ => None,
            }),
            Node::Arithmetic(op, a, b) => self.arithmetic(*op, a, b, rows),
            Node::Coalesce(parts) => self.coalesced(parts, rows),
            Node::Native(native @ (Native::DaysSince | Native::DaysUntil), given) => match given.as_slice() {
                [Node::Field(index)] => self.days(*index, matches!(native, Native::DaysUntil), rows),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// A request-wide number, and whether it is decimal.
    pub(super) fn fixed_number(&mut self, node: &Node) -> Result<Option<(f64, bool)>, Stop> {
        let value = match node {
            Node::Constant(value) => Value::of(value.clone(), self.request),
            Node::Static(index) => match self.fixed(*index) {
                Ok(value) => value,
                Err(Stop::Fault) => return Ok(None),
                Err(stop) => return Err(stop),
            },
            _ => return Ok(None),
        };
        let is_decimal = matches!(value, Value::Number(_));
        let number = value.number().filter(|n| !n.is_nan() && (is_decimal || n.abs() < EXACT));
        Ok(number.map(|n| (n, is_decimal)))
    }

    fn field_numbers(&mut self, index: usize, rows: &Rows) -> Result<Option<Numbers>, Stop> {
        Ok(match self.column(index)? {
            Column::Numbers(all) => Some(Numbers::decimal(gathered(all, rows))),
            _ => None,
        })
    }

    fn arithmetic(&mut self, op: Arithmetic, a: &Node, b: &Node, rows: &Rows) -> Result<Option<Numbers>, Stop> {
        if op == Arithmetic::Power {
            return Ok(None);
        }
        let (Some(mut left), Some(right)) = (self.operand(a, rows)?, self.operand(b, rows)?) else {
            return Ok(None);
        };
        for (x, y) in left.all.iter_mut().zip(right.all) {
            *x = op.floats(*x, y);
        }
        left.are_decimal = left.are_decimal || right.are_decimal || op == Arithmetic::Divide;
        Ok(left.all.iter().all(|n| is_exact(op, *n)).then_some(left))
    }

    fn operand(&mut self, node: &Node, rows: &Rows) -> Result<Option<Numbers>, Stop> {
        if let Some((n, are_decimal)) = self.fixed_number(node)? {
            let all = vec![n; rows.len()];
            return Ok(Some(Numbers { all, are_decimal }));
        }
        Ok(self.numbers(node, rows)?.and_then(Numbers::complete))
    }

    /// `field ?? field ?? number`.
    fn coalesced(&mut self, parts: &[Node], rows: &Rows) -> Result<Option<Numbers>, Stop> {
        let mut whole: Option<Numbers> = None;
        for part in parts {
            let next = match self.fixed_number(part)? {
                Some((n, are_decimal)) => Some(Numbers {
                    all: vec![n; rows.len()],
                    are_decimal,
                }),
                None => self.numbers(part, rows)?,
            };
            let Some(next) = next else { return Ok(None) };
            whole = Some(match whole {
                None => next,
                Some(before) => Numbers {
                    all: before
                        .all
                        .into_iter()
                        .zip(next.all)
                        .map(|(a, b)| if a.is_nan() { b } else { a })
                        .collect(),
                    are_decimal: before.are_decimal && next.are_decimal,
                },
            });
        }
        Ok(whole)
    }

    fn days(&mut self, index: usize, until: bool, rows: &Rows) -> Result<Option<Numbers>, Stop> {
        let now = self.request.now();
        let sign = if until { -1.0 } else { 1.0 };
        let days: Vec<Option<f64>> = match self.column(index)? {
            Column::Dates(all) => {
                let day = |r: &u32| all.get(*r as usize).copied().flatten().and_then(|d| Day::new(d, now).days_since());
                rows.iter().map(day).collect()
            }
            Column::Times(all) => {
                let at = |r: &u32| all.get(*r as usize).filter(|t| **t != i64::MIN);
                let moment = |r: &u32| at(r).map(|t| Moment::new(jardin_model::Timestamp::from_ms(*t), now).days_since());
                rows.iter().map(moment).collect()
            }
            _ => return Ok(None),
        };
        Ok(Some(Numbers::decimal(
            days.into_iter().map(|d| d.map_or(f64::NAN, |d| d * sign)).collect(),
        )))
    }
}

fn gathered(all: &[f64], rows: &Rows) -> Vec<f64> {
    rows.iter().map(|r| all.get(*r as usize).copied().unwrap_or(f64::NAN)).collect()
}
