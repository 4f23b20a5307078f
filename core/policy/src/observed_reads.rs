//! What strategies really did with what they are granted: runs counted for each file and field, without a
//! person or a value.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{DAY_MS, FieldPath, Timestamp};

use crate::lock::hex;

/// After so many runs in which it was granted and not read, a field counts as never read.
pub const ENOUGH_RUNS: u64 = 10_000;
/// Over so many days at least.
pub const ENOUGH_DAYS: i64 = 14;

/// The runs of a file in which a field was granted, and those in which it was read: by what is proved of a
/// script, by what a plugin is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadCount {
    /// Runs in which it was granted.
    pub granted: u64,
    /// Runs of a file that reads it.
    pub read: u64,
    /// When the first of these runs was noted.
    pub since: Timestamp,
    /// When the last one was.
    pub last: Timestamp,
}

impl ReadCount {
    /// True where it was granted so often and so long without being read that it will not be missed.
    #[must_use]
    pub fn is_never_read(&self) -> bool {
        self.read == 0
            && self.granted >= ENOUGH_RUNS
            && self.last.ms_since(self.since) >= ENOUGH_DAYS * DAY_MS
    }
}

/// A strategy with the sha256 of the file that ran as it, in hexadecimal digits.
type Ran = (Arc<str>, String);

/// Every count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObservedReads(BTreeMap<Ran, BTreeMap<FieldPath, ReadCount>>);

impl ObservedReads {
    /// Notes runs of a file: for each granted field whether the file reads it.
    pub fn add(
        &mut self,
        strategy: &str,
        digest: &[u8; 32],
        fields: &[(FieldPath, bool)],
        runs: u64,
        now: Timestamp,
    ) {
        if runs == 0 {
            return;
        }
        let of_file = self.0.entry((strategy.into(), hex(digest))).or_default();
        for (path, is_read) in fields {
            let seen = of_file.entry(path.clone()).or_insert(ReadCount {
                granted: 0,
                read: 0,
                since: now,
                last: now,
            });
            seen.granted = seen.granted.saturating_add(runs);
            seen.read = seen.read.saturating_add(if *is_read { runs } else { 0 });
            seen.last = now;
        }
    }

    /// What was seen of a file's access to a field.
    #[must_use]
    pub fn of(&self, strategy: &str, digest: &[u8; 32], path: &FieldPath) -> Option<ReadCount> {
        self.0.get(&(strategy.into(), hex(digest)))?.get(path).copied()
    }

    /// Every file that ran, by strategy and digest, with the counts of its fields.
    pub fn files(&self) -> impl Iterator<Item = (&Arc<str>, &str, &BTreeMap<FieldPath, ReadCount>)> {
        self.0.iter().map(|((strategy, digest), counts)| (strategy, digest.as_str(), counts))
    }

    /// Takes the counts of a file as they were kept, in place of those that it has.
    pub fn insert(&mut self, strategy: &str, digest: &str, counts: BTreeMap<FieldPath, ReadCount>) {
        self.0.insert((strategy.into(), digest.to_owned()), counts);
    }
}
