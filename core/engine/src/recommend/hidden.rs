//! What a request does not want to see: `leave_out`, `exclude_items`, the filter, the lists above.

use std::collections::HashSet;

use jardin_contract::PlainValue;
use jardin_model::{Cell, ItemIndex, SessionRecord, dismissed_items};

use super::resolved_request::ResolvedRequest;
use crate::{
    arrange::{FieldKey, keys_of},
    config::{Filter, LeaveOut, Operator},
    world::World,
};

/// What the lists above on the same page show.
#[derive(Clone, Copy)]
pub(super) struct ItemsAbove<'a> {
    pub(super) items: &'a HashSet<ItemIndex>,
    /// None of them is repeated, whatever the placement says.
    pub(super) distinct: bool,
}

/// What is not shown, whatever strategy gives it.
pub(super) struct HiddenItems<'a> {
    /// In their order: they are few, and every candidate is looked up among them.
    items: Vec<ItemIndex>,
    filter: Option<&'a Filter>,
}

impl<'a> HiddenItems<'a> {
    /// What a request hides. `may_use_basket` says whether the basket may be looked at. What somebody dismissed in
    /// their visit is hidden because they said so, whatever the policy permits.
    pub(super) fn of_request(
        resolved: &ResolvedRequest<'a>,
        above: ItemsAbove<'_>,
        may_use_basket: bool,
        visit: Option<&SessionRecord>,
    ) -> Self {
        let ResolvedRequest { request, world, placement, sent, filter, .. } = resolved;
        let ids = world.screened.catalogue().ids();
        let mut items: Vec<ItemIndex> = request.exclude.iter().filter_map(|id| ids.index(id)).collect();
        for left_out in &placement.leave_out {
            match left_out {
                LeaveOut::PageItem => items.extend(world.sent_page_item(sent)),
                LeaveOut::Basket if may_use_basket => items.extend(world.sent_basket(sent)),
                LeaveOut::Basket => {}
                LeaveOut::ShownAbove => items.extend(above.items),
            }
        }
        let decided = visit.and_then(|visit| world.policy.visit_choices(visit, resolved.now));
        let dismissed = decided.into_iter().flat_map(dismissed_items);
        items.extend(dismissed.filter_map(|id| ids.index(&id)));
        if above.distinct {
            items.extend(above.items);
        }
        items.sort_unstable();
        Self { items, filter: *filter }
    }

    pub(super) fn hides(&self, item: ItemIndex, world: &World) -> bool {
        self.items.binary_search(&item).is_ok()
            || self.filter.is_some_and(|filter| !passes_filter(filter, item, world))
    }
}

/// Whether an item passes a filter of jardin.toml.
pub(super) fn passes_filter(filter: &Filter, item: ItemIndex, world: &World) -> bool {
    let cell = world.screened.catalogue().row(item).map_or(Cell::Absent, |row| row.field(&filter.field));
    match (filter.op, cell, &filter.value) {
        (Operator::Is | Operator::Has, cell, value) => holds_value(cell, value, world),
        (Operator::IsNot, cell, value) => !holds_value(cell, value, world),
        (Operator::Below, Cell::Number(n), PlainValue::Number(value)) => n < *value,
        (Operator::AtMost, Cell::Number(n), PlainValue::Number(value)) => n <= *value,
        (Operator::Above, Cell::Number(n), PlainValue::Number(value)) => n > *value,
        (Operator::AtLeast, Cell::Number(n), PlainValue::Number(value)) => n >= *value,
        _ => false,
    }
}

/// True where a cell is, or contains, a value.
pub(super) fn holds_value(cell: Cell<'_>, value: &PlainValue, world: &World) -> bool {
    let key = match value {
        PlainValue::Text(text) => world.screened.catalogue().dictionary().symbol(text).map(FieldKey::Text),
        PlainValue::Number(n) => keys_of(Cell::Number(*n)).next(),
        PlainValue::Flag(flag) => Some(FieldKey::Flag(*flag)),
    };
    key.is_some_and(|key| keys_of(cell).any(|one| one == key))
}
