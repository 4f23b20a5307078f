//! The catalogue: what a shop sends is admitted by the policy, made durable, and seen by the next answer.

mod change;
mod raw;

use std::sync::Arc;

pub(crate) use change::{Popularity, ToPurge, apply, forbid, purge};
use jardin_model::{Item, ItemChange, ItemId, Namespace, Value};
use jardin_policy::{Redacted, rules::Class};
use serde_json::Value as Json;

use crate::{
    Dropped, Fields, ItemShown, Problem, Receipt, Refused, inner::Inner, values, version, world::World,
};

/// Sets or patches one item.
pub(crate) async fn put(
    inner: &Inner,
    id: &ItemId,
    fields: Fields,
    if_match: Option<&str>,
    patch: bool,
) -> Result<(ItemShown, Receipt), Problem> {
    let mut changing = inner.changing.lock().await;
    let world = inner.world();
    let present = stored(&world, id);
    version::matches(if_match, present.as_ref().map(|item| inner.version(item)).as_deref())?;
    let base = match (patch, present) {
        (true, None) => return Err(Problem::missing("item")),
        (true, Some(item)) => Some(item),
        (false, _) => None,
    };
    let admitted = world.policy.admit_item(raw::item(id, fields, base, &world)).map_err(|names| {
        Problem::Unprocessable { what: "an item lacks fields that the policy always asks for", names }
    })?;
    let (item, redacted) = admitted.into_parts();
    apply(inner, &mut changing, vec![ItemChange::Put(item.clone())]).await?;
    let receipt = Receipt { accepted: 1, redacted: dropped(0, redacted), ..Receipt::default() };
    Ok((shown(inner, &world, &item), receipt))
}

/// Removes one item.
pub(crate) async fn remove(inner: &Inner, id: &ItemId, if_match: Option<&str>) -> Result<(), Problem> {
    let mut changing = inner.changing.lock().await;
    let present = stored(&inner.world(), id).ok_or(Problem::missing("item"))?;
    version::matches(if_match, Some(&inner.version(&present)))?;
    apply(inner, &mut changing, vec![ItemChange::Remove(id.clone())]).await
}

/// Sets many items, or makes the catalogue exactly these.
pub(crate) async fn put_many(inner: &Inner, items: Vec<Json>, replace: bool) -> Result<Receipt, Problem> {
    let mut changing = inner.changing.lock().await;
    let world = inner.world();
    let mut receipt = Receipt::default();
    let mut changes = Vec::with_capacity(items.len());
    for (index, json) in items.into_iter().enumerate() {
        match raw::admitted(json, &world) {
            Ok((item, redacted)) => {
                receipt.redacted.extend(dropped(index, redacted));
                changes.push(ItemChange::Put(item));
            }
            Err((problem, names)) => receipt.rejected.push(Refused { index, problem, names }),
        }
    }
    if replace {
        if !receipt.rejected.is_empty() {
            receipt.redacted.clear();
            return Ok(receipt);
        }
        changes.splice(0..0, removals(&world, &changes));
    }
    receipt.accepted = changes.iter().filter(|c| matches!(c, ItemChange::Put(_))).count();
    apply(inner, &mut changing, changes).await?;
    inner.due.count_soon.store(true, std::sync::atomic::Ordering::Relaxed);
    Ok(receipt)
}

fn removals(world: &World, changes: &[ItemChange]) -> Vec<ItemChange> {
    let ids = world.screened.catalogue().ids();
    let kept: std::collections::HashSet<&ItemId> = changes
        .iter()
        .filter_map(|c| if let ItemChange::Put(item) = c { Some(&item.id) } else { None })
        .collect();
    let live = world.screened.catalogue().rows().filter_map(|row| ids.id(row.index()));
    live.filter(|id| !kept.contains(id)).map(|id| ItemChange::Remove(id.clone())).collect()
}

/// What is stored of a live item, confidential fields included: a row holds every declared value exactly.
pub(crate) fn stored(world: &World, id: &ItemId) -> Option<Item> {
    let catalogue = world.screened.catalogue();
    let row = catalogue.find(id)?;
    let given = world
        .policy
        .rules()
        .fields
        .iter()
        .filter(|f| f.path.namespace == Namespace::Item && f.popularity.is_none());
    let fields = given.filter_map(|f| {
        let value = values::of_cell(row.field(&f.path.name), f.kind, catalogue.dictionary())?;
        Some((Arc::clone(&f.path.name), value))
    });
    Some(Item { id: id.clone(), fields: fields.collect() })
}

/// What leaves over HTTP of an item.
pub(crate) fn shown(inner: &Inner, world: &World, item: &Item) -> ItemShown {
    let is_open = |name: &str| {
        world.policy.rules().declared(Namespace::Item, name).is_some_and(|f| f.class != Class::Confidential)
    };
    let open = item.fields.iter().filter(|(name, _)| is_open(name));
    ItemShown {
        id: item.id.clone(),
        fields: open.map(|(name, value): (_, &Value)| (Arc::clone(name), values::to_json(value))).collect(),
        version: inner.version(item),
    }
}

pub(crate) fn dropped(index: usize, redacted: impl IntoIterator<Item = Redacted>) -> Vec<Dropped> {
    let one = |r: Redacted| Dropped { index, fields: r.fields, rule: r.rule };
    redacted.into_iter().map(one).collect()
}
