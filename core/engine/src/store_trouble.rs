//! What the store could not do last, in words.

use std::sync::{Arc, Mutex, PoisonError};

use jardin_contract::StoreError;

use crate::counters::Counters;

/// What the store could not do last; nothing once it could again.
#[derive(Debug)]
pub(crate) struct StoreTrouble {
    counters: Arc<Counters>,
    last: Mutex<Option<&'static str>>,
}

impl StoreTrouble {
    pub(crate) fn new(counters: Arc<Counters>) -> Self {
        Self { counters, last: Mutex::default() }
    }

    /// Notes how a writing ended.
    pub(crate) fn watch<T>(&self, written: Result<T, StoreError>) -> Result<T, StoreError> {
        let cause = match &written {
            Ok(_) => None,
            Err(StoreError::Full) => {
                Some("the disk is full: nothing can be stored, not even an answer to a consent question")
            }
            Err(StoreError::InForceNotDurable) => {
                Some("the disk takes no changes: what was refused is in force, and lost if the process ends")
            }
            Err(StoreError::Overloaded) => Some("more is to be stored than the disk takes"),
            Err(StoreError::Locked { .. } | StoreError::Failed { .. }) => {
                Some("the store failed: nothing can be stored")
            }
        };
        self.counters.add_overall("failed-writes", usize::from(cause.is_some()));
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = cause;
        written
    }

    pub(crate) fn last(&self) -> Option<&'static str> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
