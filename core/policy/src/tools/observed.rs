//! What strategies really did with what they are granted: runs counted for each file and field, without a
//! person or a value.

use std::{collections::BTreeMap, str::FromStr as _, sync::Arc};

use jardin_model::{DAY_MS, FieldPath, Timestamp};
use serde_json::{Value, json};

use crate::lock::hex;

/// After so many runs in which it was granted and not read, a field counts as never read.
pub const ENOUGH_RUNS: u64 = 10_000;
/// Over so many days at least.
pub const ENOUGH_DAYS: i64 = 14;

/// The runs of a file in which a field was granted, and those in which it was read: by what is proved of a
/// script, by what a plugin is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Runs in which it was granted.
    pub granted: u64,
    /// Runs of a file that reads it.
    pub read: u64,
    /// When the first of these runs was noted.
    pub since: Timestamp,
    /// When the last one was.
    pub last: Timestamp,
}

impl Seen {
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
pub struct Observed(BTreeMap<Ran, BTreeMap<FieldPath, Seen>>);

impl Observed {
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
            let seen =
                of_file.entry(path.clone()).or_insert(Seen { granted: 0, read: 0, since: now, last: now });
            seen.granted = seen.granted.saturating_add(runs);
            seen.read = seen.read.saturating_add(if *is_read { runs } else { 0 });
            seen.last = now;
        }
    }

    /// What was seen of a file's access to a field.
    #[must_use]
    pub fn of(&self, strategy: &str, digest: &[u8; 32], path: &FieldPath) -> Option<Seen> {
        self.0.get(&(strategy.into(), hex(digest)))?.get(path).copied()
    }

    /// The counts as JSON, to be kept: `{version, observed: [{strategy, digest, fields: {path: [granted,
    /// read, since, last]}}]}`, times in milliseconds since 1970.
    #[must_use]
    pub fn write(&self) -> String {
        let files = self.0.iter().map(|((strategy, digest), fields)| {
            let fields: serde_json::Map<String, Value> = fields
                .iter()
                .map(|(path, seen)| {
                    (path.to_string(), json!([seen.granted, seen.read, seen.since.ms(), seen.last.ms()]))
                })
                .collect();
            json!({ "strategy": &**strategy, "digest": digest, "fields": fields })
        });
        let files: Vec<Value> = files.collect();
        format!("{:#}\n", json!({ "version": 1, "observed": files }))
    }

    /// The counts that [`Observed::write`] wrote; `None` where the text is none of those.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let whole: Value = serde_json::from_str(text).ok()?;
        if whole.get("version")?.as_u64()? != 1 {
            return None;
        }
        let mut observed = Self::default();
        for file in whole.get("observed")?.as_array()? {
            let ran = (file.get("strategy")?.as_str()?.into(), file.get("digest")?.as_str()?.to_owned());
            let fields = file.get("fields")?.as_object()?.iter();
            let read: Option<BTreeMap<FieldPath, Seen>> =
                fields.map(|(path, counts)| Some((FieldPath::from_str(path).ok()?, seen(counts)?))).collect();
            observed.0.insert(ran, read?);
        }
        Some(observed)
    }
}

fn seen(counts: &Value) -> Option<Seen> {
    let [granted, read, since, last] = counts.as_array()?.as_slice() else {
        return None;
    };
    Some(Seen {
        granted: granted.as_u64()?,
        read: read.as_u64()?,
        since: Timestamp::from_ms(since.as_i64()?),
        last: Timestamp::from_ms(last.as_i64()?),
    })
}
