//! Changes of items: durable first, then seen, then what they mean for people's events.

use std::{collections::HashSet, sync::Arc};

use jardin_contract::StateStore;
use jardin_model::{Item, ItemChange, ItemId, ItemIndex, Namespace};
use jardin_policy::rules::Class;
use serde_json::Value as Json;

use super::{never_items::NeverItems, raw, stored::stored_item};
use crate::{
    api::{DroppedFields, Fields, ItemShown, Problem, Receipt, RefusedEntry},
    in_force::{InForce, WorldChange},
    item_counts::ItemCounts,
    recommend::Fallbacks,
    schedule::Schedule,
    values,
    versions::{Versions, check_version},
    world::World,
};

/// Shows and changes the items of the catalogue.
pub(crate) struct CatalogueItems {
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) never_items: Arc<NeverItems>,
    pub(crate) fallbacks: Arc<Fallbacks>,
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) versions: Arc<Versions>,
}

impl CatalogueItems {
    /// What leaves over HTTP of an item.
    pub(crate) fn item(&self, id: &ItemId) -> Result<ItemShown, Problem> {
        let world = self.in_force.world();
        let item = stored_item(&world, id).ok_or(Problem::not_found("item"))?;
        Ok(self.show_item(&world, &item))
    }

    /// Sets an item, or with `patch` some of its fields.
    pub(crate) async fn put_item(
        &self,
        id: &ItemId,
        fields: Fields,
        if_match: Option<&str>,
        patch: bool,
    ) -> Result<(ItemShown, Receipt), Problem> {
        let change = self.in_force.begin_change().await;
        let world = self.in_force.world();
        let present = stored_item(&world, id);
        check_version(if_match, present.as_ref().map(|i| self.versions.item_version(i)).as_deref())?;
        let base = match (patch, present) {
            (true, None) => return Err(Problem::not_found("item")),
            (true, Some(item)) => Some(item),
            (false, _) => None,
        };
        let admitted =
            world.policy.admit_item(raw::lay_fields(id, fields, base, &world)).map_err(|names| {
                Problem::Unprocessable { what: "an item lacks fields that the policy always asks for", names }
            })?;
        let (item, redacted) = admitted.into_parts();
        self.apply_changes(&change, vec![ItemChange::Put(item.clone())]).await?;
        let redacted = DroppedFields::of_entry(0, redacted);
        Ok((self.show_item(&world, &item), Receipt { accepted: 1, redacted, ..Receipt::default() }))
    }

    pub(crate) async fn remove_item(&self, id: &ItemId, if_match: Option<&str>) -> Result<(), Problem> {
        let change = self.in_force.begin_change().await;
        let present = stored_item(&self.in_force.world(), id).ok_or(Problem::not_found("item"))?;
        check_version(if_match, Some(&self.versions.item_version(&present)))?;
        self.apply_changes(&change, vec![ItemChange::Remove(id.clone())]).await
    }

    /// Sets many items, or makes the catalogue exactly these.
    pub(crate) async fn put_items(&self, items: Vec<Json>, replace: bool) -> Result<Receipt, Problem> {
        let change = self.in_force.begin_change().await;
        let world = self.in_force.world();
        let mut receipt = Receipt::default();
        let mut changes = Vec::with_capacity(items.len());
        for (index, json) in items.into_iter().enumerate() {
            match raw::admit_entry(json, &world) {
                Ok((item, redacted)) => {
                    receipt.redacted.extend(DroppedFields::of_entry(index, redacted));
                    changes.push(ItemChange::Put(item));
                }
                Err((problem, names)) => receipt.rejected.push(RefusedEntry { index, problem, names }),
            }
        }
        if replace {
            if !receipt.rejected.is_empty() {
                receipt.redacted.clear();
                return Ok(receipt);
            }
            changes.splice(0..0, removals_beside(&world, &changes));
        }
        receipt.accepted = changes.iter().filter(|c| matches!(c, ItemChange::Put(_))).count();
        self.apply_changes(&change, changes).await?;
        self.schedule.count_soon();
        Ok(receipt)
    }

    /// Makes changes durable and visible, all or none.
    async fn apply_changes(&self, change: &WorldChange<'_>, changes: Vec<ItemChange>) -> Result<(), Problem> {
        if changes.is_empty() {
            return Ok(());
        }
        let indices = self.state.change_items(changes.clone()).await?;
        let world = self.in_force.world();
        let counted = |(index, c): (&ItemIndex, _)| (*index, count_change(c, *index, &change.counts));
        let visible: Vec<(ItemIndex, ItemChange)> = indices.iter().zip(changes).map(counted).collect();
        let catalogue = world.screened.catalogue().with_changes(&visible);
        let screened = Arc::new(world.policy.screen(catalogue, Some(&world.screened)));
        change.put_in_force(world.with_catalogue(Arc::clone(&screened)));
        self.never_items.follow_change(&world.screened, &screened, indices.into_iter()).await;
        self.fallbacks.refresh_short(&self.in_force.world()).await;
        Ok(())
    }

    fn show_item(&self, world: &World, item: &Item) -> ItemShown {
        let is_open = |name: &str| {
            let declared = world.policy.rules().declared(Namespace::Item, name);
            declared.is_some_and(|f| f.class != Class::Confidential)
        };
        let open = item.fields.iter().filter(|(name, _)| is_open(name));
        ItemShown {
            id: item.id.clone(),
            fields: open.map(|(name, value)| (Arc::clone(name), values::to_json(value))).collect(),
            version: self.versions.item_version(item),
        }
    }
}

/// A change with what the host counted for its item.
fn count_change(change: ItemChange, index: ItemIndex, counts: &ItemCounts) -> ItemChange {
    match change {
        ItemChange::Put(item) => ItemChange::Put(counts.add_to_item(item, index)),
        ItemChange::Remove(id) => ItemChange::Remove(id),
    }
}

/// Removals of every live item that is not among those that are put.
fn removals_beside(world: &World, changes: &[ItemChange]) -> Vec<ItemChange> {
    let ids = world.screened.catalogue().ids();
    let kept: HashSet<&ItemId> = changes
        .iter()
        .filter_map(|c| if let ItemChange::Put(item) = c { Some(&item.id) } else { None })
        .collect();
    let live = world.screened.catalogue().rows().filter_map(|row| ids.id(row.index()));
    live.filter(|id| !kept.contains(id)).map(|id| ItemChange::Remove(id.clone())).collect()
}
