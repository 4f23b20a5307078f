//! How much memory records take, roughly: the allocator's own share included, and never less than what is in
//! them.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Choice, HistoryEvent, PersonNumber, SessionRecord, SubjectRecord, Value};

use crate::CachedRecord;

/// What an allocation takes beside its bytes.
const ALLOCATION_BYTES: usize = 16;

impl CachedRecord for SubjectRecord {
    fn memory_size(&self) -> usize {
        let fields =
            self.fields.iter().map(|(name, f)| name.len() + value_size(&f.value) + 6 * ALLOCATION_BYTES);
        size_of::<Self>() + events_size(&self.events) + fields.sum::<usize>() + choices_size(&self.choices)
    }

    fn person(&self) -> PersonNumber {
        self.person
    }
}

impl CachedRecord for SessionRecord {
    fn memory_size(&self) -> usize {
        size_of::<Self>() + events_size(&self.events) + choices_size(&self.choices)
    }

    fn person(&self) -> PersonNumber {
        self.person
    }
}

fn choices_size(choices: &BTreeMap<Arc<str>, Vec<Choice>>) -> usize {
    let sizes = choices.iter().map(|(name, choices)| {
        let said = choices.iter().map(|c| c.text_version.len() + c.source.len() + 6 * ALLOCATION_BYTES);
        name.len() + 6 * ALLOCATION_BYTES + said.sum::<usize>()
    });
    sizes.sum()
}

/// A growing list has room for up to twice what is in it.
fn events_size(events: &Vec<HistoryEvent>) -> usize {
    let lines = events.iter().map(|e| size_of_val(&*e.lines) + ALLOCATION_BYTES);
    events.capacity() * size_of::<HistoryEvent>() + lines.sum::<usize>()
}

fn value_size(value: &Value) -> usize {
    let shared = |length: usize| length + 2 * ALLOCATION_BYTES;
    size_of::<Value>()
        + match value {
            Value::Text(text) => shared(text.len()),
            Value::Texts(texts) => shared(texts.iter().map(|t| shared(t.len()) + ALLOCATION_BYTES).sum()),
            Value::Item(id) => shared(id.as_str().len()),
            Value::Items(ids) => {
                shared(ids.iter().map(|id| shared(id.as_str().len()) + ALLOCATION_BYTES).sum())
            }
            Value::Number(_)
            | Value::Money(_)
            | Value::Flag(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::TakenAway => 0,
        }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use jardin_model::{StoredValue, Timestamp};

    use super::*;

    #[test]
    fn a_long_text_takes_what_it_is() {
        let record = |text: &str| SubjectRecord {
            person: PersonNumber(1),
            fields: BTreeMap::from([(
                Arc::from("note"),
                StoredValue { value: Value::Text(text.into()), stored_at: Timestamp::from_ms(0) },
            )]),
            events: Vec::new(),
            choices: BTreeMap::new(),
            objected: None,
            restricted: None,
            last_seen: Timestamp::from_ms(0),
        };
        assert_eq!(record(&"a".repeat(1_000_001)).memory_size() - record("a").memory_size(), 1_000_000);
    }
}
