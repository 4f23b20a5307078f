//! What a change of a policy means: who is treated otherwise, and which guards moved.
//!
//! Two layers. Enumeration decides for made-up people under both policies and compares who runs, reads and
//! learns. The ratchet compares what no single person shows: the guards, what people are told, who receives
//! their data, proof.

mod fields;
mod forms;
mod guards;
mod people;
mod people_counted;
mod purposes;
mod record;
mod restraint;
mod runs;
mod strategies;
mod wording;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use forms::longer;
use jardin_policy::{Policy, StrategyName, lock::Lock, rules::Age};
use serde_json::json;

/// What kind of change it is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Who is read: somebody's data is used more, longer or more closely, or cannot be compared.
    WiderReach,
    /// What lists change: another file, setting or field of the catalogue makes them.
    Effect,
    /// How it is shown: it is tested, advised on, recorded or justified otherwise.
    Proof,
    /// What people are told.
    Text,
    /// Who receives data, and who answers for it.
    Parties,
    /// Somebody's data is used less.
    NarrowerReach,
}

impl ChangeKind {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::WiderReach => "REACH↑",
            Self::Effect => "EFFECT",
            Self::Proof => "PROOF",
            Self::Text => "TEXT",
            Self::Parties => "PARTIES",
            Self::NarrowerReach => "REACH↓",
        }
    }

    /// The exit code that it asks for.
    const fn exit_code(self) -> u8 {
        match self {
            Self::WiderReach => 10,
            Self::Effect => 11,
            Self::Proof => 12,
            Self::Text | Self::Parties => 13,
            Self::NarrowerReach => 0,
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
    guards::compare_guards(old.0.rules(), new.0.rules(), &mut found);
    restraint::compare_restraint(old.0.rules(), new.0.rules(), &mut found);
    purposes::compare_purposes(old.0.rules(), new.0.rules(), &mut found);
    record::compare_record(old.0.rules(), new.0.rules(), &mut found);
    record::compare_locks(old.1, new.1, &mut found);
    let mut changes = found.changes;
    changes.sort();
    changes.dedup();
    let approved = |policy: &Policy| policy.rules().record.approved.as_ref().map(|a| a.on);
    let widens = changes.iter().any(|c| c.kind == ChangeKind::WiderReach);
    Diff { unapproved: widens && approved(new.0) <= approved(old.0), changes }
}

/// True where a strategy that both policies have may read or learn less under the new one: a worker of the
/// old one must end at once.
#[must_use]
pub fn is_narrowed(old: &Policy, new: &Policy, strategy: &StrategyName) -> bool {
    let mut found = Found::default();
    strategies::compare_one(strategy, old.rules(), new.rules(), &mut found);
    found.changes.iter().any(|c| c.kind == ChangeKind::NarrowerReach)
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
        self.add(if widens { ChangeKind::WiderReach } else { ChangeKind::NarrowerReach }, about, message);
    }

    /// Both ways of a set of names, where more reaches further.
    fn add_more<T: Ord>(
        &mut self,
        about: &str,
        old: &BTreeSet<T>,
        new: &BTreeSet<T>,
        say: impl Fn(&T, bool) -> String,
    ) {
        new.difference(old).for_each(|one| self.add(ChangeKind::WiderReach, about, say(one, true)));
        old.difference(new).for_each(|one| self.add(ChangeKind::NarrowerReach, about, say(one, false)));
    }

    /// A text or name that stands on a page: other words, none any longer, or now one.
    fn add_words(&mut self, kind: ChangeKind, about: &str, what: &str, old: Option<&str>, new: Option<&str>) {
        let message = match (old, new) {
            (Some(old), Some(new)) if old != new => format!("{what}: {}", wording::describe_change(old, new)),
            (Some(old), None) => format!("{what}: “{old}” would be left out"),
            (None, Some(new)) => format!("{what}: “{new}” would be added"),
            _ => return,
        };
        self.add(kind, about, message);
    }

    /// A span of time that reaches further, or less far.
    fn add_span(&mut self, about: &str, old: Option<Age>, new: Option<Age>, what: &str) {
        let shown = |age: Option<Age>| age.map_or("for ever".to_owned(), |a| a.to_string());
        if longer(old, new) || longer(new, old) {
            let message = format!("{what} would be {} instead of {}", shown(new), shown(old));
            self.either(longer(old, new), about, message);
        }
    }
}

impl Diff {
    /// The exit code of `jardin policy diff`: 10 where reach widens, 11 where lists change, 12 where proof does,
    /// 13 where texts or parties do, else 0; the first that applies.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.changes.iter().map(|change| change.kind.exit_code()).filter(|code| *code > 0).min().unwrap_or(0)
    }

    /// Adds what enumeration of the policies alone cannot see: lists that made-up people are shown.
    pub fn add_effects(&mut self, effects: impl IntoIterator<Item = (String, String)>) {
        let change = |(about, message)| Change { kind: ChangeKind::Effect, about, message };
        self.changes.extend(effects.into_iter().map(change));
        self.changes.sort();
    }

    /// The changes for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if self.changes.is_empty() {
            return "nothing that concerns anybody has changed\n".to_owned();
        }
        let mut text = String::new();
        for change in &self.changes {
            let _ = writeln!(text, "{:<7}  {}: {}", change.kind.word(), change.about, change.message);
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
