//! What became of what a shop sent.

use std::sync::Arc;

use jardin_model::Timestamp;

/// Why one entry of a batch was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which entry, from 0.
    pub index: usize,
    /// A stable word, such as `no-purpose` or `missing-field`.
    pub problem: &'static str,
    /// The declared names that it concerns.
    pub names: Vec<Arc<str>>,
}

/// What was dropped of one entry of a batch, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Which entry, from 0.
    pub index: usize,
    /// The dropped fields, as the sender called them.
    pub fields: Vec<Arc<str>>,
    /// The rule: `undeclared`, `wrong-type`, `never`.
    pub rule: &'static str,
}

/// What became of a batch of events or items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// How many are durable now.
    pub accepted: usize,
    /// How many were known already.
    pub duplicates: usize,
    /// Which were refused.
    pub rejected: Vec<Refused>,
    /// What was dropped of those that were taken.
    pub redacted: Vec<Dropped>,
}

/// The receipt of an erasure (GDPR Art. 17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureReceipt {
    /// By which it is found again.
    pub receipt: Arc<str>,
    /// When it was done.
    pub at: Timestamp,
    /// How many events went.
    pub events: u64,
}
