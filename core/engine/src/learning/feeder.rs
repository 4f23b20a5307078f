//! Telling one strategy what it may learn, and what it must forget.

use std::{collections::BTreeSet, sync::Arc};

use jardin_contract::{Failure, Learner, Observation, Strategy};
use jardin_policy::Learnable;

use super::{
    archive::Owner,
    judge::Judge,
    learned::{Change, Learned},
    sessions::sessions,
};
use crate::{inner::Inner, world::World};

/// The most rows, or sessions to be forgotten, of one message.
const ROWS: usize = 500;

/// What one strategy has learned, and whose sessions must be looked at again.
pub(crate) struct Feeder {
    strategy: Arc<dyn Strategy>,
    generation: u64,
    pub(super) learned: Learned,
    pub(super) dirty: BTreeSet<Owner>,
    /// Whose sessions wait because the strategy is switched off: it is told to forget, and nothing else.
    held: BTreeSet<Owner>,
}

/// Rows and sessions that wait for one message each.
#[derive(Default)]
struct Outbox {
    forget: Vec<(Owner, u64)>,
    observe: Vec<(Owner, usize, Vec<Observation>)>,
    rows: usize,
}

impl Feeder {
    pub(crate) fn new(strategy: Arc<dyn Strategy>, owners: BTreeSet<Owner>) -> Self {
        Self {
            generation: strategy.learner().map_or(0, Learner::generation),
            strategy,
            learned: Learned::default(),
            dirty: owners,
            held: BTreeSet::new(),
        }
    }

    /// True where the strategy's state is still the one that was taught.
    pub(crate) fn is_of(&self, strategy: &Arc<dyn Strategy>) -> bool {
        Arc::ptr_eq(&self.strategy, strategy)
            && strategy.learner().is_some_and(|l| l.generation() == self.generation)
    }

    /// Tells everything that is due. What could not be told stays due.
    pub(crate) async fn feed(
        &mut self,
        inner: &Inner,
        world: &World,
        learnable: &Learnable,
    ) -> Result<(), Failure> {
        let strategy = Arc::clone(&self.strategy);
        let Some(learner) = strategy.learner() else {
            return Ok(());
        };
        let secret = inner.parts.state.secret(&format!("learning/{}", learnable.strategy));
        let is_stopped = inner.is_stopped(world, &learnable.strategy);
        if !is_stopped {
            self.dirty.append(&mut self.held);
        }
        let due: Vec<Owner> = std::mem::take(&mut self.dirty).into_iter().collect();
        let mut outbox = Outbox::default();
        for (at, owner) in due.iter().enumerate() {
            let told = match self.change(inner, world, learnable, *owner, &secret).await {
                Ok(mut change) => {
                    if is_stopped && !change.observe.is_empty() {
                        change.observe.clear();
                        self.held.insert(*owner);
                    }
                    outbox.put(*owner, change);
                    if outbox.rows < ROWS && at + 1 < due.len() {
                        Ok(())
                    } else {
                        self.send(learner, &mut outbox).await
                    }
                }
                Err(failure) => Err(failure),
            };
            if let Err(failure) = told {
                self.dirty.extend(outbox.owners());
                self.dirty.extend(due.iter().skip(at));
                return Err(failure);
            }
        }
        Ok(())
    }

    async fn change(
        &self,
        inner: &Inner,
        world: &World,
        learnable: &Learnable,
        owner: Owner,
        secret: &[u8; 32],
    ) -> Result<Change, Failure> {
        let now = inner.parts.clock.now();
        let record = match owner {
            Owner::Subject(person) => {
                inner.parts.state.subject_by_number(person).await.map_err(|_| Failure::Overloaded)?
            }
            Owner::Visit(_) | Owner::Event(_) => None,
        };
        let judge = Judge::new(&world.policy, learnable, owner, record.as_deref(), now);
        let events: Vec<_> =
            inner.learning.events_of(owner).into_iter().filter(|e| judge.may_learn(e)).collect();
        let wanted = sessions(owner, &events, &|item| world.screened.may_be_tied_to_a_person(item), secret);
        Ok(self.learned.change(owner, wanted))
    }

    /// Forgets first: a session that is observed anew must be gone before.
    async fn send(&mut self, learner: &dyn Learner, outbox: &mut Outbox) -> Result<(), Failure> {
        for part in outbox.forget.chunks(ROWS) {
            let sessions: Vec<u64> = part.iter().map(|(_, session)| *session).collect();
            learner.forget(self.generation, &sessions).await?;
            for (owner, session) in part {
                self.learned.forgot(*owner, *session);
            }
        }
        outbox.forget.clear();
        for part in outbox.messages() {
            let rows: Vec<Observation> = part
                .iter()
                .flat_map(|(_, rows, from)| rows.get(*from..).unwrap_or_default())
                .copied()
                .collect();
            learner.observe(self.generation, &rows).await?;
            for (owner, rows, _) in &part {
                if let Some(first) = rows.first() {
                    self.learned.observed(*owner, first.session, rows);
                }
            }
        }
        *outbox = Outbox::default();
        Ok(())
    }
}

/// One session's part of a message: whose, its rows up to the last one of the message, and from which one
/// they are new.
type Part<'a> = (Owner, &'a [Observation], usize);

impl Outbox {
    fn put(&mut self, owner: Owner, change: Change) {
        self.rows += change.forget.len();
        self.forget.extend(change.forget.into_iter().map(|session| (owner, session)));
        for (known, rows) in change.observe {
            self.rows += rows.len() - known;
            self.observe.push((owner, known, rows));
        }
    }

    fn owners(&self) -> impl Iterator<Item = Owner> + '_ {
        self.forget.iter().map(|(owner, _)| *owner).chain(self.observe.iter().map(|(owner, ..)| *owner))
    }

    /// The new rows in messages of at most [`ROWS`]; a long session goes on in the next one.
    fn messages(&self) -> Vec<Vec<Part<'_>>> {
        let mut messages: Vec<Vec<Part<'_>>> = Vec::new();
        let mut room = 0;
        for (owner, known, rows) in &self.observe {
            let mut from = *known;
            while from < rows.len() {
                if room == 0 {
                    messages.push(Vec::new());
                    room = ROWS;
                }
                let until = rows.len().min(from + room);
                if let (Some(message), Some(part)) = (messages.last_mut(), rows.get(..until)) {
                    message.push((*owner, part, from));
                }
                room -= until - from;
                from = until;
            }
        }
        messages
    }
}
