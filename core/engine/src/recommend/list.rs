//! What a strategy gave, checked, and arranged by its own rules and those of the finish.

use std::{collections::HashSet, sync::Arc};

use jardin_contract::PageRule;
use jardin_model::{ItemId, ItemIndex};
use jardin_policy::{StrategyName, View};

use super::{candidate::Candidate, finish::FinishedList, personalised_request::PersonalisedRequest};
use crate::{
    api::Level,
    arrange::{ArrangedList, ListRules, ScoredItem, Surroundings, arrange_list, starting_score},
};

/// What a strategy gave.
#[derive(Debug, Clone)]
pub(super) struct CandidateList {
    pub(super) strategy: StrategyName,
    /// Through which its page rules read items.
    pub(super) view: Arc<View>,
    pub(super) candidates: Vec<Candidate>,
    /// What its own rule left out.
    pub(super) dropped: HashSet<ItemIndex>,
    pub(super) rules: Vec<PageRule>,
    /// True where a subject or session field was granted to it or to one that it asked.
    pub(super) personal: bool,
    pub(super) level: Level,
}

impl CandidateList {
    /// What may stand on the list at all: a live, sellable item, and none of `[never]` where the list was
    /// made on the ground of a person.
    pub(super) fn may_show(&self, request: &PersonalisedRequest<'_>, item: ItemIndex) -> bool {
        let world = request.world;
        world.is_sellable(item) && (!self.personal || world.screened.may_be_tied_to_a_person(item))
    }

    /// The list by itself, as another strategy that asked for it sees it.
    pub(super) fn items_as_source(&self, request: &PersonalisedRequest<'_>) -> Vec<ItemIndex> {
        let arranged = self.arrange_over(request, None, &[], &|item| self.may_show(request, item));
        arranged.items.into_iter().take(arranged.most).map(|e| e.item).collect()
    }

    /// The list in its order on a page that holds `page` already.
    pub(super) fn arrange_over(
        &self,
        request: &PersonalisedRequest<'_>,
        finished: Option<&FinishedList>,
        page: &[ItemIndex],
        may_show: &(dyn Fn(ItemIndex) -> bool + Sync),
    ) -> ArrangedList {
        let world = request.world;
        let around = Surroundings {
            page,
            place: request.place,
            now: request.now,
            zone: &world.policy.rules().zone,
            may_show: &|item| may_show(item) && !finished.is_some_and(|f| f.drops(item)),
            find: &|id: &ItemId| world.screened.catalogue().ids().index(id),
            by_id: &|a, b| world.compare_ids(a, b),
        };
        let items = self.candidates.iter().map(|c| score_candidate(c, finished)).collect();
        let own = ListRules { rules: &self.rules, fields: &*self.view };
        let finish = finished.map(|f| ListRules { rules: &f.rules, fields: &*f.view });
        arrange_list(items, own, finish, &around)
    }
}

fn score_candidate(candidate: &Candidate, finished: Option<&FinishedList>) -> ScoredItem {
    let effect = finished.and_then(|f| f.effects.get(&candidate.item));
    ScoredItem {
        item: candidate.item,
        score: starting_score(candidate.position) * candidate.factor * effect.map_or(1.0, |e| e.factor),
        says: candidate.says.clone().or_else(|| effect.and_then(|e| e.says.clone())),
    }
}
