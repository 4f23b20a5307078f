//! The candidates' cells, gathered once a request and column.

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
    Numbers(Vec<f64>),
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
    /// Gathers a granted column; a product that is not live has nothing. `None` where the catalogue has no such column.
    pub(super) fn gather(view: &'v View, column: &GrantedColumn, items: &[ItemIndex]) -> Option<Self> {
        let mut chunks: Vec<Option<ColumnView<'v>>> = Vec::new();
        let highest = items.iter().map(|i| i.0 as usize / CHUNK_ROWS).max()?;
        chunks.resize_with(highest + 1, || None);
        for item in items {
            let chunk = item.0 as usize / CHUNK_ROWS;
            if let Some(place @ None) = chunks.get_mut(chunk) {
                *place = view.chunk(column, chunk);
            }
        }
        let kind = chunks.iter().flatten().next().copied()?;
        Some(match kind {
            ColumnView::Numbers(_) => Self::Numbers(cells(&chunks, view, items, f64::NAN, |c, r| match c {
                ColumnView::Numbers(all) => all.get(r).copied(),
                _ => None,
            })),
            ColumnView::Flags(_) => Self::Flags(cells(&chunks, view, items, NO_FLAG, |c, r| match c {
                ColumnView::Flags(all) => all.get(r).copied(),
                _ => None,
            })),
            ColumnView::Symbols(_) => Self::Symbols(cells(&chunks, view, items, NO_SYMBOL, |c, r| match c {
                ColumnView::Symbols(all) => all.get(r).copied(),
                _ => None,
            })),
            ColumnView::SymbolLists(_) => Self::Lists(cells(&chunks, view, items, None, |c, r| match c {
                ColumnView::SymbolLists(all) => all.get(r).map(|list| list.as_deref()),
                _ => None,
            })),
            ColumnView::Dates(_) => Self::Dates(cells(&chunks, view, items, None, |c, r| match c {
                ColumnView::Dates(all) => all.get(r).copied(),
                _ => None,
            })),
            ColumnView::Times(_) => Self::Times(cells(&chunks, view, items, NO_TIME, |c, r| match c {
                ColumnView::Times(all) => all.get(r).copied(),
                _ => None,
            })),
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

fn cells<'v, T: Copy>(
    chunks: &[Option<ColumnView<'v>>],
    view: &View,
    items: &[ItemIndex],
    absent: T,
    cell: impl Fn(&ColumnView<'v>, usize) -> Option<T>,
) -> Vec<T> {
    let one = |item: &ItemIndex| {
        let (chunk, row) = (item.0 as usize / CHUNK_ROWS, item.0 as usize % CHUNK_ROWS);
        let found = chunks.get(chunk).and_then(Option::as_ref).and_then(|c| cell(c, row));
        found.filter(|_| view.is_live(*item)).unwrap_or(absent)
    };
    items.iter().map(one).collect()
}
