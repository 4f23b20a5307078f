//! Writing frames.

use alloc::{string::String, vec, vec::Vec};

use super::{ColumnType, ENTRY_BYTES, Event, FrameKind, MAGIC};

/// A frame's bytes, beginning at a multiple of 64.
#[derive(Debug, Clone)]
pub struct Frame {
    blocks: Vec<Block>,
    length: usize,
}

#[repr(C, align(64))]
#[derive(Debug, Clone, Copy)]
struct Block([u8; ENTRY_BYTES]);

impl Frame {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: blocks are arrays of bytes without padding, and `length` never exceeds what they hold.
        unsafe { core::slice::from_raw_parts(self.blocks.as_ptr().cast(), self.length) }
    }

    /// Room of `length` zeroed bytes, for a frame that arrives.
    #[must_use]
    pub fn room(length: usize) -> Self {
        Self {
            blocks: vec![Block([0; ENTRY_BYTES]); length.div_ceil(ENTRY_BYTES)],
            length,
        }
    }

    /// The bytes, to be written.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`; the borrow is exclusive.
        unsafe { core::slice::from_raw_parts_mut(self.blocks.as_mut_ptr().cast(), self.length) }
    }
}

struct Part {
    name: String,
    kind: ColumnType,
    validity: Option<Vec<u8>>,
    offsets: Vec<u8>,
    inner: Vec<u8>,
    values: Vec<u8>,
}

/// Builds a frame column by column.
pub struct FrameWriter {
    kind: FrameKind,
    rows: usize,
    parts: Vec<Part>,
}

impl FrameWriter {
    /// A frame of that kind with so many rows.
    #[must_use]
    pub const fn new(kind: FrameKind, rows: usize) -> Self {
        Self {
            kind,
            rows,
            parts: Vec::new(),
        }
    }

    fn push(&mut self, name: &str, kind: ColumnType, fill: impl FnOnce(&mut Part)) {
        let mut part = Part {
            name: name.into(),
            kind,
            validity: None,
            offsets: Vec::new(),
            inner: Vec::new(),
            values: Vec::new(),
        };
        fill(&mut part);
        self.parts.push(part);
    }

    fn fixed<T: Copy, const N: usize>(&mut self, name: &str, kind: ColumnType, cells: &[Option<T>], bytes: impl Fn(T) -> [u8; N]) {
        self.push(name, kind, |part| {
            part.validity = validity(cells.iter().map(Option::is_some));
            part.values = cells.iter().flat_map(|c| c.map_or([0; N], &bytes)).collect();
        });
    }

    /// Numbers; one that is not finite is absent.
    pub fn numbers(&mut self, name: &str, cells: &[Option<f64>]) {
        let finite: Vec<Option<f64>> = cells.iter().map(|c| c.filter(|n| n.is_finite())).collect();
        self.fixed(name, ColumnType::Number, &finite, f64::to_le_bytes);
    }

    /// Flags.
    pub fn flags(&mut self, name: &str, cells: &[Option<bool>]) {
        self.fixed(name, ColumnType::Flag, cells, |f| [u8::from(f)]);
    }

    /// Days since 1970-01-01.
    pub fn dates(&mut self, name: &str, cells: &[Option<i32>]) {
        self.fixed(name, ColumnType::Date, cells, i32::to_le_bytes);
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn times(&mut self, name: &str, cells: &[Option<i64>]) {
        self.fixed(name, ColumnType::Time, cells, i64::to_le_bytes);
    }

    /// Item indices.
    pub fn items(&mut self, name: &str, cells: &[Option<u32>]) {
        self.fixed(name, ColumnType::Word32, cells, u32::to_le_bytes);
    }

    /// Small numbers, all present.
    pub fn words32(&mut self, name: &str, cells: &[u32]) {
        self.push(name, ColumnType::Word32, |part| {
            part.values = cells.iter().flat_map(|n| n.to_le_bytes()).collect()
        });
    }

    /// Large numbers, all present.
    pub fn words64(&mut self, name: &str, cells: &[u64]) {
        self.push(name, ColumnType::Word64, |part| {
            part.values = cells.iter().flat_map(|n| n.to_le_bytes()).collect()
        });
    }

    /// Texts.
    pub fn text(&mut self, name: &str, cells: &[Option<&str>]) {
        self.push(name, ColumnType::Text, |part| {
            part.validity = validity(cells.iter().map(Option::is_some));
            part.offsets = offsets(cells.iter().map(|c| c.map_or(0, str::len)));
            part.values = cells.iter().flatten().flat_map(|t| t.bytes()).collect();
        });
    }

    /// Lists of texts.
    pub fn texts(&mut self, name: &str, cells: &[Option<Vec<&str>>]) {
        self.push(name, ColumnType::Texts, |part| {
            part.validity = validity(cells.iter().map(Option::is_some));
            part.offsets = offsets(cells.iter().map(|c| c.as_ref().map_or(0, Vec::len)));
            part.inner = offsets(cells.iter().flatten().flatten().map(|t| t.len()));
            part.values = cells.iter().flatten().flatten().flat_map(|t| t.bytes()).collect();
        });
    }

    /// Lists of item indices.
    pub fn item_lists(&mut self, name: &str, cells: &[Option<&[u32]>]) {
        self.push(name, ColumnType::Words32, |part| {
            part.validity = validity(cells.iter().map(Option::is_some));
            part.offsets = offsets(cells.iter().map(|c| c.map_or(0, <[u32]>::len)));
            part.values = cells
                .iter()
                .flatten()
                .flat_map(|list| list.iter().flat_map(|n| n.to_le_bytes()))
                .collect();
        });
    }

    /// Histories.
    pub fn events(&mut self, name: &str, cells: &[Option<Vec<Event>>]) {
        self.push(name, ColumnType::Events, |part| {
            part.validity = validity(cells.iter().map(Option::is_some));
            part.offsets = offsets(cells.iter().map(|c| c.as_ref().map_or(0, Vec::len)));
            for event in cells.iter().flatten().flatten() {
                part.values.extend(event.at.to_le_bytes());
                for word in [event.item, event.quantity, event.kind, 0] {
                    part.values.extend(word.to_le_bytes());
                }
            }
        });
    }

    /// The frame's bytes.
    #[must_use]
    pub fn finish(self) -> Frame {
        let mut bytes = vec![0_u8; ENTRY_BYTES * (1 + self.parts.len())];
        let mut entries = Vec::new();
        for part in &self.parts {
            let name_at = bytes.len();
            bytes.extend(part.name.as_bytes());
            let mut place = |buffer: &[u8]| {
                bytes.resize(bytes.len().next_multiple_of(ENTRY_BYTES), 0);
                let at = bytes.len();
                bytes.extend(buffer);
                at as u64
            };
            let validity = part.validity.as_ref().map_or(0, |v| place(v));
            let offsets = if part.kind.has_offsets() { place(&part.offsets) } else { 0 };
            let inner = if part.kind == ColumnType::Texts { place(&part.inner) } else { 0 };
            let values = place(&part.values);
            entries.push((name_at, validity, offsets, inner, values));
            bytes.resize(bytes.len().next_multiple_of(ENTRY_BYTES), 0);
        }
        let length = bytes.len();
        write_header(&mut bytes, self.kind, self.rows, self.parts.len(), length);
        for (i, (part, (name_at, validity, offsets, inner, values))) in self.parts.iter().zip(entries).enumerate() {
            let count = (part.values.len() / part.kind.width()) as u64;
            let entry = ENTRY_BYTES * (1 + i);
            put(&mut bytes, entry, &small(name_at).to_le_bytes());
            put(&mut bytes, entry + 4, &small(part.name.len()).to_le_bytes());
            put(&mut bytes, entry + 8, &(part.kind as u16).to_le_bytes());
            for (at, word) in [(16, validity), (24, offsets), (32, inner), (40, values), (48, count)] {
                put(&mut bytes, entry + at, &word.to_le_bytes());
            }
        }
        let mut frame = Frame::room(length);
        frame.bytes_mut().copy_from_slice(&bytes);
        frame
    }
}

fn write_header(bytes: &mut [u8], kind: FrameKind, rows: usize, columns: usize, length: usize) {
    put(bytes, 0, &MAGIC.to_le_bytes());
    put(bytes, 4, &(kind as u16).to_le_bytes());
    put(bytes, 6, &u16::try_from(columns).unwrap_or(u16::MAX).to_le_bytes());
    put(bytes, 8, &small(rows).to_le_bytes());
    put(bytes, 16, &(length as u64).to_le_bytes());
}

fn put(bytes: &mut [u8], at: usize, word: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + word.len()) {
        place.copy_from_slice(word);
    }
}

/// A count as the frame holds it; a frame is far smaller than 4 GiB, and one that is not fails the reader's check.
fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn validity(present: impl Iterator<Item = bool>) -> Option<Vec<u8>> {
    let mut bits = Vec::new();
    let mut absent = false;
    for (row, present) in present.enumerate() {
        if row % 8 == 0 {
            bits.push(0);
        }
        absent |= !present;
        if let Some(byte) = bits.last_mut() {
            *byte |= u8::from(present) << (row % 8);
        }
    }
    absent.then_some(bits)
}

fn offsets(lengths: impl Iterator<Item = usize>) -> Vec<u8> {
    let mut at = 0_u32;
    let mut bytes = at.to_le_bytes().to_vec();
    for length in lengths {
        at = at.saturating_add(small(length));
        bytes.extend(at.to_le_bytes());
    }
    bytes
}
