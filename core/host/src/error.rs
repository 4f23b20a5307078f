//! Why a shop cannot be read, started or asked.

use std::io;

use jardin_contract::StoreError;
use jardin_diagnostics::Report;
use jardin_engine::Problem;
use jardin_native::NativeError;

/// Why a shop cannot be read, started or asked. Each says what is wrong and, where it can, what to do.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// A file has errors; the report holds them.
    #[error("`{}` has {}", .0.file, counted(.0.errors().count(), "error"))]
    Refused(Box<Report>),
    /// The system refuses a file or a folder.
    #[error("{what}")]
    File {
        /// Which file, and what was to be done with it.
        what: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Something that a person wrote, or a part of the shop, cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// What was to be done, and why it was not.
    #[error("{what}")]
    In {
        /// What was to be done.
        what: String,
        /// Why it was not.
        #[source]
        source: Box<HostError>,
    },
    /// The store cannot.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A plugin cannot be used.
    #[error(transparent)]
    Plugin(#[from] NativeError),
    /// The engine refuses.
    #[error("{}", describe_problem(.0))]
    Engine(Problem),
}

impl HostError {
    /// A file that cannot be read.
    pub(crate) fn unreadable(file: &str, source: io::Error) -> Self {
        Self::File { what: format!("`{file}` cannot be read"), source }
    }

    /// The same error with what was to be done.
    pub(crate) fn within(self, what: impl Into<String>) -> Self {
        Self::In { what: what.into(), source: Box::new(self) }
    }
}

impl From<Report> for HostError {
    fn from(report: Report) -> Self {
        Self::Refused(Box::new(report))
    }
}

impl From<Problem> for HostError {
    fn from(problem: Problem) -> Self {
        Self::Engine(problem)
    }
}

/// `1 error`, `2 errors`.
#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A problem of the engine, with the names that it is about.
fn describe_problem(problem: &Problem) -> String {
    match problem {
        Problem::NotFound { known, .. } if !known.is_empty() => {
            format!("{problem}; there are: {}", known.join(", "))
        }
        Problem::Unprocessable { names, .. } if !names.is_empty() => {
            format!("{problem}: {}", names.join(", "))
        }
        _ => problem.to_string(),
    }
}
