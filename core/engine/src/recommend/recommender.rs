//! Answers requests: the way of one, from what is resolved to the answer.

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use jardin_contract::{AuditLog, Clock, StateStore};
use jardin_model::{RecommendationId, SubjectId};
use jardin_policy::StrategyName;

use super::{
    answer::make_answer,
    answer_id::AnswerIds,
    chain::{ChainEntry, ChainResult, authorize_chain, may_use_basket, run_chain_entry, run_together},
    decision_record,
    fallback::Fallbacks,
    finish::Finish,
    hidden::{HiddenItems, ItemsAbove},
    list::CandidateList,
    made_page::MadePage,
    page::Page,
    personalised_request::{NoListReason, PersonalisedRequest},
    recent_answers::RecentAnswers,
    resolved_request::ResolvedRequest,
    sponsored,
};
use crate::{
    api::{Answer, AttemptStatus, Problem, Request, StrategyAttempt},
    clock_watch::ClockWatch,
    config::{Fill, LeaveOut, Placement},
    counters::{Counters, UNKNOWN_ITEMS},
    in_force::InForce,
    parts::EngineParts,
    stop_switch::StopSwitch,
    stored_person::StoredPerson,
};

/// How often a page is made for a person before the chain is left out.
const MAX_TRIES: usize = 2;

/// Answers requests for recommendations.
pub(crate) struct Recommender {
    pub(super) clock: Arc<dyn Clock>,
    clock_watch: Arc<ClockWatch>,
    state: Arc<dyn StateStore>,
    pub(super) in_force: Arc<InForce>,
    stop: Arc<StopSwitch>,
    fallbacks: Arc<Fallbacks>,
    counters: Arc<Counters>,
    pub(super) answer_ids: AnswerIds,
    pub(super) recent_answers: RecentAnswers,
    /// Where decisions are recorded.
    audit: OnceLock<Arc<dyn AuditLog>>,
}

impl Recommender {
    pub(crate) fn new(
        parts: &EngineParts,
        in_force: Arc<InForce>,
        stop: Arc<StopSwitch>,
        fallbacks: Arc<Fallbacks>,
        counters: Arc<Counters>,
        clock_watch: Arc<ClockWatch>,
    ) -> Self {
        let secret = parts.state.derive_secret("recommendation-id");
        Self {
            answer_ids: AnswerIds::new(secret, parts.clock.now(), parts.seed),
            audit: OnceLock::new(),
            recent_answers: RecentAnswers::default(),
            clock: Arc::clone(&parts.clock),
            clock_watch,
            state: Arc::clone(&parts.state),
            in_force,
            stop,
            fallbacks,
            counters,
        }
    }

    /// Records from now on what is decided by looking at somebody; the first log that is named stays.
    pub(crate) fn record_decisions(&self, audit: Arc<dyn AuditLog>) {
        let _ = self.audit.set(audit);
    }

    /// Answers the requests of one page in their order; with `distinct` no item stands twice on the page.
    pub(crate) async fn recommend(
        &self,
        requests: &[Request],
        distinct: bool,
    ) -> Result<Vec<Answer>, Problem> {
        let world = self.in_force.world();
        let resolve = |r| ResolvedRequest::new(r, &world, &*self.clock, &self.clock_watch);
        let resolved: Vec<ResolvedRequest<'_>> = requests.iter().map(resolve).collect::<Result<_, _>>()?;
        let mut above = HashSet::new();
        let mut answers = Vec::with_capacity(requests.len());
        for (at, resolved) in resolved.iter().enumerate() {
            self.counters.add_request();
            self.counters.add_overall(UNKNOWN_ITEMS, world.count_unknown_sent(&resolved.sent));
            let id = self.answer_ids.next_id(resolved.origin()).ok_or(Problem::NotReady)?;
            let items_above = ItemsAbove { items: &above, distinct: distinct && at > 0 };
            let mut page = self.decide_page(resolved, items_above).await;
            if !self.record_page(resolved, &id, &page) {
                page = self.make_for_nobody(resolved, items_above, "audit").await;
            }
            if at + 1 < requests.len() {
                above.extend(page.items.iter().map(|i| i.item));
            }
            let answer = make_answer(id, resolved, page);
            // a list of nobody's says by its id alone all that can be asked of it
            if resolved.names_somebody() {
                self.recent_answers.add_answer(resolved.given_answer(&answer));
            }
            answers.push(answer);
        }
        Ok(answers)
    }

    /// Records what was decided, where the policy says so; false where that cannot be.
    fn record_page(&self, resolved: &ResolvedRequest<'_>, id: &RecommendationId, page: &MadePage) -> bool {
        let Some(rule) = &resolved.world.policy.rules().record.audit else { return true };
        let Some(audit) = self.audit.get() else { return true };
        let decided = decision_record::decided_answer(resolved, id, page, rule);
        decided.is_none_or(|decided| audit.record_decision(decided))
    }

    /// Forgets what was answered to somebody.
    pub(crate) fn forget_subject(&self, id: &SubjectId) {
        self.recent_answers.forget_subject(id);
    }

    /// Makes the page. Where the stop switch or the person's flags changed meanwhile it is made once more,
    /// and then without the chain.
    async fn decide_page(&self, resolved: &ResolvedRequest<'_>, above: ItemsAbove<'_>) -> MadePage {
        if resolved.request.is_shed {
            return self.make_for_nobody(resolved, above, "overload").await;
        }
        let mut person = resolved.read_person(&*self.state, &*self.clock).await;
        if let Ok(known) = &person {
            resolved.touch_visit(known, &*self.state).await;
        }
        for _ in 0..MAX_TRIES {
            let Ok(known) = person else {
                break;
            };
            let stop = self.stop.stopped();
            let request = resolved.personalise(known, &stop.stop, &*self.clock, &self.counters);
            let made = self.make_page(resolved, &request, above, None).await;
            let unchanged = self.stop.stopped().generation == stop.generation;
            person = resolved.read_person(&*self.state, &*self.clock).await;
            let is_same = |known: &StoredPerson| resolved.person_flags(known) == request.flags;
            if unchanged && person.as_ref().is_ok_and(is_same) {
                return made;
            }
            self.counters.add_overall("decided-again", 1);
        }
        let skipped = if person.is_err() { "store" } else { "changed" };
        self.make_for_nobody(resolved, above, skipped).await
    }

    /// The page of nobody, without the chain; `skipped` says why.
    async fn make_for_nobody(
        &self,
        resolved: &ResolvedRequest<'_>,
        above: ItemsAbove<'_>,
        skipped: &'static str,
    ) -> MadePage {
        let (nobody, stop) = (StoredPerson::default(), self.stop.stopped());
        let request = resolved.personalise(nobody, &stop.stop, &*self.clock, &self.counters);
        self.make_page(resolved, &request, above, Some(skipped)).await
    }

    /// The chain, the fallback, the paid places, and the last look at what can be sold. Where the chain
    /// cannot be run, `skipped` says why.
    async fn make_page(
        &self,
        resolved: &ResolvedRequest<'_>,
        request: &PersonalisedRequest<'_>,
        above: ItemsAbove<'_>,
        skipped: Option<&'static str>,
    ) -> MadePage {
        let placement = resolved.placement;
        let mut made = MadePage::default();
        let chain = authorize_chain(request, &placement.chain, skipped);
        let is_sent = || resolved.sent.iter().any(|(id, _)| Some(*id) == request.world.basket);
        let wants_basket = placement.leave_out.contains(&LeaveOut::Basket) && is_sent();
        let may_use_basket = wants_basket && may_use_basket(request, &chain);
        let hidden =
            HiddenItems::of_request(resolved, above, may_use_basket, request.profile.session.as_deref());
        let finish = authorize_finish(request, placement, resolved.limit, &mut made);
        let mut page = Page::new(request, &hidden, finish.as_ref(), resolved.limit);
        let always = if above.distinct { &placement.always_called_below } else { &placement.always_called };
        let given = run_together(request, &chain, always, resolved.limit).await;
        let given = given.into_iter().chain(std::iter::repeat_with(|| None));
        lay_chain(&mut page, &mut made, request, chain.iter().zip(given), resolved.limit).await;
        let name = request.world.fallback();
        // a chain that names the fallback means it
        let may_fill = placement.fill == Fill::Fallback || placement.chain.contains(name);
        if page.missing_items() > 0 && may_fill {
            let list = request.authorize(name).and_then(|_| self.fallbacks.fallback_list(request.place));
            lay_list(&mut page, &mut made, name, list, true).await;
        }
        let is_dropped = |item| page.drops(item);
        let paid = sponsored::fill_places(request, &hidden, finish.as_ref(), &is_dropped).await;
        made.lay_out(&mut page, paid, &self.in_force.world(), resolved.limit);
        made.clear_below(placement.at_least.min(resolved.limit));
        made.looked_at = request.looked_at();
        if page.finish_failed {
            made.warnings.push("finish-failed");
        }
        made
    }
}

fn authorize_finish(
    request: &PersonalisedRequest<'_>,
    placement: &Placement,
    limit: usize,
    made: &mut MadePage,
) -> Option<Finish> {
    let finish = Finish::authorize(request, placement.finish.as_ref()?, limit);
    let warn = |reason: &NoListReason| {
        let is_refused = matches!(reason, NoListReason::Refused(_));
        made.warnings.push(if is_refused { "finish-stopped" } else { "finish-failed" });
    };
    finish.inspect_err(warn).ok()
}

/// Lays the lists of a chain until the page is full. An entry that was not run yet is run where it is needed.
async fn lay_chain<'a>(
    page: &mut Page<'_>,
    made: &mut MadePage,
    request: &PersonalisedRequest<'_>,
    chain: impl Iterator<Item = (&'a ChainEntry<'a>, Option<ChainResult>)>,
    page_limit: usize,
) {
    for (entry, given) in chain {
        if page.missing_items() == 0 {
            return;
        }
        let list = match given {
            Some(list) => list,
            None => run_chain_entry(request, entry, page_limit).await,
        };
        lay_list(page, made, entry.name, list.map(Arc::new), false).await;
    }
}

/// Lays a list on the page, or notes why there is none.
async fn lay_list(
    page: &mut Page<'_>,
    made: &mut MadePage,
    name: &StrategyName,
    list: Result<Arc<CandidateList>, NoListReason>,
    is_shared: bool,
) {
    let attempt = match list {
        Ok(list) => {
            page.fill_page(list, is_shared).await;
            StrategyAttempt { name: name.clone(), status: AttemptStatus::Ran, why: None }
        }
        Err(reason) => reason.as_attempt(name),
    };
    made.attempts.push(attempt);
}
