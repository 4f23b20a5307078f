//! What is stored of the catalogue.

use std::sync::Arc;

use jardin_contract::{StateStore, StoreError};
use jardin_model::{Catalogue, Item, ItemChange, ItemId, ItemIndex, Namespace};
use jardin_policy::{Policy, ScreenedCatalogue};

use crate::{values, world::World};

/// The stored items as a policy sees them.
pub(crate) async fn read_catalogue<S: StateStore + ?Sized>(
    state: &S,
    policy: &Policy,
) -> Result<Arc<ScreenedCatalogue>, StoreError> {
    let items = state.read_items().await?;
    let admitted = items.into_iter().filter_map(|(index, item)| {
        let (item, _) = policy.admit_item(item, None, &[]).ok()?.into_parts();
        Some((index, ItemChange::Put(item)))
    });
    let changes: Vec<(ItemIndex, ItemChange)> = admitted.collect();
    let empty = Catalogue::new(policy.schema(), state.item_ids());
    Ok(Arc::new(policy.screen(empty.with_changes(&changes), None)))
}

/// What is stored of a live item, confidential fields included: a row holds every declared value exactly.
pub(crate) fn stored_item(world: &World, id: &ItemId) -> Option<Item> {
    let catalogue = world.screened.catalogue();
    let row = catalogue.find_row(id)?;
    let given = world
        .policy
        .rules()
        .fields
        .iter()
        .filter(|f| f.path.namespace == Namespace::Item && f.popularity.is_none());
    let fields = given.filter_map(|f| {
        let value = values::value_of_cell(row.field(&f.path.name), f.kind, catalogue.dictionary())?;
        Some((Arc::clone(&f.path.name), value))
    });
    Some(Item { id: id.clone(), fields: fields.collect() })
}
