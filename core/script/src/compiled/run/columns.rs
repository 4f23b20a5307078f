//! The candidates' cells, gathered once a request and column.

use std::rc::Rc;

use jardin_model::{CHUNK_ROWS, ColumnView, Date, ItemIndex, Symbol, Timestamp};
use jardin_policy::{GrantedColumn, View};

use crate::{
    compiled::value::Value,
    host::{Day, Moment, Now},
};

/// What stands for an absent symbol in a column.
pub(super) const NO_SYMBOL: u32 = u32::MAX;
const NO_TIME: i64 = i64::MIN;
const NO_FLAG: u8 = 2;

/// One column of the candidates, in their order.
#[derive(Debug)]
pub(super) enum Column<'v> {
    /// NaN is absent.
    Numbers(Rc<Vec<f64>>),
    /// 0 no, 1 yes, 2 absent.
    Flags(Vec<u8>),
    /// [`NO_SYMBOL`] is absent.
    Symbols(Vec<u32>),
    /// `None` is absent.
    Lists(Vec<Option<&'v [Symbol]>>),
    /// `None` is absent.
    Dates(Vec<Option<Date>>),
    /// `i64::MIN` is absent.
    Times(Vec<i64>),
}

impl<'v> Column<'v> {
    /// Gathers a granted column. `None` where the catalogue has no such column.
    pub(super) fn gather(view: &'v View, column: &GrantedColumn, items: &Candidates<'v>) -> Option<Self> {
        let chunks: Vec<ColumnView<'v>> = (0..items.chunks).map_while(|c| view.chunk(column, c)).collect();
        let first = *chunks.first()?;
        Some(match first {
            ColumnView::Numbers(_) => Self::Numbers(Rc::new(items.cells(&slices(&chunks, numbers), f64::NAN, |n| *n))),
            ColumnView::Flags(_) => Self::Flags(items.cells(&slices(&chunks, flags), NO_FLAG, |f| *f)),
            ColumnView::Symbols(_) => Self::Symbols(items.cells(&slices(&chunks, symbols), NO_SYMBOL, |s| *s)),
            ColumnView::SymbolLists(_) => Self::Lists(items.cells(&slices(&chunks, lists), None, |list| list.as_deref())),
            ColumnView::Dates(_) => Self::Dates(items.cells(&slices(&chunks, dates), None, |d| *d)),
            ColumnView::Times(_) => Self::Times(items.cells(&slices(&chunks, times), NO_TIME, |t| *t)),
        })
    }

    /// One candidate's cell.
    pub(super) fn value(&self, row: usize, now: Now) -> Value<'v> {
        let found = match self {
            Self::Numbers(all) => all.get(row).filter(|n| !n.is_nan()).map(|n| Value::Number(*n)),
            Self::Flags(all) => all.get(row).filter(|f| **f != NO_FLAG).map(|f| Value::Flag(*f == 1)),
            Self::Symbols(all) => all.get(row).filter(|s| **s != NO_SYMBOL).map(|s| Value::Symbol(Symbol(*s))),
            Self::Lists(all) => all.get(row).copied().flatten().map(Value::Symbols),
            Self::Dates(all) => all.get(row).copied().flatten().map(|d| Value::Day(Day::new(d, now))),
            Self::Times(all) => {
                let at = all.get(row).filter(|t| **t != NO_TIME);
                at.map(|t| Value::Moment(Moment::new(Timestamp::from_ms(*t), now)))
            }
        };
        found.unwrap_or(Value::Unit)
    }
}

/// The candidates of a run, and which of them are products.
#[derive(Debug)]
pub(super) struct Candidates<'v> {
    items: &'v [ItemIndex],
    /// One past the last chunk that they stand in.
    chunks: usize,
    /// The positions of those that are unknown or removed: they have no field.
    gone: Vec<usize>,
}

impl<'v> Candidates<'v> {
    /// The candidates of a run.
    pub(super) fn new(items: &'v [ItemIndex], view: &View) -> Self {
        let last = items.iter().map(|i| i.0 as usize / CHUNK_ROWS).max();
        let gone = items.iter().enumerate().filter(|(_, i)| !view.is_live(**i)).map(|(n, _)| n);
        Self {
            items,
            chunks: last.map_or(0, |c| c + 1),
            gone: gone.collect(),
        }
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.items.len()
    }

    fn cells<T, U: Copy>(&self, chunks: &[&'v [T]], absent: U, cell: impl Fn(&'v T) -> U) -> Vec<U> {
        let one = |item: &ItemIndex| {
            let (chunk, row) = (item.0 as usize / CHUNK_ROWS, item.0 as usize % CHUNK_ROWS);
            chunks.get(chunk).and_then(|c| c.get(row)).map_or(absent, &cell)
        };
        let mut all: Vec<U> = self.items.iter().map(one).collect();
        for place in &self.gone {
            if let Some(gone) = all.get_mut(*place) {
                *gone = absent;
            }
        }
        all
    }
}

fn slices<'v, T>(chunks: &[ColumnView<'v>], of: fn(ColumnView<'v>) -> &'v [T]) -> Vec<&'v [T]> {
    chunks.iter().map(|c| of(*c)).collect()
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
