//! Items of a file into a shop.

use jardin_engine::{DroppedFields, Receipt, RefusedEntry};
use serde_json::{Value, json};

use crate::{Host, HostError};

/// What is wrong with one row, or with fields of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Which row of the batch, from 0.
    pub index: usize,
    /// A stable word, such as `unreadable-field`.
    pub word: String,
    /// What is wrong and what is expected; nothing of the row is repeated.
    pub detail: String,
    /// The declared names that it concerns.
    pub fields: Vec<String>,
}

/// What became of a batch of items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemsTaken {
    /// How many are in the catalogue now.
    pub accepted: usize,
    /// How many of them are new to it.
    pub appeared: usize,
    /// How many it had in another form.
    pub changed: usize,
    /// Rows of which nothing was taken.
    pub refused: Vec<RowFault>,
    /// Fields that were dropped of rows that were taken.
    pub dropped: Vec<RowFault>,
}

impl Host {
    /// Sets items, each as the HTTP API takes it; with `dry_run` they are judged alone.
    pub(crate) async fn import_items(&self, items: &[Value], dry_run: bool) -> Result<ItemsTaken, HostError> {
        let receipt =
            if dry_run { self.engine.judge_items(items) } else { self.engine.put_items(items).await? };
        Ok(ItemsTaken::of_receipt(&receipt))
    }
}

impl ItemsTaken {
    fn of_receipt(receipt: &Receipt) -> Self {
        Self {
            accepted: receipt.accepted,
            appeared: receipt.appeared,
            changed: receipt.changed,
            refused: receipt.rejected.iter().map(RowFault::of_refused).collect(),
            dropped: receipt.redacted.iter().map(RowFault::of_dropped).collect(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        let rows = |rows: &[RowFault]| rows.iter().map(RowFault::to_json).collect::<Value>();
        json!([self.accepted, self.appeared, self.changed, rows(&self.refused), rows(&self.dropped)])
    }

    pub(crate) fn from_json(json: &Value) -> Option<Self> {
        let [accepted, appeared, changed, refused, dropped] = json.as_array()?.as_slice() else {
            return None;
        };
        let count = |json: &Value| usize::try_from(json.as_u64()?).ok();
        let rows = |json: &Value| json.as_array()?.iter().map(RowFault::from_json).collect::<Option<_>>();
        Some(Self {
            accepted: count(accepted)?,
            appeared: count(appeared)?,
            changed: count(changed)?,
            refused: rows(refused)?,
            dropped: rows(dropped)?,
        })
    }
}

impl RowFault {
    pub(crate) fn of_refused(refused: &RefusedEntry) -> Self {
        Self {
            index: refused.index,
            word: refused.problem.to_owned(),
            detail: refused.detail.clone(),
            fields: refused.names.iter().map(ToString::to_string).collect(),
        }
    }

    fn of_dropped(dropped: &DroppedFields) -> Self {
        Self {
            index: dropped.index,
            word: dropped.rule.to_owned(),
            detail: dropped.details.join("; "),
            fields: dropped.fields.iter().map(ToString::to_string).collect(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!([self.index, self.word, self.detail, self.fields])
    }

    pub(crate) fn from_json(json: &Value) -> Option<Self> {
        let [index, word, detail, fields] = json.as_array()?.as_slice() else { return None };
        let text = |json: &Value| json.as_str().map(str::to_owned);
        Some(Self {
            index: usize::try_from(index.as_u64()?).ok()?,
            word: text(word)?,
            detail: text(detail)?,
            fields: fields.as_array()?.iter().map(text).collect::<Option<_>>()?,
        })
    }
}
