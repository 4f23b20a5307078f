//! Checking a frame whole before anything of it is read.

use super::{Column, ColumnType, ENTRY_BYTES, FrameKind, MAGIC};

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameError {
    /// It ends before its header, its entries or a buffer.
    Short,
    /// It does not begin with the magic word, or its kind is not known.
    Header,
    /// A column's type is not known, or its name is no text.
    Entry,
    /// A buffer does not begin at a multiple of 64 or leaves the frame.
    Buffer,
    /// Offsets fall or leave their buffer.
    Offsets,
    /// A value is not allowed: a number that is not finite, a flag beyond 1, bytes that are no UTF-8.
    Value,
}

impl core::fmt::Display for FrameError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Short => "the frame is too short",
            Self::Header => "the frame has no valid header",
            Self::Entry => "a column's entry is not valid",
            Self::Buffer => "a buffer leaves the frame",
            Self::Offsets => "offsets leave their buffer",
            Self::Value => "a value is not allowed",
        })
    }
}

impl core::error::Error for FrameError {}

/// A frame that has been checked: every read of it stays inside.
#[derive(Debug, Clone, Copy)]
pub struct FrameReader<'a> {
    bytes: &'a [u8],
    kind: FrameKind,
    rows: usize,
    columns: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes)
}

impl<'a> FrameReader<'a> {
    /// Checks a frame: header, entries, and every offset and value of every column. Cost: one pass over its
    /// bytes.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn new(bytes: &'a [u8]) -> Result<Self, FrameError> {
        let header = bytes.get(..ENTRY_BYTES).ok_or(FrameError::Short)?;
        if u32_at(header, 0) != Some(MAGIC) {
            return Err(FrameError::Header);
        }
        let kind = u16_at(header, 4).and_then(FrameKind::from_code).ok_or(FrameError::Header)?;
        let columns = usize::from(u16_at(header, 6).ok_or(FrameError::Short)?);
        let rows = u32_at(header, 8).ok_or(FrameError::Short)? as usize;
        if u64_at(header, 16) != Some(bytes.len() as u64) {
            return Err(FrameError::Short);
        }
        let reader = Self { bytes, kind, rows, columns };
        for index in 0..columns {
            reader.checked(index)?;
        }
        Ok(reader)
    }

    /// What it is about.
    #[must_use]
    pub const fn kind(&self) -> FrameKind {
        self.kind
    }

    /// How many rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Its columns, in their order.
    pub fn columns(&self) -> impl Iterator<Item = Column<'a>> + '_ {
        (0..self.columns).filter_map(|index| self.parse(index).ok())
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<Column<'a>> {
        self.columns().find(|c| c.name == name)
    }

    fn buffer(&self, at: u64, length: usize) -> Result<&'a [u8], FrameError> {
        let start = usize::try_from(at).map_err(|_| FrameError::Buffer)?;
        let end = start.checked_add(length).ok_or(FrameError::Buffer)?;
        if start % ENTRY_BYTES == 0 {
            self.bytes.get(start..end).ok_or(FrameError::Buffer)
        } else {
            Err(FrameError::Buffer)
        }
    }

    /// Reads an entry and finds its buffers; whether offsets and values are allowed is asked once, by
    /// [`Self::checked`].
    fn parse(&self, index: usize) -> Result<Column<'a>, FrameError> {
        let start = ENTRY_BYTES * (1 + index);
        let entry = self.bytes.get(start..start + ENTRY_BYTES).ok_or(FrameError::Short)?;
        let word = |at| u64_at(entry, at).ok_or(FrameError::Short);
        let kind = u16_at(entry, 8).and_then(ColumnType::from_code).ok_or(FrameError::Entry)?;
        let name_at = u32_at(entry, 0).ok_or(FrameError::Short)? as usize;
        let name_length = u32_at(entry, 4).ok_or(FrameError::Short)? as usize;
        let name = name_at
            .checked_add(name_length)
            .and_then(|end| self.bytes.get(name_at..end))
            .ok_or(FrameError::Entry)?;
        let name = core::str::from_utf8(name).map_err(|_| FrameError::Entry)?;
        let count = usize::try_from(word(48)?).map_err(|_| FrameError::Buffer)?;
        let values = self.buffer(word(40)?, count.checked_mul(kind.width()).ok_or(FrameError::Buffer)?)?;
        let validity = match word(16)? {
            0 => None,
            at => Some(self.buffer(at, self.rows.div_ceil(8))?),
        };
        let list_bytes = self.rows.checked_add(1).and_then(|n| n.checked_mul(4)).ok_or(FrameError::Buffer)?;
        let offsets = if kind.has_offsets() { self.buffer(word(24)?, list_bytes)? } else { &[] };
        let inner = if kind == ColumnType::Texts {
            let texts = last(offsets).ok_or(FrameError::Offsets)?;
            self.buffer(
                word(32)?,
                texts.checked_add(1).and_then(|n| n.checked_mul(4)).ok_or(FrameError::Buffer)?,
            )?
        } else {
            &[]
        };
        Ok(Column { name, kind, rows: self.rows, validity, offsets, inner, values })
    }

    fn checked(&self, index: usize) -> Result<(), FrameError> {
        let column = self.parse(index)?;
        let count = column.values.len() / column.kind.width();
        match column.kind {
            ColumnType::Texts => {
                rises_to(column.offsets, column.inner.len() / 4 - 1)?;
                rises_to(column.inner, count)?;
                utf8(column.inner, column.values)
            }
            ColumnType::Text => {
                rises_to(column.offsets, count)?;
                utf8(column.offsets, column.values)
            }
            ColumnType::Words32 | ColumnType::Events => rises_to(column.offsets, count),
            _ if count != self.rows => Err(FrameError::Buffer),
            ColumnType::Number if !column.values.chunks_exact(8).all(is_finite) => Err(FrameError::Value),
            ColumnType::Flag if column.values.iter().any(|b| *b > 1) => Err(FrameError::Value),
            _ => Ok(()),
        }
    }
}

fn is_finite(bytes: &[u8]) -> bool {
    bytes.try_into().is_ok_and(|b| f64::from_le_bytes(b).is_finite())
}

fn offsets(buffer: &[u8]) -> impl Iterator<Item = usize> + '_ {
    buffer.chunks_exact(4).filter_map(|b| b.try_into().ok()).map(|b| u32::from_le_bytes(b) as usize)
}

fn last(buffer: &[u8]) -> Option<usize> {
    offsets(buffer.get(buffer.len().checked_sub(4)?..)?).next()
}

/// Offsets begin at 0, never fall, and end at `end`.
fn rises_to(buffer: &[u8], end: usize) -> Result<(), FrameError> {
    let mut before = 0;
    for (i, offset) in offsets(buffer).enumerate() {
        if offset < before || (i == 0 && offset != 0) {
            return Err(FrameError::Offsets);
        }
        before = offset;
    }
    if before == end { Ok(()) } else { Err(FrameError::Offsets) }
}

/// Every text is UTF-8 by itself, so that no border cuts a character.
fn utf8(borders: &[u8], values: &[u8]) -> Result<(), FrameError> {
    let mut before = 0;
    for border in offsets(borders) {
        let text = values.get(before..border).ok_or(FrameError::Offsets)?;
        core::str::from_utf8(text).map_err(|_| FrameError::Value)?;
        before = border;
    }
    Ok(())
}
