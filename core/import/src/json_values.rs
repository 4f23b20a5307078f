//! The objects of a file of JSON: one a line, or the members of one list, or one document over many lines.

use std::{borrow::Cow, io::BufRead};

use jardin_model::read_json;
use serde_json::Value;

use crate::{ImportError, lines::Lines};

/// The longest object, in bytes.
const MAX_OBJECT: usize = 16 << 20;

/// An object with the line on which it begins, or what is wrong with it.
pub(crate) type FoundObject = (u64, Result<Value, Cow<'static, str>>);

/// The objects of a file.
pub(crate) enum JsonObjects<'c> {
    /// One a line: a line that is wrong costs no other.
    Lines(Lines<&'c mut dyn BufRead>),
    /// Over many lines.
    Document(Document<'c>),
}

impl<'c> JsonObjects<'c> {
    /// Tells by the first line whether an object ends with its line.
    pub(crate) fn new(content: &'c mut dyn BufRead) -> Self {
        let head = content.fill_buf().unwrap_or_default();
        let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head).trim_ascii_start();
        let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
        let is_long = first.len() == head.len() && first.len() > 4096;
        if first.starts_with(b"{") && (first.ends_with(b"}") || is_long) {
            return Self::Lines(Lines::new(content));
        }
        Self::Document(Document { content, line: 1 })
    }

    /// The next object; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<FoundObject>, ImportError> {
        match self {
            Self::Document(document) => document.next(),
            Self::Lines(lines) => {
                while let Some(line) = lines.next()? {
                    match line.text.map(<[u8]>::trim_ascii) {
                        Some(b"") => {}
                        Some(text) => return Ok(Some((line.number, read_object(text)))),
                        None => return Ok(Some((line.number, Err("the line is longer than 1 MiB".into())))),
                    }
                }
                Ok(None)
            }
        }
    }
}

fn read_object(text: &[u8]) -> Result<Value, Cow<'static, str>> {
    match read_json(text) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err("it is not an object in braces".into()),
        Err(error) if error.line > 1 => {
            Err(format!("{}, in line {} of the object", error.what, error.line).into())
        }
        Err(error) => Err(format!("{}, at column {}", error.what, error.column).into()),
    }
}

/// A document whose objects are found by their braces.
pub(crate) struct Document<'c> {
    content: &'c mut dyn BufRead,
    line: u64,
}

impl Document<'_> {
    fn next(&mut self) -> Result<Option<FoundObject>, ImportError> {
        let Some(begins) = self.skip_to_brace()? else { return Ok(None) };
        let (mut object, mut scan) = (Vec::new(), Braces::default());
        loop {
            let Some(byte) = self.take_byte()? else {
                return Ok(Some((begins, Err("the object is not closed".into()))));
            };
            object.push(byte);
            if scan.closes_by(byte) {
                return Ok(Some((begins, read_object(&object))));
            }
            if object.len() > MAX_OBJECT {
                return Err(ImportError::Broken {
                    line: begins,
                    source: std::io::Error::new(
                        std::io::ErrorKind::InvalidData,
                        "an object is longer than 16 MiB",
                    ),
                });
            }
        }
    }

    /// To the brace with which the next object begins, and its line.
    fn skip_to_brace(&mut self) -> Result<Option<u64>, ImportError> {
        loop {
            match self.peek_byte()? {
                None => return Ok(None),
                Some(b'{') => return Ok(Some(self.line)),
                Some(_) => drop(self.take_byte()?),
            }
        }
    }

    fn peek_byte(&mut self) -> Result<Option<u8>, ImportError> {
        let line = self.line;
        let buffer = self.content.fill_buf().map_err(|source| ImportError::Broken { line, source })?;
        Ok(buffer.first().copied())
    }

    fn take_byte(&mut self) -> Result<Option<u8>, ImportError> {
        let byte = self.peek_byte()?;
        if let Some(byte) = byte {
            self.content.consume(1);
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }
}

/// Which braces are open, those in texts not counted.
#[derive(Default)]
pub(crate) struct Braces {
    pub(crate) depth: usize,
    /// Brackets of lists that are open.
    pub(crate) lists: usize,
    pub(crate) in_text: bool,
    is_escaped: bool,
}

impl Braces {
    /// Takes a byte; true where the first brace is closed by it.
    pub(crate) const fn closes_by(&mut self, byte: u8) -> bool {
        if self.is_escaped {
            self.is_escaped = false;
            return false;
        }
        match byte {
            b'\\' if self.in_text => self.is_escaped = true,
            b'"' => self.in_text = !self.in_text,
            b'[' if !self.in_text => self.lists += 1,
            b']' if !self.in_text => self.lists = self.lists.saturating_sub(1),
            b'{' if !self.in_text => self.depth += 1,
            b'}' if !self.in_text => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u64, bool)> {
        let mut bytes = text.as_bytes();
        let mut objects = JsonObjects::new(&mut bytes);
        let mut all = Vec::new();
        while let Some((line, object)) = objects.next().unwrap() {
            all.push((line, object.is_ok()));
        }
        all
    }

    #[test]
    fn objects_are_found_in_lines_lists_and_documents() {
        for (text, found) in [
            ("{\"a\":1}\n\n{\"b\":\"}\"}\n", vec![(1, true), (3, true)]),
            ("[{\"a\":{}},\n {\"b\":\"\\\"{\"}]", vec![(1, true), (2, true)]),
            ("{\n \"a\": [\n 1]\n}\n{\n}\n", vec![(1, true), (5, true)]),
            ("{\"a\":1}\n{\"b\":\n{\"c\":2}\n", vec![(1, true), (2, false), (3, true)]),
            ("[{\"a\":1},{\"b\":", vec![(1, true), (1, false)]),
            ("{\"a\":1,\"a\":2}\n", vec![(1, false)]),
        ] {
            assert_eq!(read(text), found, "{text}");
        }
    }
}
