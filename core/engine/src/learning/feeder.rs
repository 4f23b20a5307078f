//! Telling one strategy what it may learn, and what it must forget.

use std::{collections::BTreeSet, sync::Arc};

use jardin_contract::{Clock, Failure, Learner, Observation, StateStore, Strategy};
use jardin_model::Timestamp;
use jardin_policy::Learnable;

use super::{
    archive::{LearnableEvent, Owner},
    judge::Judge,
    learned::{Learned, SessionChanges},
    person_numbers::PersonNumbers,
    sessions::make_sessions,
};
use crate::world::World;

/// The most rows, or sessions to be forgotten, of one message.
const MAX_ROWS: usize = 500;

/// What a strategy is fed from.
pub(super) struct FeedContext<'a> {
    pub(super) clock: &'a dyn Clock,
    pub(super) state: &'a dyn StateStore,
    pub(super) world: &'a World,
    pub(super) learnable: &'a Learnable,
    pub(super) is_stopped: bool,
    /// Makes the numbers of sessions.
    pub(super) secret: [u8; 32],
    pub(super) events_of: Box<dyn Fn(Owner) -> Vec<LearnableEvent> + Send + Sync + 'a>,
}

/// What one strategy has learned, and whose sessions must be looked at again.
pub(crate) struct Feeder {
    strategy: Arc<dyn Strategy>,
    generation: u64,
    people: PersonNumbers,
    pub(super) learned: Learned,
    pub(super) dirty: BTreeSet<Owner>,
    /// It was told to forget something since this was last taken.
    pub(super) has_forgotten: bool,
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
    /// Nothing is taught yet; of these owners everything is due. `now` tells this teaching from every other.
    pub(crate) fn new(strategy: Arc<dyn Strategy>, owners: BTreeSet<Owner>, now: Timestamp) -> Self {
        let generation = strategy.learner().map_or(0, Learner::generation);
        Self {
            generation,
            people: PersonNumbers::new(now, generation),
            strategy,
            learned: Learned::default(),
            dirty: owners,
            has_forgotten: false,
            held: BTreeSet::new(),
        }
    }

    /// True where the strategy's state is still the one that was taught.
    pub(crate) fn has_taught(&self, strategy: &Arc<dyn Strategy>) -> bool {
        Arc::ptr_eq(&self.strategy, strategy)
            && strategy.learner().is_some_and(|l| l.generation() == self.generation)
    }

    /// Tells everything that is due. What could not be told stays due.
    pub(super) async fn feed(&mut self, context: &FeedContext<'_>) -> Result<(), Failure> {
        let strategy = Arc::clone(&self.strategy);
        let Some(learner) = strategy.learner() else {
            return Ok(());
        };
        if !context.is_stopped {
            self.dirty.append(&mut self.held);
        }
        let due: Vec<Owner> = std::mem::take(&mut self.dirty).into_iter().collect();
        let mut outbox = Outbox::default();
        for (at, owner) in due.iter().enumerate() {
            let told = match self.changes_of(context, *owner).await {
                Ok(mut change) => {
                    if context.is_stopped && !change.observe.is_empty() {
                        change.observe.clear();
                        self.held.insert(*owner);
                    }
                    outbox.add_changes(*owner, change);
                    if outbox.rows < MAX_ROWS && at + 1 < due.len() {
                        Ok(())
                    } else {
                        self.send_messages(learner, &mut outbox).await
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

    async fn changes_of(
        &mut self,
        context: &FeedContext<'_>,
        owner: Owner,
    ) -> Result<SessionChanges, Failure> {
        let FeedContext { world, learnable, .. } = context;
        let now = context.clock.now();
        let record = match owner {
            Owner::Subject(person) => {
                context.state.subject_by_number(person).await.map_err(|_| Failure::Overloaded)?
            }
            Owner::Visit(_) | Owner::Event(_) => None,
        };
        let judge = Judge::new(&world.policy, learnable, owner, record.as_deref(), now);
        let events: Vec<_> = (context.events_of)(owner).into_iter().filter(|e| judge.may_learn(e)).collect();
        let may_learn_from = |item| world.screened.may_be_learned_from(item);
        let is_counted = learnable.links_visits && matches!(owner, Owner::Subject(_)) && !events.is_empty();
        let number = || self.people.issue(&context.secret);
        let person = is_counted.then(|| self.learned.person_of(owner).unwrap_or_else(number));
        let wanted = make_sessions(owner, &events, &may_learn_from, &context.secret, person);
        Ok(self.learned.changes_for(owner, wanted))
    }

    /// Forgets first: a session that is observed anew must be gone before.
    async fn send_messages(&mut self, learner: &dyn Learner, outbox: &mut Outbox) -> Result<(), Failure> {
        for part in outbox.forget.chunks(MAX_ROWS) {
            let sessions: Vec<u64> = part.iter().map(|(_, session)| *session).collect();
            learner.forget(self.generation, &sessions).await?;
            self.has_forgotten = true;
            for (owner, session) in part {
                self.learned.mark_forgotten(*owner, *session);
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
                    self.learned.mark_observed(*owner, first.session, rows);
                }
            }
        }
        *outbox = Outbox::default();
        Ok(())
    }
}

/// One session's part of a message: whose, its rows up to the last one of the message, and from which one
/// they are new.
type SessionPart<'a> = (Owner, &'a [Observation], usize);

impl Outbox {
    fn add_changes(&mut self, owner: Owner, change: SessionChanges) {
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

    /// The new rows in messages of at most [`MAX_ROWS`]; a long session goes on in the next one.
    fn messages(&self) -> Vec<Vec<SessionPart<'_>>> {
        let mut messages: Vec<Vec<SessionPart<'_>>> = Vec::new();
        let mut room = 0;
        for (owner, known, rows) in &self.observe {
            let mut from = *known;
            while from < rows.len() {
                if room == 0 {
                    messages.push(Vec::new());
                    room = MAX_ROWS;
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
