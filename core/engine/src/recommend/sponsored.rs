//! Paid places: filled last, with the best sellable item; empty rather than unsellable.

use jardin_model::ItemIndex;

use super::{
    finish::{Finish, ListedItem},
    hidden::{HiddenItems, holds_value},
    personalised_request::PersonalisedRequest,
};
use crate::config::Sponsored;

/// How many items of an advertiser the house rules look at.
const MAX_CANDIDATES: usize = 20;

/// A paid place with the item that stands there.
pub(super) struct FilledPlace<'a> {
    pub(super) place: &'a Sponsored,
    pub(super) item: ItemIndex,
}

/// The paid places of a placement that can be filled now, in the order of their positions.
pub(super) async fn fill_places<'a>(
    request: &PersonalisedRequest<'a>,
    hidden: &HiddenItems<'_>,
    finish: Option<&Finish>,
    is_dropped: &(dyn Fn(ItemIndex) -> bool + Sync),
) -> Vec<FilledPlace<'a>> {
    let mut places: Vec<&Sponsored> =
        request.world.config.sponsored.iter().filter(|s| s.applies(request.place, request.now)).collect();
    places.sort_by_key(|s| s.position);
    let mut filled: Vec<FilledPlace<'a>> = Vec::new();
    for place in places {
        let fits = |item: &ItemIndex| {
            is_paid_for(request, place, *item)
                && !hidden.hides(*item, request.world)
                && !filled.iter().any(|p| p.item == *item)
        };
        let items: Vec<ItemIndex> =
            request.world.sellable_items().filter(fits).take(MAX_CANDIDATES).collect();
        if let Some(item) = best_item(request, &items, finish, is_dropped).await {
            filled.push(FilledPlace { place, item });
        }
    }
    filled
}

fn is_paid_for(request: &PersonalisedRequest<'_>, place: &Sponsored, item: ItemIndex) -> bool {
    let row = request.world.screened.catalogue().row(item);
    row.is_some_and(|row| {
        place.item.iter().all(|(field, value)| holds_value(row.field(field), value, request.world))
    })
}

/// The first that neither a rule of the page nor the house rules drop. Where they cannot be asked the place stays empty.
async fn best_item(
    request: &PersonalisedRequest<'_>,
    items: &[ItemIndex],
    finish: Option<&Finish>,
    is_dropped: &(dyn Fn(ItemIndex) -> bool + Sync),
) -> Option<ItemIndex> {
    let mut kept = items.iter().copied().enumerate().filter(|(_, item)| !is_dropped(*item));
    let Some(finish) = finish.filter(|_| !items.is_empty()) else {
        return kept.next().map(|(_, item)| item);
    };
    let finished = finish.finish_list(request, items, &|_| true).await.ok()?;
    kept.find(|(at, item)| finished.keeps_item(ListedItem { item: *item, at: *at })).map(|(_, item)| item)
}
