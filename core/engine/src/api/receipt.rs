//! What became of what a shop sent.

use std::sync::Arc;

use jardin_model::Timestamp;
use jardin_policy::Redacted;

/// Why one entry of a batch was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedEntry {
    /// Which entry, from 0.
    pub index: usize,
    /// A stable word, such as `no-purpose` or `missing-field`.
    pub problem: &'static str,
    /// The declared names that it concerns.
    pub names: Vec<Arc<str>>,
}

/// What was dropped of one entry of a batch, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedFields {
    /// Which entry, from 0.
    pub index: usize,
    /// The dropped fields, as the sender called them.
    pub fields: Vec<Arc<str>>,
    /// The rule: `undeclared`, `wrong-type`, `never`.
    pub rule: &'static str,
}

impl DroppedFields {
    /// What the policy dropped of the entry at `index`.
    pub(crate) fn of_entry(index: usize, redacted: impl IntoIterator<Item = Redacted>) -> Vec<Self> {
        redacted.into_iter().map(|r| Self { index, fields: r.fields, rule: r.rule }).collect()
    }
}

/// What became of a batch of events or items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// How many are durable now.
    pub accepted: usize,
    /// How many were known already.
    pub duplicates: usize,
    /// Which were refused.
    pub rejected: Vec<RefusedEntry>,
    /// What was dropped of those that were taken.
    pub redacted: Vec<DroppedFields>,
    /// How many lines of events are kept nowhere because of `[never]`, which is no fault of theirs; an event
    /// without lines counts as one.
    pub set_aside: usize,
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
