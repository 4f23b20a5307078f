//! Tables as text: rows of cells with a mark between them.

use std::{collections::VecDeque, io::Read};

use crate::{ImportError, lines::Lines};

/// The longest row, in bytes.
const LONGEST_ROW: usize = 1 << 20;

/// A row with the line on which it begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TableRow {
    pub(crate) line: u64,
    /// Its cells, or what is wrong with it.
    pub(crate) cells: Result<Vec<String>, &'static str>,
}

/// A line with its number; no text where it is too long.
type NumberedLine = (u64, Option<Vec<u8>>);

/// A table whose first row names its columns.
pub(crate) struct DelimitedTable<R> {
    lines: Lines<R>,
    /// Lines that were read for a row which turned out to be wrong, each for a row of its own.
    waiting: VecDeque<NumberedLine>,
    delimiter: u8,
    /// The names of the columns.
    pub(crate) header: Vec<String>,
}

impl<R: Read> DelimitedTable<R> {
    /// Reads the first row; what stands between the cells follows from it.
    pub(crate) fn new(content: R) -> Result<Self, ImportError> {
        let mut lines = Lines::new(content);
        let first = lines.next()?.and_then(|line| line.text).unwrap_or_default();
        let (header, delimiter) = split_header(first);
        Ok(Self { lines, waiting: VecDeque::new(), delimiter, header })
    }

    /// The next row that is not blank; `None` at the end. A row that spans lines and is wrong costs its first line alone.
    pub(crate) fn next(&mut self) -> Result<Option<TableRow>, ImportError> {
        loop {
            let Some((line, text)) = self.next_line()? else { return Ok(None) };
            let Some(text) = text else {
                return Ok(Some(TableRow { line, cells: Err("the line is longer than 1 MiB") }));
            };
            if !text.trim_ascii().is_empty() {
                return self.read_row(line, &text).map(Some);
            }
        }
    }

    fn next_line(&mut self) -> Result<Option<NumberedLine>, ImportError> {
        if let Some(waiting) = self.waiting.pop_front() {
            return Ok(Some(waiting));
        }
        Ok(self.lines.next()?.map(|line| (line.number, line.text.map(<[u8]>::to_vec))))
    }

    fn read_row(&mut self, line: u64, first: &[u8]) -> Result<TableRow, ImportError> {
        if self.delimiter == b'\t' {
            return Ok(TableRow { line, cells: split_tabs(first).and_then(|cells| self.whole_row(cells)) });
        }
        let mut cells = Cells::new(self.delimiter);
        let (mut more, mut length) = (VecDeque::new(), first.len());
        let mut read = cells.add_line(first);
        while read == Ok(false) && length <= LONGEST_ROW {
            let Some((number, text)) = self.next_line()? else { break };
            length += text.as_ref().map_or(LONGEST_ROW, Vec::len);
            read = text.as_deref().map_or(Ok(false), |text| cells.add_line(text));
            more.push_back((number, text));
        }
        let cells = match read {
            Ok(true) => cells.into_texts().and_then(|cells| self.whole_row(cells)),
            Ok(false) => Err("a quote is not closed"),
            Err(what) => Err(what),
        };
        if cells.is_err() {
            more.append(&mut self.waiting);
            self.waiting = more;
        }
        Ok(TableRow { line, cells })
    }

    fn whole_row(&self, cells: Vec<String>) -> Result<Vec<String>, &'static str> {
        match cells.len().cmp(&self.header.len()) {
            std::cmp::Ordering::Less => Err("the row has fewer cells than the first line names columns"),
            std::cmp::Ordering::Equal => Ok(cells),
            std::cmp::Ordering::Greater => Err("the row has more cells than the first line names columns"),
        }
    }
}

/// The columns of a first line, and what stands between them: of tab, comma, semicolon and bar the one that makes the
/// most cells.
pub(crate) fn split_header(line: &[u8]) -> (Vec<String>, u8) {
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let split = |delimiter: u8| {
        let mut cells = Cells::new(delimiter);
        let read = if delimiter == b'\t' {
            split_tabs(line)
        } else {
            cells.add_line(line).and_then(|_| cells.into_texts())
        };
        (read.unwrap_or_default(), delimiter)
    };
    // of equals the last is taken, and a tab is never part of a name
    b"|;,\t"
        .iter()
        .map(|delimiter| split(*delimiter))
        .max_by_key(|(cells, _)| cells.len())
        .unwrap_or_default()
}

/// Cells between tabs. Quotes are letters, but around a whole cell whose inner ones are doubled; a cell that only begins
/// with one would go on in another line for some readers, and is refused.
fn split_tabs(line: &[u8]) -> Result<Vec<String>, &'static str> {
    let line = std::str::from_utf8(line).map_err(|_| NOT_UTF8)?;
    line.split('\t').map(|cell| unquote(cell.trim())).collect()
}

const NOT_UTF8: &str = "a cell is not UTF-8; save the file as UTF-8";

fn unquote(cell: &str) -> Result<String, &'static str> {
    let Some(rest) = cell.strip_prefix('"') else { return Ok(cell.to_owned()) };
    let inner = rest.strip_suffix('"');
    let plain = inner.map(|inner| inner.replace("\"\"", ""));
    match (inner, plain) {
        (Some(inner), Some(plain)) if !plain.contains('"') => {
            Ok(inner.replace("\"\"", "\"").trim().to_owned())
        }
        _ if cell.matches('"').count().is_multiple_of(2) => Ok(cell.to_owned()),
        _ => Err(
            "a cell begins with a quote that is not closed: between tabs no quotes are needed, and a row is one line",
        ),
    }
}

/// The cells of a row, line by line.
struct Cells {
    delimiter: u8,
    text: Vec<u8>,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
    is_quoted: bool,
}

impl Cells {
    const fn new(delimiter: u8) -> Self {
        Self { delimiter, text: Vec::new(), ends: Vec::new(), is_quoted: false }
    }

    /// Takes a line apart; a cell in quotes may hold delimiters and line ends, and a doubled quote in it is one (RFC
    /// 4180). Says whether the row ends with the line.
    fn add_line(&mut self, line: &[u8]) -> Result<bool, &'static str> {
        let mut bytes = line.iter().copied().peekable();
        if self.is_quoted {
            self.text.push(b'\n');
        } else {
            self.is_quoted = bytes.next_if_eq(&b'"').is_some();
        }
        loop {
            if self.is_quoted && !self.add_quoted(&mut bytes) {
                return Ok(false);
            }
            // behind a cell in quotes nothing may stand but blanks
            let start = self.text.len();
            let ends = self.add_plain(&mut bytes);
            if self.is_quoted && self.text.get(start..).is_some_and(|rest| !rest.trim_ascii().is_empty()) {
                return Err("a quote stands within a cell: write it twice");
            }
            self.ends.push(self.text.len());
            if ends {
                return Ok(true);
            }
            self.is_quoted = bytes.next_if_eq(&b'"').is_some();
        }
    }

    /// To the quote that closes the cell; `false` where the line ends before.
    fn add_quoted(&mut self, bytes: &mut std::iter::Peekable<impl Iterator<Item = u8>>) -> bool {
        while let Some(byte) = bytes.next() {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                return true;
            }
            self.text.push(byte);
        }
        false
    }

    /// To the delimiter; `true` where the line ends before.
    fn add_plain(&mut self, bytes: &mut impl Iterator<Item = u8>) -> bool {
        for byte in bytes {
            if byte == self.delimiter {
                return false;
            }
            self.text.push(byte);
        }
        true
    }

    fn into_texts(self) -> Result<Vec<String>, &'static str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let cells = starts.zip(&self.ends).map(|(start, end)| self.text.get(start..*end).unwrap_or_default());
        cells
            .map(|cell| std::str::from_utf8(cell).map(|cell| cell.trim().to_owned()).map_err(|_| NOT_UTF8))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type ReadRow = (u64, Result<Vec<String>, &'static str>);

    fn read(text: &[u8]) -> Vec<ReadRow> {
        let mut table = DelimitedTable::new(text).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = table.next().unwrap() {
            rows.push((row.line, row.cells));
        }
        rows
    }

    fn cells(cells: &[&str]) -> Result<Vec<String>, &'static str> {
        Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn a_cell_in_quotes_may_hold_delimiters_quotes_and_lines() {
        let rows = read(b"\xef\xbb\xbfa,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\r\n2,24\" screen\n");
        assert_eq!(rows, [(2, cells(&["1", "x, \"y\"\nz"])), (5, cells(&["2", "24\" screen"]))]);
    }

    #[test]
    fn a_wrong_row_never_swallows_the_next() {
        let rows = read(b"a,b\n1,\"not closed\n2,y\n3,z\n");
        assert_eq!(
            rows,
            [(2, Err("a quote is not closed")), (3, cells(&["2", "y"])), (4, cells(&["3", "z"]))]
        );
        let rows = read(b"a,b\n1,\"4\" nails\"\n2,y\n");
        assert_eq!(rows, [(2, Err("a quote stands within a cell: write it twice")), (3, cells(&["2", "y"]))]);
        // the quote of one row is closed by that of another
        let rows = read(b"a,b\n\"24 inch,x\n2,y\"\n3,z\n");
        assert_eq!(rows.len(), 3);
        assert!(
            rows[0].1.is_err() && rows[1].1 == cells(&["2", "y\""]) && rows[2].1 == cells(&["3", "z"]),
            "{rows:?}"
        );
    }

    #[test]
    fn between_tabs_an_inch_mark_is_a_letter() {
        let rows = read(b"a\tb\n1\t24\" screen\n2\t\"24\"\" screen\"\n3\t\"Wow\" shirt\n4\t\"open\n5\tx\n");
        let open = "a cell begins with a quote that is not closed: between tabs no quotes are needed, and a row is one line";
        assert_eq!(
            rows,
            [
                (2, cells(&["1", "24\" screen"])),
                (3, cells(&["2", "24\" screen"])),
                (4, cells(&["3", "\"Wow\" shirt"])),
                (5, Err(open)),
                (6, cells(&["5", "x"])),
            ]
        );
    }

    #[test]
    fn a_row_has_as_many_cells_as_there_are_columns() {
        let rows = read(b"a;b\n1\n1;2;3\n1;\xff\n");
        assert!(rows.iter().all(|(_, cells)| cells.is_err()) && rows.len() == 3, "{rows:?}");
    }
}
