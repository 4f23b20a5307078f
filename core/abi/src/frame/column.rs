//! One column of a checked frame.

use super::ColumnType;

/// One entry of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Event {
    /// When: milliseconds since 1970-01-01 UTC.
    pub at: i64,
    /// With which item.
    pub item: u32,
    /// How many.
    pub quantity: u32,
    /// What happened: the code of the event's type.
    pub kind: u32,
}

/// One column of a checked frame. A value that is absent, or beyond the rows, is `None`.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    pub(super) name: &'a str,
    pub(super) kind: ColumnType,
    pub(super) rows: usize,
    pub(super) validity: Option<&'a [u8]>,
    pub(super) offsets: &'a [u8],
    pub(super) inner: &'a [u8],
    pub(super) values: &'a [u8],
}

fn bytes<const N: usize>(buffer: &[u8], index: usize) -> Option<[u8; N]> {
    let start = index.checked_mul(N)?;
    buffer.get(start..start.checked_add(N)?)?.try_into().ok()
}

fn word_at(buffer: &[u8], index: usize) -> Option<usize> {
    bytes::<4>(buffer, index).map(|b| u32::from_le_bytes(b) as usize)
}

impl<'a> Column<'a> {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// What it holds.
    #[must_use]
    pub const fn kind(&self) -> ColumnType {
        self.kind
    }

    /// True where the row has a value.
    #[must_use]
    pub fn is_present(&self, row: usize) -> bool {
        row < self.rows
            && self
                .validity
                .is_none_or(|bits| bits.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1))
    }

    fn fixed_value<const N: usize>(&self, row: usize, kind: ColumnType) -> Option<[u8; N]> {
        if self.kind == kind && self.is_present(row) { bytes(self.values, row) } else { None }
    }

    /// The range of a list's values.
    fn list_range(&self, row: usize, kind: ColumnType) -> Option<core::ops::Range<usize>> {
        if self.kind == kind && self.is_present(row) {
            Some(word_at(self.offsets, row)?..word_at(self.offsets, row + 1)?)
        } else {
            None
        }
    }

    /// A number.
    #[must_use]
    pub fn number_at(&self, row: usize) -> Option<f64> {
        self.fixed_value(row, ColumnType::Number).map(f64::from_le_bytes)
    }

    /// A flag.
    #[must_use]
    pub fn flag_at(&self, row: usize) -> Option<bool> {
        self.fixed_value::<1>(row, ColumnType::Flag).map(|[b]| b == 1)
    }

    /// A day, in days since 1970-01-01.
    #[must_use]
    pub fn date_at(&self, row: usize) -> Option<i32> {
        self.fixed_value(row, ColumnType::Date).map(i32::from_le_bytes)
    }

    /// An instant, in milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn time_at(&self, row: usize) -> Option<i64> {
        self.fixed_value(row, ColumnType::Time).map(i64::from_le_bytes)
    }

    /// An item index or small number.
    #[must_use]
    pub fn word32_at(&self, row: usize) -> Option<u32> {
        self.fixed_value(row, ColumnType::Word32).map(u32::from_le_bytes)
    }

    /// A large number.
    #[must_use]
    pub fn word64_at(&self, row: usize) -> Option<u64> {
        self.fixed_value(row, ColumnType::Word64).map(u64::from_le_bytes)
    }

    /// A text.
    #[must_use]
    pub fn text_at(&self, row: usize) -> Option<&'a str> {
        self.values.get(self.list_range(row, ColumnType::Text)?).and_then(|b| core::str::from_utf8(b).ok())
    }

    /// A list of texts.
    pub fn texts_at(&self, row: usize) -> Option<impl Iterator<Item = &'a str> + use<'a>> {
        let (inner, values) = (self.inner, self.values);
        let text = move |i: usize| {
            values.get(word_at(inner, i)?..word_at(inner, i + 1)?).and_then(|b| core::str::from_utf8(b).ok())
        };
        Some(self.list_range(row, ColumnType::Texts)?.filter_map(text))
    }

    /// A list of item indices.
    pub fn words32_at(&self, row: usize) -> Option<impl Iterator<Item = u32> + use<'a>> {
        let values = self.values;
        Some(
            self.list_range(row, ColumnType::Words32)?
                .filter_map(move |i| bytes::<4>(values, i).map(u32::from_le_bytes)),
        )
    }

    /// A history, newest first.
    pub fn events_at(&self, row: usize) -> Option<impl Iterator<Item = Event> + use<'a>> {
        let values = self.values;
        let event = move |i: usize| {
            let part = |word: usize| bytes::<4>(values, i * 6 + word).map(u32::from_le_bytes);
            Some(Event {
                at: i64::from_le_bytes(bytes(values, i * 3)?),
                item: part(2)?,
                quantity: part(3)?,
                kind: part(4)?,
            })
        };
        Some(self.list_range(row, ColumnType::Events)?.filter_map(event))
    }
}
