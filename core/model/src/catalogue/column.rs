//! Columns and cells.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Dictionary, Symbol};
use crate::{FieldType, Timestamp, Value};

/// How a column is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// `f64`; money in whole units of the currency.
    Number,
    /// Yes, no or absent.
    Flag,
    /// A [`Symbol`].
    Text,
    /// A list of [`Symbol`]s.
    Texts,
    /// A calendar day.
    Date,
    /// An instant.
    Time,
}

impl ColumnKind {
    /// How a field of that type is stored; `None` where the catalogue cannot hold it.
    #[must_use]
    pub const fn of(kind: FieldType) -> Option<Self> {
        match kind {
            FieldType::Id | FieldType::Text | FieldType::Choice => Some(Self::Text),
            FieldType::Texts => Some(Self::Texts),
            FieldType::Number | FieldType::Money => Some(Self::Number),
            FieldType::Flag => Some(Self::Flag),
            FieldType::Date => Some(Self::Date),
            FieldType::Time => Some(Self::Time),
            FieldType::Item | FieldType::Items | FieldType::Events => None,
        }
    }
}

/// One column of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// The field's name without the namespace.
    pub name: Arc<str>,
    /// How it is stored.
    pub kind: ColumnKind,
}

/// The columns of a catalogue, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    columns: Vec<ColumnSpec>,
}

impl Schema {
    /// A schema of these columns; of two with one name the first counts.
    #[must_use]
    pub fn new(columns: Vec<ColumnSpec>) -> Self {
        Self { columns }
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    /// Where the column of that name stands.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| &*c.name == name)
    }
}

/// What a column holds for one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Absent,
    /// A number, or money in whole units.
    Number(f64),
    /// A flag.
    Flag(bool),
    /// A text with its symbol.
    Text(Symbol, &'a Arc<str>),
    /// Texts by their symbols, in the shop's order.
    Texts(&'a [Symbol]),
    /// A day.
    Date(Date),
    /// An instant.
    Time(Timestamp),
}

/// One chunk's part of a column, for kernels that run over many rows.
#[derive(Debug, Clone, Copy)]
pub enum ColumnView<'a> {
    /// NaN is absent; a value is never NaN.
    Numbers(&'a [f64]),
    /// 0 no, 1 yes, 2 absent.
    Flags(&'a [u8]),
    /// `u32::MAX` is absent.
    Symbols(&'a [u32]),
    /// `None` is absent.
    SymbolLists(&'a [Option<Box<[Symbol]>>]),
    /// `None` is absent.
    Dates(&'a [Option<Date>]),
    /// `i64::MIN` is absent; milliseconds since 1970-01-01 UTC.
    Times(&'a [i64]),
}

pub(super) const NO_SYMBOL: u32 = u32::MAX;
pub(super) const NO_TIME: i64 = i64::MIN;
const NO_FLAG: u8 = 2;

/// The cells of a column, shared by the states of a catalogue until one of them changes.
type Cells<T> = Arc<Vec<T>>;

#[derive(Debug, Clone)]
pub(super) enum Column {
    Number(Cells<f64>),
    Flag(Cells<u8>),
    Text(Cells<u32>),
    Texts(Cells<Option<Box<[Symbol]>>>),
    Date(Cells<Option<Date>>),
    Time(Cells<i64>),
}

impl Column {
    pub(super) fn empty_column(kind: ColumnKind, rows: usize) -> Self {
        match kind {
            ColumnKind::Number => Self::Number(Arc::new(vec![f64::NAN; rows])),
            ColumnKind::Flag => Self::Flag(Arc::new(vec![NO_FLAG; rows])),
            ColumnKind::Text => Self::Text(Arc::new(vec![NO_SYMBOL; rows])),
            ColumnKind::Texts => Self::Texts(Arc::new(vec![None; rows])),
            ColumnKind::Date => Self::Date(Arc::new(vec![None; rows])),
            ColumnKind::Time => Self::Time(Arc::new(vec![NO_TIME; rows])),
        }
    }

    /// Sets a cell. Cells that are shared are copied where that changes one, and stay shared where it does not.
    pub(super) fn set_cell(&mut self, row: usize, value: Option<&Value>, dictionary: &Dictionary) {
        match self {
            Self::Number(cells) => put_number(cells, row, number_or_nan(value)),
            Self::Flag(cells) => put_cell(cells, row, flag_byte(value)),
            Self::Text(cells) => put_cell(cells, row, intern_value(value, dictionary)),
            Self::Texts(cells) => put_cell(cells, row, intern_values(value, dictionary)),
            Self::Date(cells) => {
                put_cell(cells, row, if let Some(Value::Date(d)) = value { Some(*d) } else { None })
            }
            Self::Time(cells) => {
                put_cell(cells, row, if let Some(Value::Time(t)) = value { t.ms() } else { NO_TIME })
            }
        }
    }

    pub(super) fn cell<'a>(&'a self, row: usize, dictionary: &'a Dictionary) -> Cell<'a> {
        let found = match self {
            Self::Number(cells) => cells.get(row).filter(|n| !n.is_nan()).map(|n| Cell::Number(*n)),
            Self::Flag(cells) => cells.get(row).filter(|f| **f != NO_FLAG).map(|f| Cell::Flag(*f == 1)),
            Self::Text(cells) => cells
                .get(row)
                .and_then(|s| dictionary.text(Symbol(*s)).map(|text| Cell::Text(Symbol(*s), text))),
            Self::Texts(cells) => cells.get(row).and_then(|list| list.as_deref().map(Cell::Texts)),
            Self::Date(cells) => cells.get(row).and_then(|d| d.map(Cell::Date)),
            Self::Time(cells) => {
                cells.get(row).filter(|t| **t != NO_TIME).map(|t| Cell::Time(Timestamp::from_ms(*t)))
            }
        };
        found.unwrap_or(Cell::Absent)
    }

    /// True where both are the same cells in memory, so that nothing in them differs.
    pub(super) fn is_shared_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Arc::ptr_eq(one, other),
            (Self::Flag(one), Self::Flag(other)) => Arc::ptr_eq(one, other),
            (Self::Text(one), Self::Text(other)) => Arc::ptr_eq(one, other),
            (Self::Texts(one), Self::Texts(other)) => Arc::ptr_eq(one, other),
            (Self::Date(one), Self::Date(other)) => Arc::ptr_eq(one, other),
            (Self::Time(one), Self::Time(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }

    pub(super) fn as_view(&self) -> ColumnView<'_> {
        match self {
            Self::Number(cells) => ColumnView::Numbers(cells),
            Self::Flag(cells) => ColumnView::Flags(cells),
            Self::Text(cells) => ColumnView::Symbols(cells),
            Self::Texts(cells) => ColumnView::SymbolLists(cells),
            Self::Date(cells) => ColumnView::Dates(cells),
            Self::Time(cells) => ColumnView::Times(cells),
        }
    }
}

pub(super) fn put_cell<T: Clone + PartialEq>(cells: &mut Cells<T>, row: usize, value: T) {
    if cells.get(row) != Some(&value)
        && let Some(cell) = Arc::make_mut(cells).get_mut(row)
    {
        *cell = value;
    }
}

/// As [`put_cell`], where NaN equals itself.
pub(super) fn put_number(cells: &mut Cells<f64>, row: usize, value: f64) {
    if cells.get(row).is_some_and(|cell| cell.to_bits() != value.to_bits())
        && let Some(cell) = Arc::make_mut(cells).get_mut(row)
    {
        *cell = value;
    }
}

fn number_or_nan(value: Option<&Value>) -> f64 {
    match value {
        Some(Value::Number(n)) => *n,
        Some(Value::Money(m)) => m.major_units(),
        _ => f64::NAN,
    }
}

fn flag_byte(value: Option<&Value>) -> u8 {
    if let Some(Value::Flag(f)) = value { u8::from(*f) } else { NO_FLAG }
}

fn intern_value(value: Option<&Value>, dictionary: &Dictionary) -> u32 {
    if let Some(Value::Text(text)) = value { dictionary.intern_text(text).0 } else { NO_SYMBOL }
}

fn intern_values(value: Option<&Value>, dictionary: &Dictionary) -> Option<Box<[Symbol]>> {
    if let Some(Value::Texts(texts)) = value {
        Some(texts.iter().map(|t| dictionary.intern_text(t)).collect())
    } else {
        None
    }
}
