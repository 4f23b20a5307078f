//! Why a log cannot be opened, read or written.

use std::{io, path::Path};

use jardin_contract::UnreadableAudit;

/// Why a log cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// A file or folder that the system refuses.
    #[error("the audit at `{path}`: {source}")]
    File {
        /// Which.
        path: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A file that is not what this crate writes.
    #[error("the audit at `{path}` is not one of this program's: {what}")]
    Foreign {
        /// Which.
        path: String,
        /// What is wrong with it, in a phrase.
        what: &'static str,
    },
    /// A key that is not 32 bytes in hexadecimal, or none of ed25519.
    #[error("the public key of the audit is not one of ed25519: 64 hexadecimal digits")]
    Key,
}

impl AuditError {
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        |source| Self::File { path, source }
    }

    pub(crate) fn foreign(path: &Path, what: &'static str) -> Self {
        Self::Foreign { path: path.display().to_string(), what }
    }
}

impl From<AuditError> for UnreadableAudit {
    fn from(error: AuditError) -> Self {
        Self { what: error.to_string().into() }
    }
}
