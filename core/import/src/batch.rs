//! What is handed over at a time.

use serde_json::Value;

use crate::ImportError;

/// Items and events in the shapes of the HTTP API, in the order of the file; the items come first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Each `{"item_id": …, "fields": {…}}`.
    pub items: Vec<Value>,
    /// The line of the file on which each item stands; empty where items are made of many lines.
    pub item_lines: Vec<u64>,
    /// Each as `POST /v1/events` takes it.
    pub events: Vec<Value>,
    /// The line of the file on which each event begins.
    pub lines: Vec<u64>,
}

/// So many events make a batch.
pub(crate) const EVENTS: usize = 1000;

/// So many items make a batch: each is a change of the whole catalogue, so that many at once cost less.
pub(crate) const ITEMS: usize = 5000;

/// Takes batches; an error ends the import.
pub type Sink<'a> = dyn FnMut(Batch) -> Result<(), String> + 'a;

impl Batch {
    /// Hands over what there is and begins anew.
    pub(crate) fn hand_over(&mut self, sink: &mut Sink<'_>) -> Result<(), ImportError> {
        if self.events.is_empty() && self.items.is_empty() {
            return Ok(());
        }
        sink(std::mem::take(self)).map_err(|what| ImportError::Refused { what })
    }
}
