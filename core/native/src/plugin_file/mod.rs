//! A plugin's file: read once, digested, looked at, and copied into sealed memory.

mod elf;
mod image;
pub(crate) mod manifest;
pub(crate) mod setting_rule;

pub(crate) use elf::PRESENT;

use std::{
    fs, io,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use sha2::{Digest as _, Sha256};

use crate::error::NativeError;
use manifest::Manifest;

/// A plugin's file whose digest is known and whose manifest has been read. No code of it has run.
#[derive(Debug, Clone)]
pub struct PluginFile {
    /// The name by which the policy calls it.
    pub name: Arc<str>,
    /// The sha256 of its bytes.
    pub digest: [u8; 32],
    /// What it says that it is and needs.
    pub manifest: Manifest,
    /// The libraries that it needs.
    pub needed: Vec<String>,
    bytes: Arc<[u8]>,
}

impl PluginFile {
    /// Where the file of a plugin is looked for: the shop's `plugins`, beside the program, in `deps` beside
    /// it, in `../lib/jardin`.
    #[must_use]
    pub fn search_paths(name: &str, shop: &Path, program: &Path) -> Vec<PathBuf> {
        let file = format!("lib{name}.so");
        let beside = program.parent().unwrap_or(Path::new("."));
        vec![
            shop.join("plugins").join(&file),
            beside.join(&file),
            beside.join("deps").join(&file),
            beside.join("../lib/jardin").join(&file),
        ]
    }

    /// Reads the first file that there is.
    ///
    /// # Errors
    /// [`NativeError::Read`] where there is none, and as [`PluginFile::from_bytes`].
    pub fn find(name: &str, shop: &Path, program: &Path) -> Result<Self, NativeError> {
        let places = Self::search_paths(name, shop, program);
        let path = places.iter().find(|p| p.is_file());
        let Some(path) = path else {
            let shown = places.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join("`, `");
            return Err(NativeError::Read {
                name: name.into(),
                path: shown,
                source: io::ErrorKind::NotFound.into(),
            });
        };
        let bytes = fs::read(path).map_err(|source| NativeError::Read {
            name: name.into(),
            path: path.display().to_string(),
            source,
        })?;
        Self::from_bytes(name, bytes)
    }

    /// Looks at the bytes of a file.
    ///
    /// # Errors
    /// [`NativeError::File`] where it cannot be loaded here, [`NativeError::Manifest`] where it does not say
    /// what it is.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, NativeError> {
        let digest = Sha256::digest(&bytes).into();
        let elf = elf::read_elf(&bytes).map_err(|what| NativeError::File { name: name.into(), what })?;
        let manifest = Manifest::parse("its manifest", &elf.manifest)
            .map_err(|report| NativeError::Manifest { name: name.into(), what: report.rendered() })?;
        Ok(Self { name: name.into(), digest, manifest, needed: elf.needed, bytes: bytes.into() })
    }

    /// A sealed copy in memory: what was digested is what is loaded, whatever happens to the file.
    pub(crate) fn sealed_copy(&self) -> io::Result<OwnedFd> {
        let copy = memfd_create("jardin-plugin", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        let mut written = 0;
        while let Some(rest) = self.bytes.get(written..).filter(|r| !r.is_empty()) {
            written += rustix::io::write(&copy, rest)?;
        }
        fcntl_add_seals(&copy, SealFlags::WRITE | SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        Ok(copy)
    }
}
