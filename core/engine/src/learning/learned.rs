//! What a strategy has learned so far, and what must be told to it so that it has learned exactly what it
//! may.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use jardin_contract::Observation;

use super::archive::Owner;

/// The rows of a session that a strategy was told, by their count and digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    count: usize,
    digest: u64,
}

impl Told {
    fn of(rows: &[Observation]) -> Self {
        let mut hasher = DefaultHasher::new();
        for row in rows {
            (row.session, row.sequence, row.ordinal, row.item, row.kind, row.hour).hash(&mut hasher);
        }
        Self { count: rows.len(), digest: hasher.finish() }
    }

    fn begins(self, rows: &[Observation]) -> bool {
        rows.get(..self.count).is_some_and(|head| Self::of(head) == self)
    }
}

/// What one owner's sessions need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Change {
    /// Sessions to be forgotten, before anything is observed.
    pub(crate) forget: Vec<u64>,
    /// Whole sessions with how many of their rows are known already.
    pub(crate) observe: Vec<(usize, Vec<Observation>)>,
}

/// What a strategy has learned so far: some 80 bytes a session.
#[derive(Debug, Default)]
pub(crate) struct Learned(BTreeMap<Owner, Sessions>);

/// The sessions of one owner with what was told of each, in the order of their numbers.
#[derive(Debug, Default)]
struct Sessions(Vec<(u64, Told)>);

impl Sessions {
    fn place(&self, session: u64) -> Result<usize, usize> {
        self.0.binary_search_by_key(&session, |(number, _)| *number)
    }

    fn get(&self, session: u64) -> Option<Told> {
        self.place(session).ok().and_then(|at| self.0.get(at)).map(|(_, told)| *told)
    }

    fn insert(&mut self, session: u64, told: Told) {
        match self.place(session) {
            Ok(at) => {
                if let Some(known) = self.0.get_mut(at) {
                    known.1 = told;
                }
            }
            Err(at) => {
                // most owners have one session, and room for four would be set aside for each
                if self.0.len() == self.0.capacity() {
                    self.0.reserve_exact(self.0.len() / 4 + 1);
                }
                self.0.insert(at, (session, told));
            }
        }
    }

    fn remove(&mut self, session: u64) {
        if let Ok(at) = self.place(session) {
            self.0.remove(at);
        }
    }
}

impl Learned {
    /// What must be told so that of `owner` exactly the sessions `wanted` are learned. A session whose known
    /// rows are not its beginning any longer is forgotten and observed anew.
    pub(crate) fn change(&self, owner: Owner, wanted: BTreeMap<u64, Vec<Observation>>) -> Change {
        let known = self.0.get(&owner);
        let told = |session: &u64| known.and_then(|k| k.get(*session));
        let stays = |session: &u64, told: Told| wanted.get(session).is_some_and(|rows| told.begins(rows));
        let forget: Vec<u64> = known
            .into_iter()
            .flat_map(|sessions| &sessions.0)
            .filter(|(s, t)| !stays(s, *t))
            .map(|(s, _)| *s)
            .collect();
        let observe = wanted.into_iter().filter_map(|(session, rows)| {
            let known = told(&session).filter(|t| t.begins(&rows)).map_or(0, |t| t.count);
            (known < rows.len()).then_some((known, rows))
        });
        Change { observe: observe.collect(), forget }
    }

    /// A session was forgotten.
    pub(crate) fn forgot(&mut self, owner: Owner, session: u64) {
        if let Some(known) = self.0.get_mut(&owner) {
            known.remove(session);
            if known.0.is_empty() {
                self.0.remove(&owner);
            }
        }
    }

    /// These rows of a session are known now, from its first one.
    pub(crate) fn observed(&mut self, owner: Owner, session: u64, rows: &[Observation]) {
        self.0.entry(owner).or_default().insert(session, Told::of(rows));
    }

    /// How many sessions are learned.
    pub(crate) fn len(&self) -> usize {
        self.0.values().map(|sessions| sessions.0.len()).sum()
    }
}
