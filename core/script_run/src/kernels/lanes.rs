//! Values of up to 128 candidates at once: a number, flag or text for each, and a bit for each where a bit
//! says enough.

use jardin_model::Symbol;
use rhai::Dynamic;

use super::{
    columns::NO_SYMBOL,
    pool::{Lent, Pool},
    value::Value,
};

/// Candidates of one block.
pub(super) const ROWS: usize = 128;

/// A selection of a block's candidates: a bit each.
pub(super) type Mask = u128;

/// Whole numbers below it are exact as decimal ones.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

/// Numbers of a block. Those of candidates that were not asked for mean nothing.
#[derive(Debug, Clone)]
pub(super) struct Numbers<'v> {
    /// The numbers.
    pub(super) all: Lent<'v, f64>,
    /// Where there is none.
    pub(super) absent: Mask,
    /// Where it is a whole number of the interpreter, below 2^53 in size.
    pub(super) whole: Mask,
}

/// One value of each candidate of a block. Those of candidates that were not asked for mean nothing.
#[derive(Debug, Clone)]
pub(super) enum Lanes<'v> {
    /// The same for all.
    Fixed(Value<'v>),
    /// Numbers.
    Numbers(Numbers<'v>),
    /// Flags.
    Flags {
        /// Where it is true.
        yes: Mask,
        /// Where there is none.
        absent: Mask,
    },
    /// Texts by their symbols; [`NO_SYMBOL`] is none.
    Symbols(Lent<'v, u32>),
    /// The cells of a column of lists, dates or times.
    Cells(usize),
}

/// A number of each candidate, or one of all.
#[derive(Debug)]
pub(super) enum Operand<'v> {
    /// A number each.
    Each(Numbers<'v>),
    /// One, and whether it is whole.
    One(f64, bool),
    /// None at all.
    Absent,
}

impl<'v> Operand<'v> {
    /// Lanes as numbers; `None` where they are something else, or whole numbers too large to be exact.
    pub(super) fn of(lanes: Lanes<'v>) -> Option<Self> {
        match lanes {
            Lanes::Numbers(numbers) => Some(Self::Each(numbers)),
            Lanes::Fixed(value @ (Value::Number(_) | Value::Whole(_))) => {
                let is_whole = matches!(value, Value::Whole(_));
                value.number().filter(|n| !is_whole || n.abs() < EXACT).map(|n| Self::One(n, is_whole))
            }
            Lanes::Fixed(Value::Unit) => Some(Self::Absent),
            _ => None,
        }
    }
}

impl<'v> Numbers<'v> {
    /// One number of all.
    pub(super) fn one(pool: &'v Pool, n: f64, is_whole: bool) -> Self {
        Self { all: Lent::one(pool, n), absent: 0, whole: all_if(is_whole) }
    }

    fn value(&self, row: usize) -> Value<'v> {
        let bit = 1 << row;
        match self.all.all().get(row) {
            Some(n) if self.absent & bit == 0 && self.whole & bit == 0 => Value::Number(*n),
            #[expect(clippy::cast_possible_truncation, reason = "whole numbers are below 2^53 in size")]
            Some(n) if self.absent & bit == 0 => Value::Whole(*n as i64),
            _ => Value::Unit,
        }
    }
}

impl<'v> Lanes<'v> {
    /// Yes for some, no for all others.
    pub(super) const fn flags(yes: Mask) -> Self {
        Self::Flags { yes, absent: 0 }
    }

    /// The value of one candidate; `text` says what stands behind a symbol of the run's own. `None` for
    /// cells.
    pub(super) fn value(&self, row: u32, text: impl Fn(u32) -> Option<Dynamic>) -> Option<Value<'v>> {
        let (place, bit) = (row as usize, row_bit(row));
        Some(match self {
            Self::Fixed(value) => value.clone(),
            Self::Numbers(numbers) => numbers.value(place),
            Self::Flags { absent, .. } if absent & bit != 0 => Value::Unit,
            Self::Flags { yes, .. } => Value::Flag(yes & bit != 0),
            Self::Symbols(all) => match all.all().get(place).copied().unwrap_or(NO_SYMBOL) {
                NO_SYMBOL => Value::Unit,
                symbol => text(symbol).map_or(Value::Symbol(Symbol(symbol)), Value::Other),
            },
            Self::Cells(_) => return None,
        })
    }

    /// Where there is no value; `None` for cells.
    pub(super) fn absent(&self) -> Option<Mask> {
        Some(match self {
            Self::Fixed(value) => all_if(matches!(value, Value::Unit | Value::Item(None))),
            Self::Numbers(numbers) => numbers.absent,
            Self::Flags { absent, .. } => *absent,
            Self::Symbols(all) => matching(all.all(), |s| s == NO_SYMBOL),
            Self::Cells(_) => return None,
        })
    }
}

/// The bit of one candidate.
pub(super) const fn row_bit(row: u32) -> Mask {
    (1 as Mask).wrapping_shl(row)
}

/// All, or none.
pub(super) const fn all_if(yes: bool) -> Mask {
    if yes { Mask::MAX } else { 0 }
}

/// The first candidates, this number of them.
pub(super) const fn first_rows(count: usize) -> Mask {
    if count >= ROWS { Mask::MAX } else { (1 << count) - 1 }
}

/// The selected candidates, by their places.
pub(super) fn each_row(mask: Mask) -> impl Iterator<Item = u32> {
    let [mut low, mut high] = mask_halves(mask);
    std::iter::from_fn(move || {
        let (half, from) = if low == 0 { (&mut high, 64) } else { (&mut low, 0) };
        let row = half.trailing_zeros();
        // clears the lowest bit
        *half &= half.wrapping_sub(1);
        (row < 64).then_some(from + row)
    })
}

/// A bit for each flag.
pub(super) fn collect_bits(mut flags: impl Iterator<Item = bool>) -> Mask {
    let mut found = [0; 2];
    for half in &mut found {
        *half = (0..64).zip(flags.by_ref()).fold(0, |bits, (row, flag)| bits | (u64::from(flag) << row));
    }
    join_halves(found)
}

/// The candidates before the 64th, and the others.
#[expect(clippy::cast_possible_truncation, reason = "each half is what is meant")]
const fn mask_halves(mask: Mask) -> [u64; 2] {
    [mask as u64, (mask >> 64) as u64]
}

/// A selection from its halves.
fn join_halves([low, high]: [u64; 2]) -> Mask {
    Mask::from(low) | (Mask::from(high) << 64)
}

/// Where a value is such a one.
#[inline]
pub(super) fn matching<T: Copy>(all: &[T; ROWS], holds: impl Fn(T) -> bool) -> Mask {
    let mut found = [0; 2];
    for (half, values) in found.iter_mut().zip(all.as_chunks::<64>().0) {
        // eight at a time, so that the shifts within are constants
        for (place, eight) in values.as_chunks::<8>().0.iter().enumerate() {
            let bits = (0..).zip(eight).fold(0, |bits, (row, x)| bits | (u64::from(holds(*x)) << row));
            *half |= bits << (place * 8);
        }
    }
    join_halves(found)
}

/// Where two values are such a pair.
#[inline]
pub(super) fn matching_pairs<T: Copy>(a: &[T; ROWS], b: &[T; ROWS], holds: impl Fn(T, T) -> bool) -> Mask {
    let mut found = [0; 2];
    let values = a.as_chunks::<64>().0.iter().zip(b.as_chunks::<64>().0);
    for (half, (a, b)) in found.iter_mut().zip(values) {
        let eights = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
        for (place, (a, b)) in eights.enumerate() {
            let pairs = (0..).zip(a).zip(b);
            let bits = pairs.fold(0, |bits, ((row, x), y)| bits | (u64::from(holds(*x, *y)) << row));
            *half |= bits << (place * 8);
        }
    }
    join_halves(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_for_each_flag() {
        for wanted in [0, 1, 1 << 63, 1 << 64, 1 << 127, 0xdead_beef_0123_4567_89ab_cdef_0011_2233, Mask::MAX]
        {
            let mut row = 0;
            let flags = std::array::from_fn(|_| {
                row += 1;
                wanted & row_bit(row - 1) != 0
            });
            assert_eq!(matching(&flags, |flag| flag), wanted);
            assert_eq!(collect_bits(flags.into_iter()), wanted);
            assert_eq!(matching_pairs(&flags, &[true; ROWS], |flag, yes| flag == yes), wanted);
            assert_eq!(each_row(wanted).map(row_bit).fold(0, |all, b| all | b), wanted);
            assert_eq!(each_row(wanted).count(), wanted.count_ones() as usize);
        }
    }

    #[test]
    fn the_first_so_many() {
        assert_eq!(
            [first_rows(0), first_rows(1), first_rows(5), first_rows(64), first_rows(128), first_rows(130)],
            [0, 1, 31, Mask::from(u64::MAX), Mask::MAX, Mask::MAX]
        );
    }
}
