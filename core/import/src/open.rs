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
    let broken = |source| ImportError::Read {
        file: shown.clone(),
        source,
    };
    let file = File::open(path).map_err(broken)?;
    let length = file.metadata().map_err(broken)?.len();
    let read = Arc::new(AtomicU64::default());
    let counted = Counted {
        inner: BufReader::new(file),
        read: Arc::clone(&read),
    };
    let content: Box<dyn Read + Send> = if packed {
        Box::new(XzDecoder::new(counted))
    } else {
        Box::new(counted)
    };
    Ok(Opened {
        format,
        length,
        read,
        content,
    })
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
