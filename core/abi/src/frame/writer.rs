//! Writing frames.

use alloc::vec::Vec;

use super::{
    ColumnType, ENTRY_BYTES, Event, FrameKind, MAGIC,
    cleared::{ClearedBytes, clear_bytes},
};

/// A frame's bytes, beginning at a multiple of 64. They may have room in front, for whoever sends them with a
/// head of its own. They are overwritten when the frame is dropped.
#[derive(Debug)]
pub struct Frame {
    /// More than is needed, so that some place in it is a multiple of 64.
    bytes: ClearedBytes,
    start: usize,
    length: usize,
}

impl Frame {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_slice().get(self.start..self.start + self.length).unwrap_or_default()
    }

    /// Room of `length` zeroed bytes, for a frame that arrives. Memory that is never written to is never
    /// taken from the system.
    #[must_use]
    pub fn room(length: usize) -> Self {
        let bytes = ClearedBytes::zeroed(length + ENTRY_BYTES);
        let start = bytes.as_slice().as_ptr().align_offset(ENTRY_BYTES);
        Self { bytes, start, length }
    }

    /// Overwrites the first `length` bytes with zeroes, whether or not anybody looks at them again.
    pub fn clear(&mut self, length: usize) {
        let bytes = self.bytes_mut();
        let length = length.min(bytes.len());
        if let Some(bytes) = bytes.get_mut(..length) {
            clear_bytes(bytes);
        }
    }

    /// The bytes, to be written.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        self.bytes.as_mut_slice().get_mut(self.start..self.start + self.length).unwrap_or_default()
    }
}

/// What stands in one entry, its places counted from the end of the entries.
struct Entry {
    name: usize,
    name_length: usize,
    kind: ColumnType,
    validity: Option<usize>,
    offsets: Option<usize>,
    inner: Option<usize>,
    values: usize,
    values_length: usize,
}

/// Builds a frame column by column.
pub struct FrameWriter {
    kind: FrameKind,
    rows: usize,
    entries: Vec<Entry>,
    /// Names and buffers, in the order of the entries.
    body: ClearedBytes,
}

impl FrameWriter {
    /// A frame of that kind with so many rows.
    #[must_use]
    pub const fn new(kind: FrameKind, rows: usize) -> Self {
        Self { kind, rows, entries: Vec::new(), body: ClearedBytes::new() }
    }

    /// Begins the next column.
    fn begin(&mut self, name: &str, kind: ColumnType) -> Entry {
        let at = self.body.len();
        self.body.append(name.as_bytes());
        Entry {
            name: at,
            name_length: name.len(),
            kind,
            validity: None,
            offsets: None,
            inner: None,
            values: 0,
            values_length: 0,
        }
    }

    /// Where the next buffer begins.
    fn next(&mut self) -> usize {
        self.body.grow_to(self.body.len().next_multiple_of(ENTRY_BYTES));
        self.body.len()
    }

    fn offsets(&mut self, lengths: impl Iterator<Item = usize>) -> usize {
        let at = self.next();
        let mut offset = 0_u32;
        self.body.append(&offset.to_le_bytes());
        for length in lengths {
            offset = offset.saturating_add(small(length));
            self.body.append(&offset.to_le_bytes());
        }
        at
    }

    /// Writes the bitmap of what is present, where something is absent.
    fn validity(&mut self, present: impl Iterator<Item = bool> + Clone) -> Option<usize> {
        if present.clone().all(|present| present) {
            return None;
        }
        let at = self.next();
        for (row, present) in present.enumerate() {
            if row % 8 == 0 {
                self.body.append(&[0]);
            }
            if let Some(byte) = self.body.last_mut() {
                *byte |= u8::from(present) << (row % 8);
            }
        }
        Some(at)
    }

    /// Ends a column with its values.
    fn values<const N: usize>(&mut self, mut entry: Entry, values: impl Iterator<Item = [u8; N]>) {
        entry.values = self.next();
        self.body.reserve(values.size_hint().0 * N);
        values.for_each(|value| self.body.append(&value));
        entry.values_length = self.body.len() - entry.values;
        self.next();
        self.entries.push(entry);
    }

    fn fixed<T: Copy, const N: usize>(
        &mut self,
        name: &str,
        kind: ColumnType,
        cells: &[Option<T>],
        bytes: impl Fn(T) -> [u8; N],
    ) {
        let mut entry = self.begin(name, kind);
        entry.validity = self.validity(cells.iter().map(Option::is_some));
        self.values(entry, cells.iter().map(|cell| cell.map_or([0; N], &bytes)));
    }

    /// Lists of values, or texts, in one run.
    fn lists<'c, T: Copy + 'c, const N: usize>(
        &mut self,
        name: &str,
        kind: ColumnType,
        cells: impl Iterator<Item = Option<&'c [T]>> + Clone,
        bytes: impl Fn(T) -> [u8; N],
    ) {
        let mut entry = self.begin(name, kind);
        entry.validity = self.validity(cells.clone().map(|cell| cell.is_some()));
        entry.offsets = Some(self.offsets(cells.clone().map(|cell| cell.map_or(0, <[T]>::len))));
        entry.values = self.next();
        for list in cells.flatten() {
            let from = self.body.len();
            self.body.grow_to(from + list.len() * N);
            let places = self.body.as_mut_slice().get_mut(from..).unwrap_or_default().chunks_exact_mut(N);
            places.zip(list).for_each(|(place, value)| place.copy_from_slice(&bytes(*value)));
        }
        entry.values_length = self.body.len() - entry.values;
        self.next();
        self.entries.push(entry);
    }

    /// Numbers; one that is not finite is absent, and zero has no sign, which could tell something of what it
    /// was made of.
    pub fn write_numbers(&mut self, name: &str, cells: &[Option<f64>]) {
        let finite: Vec<Option<f64>> =
            cells.iter().map(|c| c.filter(|n| n.is_finite()).map(unsigned_zero)).collect();
        self.fixed(name, ColumnType::Number, &finite, f64::to_le_bytes);
    }

    /// Flags.
    pub fn write_flags(&mut self, name: &str, cells: &[Option<bool>]) {
        self.fixed(name, ColumnType::Flag, cells, |f| [u8::from(f)]);
    }

    /// Days since 1970-01-01.
    pub fn write_dates(&mut self, name: &str, cells: &[Option<i32>]) {
        self.fixed(name, ColumnType::Date, cells, i32::to_le_bytes);
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn write_times(&mut self, name: &str, cells: &[Option<i64>]) {
        self.fixed(name, ColumnType::Time, cells, i64::to_le_bytes);
    }

    /// Item indices.
    pub fn write_items(&mut self, name: &str, cells: &[Option<u32>]) {
        self.write_some_words32(name, cells);
    }

    /// Small numbers, where there are some.
    pub fn write_some_words32(&mut self, name: &str, cells: &[Option<u32>]) {
        self.fixed(name, ColumnType::Word32, cells, u32::to_le_bytes);
    }

    /// Small numbers, all present.
    pub fn write_words32(&mut self, name: &str, cells: &[u32]) {
        let entry = self.begin(name, ColumnType::Word32);
        self.values(entry, cells.iter().map(|n| n.to_le_bytes()));
    }

    /// Large numbers, all present.
    pub fn write_words64(&mut self, name: &str, cells: &[u64]) {
        let entry = self.begin(name, ColumnType::Word64);
        self.values(entry, cells.iter().map(|n| n.to_le_bytes()));
    }

    /// Texts.
    pub fn write_text(&mut self, name: &str, cells: &[Option<&str>]) {
        let cells = cells.iter().map(|cell| cell.map(str::as_bytes));
        self.lists(name, ColumnType::Text, cells, |byte| [byte]);
    }

    /// Lists of texts.
    pub fn write_texts(&mut self, name: &str, cells: &[Option<Vec<&str>>]) {
        let mut entry = self.begin(name, ColumnType::Texts);
        entry.validity = self.validity(cells.iter().map(Option::is_some));
        entry.offsets = Some(self.offsets(cells.iter().map(|c| c.as_ref().map_or(0, Vec::len))));
        entry.inner = Some(self.offsets(cells.iter().flatten().flatten().map(|text| text.len())));
        let bytes = cells.iter().flatten().flatten().flat_map(|text| text.bytes());
        self.values(entry, bytes.map(|byte| [byte]));
    }

    /// Lists of item indices.
    pub fn write_item_lists(&mut self, name: &str, cells: &[Option<&[u32]>]) {
        self.lists(name, ColumnType::Words32, cells.iter().copied(), u32::to_le_bytes);
    }

    /// Histories.
    pub fn write_events(&mut self, name: &str, cells: &[Option<Vec<Event>>]) {
        self.lists(name, ColumnType::Events, cells.iter().map(Option::as_deref), event);
    }

    /// The frame's bytes.
    #[must_use]
    pub fn finish(self) -> Frame {
        self.finish_behind(0)
    }

    /// The frame's bytes behind `front` zeroed ones, a multiple of 64. Places within the frame are counted
    /// from its own beginning.
    #[must_use]
    pub fn finish_behind(self, front: usize) -> Frame {
        let head = ENTRY_BYTES * (1 + self.entries.len());
        let length = head + self.body.len();
        let mut frame = Frame::room(front + length);
        let (_, bytes) = frame.bytes_mut().split_at_mut(front);
        write_header(bytes, self.kind, self.rows, self.entries.len(), length);
        for (i, entry) in self.entries.iter().enumerate() {
            write_entry(bytes, ENTRY_BYTES * (1 + i), head, entry);
        }
        put(bytes, head, self.body.as_slice());
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

fn write_entry(bytes: &mut [u8], at: usize, head: usize, entry: &Entry) {
    let place = |buffer: Option<usize>| buffer.map_or(0, |buffer| (head + buffer) as u64);
    put(bytes, at, &small(head + entry.name).to_le_bytes());
    put(bytes, at + 4, &small(entry.name_length).to_le_bytes());
    put(bytes, at + 8, &(entry.kind as u16).to_le_bytes());
    let count = (entry.values_length / entry.kind.width()) as u64;
    let words =
        [place(entry.validity), place(entry.offsets), place(entry.inner), place(Some(entry.values)), count];
    for (i, word) in words.into_iter().enumerate() {
        put(bytes, at + 16 + 8 * i, &word.to_le_bytes());
    }
}

fn event(event: Event) -> [u8; 24] {
    let mut bytes = [0; 24];
    put(&mut bytes, 0, &event.at.to_le_bytes());
    for (i, word) in [event.item, event.quantity, event.kind].into_iter().enumerate() {
        put(&mut bytes, 8 + 4 * i, &word.to_le_bytes());
    }
    bytes
}

fn put(bytes: &mut [u8], at: usize, word: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + word.len()) {
        place.copy_from_slice(word);
    }
}

/// The same number; of the two zeroes, the one without a sign (IEEE 754: -0 + 0 = 0).
pub(crate) fn unsigned_zero(number: f64) -> f64 {
    number + 0.0
}

/// A count as the frame holds it; a frame is far smaller than 4 GiB, and one that is not fails the reader's
/// check.
fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FrameReader;

    #[test]
    fn zero_has_no_sign() {
        let mut writer = FrameWriter::new(FrameKind::Settings, 2);
        writer.write_numbers("n", &[Some(-0.0), Some(-1.5)]);
        let frame = writer.finish();
        let column = FrameReader::new(frame.bytes()).unwrap().column("n").unwrap();
        assert_eq!(column.number_at(0).map(f64::to_bits), Some(0));
        assert_eq!(column.number_at(1), Some(-1.5));
    }
}
