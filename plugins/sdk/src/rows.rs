//! Rows of the catalogue, and events to learn from.

use jardin_abi::{Column, FrameReader};

/// Rows of the catalogue.
#[derive(Debug)]
pub struct CatalogueRows<'a> {
    columns: Vec<Column<'a>>,
    rows: usize,
}

impl<'a> CatalogueRows<'a> {
    pub(crate) fn new(frame: &FrameReader<'a>) -> Self {
        Self { columns: frame.columns().collect(), rows: frame.rows() }
    }

    /// The rows, in their order.
    pub fn iter(&self) -> impl Iterator<Item = CatalogueRow<'_>> {
        (0..self.rows).map(|row| CatalogueRow { columns: &self.columns, row })
    }

    /// True where the column is granted.
    #[must_use]
    pub fn is_granted(&self, name: &str) -> bool {
        self.columns.iter().any(|c| c.name() == name)
    }
}

/// One row of the catalogue: an item that is new or has changed, or that was removed.
#[derive(Debug, Clone, Copy)]
pub struct CatalogueRow<'a> {
    columns: &'a [Column<'a>],
    row: usize,
}

impl<'a> CatalogueRow<'a> {
    fn column(&self, name: &str) -> Option<&'a Column<'a>> {
        self.columns.iter().find(|c| c.name() == name)
    }

    /// The item's index: the same in every revision and after every restart.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.column("index").and_then(|c| c.word32_at(self.row)).unwrap_or(u32::MAX)
    }

    /// True where the item was removed.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.column("removed").and_then(|c| c.flag_at(self.row)).unwrap_or(false)
    }

    /// A number, or an amount in whole units of the currency.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.column(name)?.number_at(self.row)
    }

    /// A flag.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.column(name)?.flag_at(self.row)
    }

    /// A text, choice or id.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.column(name)?.text_at(self.row)
    }

    /// Texts.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<Vec<&'a str>> {
        Some(self.column(name)?.texts_at(self.row)?.collect())
    }

    /// A day, in days since 1970-01-01.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<i32> {
        self.column(name)?.date_at(self.row)
    }

    /// An instant, in milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn time(&self, name: &str) -> Option<i64> {
        self.column(name)?.time_at(self.row)
    }
}

/// Events to learn from, by session and then in their order within it.
#[derive(Debug)]
pub struct Observations<'a> {
    columns: [Option<Column<'a>>; 7],
    rows: usize,
}

/// One event to learn from. No time finer than an hour stands in it, and no person but as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// Which session: a number that is random for each strategy.
    pub session: u64,
    /// The order of sessions.
    pub sequence: u64,
    /// The item.
    pub item: u32,
    /// What happened: the code of the event's type (1 view_item, 4 add_to_cart, 8 purchase, …).
    pub kind: u32,
    /// When: hours since 1970-01-01 UTC.
    pub hour: u32,
    /// The place within the session, from 0.
    pub ordinal: u32,
    /// Whose session, where it is somebody's and the plugin counts people: a number that no two of them share, that is
    /// another one in each plugin and whenever a plugin is taught anew, and never `u32::MAX`.
    pub person: Option<u32>,
}

impl Observation {
    /// True where something left a basket or a house, or was waved away: `remove_from_cart`, `refund` and `dismiss`. It
    /// says nothing of what people want.
    #[must_use]
    pub const fn is_parting(&self) -> bool {
        matches!(self.kind, 5 | 9 | 12)
    }
}

impl<'a> Observations<'a> {
    pub(crate) fn new(frame: &FrameReader<'a>) -> Self {
        let columns = ["session", "sequence", "item", "kind", "hour", "ordinal", "person"]
            .map(|name| frame.column(name));
        Self { columns, rows: frame.rows() }
    }

    /// The events.
    pub fn iter(&self) -> impl Iterator<Item = Observation> + '_ {
        let [session, sequence, item, kind, hour, ordinal, person] = &self.columns;
        (0..self.rows).filter_map(move |row| {
            let word = |column: &Option<Column<'a>>| column.as_ref()?.word32_at(row);
            Some(Observation {
                session: session.as_ref()?.word64_at(row)?,
                sequence: sequence.as_ref()?.word64_at(row)?,
                item: word(item)?,
                kind: word(kind)?,
                hour: word(hour)?,
                ordinal: word(ordinal)?,
                person: word(person),
            })
        })
    }
}
