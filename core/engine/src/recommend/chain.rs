//! A placement's chain: each strategy is decided upon once, and its grant handed on to where it runs.

use std::{
    collections::BTreeSet,
    future::{Future as _, poll_fn},
    task::Poll,
};

use jardin_contract::Failure;
use jardin_policy::StrategyName;

use super::{
    list::CandidateList,
    personalised_request::{Authorized, NoListReason, PersonalisedRequest},
    run,
};

/// One strategy of a chain with what was decided about it.
pub(super) struct ChainEntry<'a> {
    pub(super) name: &'a StrategyName,
    authorized: Result<Authorized<'a>, NoListReason>,
}

/// What an entry gave.
pub(super) type ChainResult = Result<CandidateList, NoListReason>;

/// Decides about every strategy of a chain but the fallback. Where the chain cannot be run at all, `skipped`
/// says why.
pub(super) fn authorize_chain<'a>(
    request: &'a PersonalisedRequest<'_>,
    chain: &'a [StrategyName],
    skipped: Option<&'static str>,
) -> Vec<ChainEntry<'a>> {
    let decide = |name| match skipped {
        Some(word) => Err(NoListReason::Skipped(word)),
        None => request.authorize(name),
    };
    let own = chain.iter().filter(|name| *name != request.world.fallback());
    own.map(|name| ChainEntry { name, authorized: decide(name) }).collect()
}

/// What an entry gives for a page of `page_limit` items. What may not run is refused, also where no time is
/// left.
pub(super) async fn run_chain_entry(
    request: &PersonalisedRequest<'_>,
    entry: &ChainEntry<'_>,
    page_limit: usize,
) -> ChainResult {
    let authorized = entry.authorized.as_ref().map_err(Clone::clone)?;
    if request.is_chain_late() {
        return Err(Failure::Late.into());
    }
    let limit = asked_limit(authorized.grant.strategy().limits.results, page_limit);
    run::run_strategy(request, authorized, limit).await
}

/// How many items a strategy is asked for: more than are shown, so that what is hidden, dropped or given by
/// others can be refilled, and the same whatever that is. A number that followed it would tell a strategy
/// about it.
fn asked_limit(results: u32, page_limit: usize) -> usize {
    let most = usize::try_from(results).unwrap_or(usize::MAX);
    page_limit.saturating_mul(3).saturating_add(40).min(most)
}

/// Runs the first entry and, at the same moment, every other one of `names`. What is not run here is `None`; where nothing
/// is, nothing comes.
pub(super) async fn run_together(
    request: &PersonalisedRequest<'_>,
    chain: &[ChainEntry<'_>],
    names: &[StrategyName],
    page_limit: usize,
) -> Vec<Option<ChainResult>> {
    if !chain.iter().skip(1).any(|entry| names.contains(entry.name)) {
        return Vec::new();
    }
    let mut results: Vec<Option<ChainResult>> = chain.iter().map(|_| None).collect();
    let mut running: Vec<_> = chain
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let runs = at == 0 || names.contains(entry.name);
            runs.then(|| Box::pin(run_chain_entry(request, entry, page_limit)))
        })
        .collect();
    poll_fn(|context| {
        for (result, run) in results.iter_mut().zip(&mut running) {
            if let Some(Poll::Ready(list)) = run.as_mut().map(|run| run.as_mut().poll(context)) {
                (*result, *run) = (Some(list), None);
            }
        }
        if running.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    results
}

/// True while a strategy of the chain, or one that it may ask, is granted the basket and may run: only then
/// may the basket show in an answer.
pub(super) fn may_use_basket(request: &PersonalisedRequest<'_>, chain: &[ChainEntry<'_>]) -> bool {
    let Some(basket) = request.world.basket else {
        return false;
    };
    let reads_basket = |authorized: &Authorized<'_>| {
        authorized.grant.strategy().may_read.iter().any(|grant| grant.field == basket)
    };
    // what may not run may not be asked for anything either
    let may_run: Vec<&Authorized<'_>> = chain.iter().filter_map(|e| e.authorized.as_ref().ok()).collect();
    let mut seen: BTreeSet<&StrategyName> = chain.iter().map(|e| e.name).collect();
    let mut open: Vec<&StrategyName> = may_run.iter().flat_map(|a| &a.grant.strategy().may_ask).collect();
    if may_run.into_iter().any(reads_basket) {
        return true;
    }
    while let Some(name) = open.pop() {
        let Some(rule) = request.world.policy.strategy(name.as_str()).filter(|_| seen.insert(name)) else {
            continue;
        };
        if let Ok(authorized) = request.authorize(name) {
            if reads_basket(&authorized) {
                return true;
            }
            open.extend(&rule.may_ask);
        }
    }
    false
}
