//! The candidates that an interpreted rule goes through.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use jardin_contract::Effect;
use jardin_model::ItemIndex;

use super::{Item, Request};

/// The candidates of a run, with where it is and what was done so far. All within one call of the
/// interpreter, which finds its functions anew in each call.
#[derive(Debug, Clone)]
pub(crate) struct Candidates {
    request: Arc<Request>,
    items: Arc<[ItemIndex]>,
    next: Arc<AtomicUsize>,
    effects: Arc<Mutex<Vec<Effect>>>,
}

impl Candidates {
    /// The candidates of a run.
    pub(crate) fn new(request: &Arc<Request>, items: &[ItemIndex]) -> Self {
        Self {
            request: Arc::clone(request),
            items: items.into(),
            next: Arc::default(),
            effects: Arc::default(),
        }
    }

    /// Puts an effect in the place of whatever the failing rule did to the present candidate.
    pub(crate) fn record_failure(&self, effect: Effect) {
        let _done = self.request.take_effect();
        self.add_effect(effect);
    }

    /// The effects so far.
    pub(crate) fn take_effects(&self) -> Vec<Effect> {
        std::mem::take(&mut *self.effects.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add_effect(&self, effect: Effect) {
        self.effects.lock().unwrap_or_else(PoisonError::into_inner).push(effect);
    }
}

impl IntoIterator for Candidates {
    type Item = Item;
    type IntoIter = Remaining;

    fn into_iter(self) -> Remaining {
        Remaining { candidates: self, is_at_one: false }
    }
}

/// The candidates that were not yet gone through.
#[derive(Debug)]
pub(crate) struct Remaining {
    candidates: Candidates,
    is_at_one: bool,
}

impl Iterator for Remaining {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.is_at_one {
            self.candidates.add_effect(self.candidates.request.take_effect());
        }
        let place = self.candidates.next.fetch_add(1, Ordering::Relaxed);
        let index = self.candidates.items.get(place);
        self.is_at_one = index.is_some();
        index.map(|index| Item::candidate(&self.candidates.request, *index))
    }
}
