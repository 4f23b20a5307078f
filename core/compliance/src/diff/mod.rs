//! What a change of a policy means: who is treated otherwise, and which guards moved.
//!
//! Two layers. Enumeration decides for made-up people under both policies and compares who runs, reads and
//! learns. The ratchet compares the guards that no single person shows: never, classes, retention, proof.

mod fields;
mod forms;
mod people;
mod ratchet;
mod runs;
mod strategies;

use std::{collections::BTreeMap, fmt::Write as _};

use jardin_policy::{Policy, StrategyName, lock::Lock};
use serde_json::json;

/// What kind of change it is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Somebody's data is used more, longer or more closely, or cannot be compared.
    Widened,
    /// Another file would run.
    CodeChanged,
    /// It is proved or recorded less.
    WeakenedProof,
    /// Somebody's data is used less.
    Narrowed,
}

impl ChangeKind {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Widened => "WIDENED",
            Self::CodeChanged => "CODE-CHANGED",
            Self::WeakenedProof => "WEAKENED-PROOF",
            Self::Narrowed => "NARROWED",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Of what kind.
    pub kind: ChangeKind,
    /// What it is about: a strategy, a field, a table of the policy.
    pub about: String,
    /// What is otherwise, with a person who is treated otherwise where there is one.
    pub message: String,
}

/// Every change from one policy to another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// The changes, the gravest first.
    pub changes: Vec<Change>,
    /// It widens, and the new policy's approval is not newer than the old one's.
    pub unapproved: bool,
}

/// Compares two policies and the locks beside them.
#[must_use]
pub fn compare_policies(old: (&Policy, &Lock), new: (&Policy, &Lock)) -> Diff {
    let mut found = Found::default();
    runs::compare_runs(old.0, new.0, &mut found);
    strategies::compare_strategies(old.0.rules(), new.0.rules(), &mut found);
    fields::compare_fields(old.0.rules(), new.0.rules(), &mut found);
    ratchet::compare_rest(old.0.rules(), new.0.rules(), &mut found);
    ratchet::compare_locks(old.1, new.1, &mut found);
    let mut changes = found.changes;
    changes.sort();
    changes.dedup();
    let approved = |policy: &Policy| policy.rules().record.approved.as_ref().map(|a| a.on);
    let widens = changes.iter().any(|c| c.kind == ChangeKind::Widened);
    Diff { unapproved: widens && approved(new.0) <= approved(old.0), changes }
}

/// True where a strategy that both policies have may read or learn less under the new one: a worker of the
/// old one must end at once.
#[must_use]
pub fn is_narrowed(old: &Policy, new: &Policy, strategy: &StrategyName) -> bool {
    let mut found = Found::default();
    strategies::compare_one(strategy, old.rules(), new.rules(), &mut found);
    found.changes.iter().any(|c| c.kind == ChangeKind::Narrowed)
}

/// Collects changes.
#[derive(Default)]
struct Found {
    changes: Vec<Change>,
    /// For each strategy somebody for whom it runs, in words.
    runs_for: BTreeMap<StrategyName, String>,
}

impl Found {
    fn add(&mut self, kind: ChangeKind, about: impl Into<String>, message: impl Into<String>) {
        self.changes.push(Change { kind, about: about.into(), message: message.into() });
    }

    /// Somebody for whom a strategy runs, in words.
    fn somebody(&self, strategy: &StrategyName) -> &str {
        self.runs_for.get(strategy).map_or("whoever it runs for", String::as_str)
    }

    /// A change that widens, else one that narrows.
    fn either(&mut self, widens: bool, about: impl Into<String>, message: impl Into<String>) {
        self.add(if widens { ChangeKind::Widened } else { ChangeKind::Narrowed }, about, message);
    }
}

impl Diff {
    /// The exit code of `jardin policy diff`: 10 where something widened, 11 where code changed, 12 where
    /// proof weakened, else 0; the first that applies.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let has = |kind| self.changes.iter().any(|c| c.kind == kind);
        if has(ChangeKind::Widened) {
            10
        } else if has(ChangeKind::CodeChanged) {
            11
        } else if has(ChangeKind::WeakenedProof) {
            12
        } else {
            0
        }
    }

    /// The changes for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if self.changes.is_empty() {
            return "nothing that concerns anybody has changed\n".to_owned();
        }
        let mut text = String::new();
        for change in &self.changes {
            let _ = writeln!(text, "{:<14}  {}: {}", change.kind.word(), change.about, change.message);
        }
        if self.unapproved {
            let _ = writeln!(
                text,
                "\nThis policy grants more than the last one, but `approved` was not renewed; ask the controller to approve it."
            );
        }
        text
    }

    /// The changes as JSON: `{exit_code, unapproved, changes: [{kind, about, message}]}`.
    #[must_use]
    pub fn json(&self) -> String {
        let change = |c: &Change| json!({ "kind": c.kind.word(), "about": c.about, "message": c.message });
        let changes: Vec<_> = self.changes.iter().map(change).collect();
        format!(
            "{:#}",
            json!({ "exit_code": self.exit_code(), "unapproved": self.unapproved, "changes": changes })
        )
    }
}
