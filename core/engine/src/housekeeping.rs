//! What is due from time to time: popularity, the sweep, the fallback's list, what strategies are told of the
//! catalogue.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use jardin_model::{HOUR_MS, MINUTE_MS, Timestamp};
use jardin_policy::ScreenedCatalogue;

use crate::{catalogue, inner::Inner, popularity};

/// When things were done last.
#[derive(Default)]
pub(crate) struct Due {
    counted: Mutex<Option<Timestamp>>,
    swept: Mutex<Option<Timestamp>>,
    /// Much has been sent since popularity was counted.
    pub(crate) count_soon: AtomicBool,
    prepared: Mutex<Option<Arc<ScreenedCatalogue>>>,
}

/// True, and noted as done, where `every` has passed since it was done last, or the clock stepped back.
fn is_due(last: &Mutex<Option<Timestamp>>, now: Timestamp, every: i64) -> bool {
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    let due = last.is_none_or(|last| now < last || now.ms_since(last) >= every);
    if due {
        *last = Some(now);
    }
    due
}

/// Does what is due. A store that fails is asked again when the time comes round.
pub(crate) async fn tick(inner: &Inner) {
    let now = inner.parts.clock.now();
    catalogue::purge(inner).await;
    sweep(inner, now).await;
    let soon = inner.due.count_soon.load(Ordering::Relaxed);
    if is_due(&inner.due.counted, now, if soon { MINUTE_MS } else { HOUR_MS }) {
        inner.due.count_soon.store(false, Ordering::Relaxed);
        if popularity::count(inner).await.is_err() {
            inner.counters.add(None, "popularity-failed", 1);
        }
    }
    prepare(inner).await;
    inner.fallbacks.refresh(&inner.parts, &inner.world(), &inner.counters).await;
}

/// Removes what nobody may keep any longer, and what was learned from it.
async fn sweep(inner: &Inner, now: Timestamp) {
    if !is_due(&inner.due.swept, now, HOUR_MS) {
        return;
    }
    let plan = inner.world().policy.sweep_plan(now);
    if inner.parts.state.sweep(&plan).await.is_err() {
        inner.counters.add(None, "sweeps-failed", 1);
        return;
    }
    inner.learning.swept(&plan);
    inner.learn.notify_one();
}

/// Tells each strategy a new state of the catalogue. One that cannot take it is told again with its next
/// request.
async fn prepare(inner: &Inner) {
    let world = inner.world();
    {
        let mut prepared = inner.due.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if prepared.as_ref().is_some_and(|p| Arc::ptr_eq(p, &world.screened)) {
            return;
        }
        *prepared = Some(Arc::clone(&world.screened));
    }
    let now = inner.parts.clock.now();
    for (name, loaded) in
        world.strategies.iter().filter(|(_, l)| l.file == jardin_policy::FileState::Reviewed)
    {
        if let Some(view) = world.policy.catalogue_view(name.as_str(), &world.screened, now)
            && let Err(failure) = loaded.strategy.prepare(Arc::new(view)).await
        {
            inner.counters.add(Some(name), failure.word(), 1);
        }
    }
}
