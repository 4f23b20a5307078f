//! The beginning of a file, by which its shape is told.

use crate::{delimited::split_header, json_values::Braces};

/// How much of a file is looked at, in bytes.
pub(crate) const HEAD: usize = 64 << 10;

/// The beginning of a file.
pub(crate) struct FileHead<'a> {
    bytes: &'a [u8],
}

impl<'a> FileHead<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes) }
    }

    /// What is wrong with the bytes before anything is read of them: what the file is, and what to do.
    pub(crate) fn unreadable(&self) -> Option<&'static str> {
        match self.bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("is UTF-16; save it as UTF-8"),
            [b'P', b'K', 3 | 5, ..] => {
                Some("is a spreadsheet or a zip archive; save the sheet as CSV in UTF-8, or unpack it")
            }
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("is a spreadsheet; save the sheet as CSV in UTF-8"),
            _ => None,
        }
    }

    /// The first byte that is not blank.
    pub(crate) fn first_byte(&self) -> Option<u8> {
        self.bytes.trim_ascii_start().first().copied()
    }

    /// True where nothing but blanks is there.
    pub(crate) fn is_empty(&self) -> bool {
        self.first_byte().is_none()
    }

    /// The columns that the first line names, and what stands between them.
    pub(crate) fn columns(&self) -> (Vec<String>, u8) {
        let line = self.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        split_header(line)
    }

    /// True where its first object, as far as it is seen, has all these keys.
    pub(crate) fn has_keys(&self, keys: &[&str]) -> bool {
        let start = self.bytes.iter().position(|byte| *byte == b'{');
        let Some(object) = start.and_then(|start| self.bytes.get(start..)) else { return false };
        let found = outer_keys(object);
        keys.iter().all(|key| found.iter().any(|other| other == key))
    }

    /// True where this text stands in it.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }

    /// True where every one of these is a name of the first line, as `key` writes names.
    pub(crate) fn names(&self, names: &[&str], key: fn(&str) -> String) -> bool {
        let columns: Vec<String> = self.columns().0.iter().map(|name| key(name)).collect();
        names.iter().all(|name| columns.iter().any(|column| column == name))
    }
}

/// The keys of the first object of a text, those of objects within it not among them.
fn outer_keys(text: &[u8]) -> Vec<String> {
    let (mut keys, mut braces, mut last) = (Vec::new(), Braces::default(), Vec::new());
    for byte in text {
        let was_in_text = braces.in_text;
        let is_outer = braces.depth == 1 && braces.lists == 0;
        if braces.closes_by(*byte) {
            break;
        }
        match (was_in_text, braces.in_text) {
            (false, true) => last.clear(),
            (true, true) => last.push(*byte),
            _ if *byte == b':' && is_outer => keys.push(String::from_utf8_lossy(&last).into_owned()),
            _ => {}
        }
    }
    keys
}
