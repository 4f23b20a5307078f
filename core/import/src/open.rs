//! Opening a file by its ending, and counting what was read of it.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use liblzma::read::XzDecoder;

use crate::ImportError;

/// What stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An event or item a line, as JSON.
    JsonLines,
    /// The Online Retail set of the UCI repository (Chen 2015, doi 10.24432/C5BW33).
    OnlineRetail,
}

/// An open file.
pub struct Opened {
    /// What stands in it.
    pub format: Format,
    /// Its length on disk, in bytes.
    pub length: u64,
    /// How many bytes of it were read, for a progress bar.
    pub read: Arc<AtomicU64>,
    /// Its content, unpacked.
    pub content: Box<dyn Read + Send>,
}

/// Opens a file by its ending: `.jsonl` or `.csv`, with `.xz` behind it where it is packed.
///
/// # Errors
/// [`ImportError::UnknownKind`] and [`ImportError::Read`].
pub fn open(path: &Path) -> Result<Opened, ImportError> {
    let shown = path.display().to_string();
    let name = shown.to_ascii_lowercase();
    let (plain, packed) = name.strip_suffix(".xz").map_or((name.as_str(), false), |plain| (plain, true));
    let format = if plain.ends_with(".jsonl") || plain.ends_with(".ndjson") {
        Format::JsonLines
    } else if plain.ends_with(".csv") {
        Format::OnlineRetail
    } else {
        return Err(ImportError::UnknownKind { file: shown });
    };
    let broken = |source| ImportError::Read { file: shown.clone(), source };
    let file = File::open(path).map_err(broken)?;
    let length = file.metadata().map_err(broken)?.len();
    let read = Arc::new(AtomicU64::default());
    let counted = Counted { inner: BufReader::new(file), read: Arc::clone(&read) };
    let content: Box<dyn Read + Send> =
        if packed { Box::new(XzDecoder::new(counted)) } else { Box::new(counted) };
    Ok(Opened { format, length, read, content })
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
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
    use crate::{Summary, online_retail};

    const ROWS: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n";

    fn unpack(rows: usize) -> Vec<u8> {
        let mut text = ROWS.to_owned();
        for n in 0..rows {
            // digits that do not repeat, so that the packed file stays long enough to be cut
            let stock = (n * 7_919) % 90_000 + 10_000;
            text += &format!("{n},{stock},LAMP {},1,2011-07-01 09:30:00,1.25,\n", n * n);
        }
        let mut packer = liblzma::write::XzEncoder::new(Vec::new(), 6);
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    }

    fn import(name: &str, bytes: &[u8]) -> Result<Summary, ImportError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let opened = open(&path)?;
        assert_eq!((opened.format, opened.length), (Format::OnlineRetail, bytes.len() as u64));
        online_retail(opened.content, &mut |_| Ok(()))
    }

    #[test]
    fn a_packed_file_is_unpacked_as_it_is_read() {
        assert_eq!(import("a.CSV.xz", &unpack(500)).unwrap().events, 500);
        assert_eq!(import("a.csv", ROWS.as_bytes()).unwrap().rows, 0);
    }

    #[test]
    fn a_packed_file_that_breaks_off_or_is_damaged_is_an_error() {
        let whole = unpack(20_000);
        let cut = import("a.csv.xz", whole.get(..whole.len() / 2).unwrap());
        assert!(matches!(cut, Err(ImportError::Broken { .. })), "{cut:?}");
        let mut damaged = whole;
        let middle = damaged.len() / 2;
        damaged[middle..middle + 8].fill(0);
        let damaged = import("a.csv.xz", &damaged);
        assert!(matches!(damaged, Err(ImportError::Broken { .. })), "{damaged:?}");
    }

    #[test]
    fn other_kinds_and_missing_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.txt", "a.xz", "csv"] {
            assert!(
                matches!(open(&folder.path().join(name)), Err(ImportError::UnknownKind { .. })),
                "{name}"
            );
        }
        assert!(matches!(open(&folder.path().join("a.csv")), Err(ImportError::Read { .. })));
    }
}
