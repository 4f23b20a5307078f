//! What is handed over at a time.

use serde_json::Value;

/// Items and events in the shapes of the HTTP API, in the order of the file; the items come first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Each `{"item_id": …, "fields": {…}}`.
    pub items: Vec<Value>,
    /// Each as `POST /v1/events` takes it.
    pub events: Vec<Value>,
    /// The line of the file on which each event begins.
    pub lines: Vec<u64>,
}

/// So many events make a batch.
pub(crate) const EVENTS: usize = 1000;

/// Takes batches; an error ends the import.
pub type Sink<'a> = dyn FnMut(Batch) -> Result<(), String> + 'a;
