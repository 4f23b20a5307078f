//! What became of what a shop sent.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Namespace, Timestamp};
use jardin_policy::{FieldFault, Policy, Redacted, StrategyName};

/// Why one entry of a batch was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedEntry {
    /// Which entry, from 0.
    pub index: usize,
    /// A stable word, such as `no-purpose` or `missing-field`.
    pub problem: &'static str,
    /// What is wrong and what is expected, in a sentence that repeats nothing of what was sent.
    pub detail: String,
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
    /// The rule: `undeclared`, `wrong-type`, `never`, `child-until-told`.
    pub rule: &'static str,
    /// For each that cannot be read the form that is expected.
    pub details: Vec<String>,
}

impl DroppedFields {
    /// What the policy dropped of the entry at `index`, whose fields are of a namespace.
    pub(crate) fn of_entry(
        index: usize,
        redacted: impl IntoIterator<Item = Redacted>,
        namespace: Namespace,
        policy: &Policy,
    ) -> Vec<Self> {
        let form = |name: &Arc<str>| {
            let field = policy.rules().declared(namespace, name)?;
            Some(FieldFault::unreadable(field).to_string())
        };
        let dropped = redacted.into_iter().map(|Redacted { fields, rule }| {
            let unreadable = fields.iter().filter(|_| rule == "wrong-type");
            Self { index, details: unreadable.filter_map(form).collect(), fields, rule }
        });
        dropped.collect()
    }
}

/// What became of a batch of events or items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// How many are durable now.
    pub accepted: usize,
    /// Of items, how many are new to the catalogue.
    pub appeared: usize,
    /// Of items, how many the catalogue had in another form.
    pub changed: usize,
    /// How many were known already.
    pub duplicates: usize,
    /// Which were refused.
    pub rejected: Vec<RefusedEntry>,
    /// What was dropped of those that were taken.
    pub redacted: Vec<DroppedFields>,
    /// How many items were named that the catalogue does not have. What is kept of them serves nothing before they are
    /// imported.
    pub unknown_items: usize,
    /// What a rule of the policy kept out, which is no fault of what was sent.
    pub set_aside: SetAside,
}

/// How much a rule of the policy kept out, by the rule: lines of events for `never` and `discreet`, events for every other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetAside(BTreeMap<&'static str, usize>);

impl SetAside {
    pub(crate) fn add(&mut self, rule: &'static str, count: usize) {
        if count > 0 {
            *self.0.entry(rule).or_default() += count;
        }
    }

    /// How much in all.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// How much by each rule that kept something out.
    pub fn by_rule(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.0.iter().map(|(rule, count)| (*rule, *count))
    }
}

/// What became of a visit that was carried into an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergeReceipt {
    /// How many events are the account's now.
    pub carried: usize,
    /// How many stayed with the visitor, since no purpose covers them on both sides.
    pub left: usize,
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
    /// The strategies that had learned from them, each with whether it was `told` to forget or that is `due`; `None` of a
    /// receipt that is shown later.
    pub learned: Option<Vec<(StrategyName, &'static str)>>,
}
