//! The way of one request, in one direction: placement, flags, chain, finish, fallback, paid places,
//! eligibility now, answer.

mod answer;
mod answer_id;
mod asking;
mod check;
mod fallback;
mod finish;
mod hidden;
mod make;
mod page;
mod person;
mod run;
mod sent;
mod sources;
mod sponsored;

use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

pub(crate) use answer_id::AnswerIds;
pub(crate) use fallback::Fallbacks;
use jardin_contract::Deadline;
use jardin_model::{ItemIndex, Timestamp, Value};
use jardin_policy::{Flags, Profile, Signals, rules::FieldId};
use make::{Chain, Made, Question};
pub(crate) use person::{Stored, Unreadable, clock_stepped_back, stored};

use crate::{Answer, Filter, Placement, Problem, Request, inner::Inner, narrowing, world::World};

/// What of a deadline belongs to the fallback.
const FALLBACK_SHARE: Duration = Duration::from_millis(5);

/// A request that can be answered, with all that was looked up for it.
pub(crate) struct Prepared<'a> {
    request: &'a Request,
    world: Arc<World>,
    now: Timestamp,
    sent: Vec<(FieldId, Value)>,
    signals: Signals,
    limit: usize,
    /// When the answer must stand.
    until: Option<Deadline>,
}

impl<'a> Prepared<'a> {
    /// Checks a request against what is in force.
    pub(crate) fn new(inner: &Inner, request: &'a Request) -> Result<Self, Problem> {
        let world = inner.world();
        let now = inner.parts.clock.now();
        let placement = world.config.placements.get(request.placement.as_str()).ok_or_else(|| {
            Problem::NotFound { what: "placement", known: world.config.placements.keys().cloned().collect() }
        })?;
        if request.limit == Some(0) {
            return Err(Problem::unprocessable("`limit` is at least 1"));
        }
        if request.filter.as_ref().is_some_and(|name| !world.config.filters.contains_key(name.as_str())) {
            return Err(Problem::Unprocessable {
                what: "`filter` names none of jardin.toml's filters",
                names: world.config.filters.keys().cloned().collect(),
            });
        }
        let limit = request.limit.map_or(placement.limit, |limit| limit.min(placement.limit));
        let sent = sent::typed(&request.session_fields, &request.context, &world.policy)?;
        let stepped_back = clock_stepped_back(&*inner.parts.state, now);
        let signals = narrowing::signals(&request.narrowing, &sent, stepped_back, &world.policy)?;
        let until = request
            .deadline_ms
            .map(|ms| Deadline::after(&*inner.parts.clock, Duration::from_millis(ms.into())));
        Ok(Self { request, world, now, sent, signals, limit, until })
    }

    fn placement(&self) -> Option<&Placement> {
        self.world.config.placements.get(self.request.placement.as_str())
    }

    fn filter(&self) -> Option<&Filter> {
        self.world.config.filters.get(self.request.filter.as_deref()?)
    }

    fn chain_until(&self) -> Option<Deadline> {
        self.until.map(|until| Deadline(until.0.checked_sub(FALLBACK_SHARE).unwrap_or(until.0)))
    }

    fn flags(&self, stored: &Stored) -> Flags {
        self.world.policy.flags(stored.subject.as_deref(), &self.signals, self.now)
    }

    fn profile(&self, stored: Stored) -> Profile {
        Profile {
            subject_id: self.request.subject.clone().filter(|_| stored.subject.is_some()),
            subject: stored.subject,
            session: stored.session,
            sent: self.sent.clone(),
        }
    }

    async fn stored(&self, inner: &Inner) -> Result<Stored, Unreadable> {
        stored(&inner.parts, self.request.subject.as_ref(), self.request.session.as_ref(), self.chain_until())
            .await
    }
}

/// Answers a request. `above` are the items that the lists above on the same page show; with `distinct` none
/// of them is repeated.
pub(crate) async fn recommend(
    inner: &Inner,
    prepared: &Prepared<'_>,
    above: &HashSet<ItemIndex>,
    distinct: bool,
) -> Result<(Answer, Vec<ItemIndex>), Problem> {
    inner.requests.fetch_add(1, Ordering::Relaxed);
    let made = decided(inner, prepared, above, distinct).await;
    answer::of(inner, prepared, made)
}

/// Makes the page. Where the stop switch or the person's flags changed meanwhile it is made once more, and
/// then without the chain.
async fn decided(inner: &Inner, prepared: &Prepared<'_>, above: &HashSet<ItemIndex>, distinct: bool) -> Made {
    let mut stored = prepared.stored(inner).await;
    for _ in 0..2 {
        let Ok(known) = stored else {
            break;
        };
        let stop = inner.stop.load_full();
        let flags = prepared.flags(&known);
        let question = Question {
            prepared,
            profile: prepared.profile(known),
            flags,
            stop: &stop.stop,
            above,
            distinct,
            chain: Chain::Whole,
        };
        let made = make::make(inner, &question).await;
        let unchanged = inner.stop.load().generation == stop.generation;
        stored = prepared.stored(inner).await;
        if unchanged && stored.as_ref().is_ok_and(|now_known| prepared.flags(now_known) == flags) {
            return made;
        }
        inner.counters.add(None, "decided-again", 1);
    }
    let chain = if stored.is_err() { Chain::Unreadable } else { Chain::Changed };
    let stop = inner.stop.load_full();
    let nobody = Stored::default();
    let question = Question {
        prepared,
        flags: prepared.flags(&nobody),
        profile: prepared.profile(nobody),
        stop: &stop.stop,
        above,
        distinct,
        chain,
    };
    make::make(inner, &question).await
}
