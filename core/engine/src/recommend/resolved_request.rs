//! A request with all that the shop's files say about it; nothing about the person is looked up yet.

use std::{
    sync::{Arc, OnceLock, atomic::AtomicBool},
    time::Duration,
};

use jardin_contract::{Clock, Deadline, StateStore};
use jardin_model::{Timestamp, Value};
use jardin_policy::{Profile, Signals, Stop, rules::FieldId};

use super::{
    answer_id::AnswerOrigin,
    personalised_request::PersonalisedRequest,
    recent_answers::{GivenAnswer, GivenItem},
    sent_fields,
};
use crate::{
    api::{Answer, Problem, Request},
    catalogue::public_fields,
    clock_watch::ClockWatch,
    config::{Filter, Placement, PublicField},
    counters::Counters,
    privacy_signals,
    stored_person::{StoredPerson, Unreadable, read_person},
    world::World,
};

/// What of a deadline belongs to the fallback.
const FALLBACK_SHARE: Duration = Duration::from_millis(5);

/// A request that can be answered under one state of the shop.
pub(super) struct ResolvedRequest<'a> {
    pub(super) request: &'a Request,
    pub(super) world: &'a Arc<World>,
    pub(super) placement: &'a Placement,
    pub(super) filter: Option<&'a Filter>,
    pub(super) now: Timestamp,
    pub(super) sent: Vec<(FieldId, Value)>,
    signals: Signals,
    /// How many items are shown at most.
    pub(super) limit: usize,
    /// The item fields that are shown.
    pub(super) show: Vec<Arc<PublicField>>,
    /// When the answer must stand.
    until: Option<Deadline>,
}

impl<'a> ResolvedRequest<'a> {
    /// Checks a request against what is in force.
    pub(super) fn new(
        request: &'a Request,
        world: &'a Arc<World>,
        clock: &dyn Clock,
        clock_watch: &ClockWatch,
    ) -> Result<Self, Problem> {
        let placement = find_placement(request, world)?;
        if request.limit == Some(0) {
            return Err(Problem::unprocessable("`limit` is at least 1"));
        }
        let filter = find_filter(request, world)?;
        let now = clock.now();
        let sent = sent_fields::read_sent(&request.session_fields, &request.context, &world.policy)?;
        let stepped_back = clock_watch.has_stepped_back();
        let deadline = |ms: u32| Deadline::after(clock, Duration::from_millis(ms.into()));
        Ok(Self {
            signals: privacy_signals::read_signals(&request.narrowing, &sent, stepped_back, &world.policy)?,
            limit: request.limit.map_or(placement.limit, |limit| limit.min(placement.limit)),
            show: find_shown(request, placement, world)?,
            until: request.deadline_ms.map(deadline),
            request,
            world,
            placement,
            filter,
            now,
            sent,
        })
    }

    /// Where and under which rules its answer is given.
    pub(super) fn origin(&self) -> AnswerOrigin {
        let names = &mut self.world.config.placements.keys();
        let place = names.position(|name| *name == self.placement.name);
        AnswerOrigin {
            at: self.now,
            revision: self.world.rules_digest,
            placement: place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX),
            arm: 0,
        }
    }

    /// Whether it names a person or a visit.
    pub(super) const fn names_somebody(&self) -> bool {
        self.request.subject.is_some() || self.request.session.is_some()
    }

    /// What is remembered of its answer.
    pub(super) fn given_answer(&self, answer: &Answer) -> GivenAnswer {
        let items = answer.items.iter().map(|shown| GivenItem {
            item: shown.item.clone(),
            strategy: shown.strategy.clone(),
            reason: shown.reason.as_ref().map(|reason| Arc::clone(&reason.code)),
            is_sponsored: shown.sponsored.is_some(),
        });
        GivenAnswer {
            id: answer.recommendation.clone(),
            at: self.now,
            subject: self.request.subject.clone(),
            session: self.request.session.clone(),
            level: answer.level,
            policy_revision: Arc::clone(&answer.policy_revision),
            attempts: answer.strategies.clone(),
            items: items.collect(),
        }
    }

    fn chain_until(&self) -> Option<Deadline> {
        self.until.map(|until| Deadline(until.0.checked_sub(FALLBACK_SHARE).unwrap_or(until.0)))
    }

    /// Reads what is stored of the person and the visit, and leaves the fallback its time.
    pub(super) async fn read_person(
        &self,
        state: &dyn StateStore,
        clock: &dyn Clock,
    ) -> Result<StoredPerson, Unreadable> {
        let (subject, session) = (self.request.subject.as_ref(), self.request.session.as_ref());
        read_person(state, clock, subject, session, self.chain_until()).await
    }

    /// Notes that the request's visit goes on, where something was decided for it. A store that fails has it end earlier:
    /// the next event or list notes it again.
    pub(super) async fn touch_visit(&self, known: &StoredPerson, state: &dyn StateStore) {
        let visit = known.session.as_deref().zip(self.request.session.as_ref());
        if let Some((_, id)) =
            visit.filter(|(seen, _)| self.world.policy.is_visit_to_be_touched(seen, self.now))
        {
            drop(state.touch_visit(id, self.now).await);
        }
    }

    /// All of a person that decides.
    pub(super) fn person_flags(&self, person: &StoredPerson) -> jardin_policy::Flags {
        let policy = &self.world.policy;
        let names_somebody = self.request.subject.is_some();
        let visit = person.session.as_deref();
        let signals = policy.signals_in_visit(&self.signals, visit, names_somebody, self.now);
        policy.flags(person.subject.as_deref(), &signals, self.now)
    }

    /// The request for this person, or for nobody.
    pub(super) fn personalise<'b>(
        &'b self,
        person: StoredPerson,
        stop: &'b Stop,
        clock: &'b dyn Clock,
        counters: &'b Counters,
    ) -> PersonalisedRequest<'b> {
        PersonalisedRequest {
            world: self.world,
            clock,
            counters,
            flags: self.person_flags(&person),
            profile: Profile {
                subject_id: self.request.subject.clone().filter(|_| person.subject.is_some()),
                subject: person.subject,
                session: person.session,
                sent: self.sent.clone(),
            },
            stop,
            now: self.now,
            day: OnceLock::new(),
            place: &self.placement.name,
            chain_until: self.chain_until(),
            until: self.until,
            is_read: AtomicBool::new(false),
        }
    }
}

fn find_placement<'a>(request: &Request, world: &'a World) -> Result<&'a Placement, Problem> {
    let placements = &world.config.placements;
    placements
        .get(request.placement.as_str())
        .ok_or_else(|| Problem::NotFound { what: "placement", known: placements.keys().cloned().collect() })
}

/// The fields that are asked for, or the placement's own; none but what is public.
fn find_shown(
    request: &Request,
    placement: &Placement,
    world: &World,
) -> Result<Vec<Arc<PublicField>>, Problem> {
    request
        .show
        .as_ref()
        .map_or_else(|| Ok(placement.show.clone()), |asked| public_fields(asked, &world.config))
}

fn find_filter<'a>(request: &Request, world: &'a World) -> Result<Option<&'a Filter>, Problem> {
    let filters = &world.config.filters;
    let Some(name) = request.filter.as_deref() else {
        return Ok(None);
    };
    filters.get(name).map(Some).ok_or_else(|| Problem::Unprocessable {
        what: "`filter` names none of jardin.toml's filters",
        names: filters.keys().cloned().collect(),
    })
}
