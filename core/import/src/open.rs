//! Opening a file: unpacking it, telling its shape, and counting what was read of it.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use flate2::read::MultiGzDecoder;
use liblzma::read::XzDecoder;

use crate::{
    FileShape, ImportError, ReadOptions, Sink, Summary,
    head::{FileHead, HEAD},
};

/// An open file.
pub struct Opened {
    /// How it looks.
    pub shape: FileShape,
    /// What it is taken for, in words.
    pub says: &'static str,
    /// Its length on disk, in bytes; `None` of a stream.
    pub length: Option<u64>,
    /// How many bytes of it were read, for a progress bar.
    pub read: Arc<AtomicU64>,
    /// Its content, unpacked.
    pub content: Box<dyn BufRead + Send>,
}

/// Opens a file, unpacked where it is packed by gzip, xz or Zstandard; its shape is told by its content where none is
/// named.
///
/// # Errors
/// [`ImportError::Read`], [`ImportError::Unreadable`] and [`ImportError::UnknownShape`].
pub fn open(path: &Path, shape: Option<FileShape>) -> Result<Opened, ImportError> {
    let name = path.display().to_string();
    let broken = |source| ImportError::Read { file: name.clone(), source };
    let file = File::open(path).map_err(broken)?;
    let length = file.metadata().map_err(broken)?;
    let opened = open_stream(&name, Box::new(file), shape)?;
    Ok(Opened { length: Some(length.len()).filter(|_| length.is_file()), ..opened })
}

/// The same of a stream, such as the standard input; `name` is how it is called where it cannot be read.
///
/// # Errors
/// As [`open`].
pub fn open_stream(
    name: &str,
    stream: Box<dyn Read + Send>,
    shape: Option<FileShape>,
) -> Result<Opened, ImportError> {
    let broken = |source| ImportError::Read { file: name.to_owned(), source };
    let read = Arc::new(AtomicU64::default());
    let counted = Counted { inner: stream, read: Arc::clone(&read) };
    let mut content = Peeked::new(unpack(counted).map_err(broken)?);
    let head = content.peek().map_err(broken)?;
    let head = FileHead::new(head);
    if let Some(what) = head.unreadable() {
        return Err(ImportError::Unreadable { file: name.to_owned(), what });
    }
    let (shape, says) = match shape {
        Some(shape) => (shape, shape.describe_file(&head)),
        None => FileShape::find_by_head(&head)
            .or_else(|| by_name(name, &head))
            .ok_or_else(|| unknown_shape(name, &head))?,
    };
    Ok(Opened { shape, says, length: None, read, content: Box::new(BufReader::new(content)) })
}

impl Opened {
    /// Reads it and hands over its items and events.
    ///
    /// # Errors
    /// Where the bytes break off, what must be there is missing, or a batch is refused.
    pub fn read_rows(mut self, options: &ReadOptions, sink: &mut Sink<'_>) -> Result<Summary, ImportError> {
        self.shape.read(&mut *self.content, options, sink)
    }
}

/// A file whose ending says that it holds JSON Lines, however it begins.
fn by_name(name: &str, head: &FileHead<'_>) -> Option<(FileShape, &'static str)> {
    let name = name.to_ascii_lowercase();
    let plain = [".xz", ".gz", ".zst"].into_iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let shape = FileShape::from_name("json-lines")?;
    (plain.ends_with(".jsonl") || plain.ends_with(".ndjson")).then(|| (shape, shape.describe_file(head)))
}

fn unknown_shape(name: &str, head: &FileHead<'_>) -> ImportError {
    if head.is_empty() {
        return ImportError::Unreadable { file: name.to_owned(), what: "is empty" };
    }
    let shapes: Vec<&str> = FileShape::names().collect();
    let columns: Vec<String> = head.columns().0.into_iter().take(8).collect();
    // a line without names may be somebody's name and address
    let begins = if columns.len() > 1 && columns.iter().all(|cell| is_like_name(cell)) {
        format!(" its first line names {}.", columns.join(", "))
    } else {
        String::new()
    };
    ImportError::UnknownShape { file: name.to_owned(), begins, shapes: shapes.join(", ") }
}

/// Whether a cell looks like the name of a column as programs write them: one short word in small letters.
fn is_like_name(cell: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-:".contains(c);
    cell.len() <= 40 && cell.starts_with(|c: char| c.is_ascii_lowercase()) && cell.chars().all(is_part)
}

/// Unpacks by the first bytes, not by a name.
fn unpack(packed: Counted) -> io::Result<Box<dyn Read + Send>> {
    let mut packed = Peeked::new(Box::new(packed));
    let magic = packed.peek()?;
    Ok(match magic {
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => {
            Box::new(XzDecoder::new_multi_decoder(BufReader::new(packed)))
        }
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(packed)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(zstd::Decoder::new(packed)?),
        _ => Box::new(packed),
    })
}

/// A stream whose beginning can be looked at before it is read.
struct Peeked {
    head: Vec<u8>,
    taken: usize,
    rest: Box<dyn Read + Send>,
}

impl Peeked {
    const fn new(rest: Box<dyn Read + Send>) -> Self {
        Self { head: Vec::new(), taken: 0, rest }
    }

    /// The beginning: all of it where it is short.
    fn peek(&mut self) -> io::Result<&[u8]> {
        (&mut self.rest).take(HEAD as u64).read_to_end(&mut self.head)?;
        Ok(&self.head)
    }
}

impl Read for Peeked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.head.get(self.taken..).unwrap_or_default();
        if left.is_empty() {
            return self.rest.read(buffer);
        }
        let length = left.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(left) {
            *to = *from;
        }
        self.taken += length;
        Ok(length)
    }
}

struct Counted {
    inner: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write as _};

    use super::*;

    const ROWS: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n";

    fn sales(rows: usize) -> Vec<u8> {
        let mut text = ROWS.to_owned();
        for n in 0..rows {
            // digits that do not repeat, so that the packed file stays long enough to be cut
            let stock = (n * 7_919) % 90_000 + 10_000;
            text += &format!("{n},{stock},LAMP {},1,2011-07-01 09:30:00,1.25,\n", n * n);
        }
        text.into_bytes()
    }

    type Packer = fn(&[u8]) -> Vec<u8>;

    fn pack_xz(plain: &[u8]) -> Vec<u8> {
        let mut packer = liblzma::write::XzEncoder::new(Vec::new(), 6);
        packer.write_all(plain).unwrap();
        packer.finish().unwrap()
    }

    fn pack_gz(plain: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(plain).unwrap();
        packer.finish().unwrap()
    }

    fn pack_zst(plain: &[u8]) -> Vec<u8> {
        zstd::encode_all(plain, 3).unwrap()
    }

    const PACKERS: [(&str, Packer); 3] = [("xz", pack_xz), ("gz", pack_gz), ("zst", pack_zst)];

    fn import(name: &str, bytes: &[u8]) -> Result<Summary, ImportError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let opened = open(&path, None)?;
        assert_eq!((opened.shape.shape_name(), opened.length), ("online-retail", Some(bytes.len() as u64)));
        opened.read_rows(&ReadOptions::default(), &mut |_| Ok(()))
    }

    #[test]
    fn a_packed_file_is_unpacked_by_its_content_as_it_is_read() {
        for (name, pack) in PACKERS {
            assert_eq!(import(&format!("a.csv.{name}"), &pack(&sales(500))).unwrap().events, 500, "{name}");
            assert_eq!(import("misnamed", &pack(&sales(5))).unwrap().events, 5, "{name}");
            let twice = [pack(&sales(5)), pack(b"9,10005,LAMP,1,2011-07-01 09:30:00,1.25,\n")].concat();
            assert_eq!(import("joined", &twice).unwrap().rows, 6, "{name}");
        }
        assert_eq!(import("a.csv", ROWS.as_bytes()).unwrap().rows, 0);
    }

    #[test]
    fn a_packed_file_that_breaks_off_or_is_damaged_is_an_error() {
        for (name, pack) in PACKERS {
            let whole = pack(&sales(20_000));
            let cut = import("cut", whole.get(..whole.len() / 2).unwrap());
            assert!(matches!(cut, Err(ImportError::Broken { .. })), "{name}: {cut:?}");
            let mut damaged = whole;
            let middle = damaged.len() / 2;
            damaged[middle..middle + 64].fill(0);
            assert!(import("damaged", &damaged).is_err(), "{name}");
        }
    }

    #[test]
    fn what_is_not_known_is_named_with_what_to_write() {
        let folder = tempfile::tempdir().unwrap();
        for (bytes, said) in [
            (&b"id;price\nA;1,00\n"[..], "its first line names id, price"),
            (b"\xff\xfei\0d\0", "is UTF-16; save it as UTF-8"),
            (b"PK\x03\x04", "save the sheet as CSV"),
            (b" \n", "is empty"),
        ] {
            let path = folder.path().join("a.txt");
            fs::write(&path, bytes).unwrap();
            let error = open(&path, None).err().unwrap().to_string();
            assert!(error.contains(said), "{error}");
            // a list without names of columns may be one of people: nothing of it is told
            let path = folder.path().join("customers.csv");
            fs::write(&path, "Marie;marie@canary.example;Lyon\n").unwrap();
            let error = open(&path, None).err().unwrap().to_string();
            assert!(
                !error.contains("Marie") && !error.contains("canary") && !error.contains("Lyon"),
                "{error}"
            );
        }
        assert!(matches!(open(&folder.path().join("none"), None), Err(ImportError::Read { .. })));
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "").unwrap();
        assert_eq!(open(&path, None).unwrap().shape.shape_name(), "json-lines");
    }
}
