//! One strategy's list: decide, view, sources, run under a deadline, check.

use std::{future::Future, pin::Pin, sync::Arc};

use jardin_contract::{Ask, Deadline, Failure, Sources};
use jardin_model::ItemIndex;
use jardin_policy::StrategyName;

use super::{
    asking::{Asking, List, Without},
    check, sources,
};
use crate::Level;

/// How deep strategies may ask each other; the policy has no cycles, and no shop needs more.
const DEPTH: usize = 8;

type Running<'a> = Pin<Box<dyn Future<Output = Result<List, Without>> + Send + 'a>>;

/// What a strategy gives for this request.
pub(crate) fn run<'a>(asking: &'a Asking<'a>, name: &'a StrategyName, limit: usize) -> Running<'a> {
    at_depth(asking, name, limit, DEPTH)
}

/// As [`run`], for a strategy that was asked by others.
pub(super) fn at_depth<'a>(
    asking: &'a Asking<'a>,
    name: &'a StrategyName,
    limit: usize,
    depth: usize,
) -> Running<'a> {
    Box::pin(async move {
        let given = one(asking, name, limit, depth).await;
        if let Err(without) = &given {
            asking.note(name, without);
        }
        given
    })
}

async fn one(asking: &Asking<'_>, name: &StrategyName, limit: usize, depth: usize) -> Result<List, Without> {
    let (grant, loaded) = asking.leave(name)?;
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Failure::Limit { limit: "depth of asking" }.into());
    };
    let mut ask = asking.ask(&grant, limit);
    let wanted = within(ask.deadline, loaded.strategy.sources(&ask)).await?;
    let finds_by_itself = wanted == Sources::Own;
    let found = sources::resolve(asking, &wanted, &ask.view, depth).await?;
    let candidates: Vec<ItemIndex> = found.items.into_iter().take(Sources::MOST).collect();
    // the strategies that were asked have their own time
    ask.deadline = asking.own_deadline(grant.strategy().limits.time_ms);
    asking.runs(name);
    let ranking = within(ask.deadline, loaded.strategy.recommend(&ask, &candidates)).await?;
    let given = (!finds_by_itself).then_some(&candidates[..]);
    let (candidates, rules) = check::checked(asking, grant.strategy(), &ask.view, ranking, given)?;
    Ok(List {
        strategy: name.clone(),
        level: level(&ask).max(found.level),
        personal: grant.reads_a_person() || found.personal,
        view: Arc::clone(&ask.view),
        candidates,
        rules,
    })
}

/// The widest namespace of a value that is present.
fn level(ask: &Ask) -> Level {
    use jardin_model::Namespace;
    match ask.view.widest() {
        Some(Namespace::Subject) => Level::Full,
        Some(Namespace::Session | Namespace::Event) => Level::Session,
        Some(Namespace::Context) => Level::Contextual,
        Some(Namespace::Item) | None => Level::Popular,
    }
}

/// Runs until a deadline and not longer.
pub(super) async fn within<T>(
    deadline: Deadline,
    running: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::time::timeout_at(deadline.0.into(), running).await.unwrap_or(Err(Failure::Late))
}
