//! What kernels take: a column, a variable or one number where it lies, and anything else by its lanes.

use jardin_script_check::lowered::Node;

use super::{
    Machine,
    columns::{Cells, NO_SYMBOL},
    lanes::{Lanes, Mask, Numbers, Operand, ROWS, all_if, each_row, matching, matching_pairs},
    pool::{Lent, Pool},
    value::{Stop, Value},
    variables::Held,
};

/// A number of each candidate, and where it lies.
#[derive(Debug)]
pub(super) enum Arg<'v> {
    /// In a column.
    Column(usize),
    /// In a variable.
    Slot(usize),
    /// In lanes of its own.
    Made(Numbers<'v>),
    /// One of all, and whether it is whole.
    One(f64, bool),
    /// There is none.
    Absent,
}

/// A number of each candidate, where it lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    all: Of<'a>,
    /// Where there is none.
    pub(super) absent: Mask,
    /// Where it is whole.
    pub(super) whole: Mask,
}

#[derive(Debug, Clone, Copy)]
enum Of<'a> {
    Each(&'a [f64; ROWS]),
    One(f64),
}

impl Seen<'_> {
    /// What a function makes of each.
    #[inline]
    pub(super) fn map<'v>(&self, pool: &'v Pool, f: impl Fn(f64) -> f64) -> Lent<'v, f64> {
        match self.all {
            Of::Each(all) => Lent::made(pool, all, f),
            Of::One(n) => Lent::one(pool, f(n)),
        }
    }

    /// What a function makes of each of two.
    #[inline]
    pub(super) fn pairs<'v>(
        &self,
        other: &Self,
        pool: &'v Pool,
        f: impl Fn(f64, f64) -> f64,
    ) -> Lent<'v, f64> {
        match (self.all, other.all) {
            (Of::Each(a), Of::Each(b)) => {
                let mut made = Lent::any(pool);
                for ((to, x), y) in made.all_mut().iter_mut().zip(a).zip(b) {
                    *to = f(*x, *y);
                }
                made
            }
            (Of::One(a), _) => other.map(pool, |y| f(a, y)),
            (_, Of::One(b)) => self.map(pool, |x| f(x, b)),
        }
    }

    /// Where two stand to each other so.
    #[inline]
    pub(super) fn compared(&self, other: &Self, holds: impl Fn(f64, f64) -> bool) -> Mask {
        match (self.all, other.all) {
            (Of::Each(a), Of::Each(b)) => matching_pairs(a, b, holds),
            (Of::One(a), Of::Each(b)) => matching(b, |y| holds(a, y)),
            (Of::Each(a), Of::One(b)) => matching(a, |x| holds(x, b)),
            (Of::One(a), Of::One(b)) => all_if(holds(a, b)),
        }
    }

    /// Where each is such a one.
    #[inline]
    pub(super) fn matching(&self, holds: impl Fn(f64) -> bool) -> Mask {
        match self.all {
            Of::Each(all) => matching(all, holds),
            Of::One(n) => all_if(holds(n)),
        }
    }

    /// Multiplies what belongs to the selected candidates.
    pub(super) fn scale(&self, factors: &mut [f64], here: Mask) {
        match self.all {
            Of::Each(all) => {
                for row in each_row(here) {
                    if let (Some(factor), Some(n)) = (factors.get_mut(row as usize), all.get(row as usize)) {
                        *factor *= n;
                    }
                }
            }
            Of::One(n) => {
                for row in each_row(here) {
                    if let Some(factor) = factors.get_mut(row as usize) {
                        *factor *= n;
                    }
                }
            }
        }
    }

    /// Puts the numbers of the selected candidates in place of others.
    pub(super) fn copy(&self, to: &mut [f64; ROWS], wanted: Mask) {
        for row in each_row(wanted) {
            if let (Some(to), Some(n)) = (to.get_mut(row as usize), self.at(row)) {
                *to = n;
            }
        }
    }

    /// One candidate's number.
    pub(super) fn at(&self, row: u32) -> Option<f64> {
        match self.all {
            Of::Each(all) => all.get(row as usize).copied(),
            Of::One(n) => Some(n),
        }
    }
}

impl<'v, 'p> Machine<'v, 'p> {
    /// Numbers as an argument; `None` where they are something else, or whole numbers too large to be exact.
    pub(super) fn number_arg(&mut self, node: &'p Node, within: Mask) -> Result<Option<Arg<'v>>, Stop> {
        match node {
            Node::Field(index) => {
                let column = self.gathered_column(*index, within)?;
                Ok(matches!(column.cells, Cells::Numbers(_)).then_some(Arg::Column(*index)))
            }
            Node::Slot(slot) => {
                let lanes = self.variables.get(*slot).and_then(|v| v.lanes(within));
                Ok(match lanes {
                    Some(Lanes::Numbers(_)) => Some(Arg::Slot(*slot)),
                    Some(other) => self.as_argument(other.clone()),
                    None => None,
                })
            }
            Node::Static(index) => {
                if let Some(known) = self.fixed_number(*index)? {
                    return Ok(known.map(|(n, is_whole)| Arg::One(n, is_whole)));
                }
                let lanes = self.evaluate_lanes(node, within)?;
                Ok(lanes.and_then(|lanes| self.as_argument(lanes)))
            }
            _ => {
                let lanes = self.evaluate_lanes(node, within)?;
                Ok(lanes.and_then(|lanes| self.as_argument(lanes)))
            }
        }
    }

    /// Two numbers as arguments.
    pub(super) fn number_args(
        &mut self,
        a: &'p Node,
        b: &'p Node,
        within: Mask,
    ) -> Result<Option<(Arg<'v>, Arg<'v>)>, Stop> {
        let Some(first) = self.number_arg(a, within)? else {
            return Ok(None);
        };
        let done = self.done;
        let second = self.number_arg(b, within)?;
        // the first must not have been changed by the second
        self.not_twice(done)?;
        Ok(second.map(|second| (first, second)))
    }

    pub(super) fn as_argument(&self, lanes: Lanes<'v>) -> Option<Arg<'v>> {
        Some(match Operand::of(lanes)? {
            Operand::Each(numbers) => Arg::Made(numbers),
            Operand::One(n, is_whole) => Arg::One(n, is_whole),
            Operand::Absent => Arg::Absent,
        })
    }

    /// An argument where it lies.
    pub(super) fn read_argument<'a>(&'a self, arg: &'a Arg<'v>) -> Result<Seen<'a>, Stop> {
        let numbers = match arg {
            Arg::Column(index) => match self.columns.get(*index).map(|c| &c.cells) {
                Some(Cells::Numbers(numbers)) => numbers,
                _ => return Err(Stop::Bail),
            },
            Arg::Slot(slot) => match self.variables.get(*slot).map(|v| &v.held) {
                Some(Held::Lanes(Lanes::Numbers(numbers))) => numbers,
                _ => return Err(Stop::Bail),
            },
            Arg::Made(numbers) => numbers,
            Arg::One(n, is_whole) => {
                return Ok(Seen { all: Of::One(*n), absent: 0, whole: all_if(*is_whole) });
            }
            Arg::Absent => {
                return Ok(Seen { all: Of::One(f64::NAN), absent: Mask::MAX, whole: 0 });
            }
        };
        Ok(Seen { all: Of::Each(numbers.all.all()), absent: numbers.absent, whole: numbers.whole })
    }

    /// Where a column holds a request-wide text, or nothing; `None` where the two are something else.
    pub(super) fn text_field(
        &mut self,
        a: &'p Node,
        b: &'p Node,
        within: Mask,
    ) -> Result<Option<Mask>, Stop> {
        let (Node::Field(index), Node::Static(fixed)) = (a, b) else {
            return Ok(None);
        };
        let Some(symbol) = self.fixed_symbol(*fixed)? else {
            return Ok(None);
        };
        Ok(match &self.gathered_column(*index, within)?.cells {
            Cells::Symbols(all) => Some(matching(all.all(), |s| s == symbol)),
            _ => None,
        })
    }

    /// The symbol of a request-wide text; `None` where it is none.
    fn fixed_symbol(&mut self, index: usize) -> Result<Option<u32>, Stop> {
        if let Some(known) = self.known.get(index).and_then(|k| k.symbol) {
            return Ok(known);
        }
        let found = match self.fixed_value(index) {
            Ok(Value::Symbol(symbol)) => Some(symbol.0),
            Ok(Value::Unit) => Some(NO_SYMBOL),
            Ok(Value::Other(text)) => self.symbol_of(&text),
            Ok(_) | Err(Stop::Fault) => None,
            Err(stop) => return Err(stop),
        };
        if let Some(known) = self.known.get_mut(index) {
            known.symbol = Some(found);
        }
        Ok(found)
    }
}
