//! Where it is recorded who did what to the shop and to people's data.

use std::{fmt, sync::Arc};

use jardin_model::Timestamp;

/// A person as the audit names them: a keyed digest under the person's own key. Whoever has the key finds their
/// entries; once an erasure has overwritten it nobody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pseudonym(pub [u8; 16]);

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When it was done.
    pub at: Timestamp,
    /// What was done, by the name of its route or command, such as `export_subject`.
    pub what: Arc<str>,
    /// By whom: the name of a key, `token`, or `local` for a command of this machine.
    pub by: Arc<str>,
    /// The person whom it concerns; `None` where it concerns nobody, or nobody of whom anything is stored.
    pub person: Option<Pseudonym>,
    /// How it ended, as an HTTP status.
    pub status: u16,
}

/// Takes acts down, in their order.
pub trait AuditLog: Send + Sync {
    /// Records an act; it is durable a moment later, and nobody waits for that.
    fn record_act(&self, act: Act);

    /// What is wrong with the log, each in a phrase: acts that could not be written.
    fn list_warnings(&self) -> Vec<String>;
}
