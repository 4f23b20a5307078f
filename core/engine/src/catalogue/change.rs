//! One change of the catalogue: durable first, then seen, then what it means for people's events.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use jardin_model::{Item, ItemChange, ItemId, ItemIndex, Value};
use jardin_policy::ScreenedCatalogue;

use crate::{Problem, inner::Inner};

/// What the host counted for each popularity field; a change of an item does not lose it.
pub(crate) type Popularity = BTreeMap<Arc<str>, HashMap<ItemIndex, f64>>;

/// Makes changes durable and visible, all or none. `counted` stands behind the lock that is held while the
/// world changes.
pub(crate) async fn apply(
    inner: &Inner,
    counted: &mut Popularity,
    changes: Vec<ItemChange>,
) -> Result<(), Problem> {
    if changes.is_empty() {
        return Ok(());
    }
    inner.parts.state.change_items(changes.clone()).await?;
    let world = inner.world();
    let ids = world.screened.catalogue().ids();
    let visible: Vec<ItemChange> =
        changes.into_iter().map(|c| with_counts(c, counted, |id| ids.index_or_assign(id))).collect();
    let catalogue = world.screened.catalogue().with(&visible);
    let screened = Arc::new(world.policy.screen(catalogue, Some(&world.screened)));
    inner.set_world(world.with_catalogue(Arc::clone(&screened)));
    let touched = visible.iter().filter_map(|c| ids.index(changed(c)));
    forbid(inner, &world.screened, &screened, touched).await;
    if inner.fallbacks.is_short() {
        inner.fallbacks.refresh(&inner.parts, &inner.world(), &inner.counters).await;
    }
    Ok(())
}

const fn changed(change: &ItemChange) -> &ItemId {
    match change {
        ItemChange::Put(item) => &item.id,
        ItemChange::Remove(id) => id,
    }
}

fn with_counts(change: ItemChange, counted: &Popularity, index: impl Fn(&ItemId) -> ItemIndex) -> ItemChange {
    match change {
        ItemChange::Put(item) => {
            let index = index(&item.id);
            ItemChange::Put(raised(item, index, counted))
        }
        ItemChange::Remove(id) => ItemChange::Remove(id),
    }
}

/// An item with what was counted for it.
pub(crate) fn raised(mut item: Item, index: ItemIndex, counted: &Popularity) -> Item {
    for (field, counts) in counted {
        if let Some(n) = counts.get(&index) {
            item.fields.insert(Arc::clone(field), Value::Number(*n));
        }
    }
    item
}

/// What follows for people where items may or may no longer be tied to them: what was learned is learned
/// anew, and events that hold an item of `[never]` go. An item that was merely unknown before may stand in
/// events already.
pub(crate) async fn forbid(
    inner: &Inner,
    before: &ScreenedCatalogue,
    after: &ScreenedCatalogue,
    touched: impl Iterator<Item = ItemIndex>,
) {
    let is_listed = |screened: &ScreenedCatalogue, i: ItemIndex| {
        screened.catalogue().row(i).is_some() && screened.is_never(i)
    };
    let (mut changed, mut never) = (Vec::new(), Vec::new());
    for item in touched {
        if before.may_be_tied_to_a_person(item) != after.may_be_tied_to_a_person(item) {
            changed.push(item);
        }
        if is_listed(after, item) && !is_listed(before, item) {
            never.push(item);
        }
    }
    inner.learning.items_changed(&changed);
    inner.to_purge.add(&never);
    purge(inner).await;
    inner.wake.notify_one();
    inner.learn.notify_one();
}

/// Removes the events that hold items of `[never]`. Where the store cannot, they wait: no view shows them
/// meanwhile.
pub(crate) async fn purge(inner: &Inner) {
    let items = inner.to_purge.all();
    if items.is_empty() {
        return;
    }
    match inner.parts.state.purge_items(&items).await {
        Ok(gone) => {
            inner.to_purge.done(&items);
            inner.learning.events_gone(&gone);
        }
        Err(_) => inner.counters.add(None, "purges-failed", 1),
    }
}

/// Items whose events still have to go.
#[derive(Debug, Default)]
pub(crate) struct ToPurge(Mutex<BTreeSet<ItemIndex>>);

impl ToPurge {
    pub(crate) fn add(&self, items: &[ItemIndex]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(items);
    }

    fn all(&self) -> Vec<ItemIndex> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    fn done(&self, items: &[ItemIndex]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|i| !items.contains(i));
    }
}
