//! What a strategy gave, checked, and arranged by its own rules and those of the finish.

use std::sync::Arc;

use jardin_contract::PageRule;
use jardin_model::{ItemId, ItemIndex};
use jardin_policy::{StrategyName, View};

use super::{
    candidate::{Candidate, ReasonCodes},
    finish::{FinishedList, ListedItem},
    personalised_request::PersonalisedRequest,
};
use crate::{
    api::Level,
    arrange::{ArrangedList, Arrangement, ListRules, ScoredItem, Surroundings, starting_score},
};

/// What a strategy gave.
#[derive(Debug, Clone)]
pub(super) struct CandidateList {
    pub(super) strategy: StrategyName,
    /// Through which its page rules read items.
    pub(super) view: Arc<View>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) reasons: ReasonCodes,
    /// What its own rule left out.
    pub(super) dropped: Vec<ItemIndex>,
    pub(super) rules: Vec<PageRule>,
    /// True where a subject or session field was granted to it or to one that it asked.
    pub(super) personal: bool,
    pub(super) level: Level,
}

/// What a list is arranged over: a page that holds `page` already, and what may stand there.
#[derive(Clone, Copy)]
pub(super) struct ListPlace<'a> {
    pub(super) page: &'a [ItemIndex],
    pub(super) may_show: &'a (dyn Fn(ItemIndex) -> bool + Sync),
}

impl CandidateList {
    /// What may stand on the list at all: a live, sellable item, and none of `[never]` where the list was
    /// made on the ground of a person.
    pub(super) fn may_show(&self, request: &PersonalisedRequest<'_>, item: ItemIndex) -> bool {
        let world = request.world;
        world.is_sellable(item) && (!self.personal || !world.screened.is_never(item))
    }

    /// The list by itself, as another strategy that asked for it sees it: its first `limit` items.
    pub(super) fn items_as_source(&self, request: &PersonalisedRequest<'_>, limit: usize) -> Vec<ItemIndex> {
        let place = ListPlace { page: &[], may_show: &|item| self.may_show(request, item) };
        let scored = Arc::new(self.score_candidates(request, None));
        self.with_rules(request, None, place, |rules| {
            let mut list = begin_list(&scored, rules);
            let limit = limit.min(list.most);
            (0..limit).map_while(|at| Some(list.entry_at(at, rules)?.item)).collect()
        })
    }

    /// Hands on by what the list is arranged.
    pub(super) fn with_rules<T>(
        &self,
        request: &PersonalisedRequest<'_>,
        finished: Option<&FinishedList>,
        place: ListPlace<'_>,
        run: impl FnOnce(&Arrangement<'_>) -> T,
    ) -> T {
        let world = request.world;
        let is_dropped = |item| {
            let at = self.candidates.iter().position(|c| c.item == item);
            at.is_some_and(|at| finished.is_some_and(|f| f.drops(ListedItem { item, at })))
        };
        let around = Surroundings {
            page: place.page,
            place: request.place,
            now: request.now,
            zone: &world.policy.rules().zone,
            may_show: place.may_show,
            may_pin: &|item| (place.may_show)(item) && !is_dropped(item),
            find: &|id: &ItemId| world.screened.catalogue().ids().index(id),
        };
        let finish = finished.map(|f| ListRules { rules: f.page_rules(), fields: &*f.view });
        run(&Arrangement { own: ListRules { rules: &self.rules, fields: &*self.view }, finish, around })
    }

    /// What the finish did not drop, in the order of scores: moves times those of the finish. Ties go to the
    /// id.
    pub(super) fn score_candidates(
        &self,
        request: &PersonalisedRequest<'_>,
        finished: Option<&FinishedList>,
    ) -> Vec<ScoredItem> {
        let mut scored: Vec<ScoredItem> = Vec::with_capacity(self.candidates.len());
        for (at, candidate) in (0..).zip(&self.candidates) {
            let listed = ListedItem { item: candidate.item, at: at as usize };
            if !finished.is_some_and(|f| f.drops(listed)) {
                let by_finish = finished.map_or(1.0, |f| f.factor(listed));
                let score = starting_score(candidate.position) * candidate.factor * by_finish;
                scored.push(ScoredItem { item: candidate.item, score, at: Some(at) });
            }
        }
        // no item stands twice on a list, so that no two are equal
        scored.sort_unstable_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| request.world.compare_ids(a.item, b.item))
        });
        scored
    }

    /// The reason for an entry: the strategy's own, else that of the finish.
    pub(super) fn reason_of(&self, entry: &ScoredItem, finished: Option<&FinishedList>) -> Option<Arc<str>> {
        let at = entry.at? as usize;
        let own = self.candidates.get(at)?.says.and_then(|number| self.reasons.code(number));
        own.or_else(|| finished?.reason(ListedItem { item: entry.item, at })).cloned()
    }
}

/// Begins a list. In tests it is compared, to its end, with the plain way.
pub(super) fn begin_list(scored: &Arc<Vec<ScoredItem>>, rules: &Arrangement<'_>) -> ArrangedList {
    let list = ArrangedList::begin_list(Arc::clone(scored), rules);
    #[cfg(test)]
    assert_is_plain(list.clone(), scored, rules);
    list
}

#[cfg(test)]
fn assert_is_plain(mut list: ArrangedList, scored: &[ScoredItem], rules: &Arrangement<'_>) {
    let plain = crate::arrange::arrange_plainly(scored, rules);
    let whole: Vec<ScoredItem> = (0..).map_while(|at| list.entry_at(at, rules)).collect();
    assert_eq!(whole, plain);
}
