//! The kill switch beside the policy's own `[stop]`.

use std::sync::Arc;

use jardin_policy::{Stop, StrategyName};

use crate::{
    Problem,
    inner::{Inner, Stopped},
};

/// Switches off and on; durable first, then obeyed, also by answers in flight.
pub(crate) async fn put(inner: &Inner, everything: bool, names: &[&str]) -> Result<Stop, Problem> {
    // one switch at a time, so that the last one that was stored is the one that is obeyed
    let _changing = inner.changing.lock().await;
    let world = inner.world();
    let known = &world.policy.rules().strategies;
    let mut strategies: Vec<StrategyName> = Vec::new();
    for name in names {
        let declared =
            known.get_key_value(*name).map(|(name, _)| name).filter(|name| *name != world.fallback());
        let Some(declared) = declared else {
            return Err(Problem::Unprocessable {
                what: "it names a strategy that the policy does not declare, or the fallback, which ends every chain",
                names: known.keys().filter(|n| *n != world.fallback()).map(|n| n.as_str().into()).collect(),
            });
        };
        if !strategies.contains(declared) {
            strategies.push(declared.clone());
        }
    }
    let stop = Stop { everything, strategies };
    inner.parts.state.put_stop(&stop).await?;
    let generation = inner.stop.load().generation + 1;
    inner.stop.store(Arc::new(Stopped { generation, stop: stop.clone() }));
    inner.learn.notify_one();
    Ok(stop)
}
