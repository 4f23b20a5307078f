//! Items, receipts, and what is in force.

use std::collections::BTreeMap;

use jardin_engine::{
    AccessShown, DroppedFields, HealthShown, ItemShown, PlacementShown, Receipt, RefusedEntry, StrategyShown,
};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
pub(crate) struct ReceiptBody {
    accepted: usize,
    duplicates: usize,
    rejected: Vec<Value>,
    redacted: Vec<Value>,
}

impl From<&Receipt> for ReceiptBody {
    fn from(receipt: &Receipt) -> Self {
        Self {
            accepted: receipt.accepted,
            duplicates: receipt.duplicates,
            rejected: receipt.rejected.iter().map(rejected).collect(),
            redacted: receipt.redacted.iter().map(redacted).collect(),
        }
    }
}

fn names(names: &[std::sync::Arc<str>]) -> Vec<&str> {
    names.iter().map(|n| &**n).collect()
}

fn rejected(refused: &RefusedEntry) -> Value {
    if refused.names.is_empty() {
        json!({"index": refused.index, "problem": refused.problem})
    } else {
        json!({"index": refused.index, "problem": refused.problem, "fields": names(&refused.names)})
    }
}

/// One drop, with its index in the batch.
pub(crate) fn redacted(dropped: &DroppedFields) -> Value {
    json!({"index": dropped.index, "fields": names(&dropped.fields), "rule": dropped.rule})
}

#[derive(Serialize)]
pub(crate) struct ItemBody {
    item_id: String,
    fields: BTreeMap<String, Value>,
}

impl From<&ItemShown> for ItemBody {
    fn from(item: &ItemShown) -> Self {
        Self {
            item_id: item.id.as_str().to_owned(),
            fields: item.fields.iter().map(|(k, v)| (k.to_string(), v.clone())).collect(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct PlacementBody {
    name: String,
    title: BTreeMap<String, String>,
    chain: Vec<String>,
    finish: Option<String>,
    limit: usize,
    leave_out: Vec<&'static str>,
}

impl From<&PlacementShown> for PlacementBody {
    fn from(placement: &PlacementShown) -> Self {
        Self {
            name: placement.name.to_string(),
            title: placement.title.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
            chain: placement.chain.iter().map(ToString::to_string).collect(),
            finish: placement.finish.as_ref().map(ToString::to_string),
            limit: placement.limit,
            leave_out: placement.leave_out.clone(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct StrategyBody {
    name: String,
    kind: &'static str,
    digest: Option<String>,
    file: Option<&'static str>,
    purpose: String,
    learning_purpose: Option<String>,
    may_read: Vec<Value>,
    may_learn_from: Vec<Value>,
    may_ask: Vec<String>,
    enforcement: Option<&'static str>,
    measures: Vec<&'static str>,
    stopped: bool,
}

fn access(access: &AccessShown) -> Value {
    json!({"field": access.field, "as": access.form, "newest": access.newest})
}

impl From<&StrategyShown> for StrategyBody {
    fn from(strategy: &StrategyShown) -> Self {
        Self {
            name: strategy.name.to_string(),
            kind: strategy.kind,
            digest: strategy.digest.clone(),
            file: strategy.file,
            purpose: strategy.purpose.to_string(),
            learning_purpose: strategy.learning_purpose.as_ref().map(ToString::to_string),
            may_read: strategy.may_read.iter().map(access).collect(),
            may_learn_from: strategy.may_learn_from.iter().map(access).collect(),
            may_ask: strategy.may_ask.iter().map(ToString::to_string).collect(),
            enforcement: strategy.enforcement,
            measures: strategy.measures.clone(),
            stopped: strategy.stopped,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct HealthBody {
    ready: bool,
    policy_revision: String,
    policy_stale: bool,
    clock_stepped_back: bool,
    strategies: Vec<Value>,
    not_enforced_yet: Vec<String>,
    counters: BTreeMap<&'static str, u64>,
}

impl From<HealthShown> for HealthBody {
    fn from(health: HealthShown) -> Self {
        let strategy = |s: &jardin_engine::StrategyHealth| json!({"name": s.name.as_str(), "ready": s.ready, "note": s.note, "enforcement": s.enforcement, "counters": s.counters});
        Self {
            ready: health.ready,
            policy_revision: health.policy_revision.to_string(),
            policy_stale: health.policy_stale,
            clock_stepped_back: health.clock_stepped_back,
            strategies: health.strategies.iter().map(strategy).collect(),
            not_enforced_yet: health.not_enforced_yet,
            counters: health.counters,
        }
    }
}
