//! One strategy's list: view, sources, run under a deadline, check.

use std::{future::Future, pin::Pin, sync::Arc};

use jardin_contract::{Failure, Sources, StrategyRequest};
use jardin_model::Namespace;

use super::{
    check,
    deadline::run_until,
    kept_sources::SourceQuestion,
    list::CandidateList,
    personalised_request::{Authorized, NoListReason, PersonalisedRequest},
    sources::{self, AskedList, SourceList},
};
use crate::api::Level;

/// How deep strategies may ask each other; the policy has no cycles, and no shop needs more.
const MAX_DEPTH: usize = 8;

type Running<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a strategy that may run gives for this request.
pub(super) fn run_strategy<'a>(
    request: &'a PersonalisedRequest<'_>,
    authorized: &'a Authorized<'_>,
    limit: usize,
) -> Running<'a, Result<CandidateList, NoListReason>> {
    run_at_depth(request, authorized, limit, MAX_DEPTH)
}

fn run_at_depth<'a>(
    request: &'a PersonalisedRequest<'_>,
    authorized: &'a Authorized<'_>,
    limit: usize,
    depth: usize,
) -> Running<'a, Result<CandidateList, NoListReason>> {
    Box::pin(async move {
        let list = make_list(request, authorized, limit, depth).await.map_err(NoListReason::from);
        list.inspect_err(|reason| request.count_failure(&authorized.grant.strategy().name, reason))
    })
}

async fn make_list(
    request: &PersonalisedRequest<'_>,
    authorized: &Authorized<'_>,
    limit: usize,
    depth: usize,
) -> Result<CandidateList, Failure> {
    let Authorized { grant, strategy } = authorized;
    let depth = depth.checked_sub(1).ok_or(Failure::Limit { limit: "depth of asking" })?;
    let mut own = request.strategy_request(grant, limit);
    let wanted = run_until(request.chain_deadline(own.deadline), strategy.sources(&own)).await?;
    let found = find_candidates(request, &wanted, &own, depth).await?;
    let mut candidates = found.items;
    candidates.truncate(Sources::MOST);
    // the strategies that were asked have their own time
    own.deadline = request.strategy_deadline(grant.strategy().limits.time_ms);
    request.count_run(&grant.strategy().name);
    let until = request.chain_deadline(own.deadline);
    let ranking = run_until(until, strategy.recommend(&own, &candidates)).await?;
    let given = (wanted != Sources::Own).then_some(&candidates[..]);
    let checked = check::check_ranking(request, grant.strategy(), &own.view, ranking, given)?;
    Ok(CandidateList {
        strategy: grant.strategy().name.clone(),
        level: view_level(&own).max(found.level),
        personal: grant.reads_a_person() || found.personal,
        view: Arc::clone(&own.view),
        candidates: checked.candidates,
        reasons: checked.reasons,
        dropped: checked.dropped,
        rules: checked.rules,
    })
}

async fn find_candidates(
    request: &PersonalisedRequest<'_>,
    wanted: &Sources,
    own: &StrategyRequest,
    depth: usize,
) -> Result<SourceList, Failure> {
    sources::check_granted(wanted, &own.view)?;
    let mut lists = Vec::new();
    for asked in sources::asked_lists(wanted) {
        lists.push(ask_strategy(request, &asked, depth).await);
    }
    Ok(sources::join_sources(request.world, wanted, &own.view, &mut lists.into_iter()))
}

/// The list of a strategy that another one asked. It decides and sees by itself: where it may not run or
/// fails, its list is empty.
async fn ask_strategy(request: &PersonalisedRequest<'_>, asked: &AskedList<'_>, depth: usize) -> SourceList {
    let authorized =
        request.authorize(asked.strategy).inspect_err(|reason| request.count_failure(asked.strategy, reason));
    let Ok(authorized) = authorized else {
        return SourceList::default();
    };
    let kept = &request.world.kept_sources;
    let question = SourceQuestion::of_fallback(request, &authorized, asked.limit);
    if let Some(list) = question.as_ref().and_then(|question| kept.find_list(question)) {
        return SourceList::clone(&list);
    }
    let Ok(list) = run_at_depth(request, &authorized, asked.limit, depth).await else {
        return SourceList::default();
    };
    let list = source_list(request, &list, asked.limit);
    if let Some(question) = question {
        kept.keep_list(question, &list);
    }
    list
}

fn source_list(request: &PersonalisedRequest<'_>, list: &CandidateList, limit: usize) -> SourceList {
    let items = list.items_as_source(request, limit);
    // a list that gave nothing tells nothing
    let level = if items.is_empty() { Level::Popular } else { list.level };
    SourceList { personal: list.personal && !items.is_empty(), items, level }
}

/// The widest namespace of a value that is present.
fn view_level(own: &StrategyRequest) -> Level {
    match own.view.widest() {
        Some(Namespace::Subject) => Level::Full,
        Some(Namespace::Session | Namespace::Event) => Level::Session,
        Some(Namespace::Context) => Level::Contextual,
        Some(Namespace::Item) | None => Level::Popular,
    }
}
