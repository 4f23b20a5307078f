//! The candidates' cells: those of a block, gathered when they are first wanted.

use jardin_model::{CHUNK_ROWS, ColumnView, Date, ItemIndex, Symbol, Timestamp};
use jardin_policy::{GrantedColumn, View};

use super::{
    lanes::{Mask, Numbers, ROWS, collect_bits, each_row, first_rows, matching, row_bit},
    pool::{Lent, Pool},
    value::Value,
};
use crate::host::{Day, Moment, Now};

/// What stands for an absent symbol in a column.
pub(super) const NO_SYMBOL: u32 = u32::MAX;
const NO_TIME: i64 = i64::MIN;
/// Above this number of wanted cells all of a block are gathered.
const MOST: u32 = 64;

/// The chunks of one column, in their order.
#[derive(Debug)]
enum Chunks<'v> {
    Numbers(Vec<&'v [f64]>),
    Flags(Vec<&'v [u8]>),
    Symbols(Vec<&'v [u32]>),
    Lists(Vec<&'v [Option<Box<[Symbol]>>]>),
    Dates(Vec<&'v [Option<Date>]>),
    Times(Vec<&'v [i64]>),
}

/// The cells of a block.
#[derive(Debug)]
pub(super) enum Cells<'v> {
    /// Numbers.
    Numbers(Numbers<'v>),
    /// Flags: where it is true, and where there is none.
    Flags(Mask, Mask),
    /// [`NO_SYMBOL`] is absent.
    Symbols(Lent<'v, u32>),
    /// `None` is absent.
    Lists(Box<[Option<&'v [Symbol]>; ROWS]>),
    /// `None` is absent.
    Dates(Box<[Option<Date>; ROWS]>),
    /// `i64::MIN` is absent.
    Times(Box<[i64; ROWS]>),
}

/// One column, with the cells of the present block.
#[derive(Debug)]
pub(super) struct Column<'v> {
    chunks: Chunks<'v>,
    pub(super) cells: Cells<'v>,
    /// Which cells were gathered.
    have: Mask,
}

impl<'v> Column<'v> {
    /// A granted column up to a chunk. `None` where the catalogue has no such column.
    pub(super) fn of(view: &'v View, column: &GrantedColumn, chunks: usize, pool: &'v Pool) -> Option<Self> {
        let all = (0..chunks).map_while(|chunk| view.chunk(column, chunk));
        let (chunks, cells) = match view.chunk(column, 0)? {
            ColumnView::Numbers(_) => {
                (Chunks::Numbers(all.map(numbers).collect()), Cells::Numbers(Numbers::one(pool, 0.0, false)))
            }
            ColumnView::Flags(_) => (Chunks::Flags(all.map(flags).collect()), Cells::Flags(0, 0)),
            ColumnView::Symbols(_) => {
                (Chunks::Symbols(all.map(symbols).collect()), Cells::Symbols(Lent::one(pool, NO_SYMBOL)))
            }
            ColumnView::SymbolLists(_) => {
                (Chunks::Lists(all.map(lists).collect()), Cells::Lists(Box::new([None; ROWS])))
            }
            ColumnView::Dates(_) => {
                (Chunks::Dates(all.map(dates).collect()), Cells::Dates(Box::new([None; ROWS])))
            }
            ColumnView::Times(_) => {
                (Chunks::Times(all.map(times).collect()), Cells::Times(Box::new([NO_TIME; ROWS])))
            }
        };
        Some(Self { chunks, cells, have: 0 })
    }

    /// Forgets the cells of the last block.
    pub(super) const fn forget(&mut self) {
        self.have = 0;
    }

    /// Gathers what is wanted of a block and not yet there.
    pub(super) fn gather(&mut self, block: &Block<'_>, wanted: Mask) {
        let missing = wanted & !self.have;
        if missing == 0 {
            return;
        }
        let missing = if missing.count_ones() > MOST { block.all() } else { missing };
        self.have |= missing;
        match (&self.chunks, &mut self.cells) {
            (Chunks::Numbers(from), Cells::Numbers(to)) => {
                block.fill(missing, from, to.all.all_mut(), f64::NAN, |n| *n);
                to.absent = matching(to.all.all(), f64::is_nan);
                to.whole = 0;
            }
            (Chunks::Flags(from), Cells::Flags(yes, absent)) => {
                let mut all = [2; ROWS];
                block.fill(missing, from, &mut all, 2, |f| *f);
                *yes = (*yes & !missing) | (matching(&all, |f| f == 1) & missing);
                *absent = (*absent & !missing) | (matching(&all, |f| f == 2) & missing);
            }
            (Chunks::Symbols(from), Cells::Symbols(to)) => {
                block.fill(missing, from, to.all_mut(), NO_SYMBOL, |s| *s)
            }
            (Chunks::Lists(from), Cells::Lists(to)) => {
                block.fill(missing, from, to, None, |list| list.as_deref())
            }
            (Chunks::Dates(from), Cells::Dates(to)) => block.fill(missing, from, to, None, |d| *d),
            (Chunks::Times(from), Cells::Times(to)) => block.fill(missing, from, to, NO_TIME, |t| *t),
            _ => {}
        }
    }

    /// Where a candidate has no cell.
    pub(super) fn absent(&self) -> Mask {
        match &self.cells {
            Cells::Numbers(numbers) => numbers.absent,
            Cells::Flags(_, absent) => *absent,
            Cells::Symbols(all) => matching(all.all(), |s| s == NO_SYMBOL),
            Cells::Lists(all) => matching(all, |list| list.is_none()),
            Cells::Dates(all) => matching(all, |d| d.is_none()),
            Cells::Times(all) => matching(all, |t| t == NO_TIME),
        }
    }

    /// One candidate's cell, which was gathered.
    pub(super) fn value(&self, row: u32, now: Now) -> Value<'v> {
        let place = row as usize;
        let found = match &self.cells {
            Cells::Numbers(all) => {
                all.all.all().get(place).filter(|n| !n.is_nan()).map(|n| Value::Number(*n))
            }
            Cells::Flags(yes, absent) => {
                (absent & row_bit(row) == 0).then(|| Value::Flag(yes & row_bit(row) != 0))
            }
            Cells::Symbols(all) => {
                all.all().get(place).filter(|s| **s != NO_SYMBOL).map(|s| Value::Symbol(Symbol(*s)))
            }
            Cells::Lists(all) => all.get(place).copied().flatten().map(Value::Symbols),
            Cells::Dates(all) => all.get(place).copied().flatten().map(|d| Value::Day(Day::new(d, now))),
            Cells::Times(all) => {
                let at = all.get(place).filter(|t| **t != NO_TIME);
                at.map(|t| Value::Moment(Moment::new(Timestamp::from_ms(*t), now)))
            }
        };
        found.unwrap_or(Value::Unit)
    }

    /// How many days ago a date or time was, NaN where there is none; `None` for other columns.
    pub(super) fn days_since(&self, now: Now, pool: &'v Pool) -> Option<Lent<'v, f64>> {
        match &self.cells {
            Cells::Dates(all) => {
                let days = |d: Option<Date>| d.and_then(|d| Day::new(d, now).days_since());
                Some(Lent::made(pool, all, |d| days(d).unwrap_or(f64::NAN)))
            }
            Cells::Times(all) => {
                let days = |t| Moment::new(Timestamp::from_ms(t), now).days_since();
                Some(Lent::made(pool, all, |t| if t == NO_TIME { f64::NAN } else { days(t) }))
            }
            _ => None,
        }
    }
}

/// Up to 128 candidates, and which of them are products.
#[derive(Debug)]
pub(super) struct Block<'v> {
    items: &'v [ItemIndex],
    /// Those that are unknown or removed: they have no field.
    gone: Mask,
}

impl<'v> Block<'v> {
    /// The first 128 of these.
    pub(super) fn of(items: &'v [ItemIndex], view: &View) -> Self {
        let items = items.get(..ROWS).unwrap_or(items);
        let gone = collect_bits(items.iter().map(|item| !view.is_live(*item)));
        Self { items, gone }
    }

    /// All of them.
    pub(super) const fn all(&self) -> Mask {
        first_rows(self.items.len())
    }

    fn fill<'a, T, U: Copy>(
        &self,
        wanted: Mask,
        chunks: &[&'a [T]],
        to: &mut [U; ROWS],
        absent: U,
        cell: impl Fn(&'a T) -> U,
    ) {
        let one = |item: &ItemIndex| {
            let (chunk, row) = (item.0 as usize / CHUNK_ROWS, item.0 as usize % CHUNK_ROWS);
            chunks.get(chunk).and_then(|c| c.get(row)).map_or(absent, &cell)
        };
        if wanted == self.all() {
            for (place, item) in to.iter_mut().zip(self.items) {
                *place = one(item);
            }
        } else {
            for row in each_row(wanted) {
                if let (Some(place), Some(item)) = (to.get_mut(row as usize), self.items.get(row as usize)) {
                    *place = one(item);
                }
            }
        }
        for row in each_row(wanted & self.gone) {
            if let Some(place) = to.get_mut(row as usize) {
                *place = absent;
            }
        }
    }
}

macro_rules! slice {
    ($name:ident, $kind:ident, $of:ty) => {
        fn $name(chunk: ColumnView<'_>) -> &[$of] {
            if let ColumnView::$kind(all) = chunk { all } else { &[] }
        }
    };
}

slice!(numbers, Numbers, f64);
slice!(flags, Flags, u8);
slice!(symbols, Symbols, u32);
slice!(lists, SymbolLists, Option<Box<[Symbol]>>);
slice!(dates, Dates, Option<Date>);
slice!(times, Times, i64);
