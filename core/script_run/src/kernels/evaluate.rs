//! Expressions over a selection of candidates. Each kernel means, candidate by candidate, what `scalar` and
//! the interpreter mean.

use jardin_script_check::{lowered::Node, operators::Arithmetic, vocabulary::Function};

use super::{
    Machine, STEPS_A_KERNEL,
    columns::{Cells, Column},
    lanes::{EXACT, Lanes, Mask, Numbers, ROWS, each_row, matching},
    pool::Lent,
    value::{Stop, Value},
};
use crate::functions::of_a_number;

/// The lanes of an expression; `None` where its shape, or a value, asks for another way.
pub(super) type Found<'v> = Result<Option<Lanes<'v>>, Stop>;

impl<'v, 'p> Machine<'v, 'p> {
    /// The values that an expression has for selected candidates. Candidates on which it fails are marked as
    /// failed.
    pub(super) fn evaluate_lanes(&mut self, node: &'p Node, within: Mask) -> Found<'v> {
        match node {
            Node::Constant(value) => {
                return Ok(Some(Lanes::Fixed(Value::of_dynamic(value.clone(), self.request))));
            }
            Node::Static(index) => {
                let fixed = self.fixed_value(*index);
                return self.fixed_or_failed(fixed, within);
            }
            Node::Field(index) => return self.field_lanes(*index, within),
            Node::Slot(slot) => return Ok(self.variables.get(*slot).and_then(|v| v.lanes(within)).cloned()),
            _ => self.spend_steps(STEPS_A_KERNEL)?,
        }
        let done = self.done;
        match node {
            Node::Not(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Compare(..)
            | Node::Equal(..)
            | Node::Contains(..) => Ok(Some(Lanes::flags(self.rows_where(node, within)?))),
            Node::Arithmetic(op, a, b) => self.arithmetic_lanes(*op, a, b, within),
            Node::Negate(a) => self.negated_lanes(a, within),
            Node::Coalesce(parts) => self.coalesced_lanes(parts, within),
            Node::Function(word, given) => self.function_lanes(*word, given, node, within),
            Node::If(_) | Node::Switch(_) | Node::Block(_) | Node::Call(..) => {
                self.control_flow_lanes(node, within)
            }
            Node::Property(base, name) => match self.evaluate_lanes(base, within)? {
                Some(Lanes::Fixed(base)) => {
                    let found = self.property_value(&base, name);
                    self.fixed_or_failed(found, within)
                }
                _ => self.packed_once(node, within, done),
            },
            Node::Index(base, key) => {
                match (self.evaluate_lanes(base, within)?, self.evaluate_lanes(key, within)?) {
                    (Some(Lanes::Fixed(base)), Some(Lanes::Fixed(key))) => {
                        let found = self.indexed_value(&base, &key);
                        self.fixed_or_failed(found, within)
                    }
                    _ => self.packed_once(node, within, done),
                }
            }
            Node::Text(_) | Node::Range(..) => self.packed_lanes(node, within),
            _ => Ok(None),
        }
    }

    fn fixed_or_failed(&mut self, found: Result<Value<'v>, Stop>, within: Mask) -> Found<'v> {
        match found {
            Ok(value) => Ok(Some(Lanes::Fixed(value))),
            Err(stop) => {
                self.fail_rows(stop, within)?;
                Ok(Some(Lanes::Fixed(Value::Unit)))
            }
        }
    }

    /// A column with the wanted cells of the present block.
    pub(super) fn gathered_column(&mut self, index: usize, within: Mask) -> Result<&Column<'v>, Stop> {
        let column = self.columns.get_mut(index).ok_or(Stop::Bail)?;
        column.gather(&self.block, within);
        Ok(column)
    }

    fn field_lanes(&mut self, index: usize, within: Mask) -> Found<'v> {
        Ok(Some(match &self.gathered_column(index, within)?.cells {
            Cells::Numbers(numbers) => Lanes::Numbers(numbers.clone()),
            Cells::Flags(yes, absent) => Lanes::Flags { yes: *yes, absent: *absent },
            Cells::Symbols(all) => Lanes::Symbols(all.clone()),
            Cells::Lists(_) | Cells::Dates(_) | Cells::Times(_) => Lanes::Cells(index),
        }))
    }

    fn arithmetic_lanes(&mut self, op: Arithmetic, a: &'p Node, b: &'p Node, within: Mask) -> Found<'v> {
        let Some((a, b)) = self.number_args(a, b, within)? else {
            return Ok(None);
        };
        let (x, y, pool) = (self.read_argument(&a)?, self.read_argument(&b)?, self.pool);
        let (absent, whole) =
            (x.absent | y.absent, if op == Arithmetic::Divide { 0 } else { x.whole & y.whole });
        if op == Arithmetic::Power && whole & within != 0 {
            return Ok(None);
        }
        // a loop for each operator, so that it has no branch
        let mut all = match op {
            Arithmetic::Add => x.pairs(&y, pool, |x, y| x + y),
            Arithmetic::Subtract => x.pairs(&y, pool, |x, y| x - y),
            Arithmetic::Multiply => x.pairs(&y, pool, |x, y| x * y),
            Arithmetic::Divide => x.pairs(&y, pool, |x, y| x / y),
            Arithmetic::Remainder | Arithmetic::Power => x.pairs(&y, pool, |x, y| op.calculate_floats(x, y)),
        };
        self.fail_rows(Stop::Fault, within & absent)?;
        if whole & within != 0 && !self.stay_whole(all.all_mut(), whole & within & !absent)? {
            return Ok(None);
        }
        Ok(Some(Lanes::Numbers(Numbers { all, absent: 0, whole })))
    }

    /// Whole numbers know no negative zero and fail where they are divided by zero. False where one is too
    /// large to be exact.
    fn stay_whole(&mut self, all: &mut [f64; ROWS], whole: Mask) -> Result<bool, Stop> {
        for row in each_row(whole) {
            let Some(n) = all.get_mut(row as usize) else {
                continue;
            };
            if n.is_nan() {
                self.fail_one(Stop::Fault, row)?;
            } else if n.abs() >= EXACT {
                return Ok(false);
            } else if *n == 0.0 {
                *n = 0.0;
            }
        }
        Ok(true)
    }

    fn negated_lanes(&mut self, a: &'p Node, within: Mask) -> Found<'v> {
        let Some(a) = self.number_arg(a, within)? else {
            return Ok(None);
        };
        let x = self.read_argument(&a)?;
        let (whole, absent, mut all) = (x.whole, x.absent, x.map(self.pool, |n| -n));
        self.fail_rows(Stop::Fault, within & absent)?;
        self.stay_whole(all.all_mut(), whole & within & !absent)?;
        Ok(Some(Lanes::Numbers(Numbers { all, absent: 0, whole })))
    }

    /// `a ?? b`: each part is asked for the candidates that have no value yet.
    fn coalesced_lanes(&mut self, parts: &'p [Node], within: Mask) -> Found<'v> {
        let (mut whole, mut open) = (Lanes::Fixed(Value::Unit), within);
        for part in parts {
            if open == 0 {
                break;
            }
            let Some(next) = self.evaluate_lanes(part, open)? else {
                return Ok(None);
            };
            if let Lanes::Fixed(Value::Item(_)) = next {
                // an absent product is a product, of which every field is absent
                return Ok((open == within).then_some(next));
            }
            let Some(absent) = next.absent() else {
                return Ok(None);
            };
            let Some(blended) = self.blend_lanes(whole, within & !open, &next, open) else {
                return Ok(None);
            };
            whole = blended;
            open = self.open_rows(open & absent);
        }
        Ok(Some(whole))
    }

    fn function_lanes(
        &mut self,
        word: Function,
        given: &'p [Node],
        node: &'p Node,
        within: Mask,
    ) -> Found<'v> {
        match (word, given) {
            (Function::DaysSince | Function::DaysUntil, [Node::Field(index)]) => {
                self.days_lanes(word == Function::DaysUntil, *index, node, within)
            }
            (Function::Min, [a, b]) => self.paired_lanes(a, b, within, |x, y| if x <= y { x } else { y }),
            (Function::Max, [a, b]) => self.paired_lanes(a, b, within, |x, y| if x >= y { x } else { y }),
            (Function::Abs | Function::Floor | Function::Ceil | Function::Round | Function::Sqrt, [a]) => {
                self.mapped_lanes(word, a, node, within)
            }
            _ => self.packed_lanes(node, within),
        }
    }

    /// What a function makes of each number.
    fn mapped_lanes(&mut self, word: Function, a: &'p Node, node: &'p Node, within: Mask) -> Found<'v> {
        let Some(f) = of_a_number(word) else {
            return self.packed_lanes(node, within);
        };
        let Some(a) = self.number_arg(a, within)? else {
            return Ok(None);
        };
        let x = self.read_argument(&a)?;
        self.calculated_lanes(x.map(self.pool, f), x.absent, within)
    }

    /// Days from a column's dates to now, or from now to them.
    fn days_lanes(&mut self, is_until: bool, index: usize, node: &'p Node, within: Mask) -> Found<'v> {
        let (now, pool, sign) = (self.request.now(), self.pool, if is_until { -1.0 } else { 1.0 });
        let Some(days) = self.gathered_column(index, within)?.days_since(now, pool) else {
            return self.packed_lanes(node, within);
        };
        let absent = matching(days.all(), f64::is_nan);
        let all = Lent::made(pool, days.all(), |d| d * sign);
        Ok(Some(Lanes::Numbers(Numbers { all, absent, whole: 0 })))
    }

    /// What a function makes of each of two numbers.
    fn paired_lanes(
        &mut self,
        a: &'p Node,
        b: &'p Node,
        within: Mask,
        f: impl Fn(f64, f64) -> f64,
    ) -> Found<'v> {
        let Some((a, b)) = self.number_args(a, b, within)? else {
            return Ok(None);
        };
        let (x, y) = (self.read_argument(&a)?, self.read_argument(&b)?);
        self.calculated_lanes(x.pairs(&y, self.pool, f), x.absent | y.absent, within)
    }

    /// What a function made of numbers; it fails where there was none.
    fn calculated_lanes(&mut self, all: Lent<'v, f64>, absent: Mask, within: Mask) -> Found<'v> {
        self.fail_rows(Stop::Fault, within & absent)?;
        Ok(Some(Lanes::Numbers(Numbers { all, absent: 0, whole: 0 })))
    }

    fn packed_once(&mut self, node: &'p Node, within: Mask, done: u64) -> Found<'v> {
        self.not_twice(done)?;
        self.packed_lanes(node, within)
    }

    /// An expression that one candidate is asked at a time, as lanes where its values are of one kind that
    /// lanes hold.
    fn packed_lanes(&mut self, node: &'p Node, within: Mask) -> Found<'v> {
        let (mut all, mut have) = (Lanes::Fixed(Value::Unit), 0);
        for row in each_row(self.open_rows(within)) {
            match self.evaluate_one(node, row) {
                Ok(value) => {
                    let bit = super::lanes::row_bit(row);
                    let Some(blended) = self.blend_lanes(all, have, &Lanes::Fixed(value), bit) else {
                        return Ok(None);
                    };
                    all = blended;
                    have |= bit;
                }
                Err(stop) => self.fail_one(stop, row)?,
            }
        }
        Ok(Some(all))
    }
}
