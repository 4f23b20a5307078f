//! The beginning of an engine, its reloads and its background work.

use std::{
    sync::{Arc, Weak, atomic::Ordering},
    time::Duration,
};

use jardin_contract::{StateStore, StoreError};
use jardin_model::{Catalogue, ItemChange, ItemIndex};
use jardin_policy::{Policy, ScreenedCatalogue};
use tokio::{sync::Notify, task::AbortHandle};

use crate::{Parts, Problem, Shop, catalogue, housekeeping, inner::Inner, world::World};

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(1);
/// How long many changes in a row are gathered.
const GATHER: Duration = Duration::from_millis(50);

/// Reads the store and asks the fallback.
pub(crate) async fn start(parts: Parts, shop: Shop) -> Result<Inner, Problem> {
    let stop = parts.state.stop().await?;
    let screened = read_catalogue(&*parts.state, &shop.policy).await?;
    let secret = parts.state.secret("pseudonym");
    let inner = Inner::new(parts, World::new(shop, screened, secret), stop);
    let world = inner.world();
    inner.learning.policy_changed(&world);
    // the policy may have been changed while nothing ran
    inner.to_purge.add(&world.screened.never_items().collect::<Vec<ItemIndex>>());
    housekeeping::tick(&inner).await;
    Ok(inner)
}

/// The stored items as a policy sees them.
pub(crate) async fn read_catalogue<S: StateStore + ?Sized>(
    state: &S,
    policy: &Policy,
) -> Result<Arc<ScreenedCatalogue>, StoreError> {
    let items = state.items().await?;
    let admitted = items.into_iter().filter_map(|item| policy.admit_item(item).ok());
    let changes: Vec<ItemChange> = admitted.map(|item| ItemChange::Put(item.into_parts().0)).collect();
    let empty = Catalogue::new(policy.schema(), state.item_ids());
    Ok(Arc::new(policy.screen(empty.with(&changes), None)))
}

/// Puts a new state of the shop folder in force; the next request obeys it.
pub(crate) async fn reload(inner: &Inner, shop: Shop) -> Result<(), Problem> {
    let mut counted = inner.changing.lock().await;
    let before = inner.world();
    let screened = read_catalogue(&*inner.parts.state, &shop.policy).await?;
    let screened = with_counts(&shop.policy, screened, &mut counted);
    let world = World::new(shop, Arc::clone(&screened), inner.parts.state.secret("pseudonym"));
    inner.watch.follow(&world.tallies);
    inner.set_world(world);
    drop(counted);
    inner.policy_stale.store(false, Ordering::Relaxed);
    inner.learning.policy_changed(&inner.world());
    let all = u32::try_from(screened.catalogue().ids().len()).unwrap_or(u32::MAX);
    catalogue::forbid(inner, &before.screened, &screened, (0..all).map(ItemIndex)).await;
    inner.due.count_soon.store(true, Ordering::Relaxed);
    inner.learning.settle(inner).await;
    inner.wake.notify_one();
    inner.learn.notify_one();
    Ok(())
}

/// What was counted goes on to count, where the new policy still declares the field in the same way; the next
/// count is due at once.
fn with_counts(
    policy: &Policy,
    screened: Arc<ScreenedCatalogue>,
    counted: &mut catalogue::Popularity,
) -> Arc<ScreenedCatalogue> {
    let is_counted = |name: &str| {
        policy.rules().declared(jardin_model::Namespace::Item, name).is_some_and(|f| f.popularity.is_some())
    };
    counted.retain(|name, _| is_counted(name));
    let mut catalogue = screened.catalogue().clone();
    for (name, counts) in counted.iter() {
        if let Some(column) = catalogue.schema().position(name) {
            catalogue = catalogue.with_numbers(column, |item| counts.get(&item).copied());
        }
    }
    Arc::new(policy.screen(catalogue, Some(&screened)))
}

/// Keeps doing what is due, in two tasks: a strategy that learns slowly holds nothing else up.
pub(crate) fn work_in_background(inner: &Arc<Inner>) -> Vec<AbortHandle> {
    let keep_house = |inner: Arc<Inner>| async move { housekeeping::tick(&inner).await };
    let learn = |inner: Arc<Inner>| async move { inner.learning.catch_up(&inner).await };
    let tasks = [
        tokio::spawn(repeat(Arc::downgrade(inner), Arc::clone(&inner.wake), keep_house)),
        tokio::spawn(repeat(Arc::downgrade(inner), Arc::clone(&inner.learn), learn)),
    ];
    tasks.iter().map(|task| task.abort_handle()).collect()
}

async fn repeat<F: Future<Output = ()>>(
    inner: Weak<Inner>,
    wake: Arc<Notify>,
    work: impl Fn(Arc<Inner>) -> F,
) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = wake.notified() => tokio::time::sleep(GATHER).await,
        }
        let Some(inner) = inner.upgrade() else {
            return;
        };
        work(inner).await;
    }
}
