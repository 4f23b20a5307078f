//! `policy.lock`: the sha256 of every plugin file that was reviewed.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use jardin_diagnostics::{FindingSink, Report, codes::INVALID_VALUE, read_toml};
use sha2::{Digest as _, Sha256};

use crate::runtime::FileState;

/// The reviewed files by name: a plugin's name, or a script's file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock(BTreeMap<Arc<str>, [u8; 32]>);

impl Lock {
    /// A lock of these files.
    #[must_use]
    pub const fn new(files: BTreeMap<Arc<str>, [u8; 32]>) -> Self {
        Self(files)
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// The report of what is wrong with it.
    pub fn parse(file: &str, source: &str) -> Result<Self, Report> {
        let sink = FindingSink::default();
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let files = read_toml(source, &sink, |root, _| {
            let files = root.get("files").and_then(|n| n.table("[files]"));
            let entries = files.map(|t| t.entries()).unwrap_or_default();
            let pairs = entries.into_iter().filter_map(|entry| {
                let digest = entry.node.text().and_then(digest_of_hex);
                if digest.is_none() {
                    entry.node.finding(
                        INVALID_VALUE,
                        "a digest is 64 hexadecimal digits",
                        Some("run `jardin policy pin`".to_owned()),
                    );
                }
                Some((Arc::from(entry.key), digest?))
            });
            let files = pairs.collect();
            root.end();
            Some(files)
        });
        let report = sink.report(file, source);
        match files {
            Some(files) if !report.has_errors() => Ok(Self(files)),
            _ => Err(report),
        }
    }

    /// What is known of a file of that name and digest.
    #[must_use]
    pub fn state(&self, name: &str, digest: &[u8; 32]) -> FileState {
        match self.0.get(name) {
            None => FileState::NotPinned,
            Some(pinned) if pinned == digest => FileState::Reviewed,
            Some(_) => FileState::Differs,
        }
    }

    /// The files and their digests, in the order of their names.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8; 32])> {
        self.0.iter().map(|(name, digest)| (&**name, digest))
    }

    /// The file's text.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text =
            "# The files that were reviewed, written by `jardin policy pin`. A file that does not match does not run.\n[files]\n"
                .to_owned();
        for (name, digest) in &self.0 {
            let _ = writeln!(text, "\"{name}\" = \"{}\"", hex(digest));
        }
        text
    }
}

/// The digest of a file's bytes, as a lock holds it.
#[must_use]
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A digest as 64 hexadecimal digits.
#[must_use]
pub fn hex(digest: &[u8; 32]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The digest that 64 hexadecimal digits write; `None` for any other text.
#[must_use]
pub fn digest_of_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut digest = [0; 32];
    for (i, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(digest)
}
