//! Lines of a file, each bounded, so that a file without line ends fills no memory.

use std::io::{BufRead as _, BufReader, Read};

use crate::ImportError;

/// The longest line, in bytes.
const LONGEST: usize = 1 << 20;

/// Reads a file line by line.
pub(crate) struct Lines<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
    number: u64,
}

/// One line.
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: u64,
    /// Without its end, and the first line without a byte order mark; `None` where it is longer than 1 MiB.
    pub(crate) text: Option<&'a [u8]>,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(content: R) -> Self {
        Self { reader: BufReader::new(content), line: Vec::new(), number: 0 }
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// [`ImportError::Broken`] where the bytes break off.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, ImportError> {
        self.line.clear();
        let longest = LONGEST as u64 + 1;
        let read = self.reader.by_ref().take(longest).read_until(b'\n', &mut self.line);
        if read.map_err(|e| self.broken(e))? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let ended = self.line.last() == Some(&b'\n');
        let too_long = !ended && self.line.len() > LONGEST;
        if too_long {
            self.skip_rest()?;
        }
        let text = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let mark = Some("\u{feff}".as_bytes()).filter(|_| self.number == 1);
        let text = mark.and_then(|mark| text.strip_prefix(mark)).unwrap_or(text);
        Ok(Some(Line { number: self.number, text: (!too_long).then_some(text) }))
    }

    fn skip_rest(&mut self) -> Result<(), ImportError> {
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(source) => {
                    return Err(ImportError::Broken { line: self.number, source });
                }
            };
            let end = buffer.iter().position(|b| *b == b'\n');
            let (length, done) = (end.map_or(buffer.len(), |at| at + 1), end.is_some() || buffer.is_empty());
            self.reader.consume(length);
            if done {
                return Ok(());
            }
        }
    }

    const fn broken(&self, source: std::io::Error) -> ImportError {
        ImportError::Broken { line: self.number, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(u64, Option<Vec<u8>>)> {
        let mut lines = Lines::new(bytes);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push((line.number, line.text.map(<[u8]>::to_vec)));
        }
        all
    }

    #[test]
    fn ends_and_a_byte_order_mark_are_taken_away() {
        let expected = [(1, Some(b"a".to_vec())), (2, Some(b"".to_vec())), (3, Some(b"b".to_vec()))];
        assert_eq!(read(b"\xef\xbb\xbfa\r\n\nb"), expected);
    }

    #[test]
    fn a_line_may_have_a_mebibyte_and_no_byte_more() {
        let longest = vec![b'x'; LONGEST];
        assert_eq!(
            read(&[&longest[..], b"\ny"].concat()),
            [(1, Some(longest.clone())), (2, Some(b"y".to_vec()))]
        );
        assert_eq!(read(&[&longest[..], b"x\ny"].concat()), [(1, None), (2, Some(b"y".to_vec()))]);
        assert_eq!(read(&[&longest[..], b"xx"].concat()), [(1, None)]);
    }
}
