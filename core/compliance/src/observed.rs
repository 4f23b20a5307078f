//! The counts of what strategies really read, as JSON that is kept.

use std::{collections::BTreeMap, str::FromStr as _};

use jardin_model::{FieldPath, Timestamp};
use jardin_policy::{ObservedReads, ReadCount};
use serde_json::{Map, Value, json};

/// The counts as JSON, to be kept: `{version, observed: [{strategy, digest, fields: {path: [granted, read,
/// since, last]}}]}`, times in milliseconds since 1970.
#[must_use]
pub fn observed_as_json(observed: &ObservedReads) -> String {
    let count = |(path, seen): (&FieldPath, &ReadCount)| {
        (path.to_string(), json!([seen.granted, seen.read, seen.since.ms(), seen.last.ms()]))
    };
    let files = observed.files().map(|(strategy, digest, counts)| {
        let fields: Map<String, Value> = counts.iter().map(count).collect();
        json!({ "strategy": &**strategy, "digest": digest, "fields": fields })
    });
    let files: Vec<Value> = files.collect();
    format!("{:#}\n", json!({ "version": 1, "observed": files }))
}

/// The counts that [`observed_as_json`] wrote; `None` where the text is none of those.
#[must_use]
pub fn parse_observed(text: &str) -> Option<ObservedReads> {
    let whole: Value = serde_json::from_str(text).ok()?;
    if whole.get("version")?.as_u64()? != 1 {
        return None;
    }
    let mut observed = ObservedReads::default();
    for file in whole.get("observed")?.as_array()? {
        let fields = file.get("fields")?.as_object()?.iter();
        let counts: Option<BTreeMap<FieldPath, ReadCount>> = fields
            .map(|(path, counts)| Some((FieldPath::from_str(path).ok()?, parse_count(counts)?)))
            .collect();
        observed.insert(file.get("strategy")?.as_str()?, file.get("digest")?.as_str()?, counts?);
    }
    Some(observed)
}

fn parse_count(counts: &Value) -> Option<ReadCount> {
    let [granted, read, since, last] = counts.as_array()?.as_slice() else {
        return None;
    };
    Some(ReadCount {
        granted: granted.as_u64()?,
        read: read.as_u64()?,
        since: Timestamp::from_ms(since.as_i64()?),
        last: Timestamp::from_ms(last.as_i64()?),
    })
}
