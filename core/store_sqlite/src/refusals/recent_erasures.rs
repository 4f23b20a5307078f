//! Who was erased lately, so that what was made out for a person before is refused after.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use jardin_contract::ERASURES_KNOWN_MS;
use jardin_model::Timestamp;

use super::{Refusal, Refused};

/// The last erasure of each person, by the keyed digest of their id, as far back as [`ERASURES_KNOWN_MS`].
#[derive(Default)]
pub(crate) struct RecentErasures(Mutex<BTreeMap<[u8; 16], Timestamp>>);

impl RecentErasures {
    /// The erasures of a journal.
    pub(crate) fn of_journal(refusals: &[Refusal]) -> Self {
        let recent = Self::default();
        let erasures = refusals.iter().filter(|refusal| matches!(refusal.what, Refused::Erasure { .. }));
        erasures.for_each(|erasure| recent.note(erasure.who, erasure.at));
        recent
    }

    /// Notes an erasure, and lets go of those that are too old to matter.
    pub(crate) fn note(&self, who: [u8; 16], at: Timestamp) {
        let mut erased = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = erased.entry(who).or_insert(at);
        *last = at.max(*last);
        erased.retain(|_, erased_at| at.ms_since(*erased_at) <= ERASURES_KNOWN_MS);
    }

    /// When somebody was last erased.
    pub(crate) fn find(&self, who: &[u8; 16]) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(who).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_erasure_counts_and_old_ones_are_let_go() {
        let recent = RecentErasures::default();
        let at = Timestamp::from_ms;
        recent.note([1; 16], at(5));
        recent.note([1; 16], at(3));
        assert_eq!(recent.find(&[1; 16]), Some(at(5)));
        recent.note([2; 16], at(5 + ERASURES_KNOWN_MS));
        assert_eq!(recent.find(&[1; 16]), Some(at(5)));
        recent.note([3; 16], at(6 + ERASURES_KNOWN_MS));
        assert_eq!((recent.find(&[1; 16]), recent.find(&[2; 16])), (None, Some(at(5 + ERASURES_KNOWN_MS))));
    }
}
