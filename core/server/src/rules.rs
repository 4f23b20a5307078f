//! What a server obeys and operations may exchange while it runs.

use std::time::Duration;

use crate::access::Access;

/// What one client may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes.
    pub body_bytes: usize,
    /// How long a request's head may take to arrive, and its body; a connection that is idle for so long, or
    /// whose client takes nothing of an answer for so long, is closed. New connections obey a change.
    pub read: Duration,
    /// How many requests are answered at once.
    pub in_flight: usize,
    /// How many connections are open at once; the next ones wait.
    pub connections: usize,
}

/// Who may call, and how much; exchanged as a whole while the server runs.
#[derive(Debug, Clone)]
pub struct ServerRules {
    /// Who may call what.
    pub access: Access,
    /// What one client may use.
    pub limits: Limits,
}
