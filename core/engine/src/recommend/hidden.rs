//! What a request does not want to see: `leave_out`, `exclude_items`, the filter, the lists above.

use std::collections::{BTreeSet, HashSet};

use jardin_contract::PlainValue;
use jardin_model::{Cell, ItemIndex, Value};
use jardin_policy::{StrategyName, rules::FieldId};

use super::asking::Asking;
use crate::{
    Filter, LeaveOut, Operator, Placement, Request,
    arrange::{FieldKey, keys_of},
    world::World,
};

/// What is not shown, whatever strategy gives it.
pub(crate) struct Hidden<'a> {
    items: HashSet<ItemIndex>,
    filter: Option<&'a Filter>,
}

impl<'a> Hidden<'a> {
    /// What a request hides. `may_use_basket` says whether the basket may be looked at.
    pub(crate) fn new(
        world: &World,
        placement: &Placement,
        request: &Request,
        sent: &[(FieldId, Value)],
        above: &HashSet<ItemIndex>,
        filter: Option<&'a Filter>,
        may_use_basket: bool,
    ) -> Self {
        let ids = world.screened.catalogue().ids();
        let mut items: HashSet<ItemIndex> = request.exclude.iter().filter_map(|id| ids.index(id)).collect();
        for left_out in &placement.leave_out {
            match left_out {
                LeaveOut::PageItem => items.extend(world.sent_page_item(sent)),
                LeaveOut::Basket if may_use_basket => items.extend(world.sent_basket(sent)),
                LeaveOut::Basket => {}
                LeaveOut::ShownAbove => items.extend(above),
            }
        }
        Self { items, filter }
    }

    pub(crate) fn count(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn hides(&self, item: ItemIndex, world: &World) -> bool {
        self.items.contains(&item) || self.filter.is_some_and(|filter| !passes(filter, item, world))
    }
}

/// True while a strategy of the chain, or one that it may ask, is granted the basket and may run: only then
/// may the basket show in an answer.
pub(crate) fn may_use_basket(asking: &Asking<'_>, chain: &[StrategyName]) -> bool {
    let Some(basket) = asking.world.basket else {
        return false;
    };
    let strategies = &asking.world.policy.rules().strategies;
    let mut seen = BTreeSet::new();
    let mut open: Vec<&StrategyName> = chain.iter().collect();
    while let Some(name) = open.pop() {
        let Some(rule) = strategies.get(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        // what may not run may not be asked for anything either
        if let Ok((grant, _)) = asking.leave(name) {
            if grant.strategy().may_read.iter().any(|g| g.field == basket) {
                return true;
            }
            open.extend(&rule.may_ask);
        }
    }
    false
}

/// Whether an item passes a filter of jardin.toml.
pub(crate) fn passes(filter: &Filter, item: ItemIndex, world: &World) -> bool {
    let cell = world.screened.catalogue().row(item).map_or(Cell::Absent, |row| row.field(&filter.field));
    match (filter.op, cell, &filter.value) {
        (Operator::Is | Operator::Has, cell, value) => equals(cell, value, world),
        (Operator::IsNot, cell, value) => !equals(cell, value, world),
        (Operator::Below, Cell::Number(n), PlainValue::Number(value)) => n < *value,
        (Operator::AtMost, Cell::Number(n), PlainValue::Number(value)) => n <= *value,
        (Operator::Above, Cell::Number(n), PlainValue::Number(value)) => n > *value,
        (Operator::AtLeast, Cell::Number(n), PlainValue::Number(value)) => n >= *value,
        _ => false,
    }
}

/// True where a cell is, or contains, a value.
pub(crate) fn equals(cell: Cell<'_>, value: &PlainValue, world: &World) -> bool {
    let key = match value {
        PlainValue::Text(text) => world.screened.catalogue().dictionary().symbol(text).map(FieldKey::Text),
        PlainValue::Number(n) => keys_of(Cell::Number(*n)).first().copied(),
        PlainValue::Flag(flag) => Some(FieldKey::Flag(*flag)),
    };
    key.is_some_and(|key| keys_of(cell).contains(&key))
}
