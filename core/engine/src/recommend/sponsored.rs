//! Paid places: filled last, with the best sellable item; empty rather than unsellable.

use jardin_model::ItemIndex;

use super::{
    asking::Asking,
    finish::Finish,
    hidden::{Hidden, equals},
};
use crate::Sponsored;

/// How many items of an advertiser the house rules look at.
const LOOKED_AT: usize = 20;

/// A paid place with the item that stands there.
pub(super) struct Paid<'a> {
    pub(super) place: &'a Sponsored,
    pub(super) item: ItemIndex,
}

/// The paid places of a placement that can be filled now, in the order of their positions.
pub(super) async fn paid<'a>(
    asking: &Asking<'a>,
    hidden: &Hidden<'_>,
    finish: Option<&Finish>,
) -> Vec<Paid<'a>> {
    let mut places: Vec<&Sponsored> =
        asking.world.config.sponsored.iter().filter(|s| s.applies(asking.place, asking.now)).collect();
    places.sort_by_key(|s| s.position);
    let mut paid: Vec<Paid<'a>> = Vec::new();
    for place in places {
        let fits = |item: &ItemIndex| {
            has(asking, place, *item)
                && !hidden.hides(*item, asking.world)
                && !paid.iter().any(|p| p.item == *item)
        };
        let items: Vec<ItemIndex> = asking.world.sellable_items().filter(fits).take(LOOKED_AT).collect();
        if let Some(item) = best(asking, &items, finish).await {
            paid.push(Paid { place, item });
        }
    }
    paid
}

fn has(asking: &Asking<'_>, place: &Sponsored, item: ItemIndex) -> bool {
    let row = asking.world.screened.catalogue().row(item);
    row.is_some_and(|row| {
        place.item.iter().all(|(field, value)| equals(row.field(field), value, asking.world))
    })
}

/// The first that the house rules do not drop. Where they cannot be asked the place stays empty.
async fn best(asking: &Asking<'_>, items: &[ItemIndex], finish: Option<&Finish>) -> Option<ItemIndex> {
    let Some(finish) = finish.filter(|_| !items.is_empty()) else {
        return items.first().copied();
    };
    let finished = finish.over(asking, items).await.ok()?;
    let is_kept = |item: &&ItemIndex| finished.effects.get(item).is_some_and(|e| e.dropped.is_none());
    items.iter().find(is_kept).copied()
}
