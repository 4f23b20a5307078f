//! What a server obeys and operations may exchange while it runs.

use std::{sync::Arc, time::Duration};

use jardin_access::MAX_TOKEN_MS;
use jardin_engine::{MAX_BATCH_REQUESTS, MAX_EVENTS};

use crate::{
    access::Access, certificate::Certificate, connections::MAX_HEAD_BYTES, reading::MAX_BEACON_BYTES,
};

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
    /// How many of them one address may have; the next one of it is answered 429. `None` where all come from one proxy.
    pub connections_per_address: Option<usize>,
}

/// The limits that nobody sets, by the names and in the units of docs/limits.md.
pub const FIXED_LIMITS: [(&str, u64); 5] = [
    ("body that is read before it is known who calls (a beacon)", MAX_BEACON_BYTES as u64 >> 10),
    ("head of a request", MAX_HEAD_BYTES as u64 >> 10),
    ("events of a call", MAX_EVENTS as u64),
    ("requests of a batch", MAX_BATCH_REQUESTS as u64),
    ("life of a page token", MAX_TOKEN_MS as u64 / 60_000),
];

/// Who may call, and how much; exchanged as a whole while the server runs.
#[derive(Debug, Clone)]
pub struct ServerRules {
    /// Who may call what.
    pub access: Access,
    /// What one client may use.
    pub limits: Limits,
    /// The origins whose pages may call with a page token.
    pub origins: Vec<Arc<str>>,
    /// By which connections from the network speak TLS; those that are open keep the one that they began with. `None`
    /// where they are in clear.
    pub certificate: Option<Certificate>,
}

impl ServerRules {
    /// Rules for callers that come in clear and from no page of another origin.
    #[must_use]
    pub const fn new(access: Access, limits: Limits) -> Self {
        Self { access, limits, origins: Vec::new(), certificate: None }
    }
}
