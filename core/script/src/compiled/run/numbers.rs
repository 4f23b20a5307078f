//! Numbers of all candidates at once.

use std::rc::Rc;

use super::{Machine, Variable, columns::Column};
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

/// A number for each candidate; those of candidates that are not selected mean nothing.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    /// The numbers; NaN is `()`.
    pub(super) all: Rc<Vec<f64>>,
    /// True where none can be a whole number in the interpreter. Whole and decimal numbers compare alike, and calculate alike as long as
    /// the result is exact.
    pub(super) are_decimal: bool,
}

impl Numbers {
    fn of(all: Vec<f64>, are_decimal: bool) -> Self {
        Self {
            all: Rc::new(all),
            are_decimal,
        }
    }

    /// These numbers if no selected candidate lacks one.
    pub(super) fn complete(self, within: &[bool]) -> Option<Self> {
        let lacking = within.iter().zip(&*self.all).fold(false, |any, (w, n)| any | (*w & n.is_nan()));
        (!lacking).then_some(self)
    }
}

/// What is not a number must not be taken for an absent one; what is no longer exact, or a negative zero, may differ between whole and
/// decimal numbers.
fn is_exact(op: Arithmetic, n: f64) -> bool {
    let is_negative_zero = n == 0.0 && n.is_sign_negative();
    !n.is_nan() && (op == Arithmetic::Divide || n.abs() < EXACT && !is_negative_zero)
}

impl Machine<'_, '_> {
    /// The numbers that an expression gives for selected candidates; `None` where the shape of the expression, or a value, asks for
    /// another way.
    pub(super) fn numbers(&mut self, node: &Node, within: &[bool]) -> Result<Option<Numbers>, Stop> {
        self.spend_all()?;
        match node {
            Node::Field(index) => Ok(match self.column(*index)? {
                Column::Numbers(all) => Some(Numbers {
                    all: Rc::clone(all),
                    are_decimal: true,
                }),
                _ => None,
            }),
            Node::Slot(slot) => Ok(match self.variables.get(*slot) {
                Some(Variable::Numbers(all)) => Some(Numbers {
                    all: Rc::clone(all),
                    are_decimal: true,
                }),
                _ => None,
            }),
            Node::Arithmetic(op, a, b) => self.arithmetic(*op, a, b, within),
            Node::Coalesce(parts) => self.coalesced(parts, within),
            Node::Native(native @ (Native::DaysSince | Native::DaysUntil), given) => match given.as_slice() {
                [Node::Field(index)] => self.days(*index, matches!(native, Native::DaysUntil)),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// A request-wide number, and whether it is decimal.
    pub(super) fn fixed_number(&mut self, node: &Node) -> Result<Option<(f64, bool)>, Stop> {
        let Some(value) = self.fixed_value(node)? else { return Ok(None) };
        let is_decimal = matches!(value, Value::Number(_));
        let number = value.number().filter(|n| !n.is_nan() && (is_decimal || n.abs() < EXACT));
        Ok(number.map(|n| (n, is_decimal)))
    }

    fn arithmetic(&mut self, op: Arithmetic, a: &Node, b: &Node, within: &[bool]) -> Result<Option<Numbers>, Stop> {
        if op == Arithmetic::Power {
            return Ok(None);
        }
        let combined = match (self.fixed_number(a)?, self.fixed_number(b)?) {
            (Some((x, decimal)), None) => {
                let all = self.operand(b, within)?;
                all.map(|y| (y.all.iter().map(|y| op.floats(x, *y)).collect(), decimal || y.are_decimal))
            }
            (None, Some((y, decimal))) => {
                let all = self.operand(a, within)?;
                all.map(|x| (x.all.iter().map(|x| op.floats(*x, y)).collect(), decimal || x.are_decimal))
            }
            (None, None) => match (self.operand(a, within)?, self.operand(b, within)?) {
                (Some(x), Some(y)) => {
                    let all = x.all.iter().zip(&*y.all).map(|(x, y)| op.floats(*x, *y)).collect();
                    Some((all, x.are_decimal || y.are_decimal))
                }
                _ => None,
            },
            (Some(_), Some(_)) => None,
        };
        let Some((all, are_decimal)): Option<(Vec<f64>, bool)> = combined else {
            return Ok(None);
        };
        let exact = within.iter().zip(&all).all(|(w, n)| !*w || is_exact(op, *n));
        Ok(exact.then(|| Numbers::of(all, are_decimal || op == Arithmetic::Divide)))
    }

    fn operand(&mut self, node: &Node, within: &[bool]) -> Result<Option<Numbers>, Stop> {
        Ok(self.numbers(node, within)?.and_then(|n| n.complete(within)))
    }

    /// `field ?? field ?? number`.
    fn coalesced(&mut self, parts: &[Node], within: &[bool]) -> Result<Option<Numbers>, Stop> {
        let mut whole: Option<(Vec<f64>, bool)> = None;
        for part in parts {
            let first_or = |before: Option<(Vec<f64>, bool)>, decimal: bool, next: &dyn Fn(usize) -> f64, count: usize| match before {
                None => ((0..count).map(next).collect(), decimal),
                Some((mut all, was)) => {
                    for (place, n) in all.iter_mut().enumerate() {
                        if n.is_nan() {
                            *n = next(place);
                        }
                    }
                    (all, was && decimal)
                }
            };
            whole = Some(match self.fixed_number(part)? {
                Some((n, decimal)) => first_or(whole, decimal, &|_| n, within.len()),
                None => {
                    let Some(next) = self.numbers(part, within)? else { return Ok(None) };
                    let at = |place: usize| next.all.get(place).copied().unwrap_or(f64::NAN);
                    first_or(whole, next.are_decimal, &at, within.len())
                }
            });
        }
        Ok(whole.map(|(all, are_decimal)| Numbers::of(all, are_decimal)))
    }

    fn days(&mut self, index: usize, until: bool) -> Result<Option<Numbers>, Stop> {
        let now = self.request.now();
        let sign = if until { -1.0 } else { 1.0 };
        let days: Vec<Option<f64>> = match self.column(index)? {
            Column::Dates(all) => all.iter().map(|d| d.and_then(|d| Day::new(d, now).days_since())).collect(),
            Column::Times(all) => {
                let moment = |t: &i64| Moment::new(jardin_model::Timestamp::from_ms(*t), now).days_since();
                all.iter().map(|t| (*t != i64::MIN).then(|| moment(t))).collect()
            }
            _ => return Ok(None),
        };
        Ok(Some(Numbers::of(
            days.into_iter().map(|d| d.map_or(f64::NAN, |d| d * sign)).collect(),
            true,
        )))
    }
}
