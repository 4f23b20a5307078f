//! What became of the rows of a file: each that was refused by its line, and how much was dropped of the others.

use std::collections::BTreeMap;

use jardin_engine::MAX_EVENTS;
use jardin_host::{HostError, OpenShop, RowFault, counted, show_read_value};
use jardin_import::{Batch, Summary};
use jardin_model::Namespace;
use jardin_policy::{Policy, rules::Class};
use serde_json::Value;
use tokio::runtime::Handle;

use super::{counted_rows, verdicts::show_rows};
use crate::print;

/// What became of the batches.
pub(super) struct Taken<'a> {
    policy: &'a Policy,
    dry_run: bool,
    events: usize,
    duplicates: usize,
    /// How much of the events a rule of the policy kept out.
    set_aside: BTreeMap<String, usize>,
    /// Line and reason of each row that was refused.
    refused: Vec<(u64, String)>,
    items_refused: usize,
    /// How many items are new to the catalogue, and how many it had in another form.
    appeared: usize,
    changed: usize,
    items: usize,
    /// What was dropped of items, by field and rule.
    dropped: BTreeMap<(String, String), Dropped>,
    /// On which line each item stood last.
    lines_of_items: BTreeMap<String, u64>,
    repeated: Vec<(u64, String)>,
}

/// A field that was dropped of items.
struct Dropped {
    count: usize,
    /// The first row of which it was dropped, in words.
    first: String,
}

impl<'a> Taken<'a> {
    pub(super) fn new(policy: &'a Policy, dry_run: bool) -> Self {
        Self {
            policy,
            dry_run,
            events: 0,
            duplicates: 0,
            set_aside: BTreeMap::new(),
            refused: Vec::new(),
            items_refused: 0,
            appeared: 0,
            changed: 0,
            items: 0,
            dropped: BTreeMap::new(),
            lines_of_items: BTreeMap::new(),
            repeated: Vec::new(),
        }
    }

    /// Hands a batch to the shop, or has it judged alone.
    pub(super) fn take_batch(
        &mut self,
        handle: &Handle,
        shop: &OpenShop,
        batch: Batch,
    ) -> Result<(), String> {
        handle.block_on(async {
            self.take_items(shop, &batch).await.map_err(|error| error.to_string())?;
            self.take_events(shop, &batch).await.map_err(|error| error.to_string())
        })
    }

    async fn take_items(&mut self, shop: &OpenShop, batch: &Batch) -> Result<(), HostError> {
        if batch.items.is_empty() {
            return Ok(());
        }
        let taken = shop.put_items(&batch.items, self.dry_run).await?;
        self.items_refused += taken.refused.len();
        self.items += taken.accepted;
        self.appeared += taken.appeared;
        self.changed += taken.changed;
        for fault in &taken.refused {
            let (line, item) = row_of(batch, fault.index);
            self.refused
                .push((line, format!("{}{}{}", name_of(item), fault.detail, self.show_read(fault, item))));
        }
        for fault in &taken.dropped {
            self.note_dropped(batch, fault);
        }
        self.note_repeats(batch);
        Ok(())
    }

    async fn take_events(&mut self, shop: &OpenShop, batch: &Batch) -> Result<(), HostError> {
        for (events, lines) in batch.events.chunks(MAX_EVENTS).zip(batch.lines.chunks(MAX_EVENTS)) {
            let taken = shop.put_events(events.to_vec(), self.dry_run).await?;
            self.events += taken.accepted;
            self.duplicates += taken.duplicates;
            for (rule, count) in taken.set_aside {
                *self.set_aside.entry(rule).or_default() += count;
            }
            let line = |index: usize| lines.get(index).copied().unwrap_or(0);
            self.refused.extend(taken.rejected.into_iter().map(|fault| (line(fault.index), fault.detail)));
        }
        Ok(())
    }

    fn note_dropped(&mut self, batch: &Batch, fault: &RowFault) {
        let (line, item) = row_of(batch, fault.index);
        for field in &fault.fields {
            let fault = RowFault { fields: vec![field.clone()], ..fault.clone() };
            let detail = fault.detail.split("; ").find(|detail| detail.starts_with(&format!("`{field}`")));
            let detail = detail.map_or_else(|| "the policy does not declare it".to_owned(), str::to_owned);
            let first = format!("line {line}: {}{detail}{}", name_of(item), self.show_read(&fault, item));
            let key = (field.clone(), fault.word.clone());
            self.dropped.entry(key).or_insert(Dropped { count: 0, first }).count += 1;
        }
    }

    fn note_repeats(&mut self, batch: &Batch) {
        for (item, line) in batch.items.iter().zip(&batch.item_lines) {
            let Some(id) = item.get("item_id").and_then(Value::as_str) else { continue };
            if let Some(before) = self.lines_of_items.insert(id.to_owned(), *line) {
                self.repeated
                    .push((*line, format!("`{id}` stands on line {before} as well; the last line counts")));
            }
        }
    }

    /// What was read of the fields of a fault: nothing where a field is missing, and the shape alone where the policy does
    /// not declare it, for it may be anything.
    fn show_read(&self, fault: &RowFault, item: &Value) -> String {
        let read = fault.fields.iter().filter_map(|name| {
            let value = item.get("fields")?.get(name)?;
            let declared = self.policy.rules().declared(Namespace::Item, name);
            Some(show_read_value(value, declared.map_or(Class::Confidential, |field| field.class)))
        });
        let read: Vec<String> = read.collect();
        if read.is_empty() { String::new() } else { format!("; read {}", read.join(", ")) }
    }

    /// The policy by which rows are judged.
    pub(super) const fn policy(&self) -> &Policy {
        self.policy
    }

    /// The ids of the items that the file has, refused ones among them.
    pub(super) fn item_ids(&self) -> Vec<&str> {
        self.lines_of_items.keys().map(String::as_str).collect()
    }

    /// True where a row was refused, or a value of one could not be read.
    pub(super) fn has_faults(&self) -> bool {
        self.dropped.keys().any(|(_, rule)| rule == "wrong-type")
    }

    /// Adds what was refused to what the reader of the file found.
    pub(super) fn add_to_summary(&self, summary: &mut Summary) {
        self.refused.iter().for_each(|(line, why)| summary.note(*line, why.clone()));
        summary.bad_rows.sort_by_key(|row| row.line);
    }

    pub(super) fn show(&self, summary: &Summary) {
        print::line(&format!("{} read", counted_rows(summary.rows, "row")));
        let stored = if self.dry_run { "would be stored" } else { "stored" };
        let events = counted(self.events, "event");
        print::line(&format!("{events} {stored}, {} known already", self.duplicates));
        for (rule, count) in &self.set_aside {
            print::line(&format!("{count} set aside: {}", set_aside_by(rule)));
        }
        let items = counted_rows(summary.items, "item");
        print::line(&format!("{items}, {} refused", self.items_refused));
        if self.items > 0 {
            let unchanged = self.items.saturating_sub(self.appeared + self.changed);
            print::line(&format!(
                "in the catalogue: {} new, {} changed, {unchanged} as before",
                self.appeared, self.changed
            ));
        }
        show_rows(
            "a row of an item that stands on an earlier line",
            "rows of items that stand on an earlier line",
            &self.repeated,
        );
        for ((field, rule), dropped) in &self.dropped {
            print::line(&format!("dropped {}: `{field}` ({rule})", counted(dropped.count, "time")));
            print::line(&format!("  first on {}", dropped.first));
        }
    }
}

/// Why events are kept out, in words.
fn set_aside_by(rule: &str) -> &str {
    match rule {
        "never" => "products of events that the policy never ties to a person",
        "discreet" => "products of events that count within a visit alone",
        "restricted" => "events of people whose processing is restricted",
        "too-old" => "events older than the policy keeps them",
        "no-purpose" => "events for which nobody agreed",
        "stopped" => "events of which every use is switched off",
        other => other,
    }
}

/// The line of an item of a batch, 0 where it is made of many, and the item.
fn row_of(batch: &Batch, index: usize) -> (u64, &Value) {
    let line = batch.item_lines.get(index).copied().unwrap_or(0);
    (line, batch.items.get(index).unwrap_or(&Value::Null))
}

fn name_of(item: &Value) -> String {
    let id = item.get("item_id").and_then(Value::as_str);
    id.map(|id| format!("{}: ", jardin_host::escape_controls(id))).unwrap_or_default()
}
