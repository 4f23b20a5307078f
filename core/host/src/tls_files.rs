//! The files by which a server speaks TLS.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jardin_diagnostics::TomlTable;

use crate::{HostError, read_regular_file};

/// The files by which a server speaks TLS (`[tls]` of server.toml), relative to the shop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain in PEM, the server's own certificate first (`certificate`).
    pub certificate: Arc<str>,
    /// Its private key in PEM (`key`).
    pub key: Arc<str>,
}

impl TlsFiles {
    /// Those that a table names; one that is not named is a finding.
    pub(crate) fn of_table(table: TomlTable<'_>) -> Option<Self> {
        let file = |key, example| Some(table.require(key, example)?.text()?.into());
        let (certificate, key) = (file("certificate", "\"tls/chain.pem\""), file("key", "\"tls/key.pem\""));
        table.end();
        Some(Self { certificate: certificate?, key: key? })
    }

    /// Where the certificate and the key lie.
    pub(crate) fn paths(&self, folder: &Path) -> [PathBuf; 2] {
        [&self.certificate, &self.key].map(|file| folder.join(&**file))
    }

    /// What the certificate's and the key's file hold.
    ///
    /// # Errors
    /// Where one cannot be read, or is no regular file.
    pub fn read(&self, folder: &Path) -> Result<[Vec<u8>; 2], HostError> {
        let [certificate, key] = self.paths(folder);
        Ok([read_regular_file(&certificate)?, read_regular_file(&key)?])
    }
}
