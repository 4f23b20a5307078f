//! Frames: tables of named columns as offsets into one run of bytes, little endian, each buffer at a multiple
//! of 64 (Arrow's alignment).
//!
//! A frame begins with a header of 64 bytes, then one entry of 64 bytes for each column, then the buffers:
//!
//! | header | at | | entry | at |
//! |---|---|---|---|---|
//! | magic `JDF1` | 0 | | name offset u32 | 0 |
//! | kind u16 | 4 | | name length u32 | 4 |
//! | columns u16 | 6 | | type u16 | 8 |
//! | rows u32 | 8 | | reserved | 10 |
//! | reserved | 12 | | validity offset u64, 0 without one | 16 |
//! | length u64 | 16 | | offsets offset u64, 0 without any | 24 |
//! | reserved | 24 | | inner offsets offset u64, 0 without any | 32 |
//! | | | | values offset u64 | 40 |
//! | | | | values count u64 | 48 |
//!
//! Validity is a bitmap, lowest bit first: 0 is absent. Offsets are `rows + 1` rising u32. Texts are UTF-8.

mod cleared;
mod column;
mod reader;
mod writer;

pub use column::{Column, Event};
pub use reader::{FrameError, FrameReader};
pub(crate) use writer::unsigned_zero;
pub use writer::{Frame, FrameWriter};

/// Header and entries are so long, and buffers so aligned.
pub const ENTRY_BYTES: usize = 64;
/// The longest frame that travels, in bytes.
pub const MOST_BYTES: usize = 128 << 10;

const MAGIC: u32 = u32::from_le_bytes(*b"JDF1");

/// What a frame is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum FrameKind {
    /// Settings: one row, a column a setting.
    Settings = 1,
    /// Rows of the catalogue: `index`, `removed`, and the granted item columns.
    Catalogue = 2,
    /// Requests: a row each.
    Recommend = 3,
    /// Events to learn from.
    Observe = 4,
    /// Sessions to forget.
    Forget = 5,
}

impl FrameKind {
    const fn from_code(code: u16) -> Option<Self> {
        match code {
            1 => Some(Self::Settings),
            2 => Some(Self::Catalogue),
            3 => Some(Self::Recommend),
            4 => Some(Self::Observe),
            5 => Some(Self::Forget),
            _ => None,
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum ColumnType {
    /// f64, finite.
    Number = 1,
    /// u8, 0 or 1.
    Flag = 2,
    /// UTF-8 by offsets.
    Text = 3,
    /// Lists of UTF-8 by offsets into inner offsets.
    Texts = 4,
    /// i32, days since 1970-01-01.
    Date = 5,
    /// i64, milliseconds since 1970-01-01 UTC.
    Time = 6,
    /// u32: an item index, or any small number.
    Word32 = 7,
    /// u64.
    Word64 = 8,
    /// Lists of u32 by offsets.
    Words32 = 9,
    /// Lists of [`Event`]s by offsets, 24 bytes each.
    Events = 10,
}

impl ColumnType {
    const fn from_code(code: u16) -> Option<Self> {
        Some(match code {
            1 => Self::Number,
            2 => Self::Flag,
            3 => Self::Text,
            4 => Self::Texts,
            5 => Self::Date,
            6 => Self::Time,
            7 => Self::Word32,
            8 => Self::Word64,
            9 => Self::Words32,
            10 => Self::Events,
            _ => return None,
        })
    }

    /// The bytes of one value.
    const fn width(self) -> usize {
        match self {
            Self::Flag | Self::Text | Self::Texts => 1,
            Self::Date | Self::Word32 | Self::Words32 => 4,
            Self::Number | Self::Time | Self::Word64 => 8,
            Self::Events => 24,
        }
    }

    const fn has_offsets(self) -> bool {
        matches!(self, Self::Text | Self::Texts | Self::Words32 | Self::Events)
    }
}
