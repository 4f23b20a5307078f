//! What a strategy has learned so far, and what must be told to it so that it has learned exactly what it
//! may.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use jardin_contract::Observation;
use jardin_model::PersonNumber;

use super::archive::Owner;

/// The rows of a session that a strategy was told, by their count and digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownRows {
    count: usize,
    digest: u64,
}

impl KnownRows {
    fn of_rows(rows: &[Observation]) -> Self {
        let mut hasher = DefaultHasher::new();
        for row in rows {
            (row.session, row.sequence, row.ordinal, row.item, row.kind, row.hour).hash(&mut hasher);
        }
        Self { count: rows.len(), digest: hasher.finish() }
    }

    fn begin(self, rows: &[Observation]) -> bool {
        rows.get(..self.count).is_some_and(|head| Self::of_rows(head) == self)
    }
}

/// What one owner's sessions need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct SessionChanges {
    /// Sessions to be forgotten, before anything is observed.
    pub(crate) forget: Vec<u64>,
    /// Whole sessions with how many of their rows are known already.
    pub(crate) observe: Vec<(usize, Vec<Observation>)>,
}

/// What a strategy has learned so far: some 80 bytes a session.
#[derive(Debug, Default)]
pub(crate) struct Learned(BTreeMap<Owner, OwnerSessions>);

/// The sessions of one owner.
#[derive(Debug, Default)]
struct OwnerSessions {
    /// What was told of each, in the order of their numbers.
    told: Vec<(u64, KnownRows)>,
    /// By which number the strategy knows the owner, where it counts people.
    person: Option<u32>,
}

impl OwnerSessions {
    fn find_session(&self, session: u64) -> Result<usize, usize> {
        self.told.binary_search_by_key(&session, |(number, _)| *number)
    }

    fn known_rows(&self, session: u64) -> Option<KnownRows> {
        self.find_session(session).ok().and_then(|at| self.told.get(at)).map(|(_, told)| *told)
    }

    fn set_known(&mut self, session: u64, told: KnownRows) {
        match self.find_session(session) {
            Ok(at) => {
                if let Some(known) = self.told.get_mut(at) {
                    known.1 = told;
                }
            }
            Err(at) => {
                // most owners have one session, and room for four would be set aside for each
                if self.told.len() == self.told.capacity() {
                    self.told.reserve_exact(self.told.len() / 4 + 1);
                }
                self.told.insert(at, (session, told));
            }
        }
    }

    fn remove_session(&mut self, session: u64) {
        if let Ok(at) = self.find_session(session) {
            self.told.remove(at);
        }
    }
}

impl Learned {
    /// What must be told so that of `owner` exactly the sessions `wanted` are learned. A session whose known
    /// rows are not its beginning any longer is forgotten and observed anew.
    pub(crate) fn changes_for(
        &self,
        owner: Owner,
        wanted: BTreeMap<u64, Vec<Observation>>,
    ) -> SessionChanges {
        let known = self.0.get(&owner);
        let told = |session: &u64| known.and_then(|k| k.known_rows(*session));
        let stays = |session: &u64, told: KnownRows| wanted.get(session).is_some_and(|rows| told.begin(rows));
        let forget: Vec<u64> = known
            .into_iter()
            .flat_map(|sessions| &sessions.told)
            .filter(|(s, t)| !stays(s, *t))
            .map(|(s, _)| *s)
            .collect();
        let observe = wanted.into_iter().filter_map(|(session, rows)| {
            let known = told(&session).filter(|t| t.begin(&rows)).map_or(0, |t| t.count);
            (known < rows.len()).then_some((known, rows))
        });
        SessionChanges { observe: observe.collect(), forget }
    }

    /// A session was forgotten.
    pub(crate) fn mark_forgotten(&mut self, owner: Owner, session: u64) {
        if let Some(known) = self.0.get_mut(&owner) {
            known.remove_session(session);
            if known.told.is_empty() {
                self.0.remove(&owner);
            }
        }
    }

    /// These rows of a session are known now, from its first one.
    pub(crate) fn mark_observed(&mut self, owner: Owner, session: u64, rows: &[Observation]) {
        let known = self.0.entry(owner).or_default();
        known.set_known(session, KnownRows::of_rows(rows));
        known.person = rows.first().and_then(|row| row.person);
    }

    fn told_of(&self, owner: &Owner) -> Option<&[(u64, KnownRows)]> {
        self.0.get(owner).map(|sessions| &*sessions.told)
    }

    /// By which number the strategy knows an owner of whom it has learned something.
    pub(crate) fn person_of(&self, owner: Owner) -> Option<u32> {
        self.0.get(&owner)?.person
    }

    /// Of whom other sessions are learned here than there.
    pub(crate) fn differing_owners(&self, other: &Self) -> BTreeSet<Owner> {
        let owners = self.0.keys().chain(other.0.keys());
        owners.filter(|owner| self.told_of(owner) != other.told_of(owner)).copied().collect()
    }

    /// How many sessions of a person are learned.
    pub(crate) fn sessions_of(&self, person: PersonNumber) -> usize {
        self.0.get(&Owner::Subject(person)).map_or(0, |sessions| sessions.told.len())
    }

    /// How many sessions are learned.
    pub(crate) fn session_count(&self) -> usize {
        self.0.values().map(|sessions| sessions.told.len()).sum()
    }
}
