//! Changes of items: durable first, then seen, then what they mean for people's events.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use jardin_contract::StateStore;
use jardin_model::{Item, ItemChange, ItemId, ItemIndex, Namespace};
use jardin_policy::rules::Class;
use serde_json::Value as Json;

use super::{
    judged::{JudgedItem, judge_item},
    public_fields::{public_fields, shown_fields},
    raw,
    stored::stored_item,
    untied_items::UntiedItems,
};
use crate::{
    api::{DroppedFields, Fields, ItemShown, Problem, Receipt},
    in_force::{InForce, WorldChange},
    item_counts::ItemCounts,
    recommend::Fallbacks,
    schedule::Schedule,
    store_trouble::StoreTrouble,
    values,
    versions::{Versions, check_version},
    world::World,
};

/// What is said where a catalogue would be replaced by nothing: an export that failed is an empty file.
const NO_ITEMS: &str = "the body holds no item; a catalogue is emptied by removing its items";
/// What is said where much would go without that being said.
const LARGE_LOSS: &str = "more than a third of the catalogue would go; where that is meant, send the same to `/v1/items?replace=all`";

/// What becomes of the items that are not among those that are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// They stay.
    Stay,
    /// They go.
    Go {
        /// Even where they are more than a third of the catalogue.
        confirmed: bool,
    },
}

/// What a catalogue has beside some items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemsBeside {
    /// How many items.
    pub count: usize,
    /// True where they are more than a third of the catalogue.
    pub is_large_loss: bool,
}

/// Shows and changes the items of the catalogue.
pub(crate) struct CatalogueItems {
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) untied_items: Arc<UntiedItems>,
    pub(crate) fallbacks: Arc<Fallbacks>,
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) versions: Arc<Versions>,
    pub(crate) trouble: Arc<StoreTrouble>,
}

impl CatalogueItems {
    /// What leaves over HTTP of an item.
    pub(crate) fn item(&self, id: &ItemId) -> Result<ItemShown, Problem> {
        let world = self.in_force.world();
        let item = stored_item(&world, id).ok_or(Problem::not_found("item"))?;
        Ok(self.show_item(&world, &item))
    }

    /// What everybody may see of an item: of the public fields those that are asked for, or all, in the language of a
    /// locale.
    pub(crate) fn public_item(
        &self,
        id: &ItemId,
        show: Option<&[String]>,
        locale: Option<&str>,
    ) -> Result<BTreeMap<Arc<str>, Json>, Problem> {
        let world = self.in_force.world();
        let public = show
            .map_or_else(|| Ok(world.config.public.clone()), |asked| public_fields(asked, &world.config))?;
        world.screened.catalogue().find_row(id).ok_or(Problem::not_found("item"))?;
        Ok(shown_fields(&world, id, &public, world.config.language_for(locale).map(|language| &**language)))
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
        let admitted = raw::admit_fields(id, &fields, base, &world.policy, &world.config)
            .map_err(Problem::UnreadableFields)?;
        let (item, redacted) = admitted.into_parts();
        self.apply_changes(&change, vec![ItemChange::Put(item.clone())]).await?;
        let redacted = DroppedFields::of_entry(0, redacted, Namespace::Item, &world.policy);
        Ok((self.show_item(&world, &item), Receipt { accepted: 1, redacted, ..Receipt::default() }))
    }

    pub(crate) async fn remove_item(&self, id: &ItemId, if_match: Option<&str>) -> Result<(), Problem> {
        let change = self.in_force.begin_change().await;
        let present = stored_item(&self.in_force.world(), id).ok_or(Problem::not_found("item"))?;
        check_version(if_match, Some(&self.versions.item_version(&present)))?;
        self.apply_changes(&change, vec![ItemChange::Remove(id.clone())]).await
    }

    /// Sets many items, or makes the catalogue exactly these.
    pub(crate) async fn put_items(&self, items: &[Json], others: Others) -> Result<Receipt, Problem> {
        if items.is_empty() && others != Others::Stay {
            return Err(Problem::unprocessable(NO_ITEMS));
        }
        let change = self.in_force.begin_change().await;
        let world = self.in_force.world();
        let (mut receipt, mut changes) = judge_entries(items, &world);
        if let Others::Go { confirmed } = others {
            if !receipt.rejected.is_empty() {
                receipt.redacted.clear();
                receipt.accepted = 0;
                return Ok(receipt);
            }
            let removals = removals_beside(&world, &put_ids(&changes));
            if !confirmed && is_large_loss(removals.len(), &world) {
                return Err(Problem::unprocessable(LARGE_LOSS));
            }
            changes.splice(0..0, removals);
            self.trouble.watch(self.state.keep_items().await)?;
        }
        self.apply_changes(&change, drop_unchanged(changes, &world, &mut receipt)).await?;
        self.schedule.count_soon();
        Ok(receipt)
    }

    /// Makes the catalogue what it was before it was replaced last, and says of how many items that is. The present one
    /// is kept in its place, so that the same again undoes it.
    pub(crate) async fn put_back(&self) -> Result<usize, Problem> {
        let change = self.in_force.begin_change().await;
        let kept = self.state.read_kept_items().await?;
        if kept.is_empty() {
            return Err(Problem::not_found("earlier catalogue"));
        }
        let count = kept.len();
        let mut changes: Vec<ItemChange> = kept.into_iter().map(ItemChange::Put).collect();
        changes.splice(0..0, removals_beside(&self.in_force.world(), &put_ids(&changes)));
        self.trouble.watch(self.state.keep_items().await)?;
        self.apply_changes(&change, changes).await?;
        self.schedule.count_soon();
        Ok(count)
    }

    /// What would be said of items; nothing is changed.
    pub(crate) fn judge_items(&self, items: &[Json]) -> Receipt {
        let world = self.in_force.world();
        let (mut receipt, changes) = judge_entries(items, &world);
        drop_unchanged(changes, &world, &mut receipt);
        receipt
    }

    /// How many live items are not among these.
    pub(crate) fn count_beside(&self, ids: &HashSet<ItemId>) -> ItemsBeside {
        let world = self.in_force.world();
        let count = removals_beside(&world, &ids.iter().collect()).len();
        ItemsBeside { count, is_large_loss: is_large_loss(count, &world) }
    }

    /// Removes every live item that is not among these.
    pub(crate) async fn remove_beside(&self, ids: &HashSet<ItemId>) -> Result<(), Problem> {
        let change = self.in_force.begin_change().await;
        let removals = removals_beside(&self.in_force.world(), &ids.iter().collect());
        self.apply_changes(&change, removals).await?;
        self.schedule.count_soon();
        Ok(())
    }

    /// Keeps the catalogue as it is, to be put back.
    pub(crate) async fn keep_items(&self) -> Result<(), Problem> {
        Ok(self.trouble.watch(self.state.keep_items().await)?)
    }

    /// Makes changes durable and visible, all or none.
    async fn apply_changes(&self, change: &WorldChange<'_>, changes: Vec<ItemChange>) -> Result<(), Problem> {
        if changes.is_empty() {
            return Ok(());
        }
        let indices = self.trouble.watch(self.state.change_items(changes.clone()).await)?;
        let world = self.in_force.world();
        let counted = |(index, c): (&ItemIndex, _)| (*index, count_change(c, *index, &change.counts));
        let visible: Vec<(ItemIndex, ItemChange)> = indices.iter().zip(changes).map(counted).collect();
        let catalogue = world.screened.catalogue().with_changes(&visible);
        let screened = Arc::new(world.policy.screen(catalogue, Some(&world.screened)));
        change.put_in_force(world.with_catalogue(Arc::clone(&screened)));
        self.untied_items.follow_change(&world.screened, &screened, indices.into_iter()).await;
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

/// Judges each item by itself.
fn judge_entries(items: &[Json], world: &World) -> (Receipt, Vec<ItemChange>) {
    let mut receipt = Receipt::default();
    let mut changes = Vec::with_capacity(items.len());
    for (index, json) in items.iter().enumerate() {
        match judge_item(json, index, &world.policy, &world.config) {
            JudgedItem::Taken(item, dropped) => {
                receipt.redacted.extend(dropped);
                changes.push(ItemChange::Put(item));
            }
            JudgedItem::Refused(refused) => receipt.rejected.push(refused),
        }
    }
    receipt.accepted = changes.len();
    (receipt, changes)
}

/// A change with what the host counted for its item.
fn count_change(change: ItemChange, index: ItemIndex, counts: &ItemCounts) -> ItemChange {
    match change {
        ItemChange::Put(item) => ItemChange::Put(counts.add_to_item(item, index)),
        ItemChange::Remove(id) => ItemChange::Remove(id),
    }
}

/// The items that are put.
fn put_ids(changes: &[ItemChange]) -> HashSet<&ItemId> {
    changes.iter().filter_map(|c| if let ItemChange::Put(item) = c { Some(&item.id) } else { None }).collect()
}

/// Removals of every live item that is not among these.
fn removals_beside(world: &World, kept: &HashSet<&ItemId>) -> Vec<ItemChange> {
    let ids = world.screened.catalogue().ids();
    let live = world.screened.catalogue().rows().filter_map(|row| ids.id(row.index()));
    live.filter(|id| !kept.contains(id)).map(|id| ItemChange::Remove(id.clone())).collect()
}

/// True where so many are more than a third of the catalogue.
fn is_large_loss(count: usize, world: &World) -> bool {
    count * 3 > world.screened.catalogue().len()
}

/// Leaves out the puts that change nothing, and counts the others as new or changed; of an item that is put twice the
/// last one counts.
fn drop_unchanged(changes: Vec<ItemChange>, world: &World, receipt: &mut Receipt) -> Vec<ItemChange> {
    let mut later: HashSet<ItemId> = HashSet::new();
    let mut kept: Vec<ItemChange> = Vec::with_capacity(changes.len());
    for change in changes.into_iter().rev() {
        if let ItemChange::Put(item) = &change {
            if !later.insert(item.id.clone()) {
                continue;
            }
            match stored_item(world, &item.id) {
                None => receipt.appeared += 1,
                Some(stored) if stored == *item => continue,
                Some(_) => receipt.changed += 1,
            }
        }
        kept.push(change);
    }
    kept.reverse();
    kept
}
