//! House rules: a placement's `finish` is laid over every list, the fallback's too.

use std::sync::Arc;

use jardin_contract::{Adjusted, Failure, PageRule, Ranking, Strategy, StrategyRequest};
use jardin_model::ItemIndex;
use jardin_policy::{StrategyName, View, rules::PurposeRule};

use super::{
    candidate::{ReasonCodes, ReasonNumber},
    check::{bound_factor, check_effects, check_granted_rules, may_say},
    deadline::run_until,
    kept_effects::{ItemEffects, ItemOrder, KeptFinish},
    list::CandidateList,
    personalised_request::{NoListReason, PersonalisedRequest},
};

/// A finish that may run. The same view serves every list of an answer.
pub(super) struct Finish {
    name: StrategyName,
    strategy: Arc<dyn Strategy>,
    request: StrategyRequest,
    time_ms: u32,
    /// Where its effects are kept, where they may be.
    kept: Option<Arc<KeptFinish>>,
}

/// What a finish does to one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FinishEffect {
    pub(super) factor: f64,
    pub(super) is_dropped: bool,
    pub(super) says: Option<ReasonNumber>,
}

/// What a finish did to one list.
pub(super) struct FinishedList {
    effects: ListEffects,
    pub(super) view: Arc<View>,
}

enum ListEffects {
    /// Those that were kept.
    Kept(Arc<KeptFinish>, Arc<ItemEffects>),
    Made(MadeEffects),
}

/// Effects on the items of one list, in its order; `None` for one that may not be shown.
struct MadeEffects {
    by_place: Vec<Option<FinishEffect>>,
    reasons: ReasonCodes,
    rules: Arc<[PageRule]>,
}

/// An item with its place on the list that is finished.
#[derive(Clone, Copy)]
pub(super) struct ListedItem {
    pub(super) item: ItemIndex,
    pub(super) at: usize,
}

impl FinishedList {
    fn effect_on(&self, listed: ListedItem) -> Option<&FinishEffect> {
        match &self.effects {
            ListEffects::Kept(_, kept) => kept.effect_on(listed.item),
            ListEffects::Made(made) => made.by_place.get(listed.at)?.as_ref(),
        }
    }

    /// True where the finish left out the item.
    pub(super) fn drops(&self, listed: ListedItem) -> bool {
        self.effect_on(listed).is_some_and(|e| e.is_dropped)
    }

    /// True where the finish saw the item and left it there.
    pub(super) fn keeps_item(&self, listed: ListedItem) -> bool {
        self.effect_on(listed).is_some_and(|e| !e.is_dropped)
    }

    pub(super) fn factor(&self, listed: ListedItem) -> f64 {
        self.effect_on(listed).map_or(1.0, |e| e.factor)
    }

    pub(super) fn reason(&self, listed: ListedItem) -> Option<&Arc<str>> {
        let number = self.effect_on(listed)?.says?;
        match &self.effects {
            ListEffects::Kept(_, kept) => kept.reasons.code(number),
            ListEffects::Made(made) => made.reasons.code(number),
        }
    }

    /// How it arranges the page.
    pub(super) fn page_rules(&self) -> &[PageRule] {
        match &self.effects {
            ListEffects::Kept(_, kept) => &kept.rules,
            ListEffects::Made(made) => &made.rules,
        }
    }

    /// Keeps the order of a list that is shown again and again, where its effects are kept.
    pub(super) fn keep_order(
        &self,
        request: &PersonalisedRequest<'_>,
        list: &Arc<CandidateList>,
        order: &ItemOrder,
    ) {
        if let ListEffects::Kept(finish, effects) = &self.effects {
            finish.keep_order(list, effects, order, |item| request.world.is_sellable(item));
        }
    }
}

impl Finish {
    /// The finish of a placement.
    pub(super) fn authorize(
        request: &PersonalisedRequest<'_>,
        name: &StrategyName,
        limit: usize,
    ) -> Result<Self, NoListReason> {
        let authorized = request.authorize(name).inspect_err(|reason| request.count_failure(name, reason))?;
        let own = request.strategy_request(&authorized.grant, limit);
        let (world, strategy) = (request.world, authorized.strategy);
        let item_count = world.screened.catalogue().ids().len();
        Ok(Self {
            name: name.clone(),
            kept: world.kept_effects.of_finish(&**strategy, &own, item_count),
            strategy: Arc::clone(strategy),
            request: own,
            time_ms: authorized.grant.strategy().limits.time_ms,
        })
    }

    /// The finish over a list whose order was kept, with that order.
    pub(super) fn kept_order(
        &self,
        request: &PersonalisedRequest<'_>,
        list: &Arc<CandidateList>,
    ) -> Option<(FinishedList, ItemOrder)> {
        let kept = self.kept.as_ref()?;
        let (effects, order) = kept.order_of(list)?;
        request.count_run(&self.name);
        let effects = ListEffects::Kept(Arc::clone(kept), effects);
        Some((FinishedList { effects, view: Arc::clone(&self.request.view) }, order))
    }

    /// Lays the finish over those of these items that may be shown.
    pub(super) async fn finish_list(
        &self,
        request: &PersonalisedRequest<'_>,
        items: &[ItemIndex],
        may_show: &(dyn Fn(ItemIndex) -> bool + Sync),
    ) -> Result<FinishedList, Failure> {
        request.count_run(&self.name);
        let kept = self.kept.as_ref().and_then(|kept| Some((kept, kept.effects_on(items, may_show)?)));
        let effects = match kept {
            Some((kept, effects)) => ListEffects::Kept(Arc::clone(kept), effects),
            None => ListEffects::Made(self.make_effects(request, items, may_show).await?),
        };
        Ok(FinishedList { effects, view: Arc::clone(&self.request.view) })
    }

    async fn make_effects(
        &self,
        request: &PersonalisedRequest<'_>,
        items: &[ItemIndex],
        may_show: &(dyn Fn(ItemIndex) -> bool + Sync),
    ) -> Result<MadeEffects, Failure> {
        let is_shown: Vec<bool> = items.iter().map(|item| may_show(*item)).collect();
        let shown: Vec<ItemIndex> =
            items.iter().zip(&is_shown).filter(|(_, shown)| **shown).map(|(item, _)| *item).collect();
        let adjusted = self.adjust_items(request, &shown).await?;
        let mut reasons = ReasonCodes::default();
        let effects = self.bound_effects(request, &adjusted, &mut reasons);
        let rules: Arc<[PageRule]> = adjusted.page.into();
        // where it failed on an item, how many others there are decides whether it failed altogether
        if let Some(kept) = self.kept.as_ref().filter(|_| adjusted.failed == 0) {
            kept.keep_effects(&shown, &effects, &reasons, &rules);
        }
        let mut effects = effects.into_iter();
        let by_place = is_shown.into_iter().map(|shown| if shown { effects.next() } else { None }).collect();
        Ok(MadeEffects { by_place, reasons, rules })
    }

    async fn adjust_items(
        &self,
        request: &PersonalisedRequest<'_>,
        items: &[ItemIndex],
    ) -> Result<Adjusted, Failure> {
        let mut own = self.request.clone();
        own.deadline = request.strategy_deadline(self.time_ms);
        let ranking =
            run_until(request.finish_deadline(own.deadline), self.strategy.recommend(&own, items)).await;
        ranking
            .and_then(|ranking| check_finish(ranking, &own.view, items.len()))
            .inspect_err(|failure| request.count_failure(&self.name, &failure.clone().into()))
    }

    fn bound_effects(
        &self,
        request: &PersonalisedRequest<'_>,
        adjusted: &Adjusted,
        reasons: &mut ReasonCodes,
    ) -> Vec<FinishEffect> {
        let rules = request.world.policy.rules();
        let purpose: Option<&PurposeRule> =
            rules.strategies.get(&self.name).and_then(|rule| rules.purpose(rule.purpose));
        let effects = &adjusted.effects;
        let mut bounded: Vec<FinishEffect> = Vec::with_capacity(effects.len());
        for (at, factor) in effects.factors().iter().enumerate() {
            bounded.push(FinishEffect {
                factor: bound_factor(*factor),
                is_dropped: effects.is_dropped(at),
                says: reasons.number_effect(effects, at),
            });
        }
        let refused = reasons.refused_codes(|code| !may_say(request.world, purpose, code));
        for effect in bounded.iter_mut().filter(|_| !refused.is_empty()) {
            effect.says = effect.says.filter(|number| !refused.contains(number));
        }
        bounded
    }
}

fn check_finish(ranking: Ranking, view: &View, count: usize) -> Result<Adjusted, Failure> {
    let Ranking::Adjusted(adjusted) = ranking else {
        return Err(Failure::Rejected { what: "a finish moves items and picks none".into() });
    };
    check_effects(&adjusted, count)?;
    check_granted_rules(view, &adjusted.page)?;
    Ok(adjusted)
}
