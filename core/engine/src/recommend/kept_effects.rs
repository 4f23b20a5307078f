//! What finishes do to items, kept for as long as the shop and its catalogue stay as they are.
//!
//! Nothing here can show one person's list to another. Kept is only what a strategy did that says of itself that
//! its effects follow from the item, the settings and what its view holds beside; and the view, whole, is a part
//! of the key, may hold no field of a person or a visit, and no field of the page but choices and flags. So
//! whoever gets what was kept would have got the same. An order is that of the fallback's list, which is nobody's, by
//! such effects alone: what one request leaves out does not stand in it. Each state of the shop (a catalogue, a policy,
//! settings) has effects of its own, that die with it. Whether a finish may run is decided at each request,
//! before anything is looked up here.

use std::sync::{Arc, Mutex, PoisonError};

use jardin_contract::{PageRule, Params, Strategy, StrategyRequest};
use jardin_model::{FieldType, ItemIndex, Namespace};
use jardin_policy::{StrategyName, View, ViewValue};

use super::{candidate::ReasonCodes, finish::FinishEffect, list::CandidateList};
use crate::arrange::ScoredItem;

/// How many views and settings effects are kept for at once.
const MAX_KEPT_VIEWS: usize = 64;
/// How many effects are kept in all, of 16 bytes each.
const MAX_KEPT_EFFECTS: usize = 1 << 20;

/// A list in the order of its scores.
pub(super) type ItemOrder = Arc<Vec<ScoredItem>>;

/// The effects that are kept in one state of the shop.
#[derive(Default)]
pub(crate) struct KeptEffects(Mutex<Vec<Arc<KeptFinish>>>);

/// The effects of one finish under one view and settings.
pub(crate) struct KeptFinish {
    name: StrategyName,
    params: Params,
    values: Vec<Option<ViewValue>>,
    effects: Mutex<Arc<ItemEffects>>,
    /// Lists that are shown again and again, in the order that these effects give them.
    orders: Mutex<Vec<KeptOrder>>,
}

/// The order of a list under effects. Both are held, so that nothing else can take their place in memory.
struct KeptOrder {
    list: Arc<CandidateList>,
    effects: Arc<ItemEffects>,
    order: ItemOrder,
}

/// Effects by item.
#[derive(Default, Clone)]
pub(super) struct ItemEffects {
    by_item: Vec<Option<FinishEffect>>,
    pub(super) reasons: ReasonCodes,
    pub(super) rules: Arc<[PageRule]>,
}

impl KeptEffects {
    /// Where the effects of a finish are kept; `None` where they may not be.
    pub(crate) fn of_finish(
        &self,
        strategy: &dyn Strategy,
        asked: &StrategyRequest,
        item_count: usize,
    ) -> Option<Arc<KeptFinish>> {
        if !strategy.has_constant_effects() || !is_nobodys(&asked.view) {
            return None;
        }
        let name = &strategy.info().name;
        let is_same = |kept: &&Arc<KeptFinish>| {
            kept.name == *name && kept.params.is_same(&asked.params) && kept.is_seen_by(&asked.view)
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = all.iter().find(is_same) {
            return Some(Arc::clone(kept));
        }
        let most = (MAX_KEPT_EFFECTS / item_count.max(1)).clamp(1, MAX_KEPT_VIEWS);
        if all.len() >= most {
            all.remove(0);
        }
        let kept = Arc::new(KeptFinish {
            name: name.clone(),
            params: asked.params.clone(),
            values: asked.view.values().map(|(_, _, value)| value.cloned()).collect(),
            effects: Mutex::default(),
            orders: Mutex::default(),
        });
        all.push(Arc::clone(&kept));
        Some(kept)
    }
}

/// True of a view that holds nothing but items and what few pages have in common.
fn is_nobodys(view: &View) -> bool {
    let is_common = |kind| matches!(kind, FieldType::Choice | FieldType::Flag);
    view.values().all(|(path, kind, _)| path.namespace == Namespace::Context && is_common(kind))
}

impl KeptFinish {
    fn is_seen_by(&self, view: &View) -> bool {
        let same = self.values.iter().map(Option::as_ref);
        view.values().map(|(_, _, value)| value).eq(same)
    }

    /// The effects, where each of these items that may be shown has one.
    pub(super) fn effects_on(
        &self,
        items: &[ItemIndex],
        may_show: &dyn Fn(ItemIndex) -> bool,
    ) -> Option<Arc<ItemEffects>> {
        let effects = self.effects();
        items.iter().all(|item| effects.effect_on(*item).is_some() || !may_show(*item)).then_some(effects)
    }

    /// Keeps what the finish did to these items.
    pub(super) fn keep_effects(
        &self,
        items: &[ItemIndex],
        effects: &[FinishEffect],
        reasons: &ReasonCodes,
        rules: &Arc<[PageRule]>,
    ) {
        let mut kept = self.effects.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = Arc::make_mut(&mut kept);
        kept.rules = Arc::clone(rules);
        for (item, effect) in items.iter().zip(effects) {
            let code = effect.says.and_then(|number| reasons.code(number));
            let says = code.and_then(|code| kept.reasons.number_code(code));
            kept.put_effect(*item, FinishEffect { says, ..*effect });
        }
    }

    fn effects(&self) -> Arc<ItemEffects> {
        Arc::clone(&self.effects.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The effects on a list whose order was kept, with that order; `None` where more is known of its items by now.
    pub(super) fn order_of(&self, list: &Arc<CandidateList>) -> Option<(Arc<ItemEffects>, ItemOrder)> {
        let effects = self.effects();
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known =
            |kept: &&KeptOrder| Arc::ptr_eq(&kept.list, list) && Arc::ptr_eq(&kept.effects, &effects);
        let order = Arc::clone(&orders.iter().find(is_known)?.order);
        Some((effects, order))
    }

    /// Keeps the order of a list that others are shown too, where each of its items that anybody may be shown has an
    /// effect.
    pub(super) fn keep_order(
        &self,
        list: &Arc<CandidateList>,
        effects: &Arc<ItemEffects>,
        order: &ItemOrder,
        may_be_shown: impl Fn(ItemIndex) -> bool,
    ) {
        let is_known = |item| effects.effect_on(item).is_some() || !may_be_shown(item);
        if !list.candidates.iter().all(|candidate| is_known(candidate.item)) {
            return;
        }
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        // a list that nobody else holds will not be shown again
        orders.retain(|kept| Arc::strong_count(&kept.list) > 1 && !Arc::ptr_eq(&kept.list, list));
        let (list, effects, order) = (Arc::clone(list), Arc::clone(effects), Arc::clone(order));
        orders.push(KeptOrder { list, effects, order });
    }
}

impl ItemEffects {
    pub(super) fn effect_on(&self, item: ItemIndex) -> Option<&FinishEffect> {
        self.by_item.get(item.0 as usize)?.as_ref()
    }

    fn put_effect(&mut self, item: ItemIndex, effect: FinishEffect) {
        let place = item.0 as usize;
        if place >= self.by_item.len() {
            self.by_item.resize(place + 1, None);
        }
        if let Some(kept) = self.by_item.get_mut(place) {
            *kept = Some(effect);
        }
    }
}
