//! The page: lists laid one after the other, without repeats, each with more than is shown so that it can be
//! refilled.

use std::collections::HashSet;

use jardin_model::ItemIndex;
use jardin_policy::StrategyName;

use super::{
    finish::{Finish, FinishedList},
    hidden::HiddenItems,
    list::CandidateList,
    personalised_request::PersonalisedRequest,
};
use crate::{
    api::Level,
    arrange::{ArrangedList, ScoredItem},
    world::World,
};

/// One list as it stands on the page.
pub(super) struct PageSection {
    pub(super) strategy: StrategyName,
    pub(super) level: Level,
    list: ArrangedList,
    /// The positions of the list that are shown.
    shown: Vec<usize>,
}

/// The lists of one answer in their order.
pub(super) struct Page<'a> {
    request: &'a PersonalisedRequest<'a>,
    hidden: &'a HiddenItems<'a>,
    finish: Option<&'a Finish>,
    limit: usize,
    sections: Vec<PageSection>,
    /// What is shown so far.
    items: Vec<ItemIndex>,
    /// What a rule of a list before left out: no later list brings it back.
    dropped: HashSet<ItemIndex>,
    /// The widest level of a list that left something out.
    dropped_by: Level,
    /// A list had to be laid without its finish.
    pub(super) finish_failed: bool,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        request: &'a PersonalisedRequest<'a>,
        hidden: &'a HiddenItems<'a>,
        finish: Option<&'a Finish>,
        limit: usize,
    ) -> Self {
        Self {
            request,
            hidden,
            finish,
            limit,
            sections: Vec::new(),
            items: Vec::new(),
            dropped: HashSet::new(),
            dropped_by: Level::Popular,
            finish_failed: false,
        }
    }

    /// True of what a rule left out.
    pub(super) fn drops(&self, item: ItemIndex) -> bool {
        self.dropped.contains(&item)
    }

    /// How many items are missing.
    pub(super) const fn missing_items(&self) -> usize {
        self.limit.saturating_sub(self.items.len())
    }

    /// Lays a list: its moves times those of the finish, arranged by its own rules and then by those of the
    /// finish. What a list before dropped is taken out here and not where the list is made: a strategy is asked
    /// the same question whatever others dropped.
    pub(super) async fn fill_page(&mut self, list: &CandidateList) {
        let request = self.request;
        let on_page = std::mem::take(&mut self.items);
        let hidden = self.hidden;
        let may_show = |item: ItemIndex| {
            list.may_show(request, item) && !hidden.hides(item, request.world) && !on_page.contains(&item)
        };
        let finished = self.finish_candidates(list, &may_show).await;
        let may_stand = |item: ItemIndex| may_show(item) && !self.dropped.contains(&item);
        let arranged = list.arrange_over(request, finished.as_ref(), &on_page, &may_stand);
        let mut seen: HashSet<ItemIndex> = on_page.iter().copied().collect();
        let shown =
            shown_positions(&arranged, self.limit.saturating_sub(on_page.len()), &mut seen, request.world);
        self.items = on_page;
        self.items.extend(shown.iter().filter_map(|at| arranged.items.get(*at)).map(|e| e.item));
        // a list that others cut depends on what they saw
        let is_cut = list.candidates.iter().any(|c| self.dropped.contains(&c.item));
        let level = if is_cut { list.level.max(self.dropped_by) } else { list.level };
        self.sections.push(PageSection { strategy: list.strategy.clone(), level, list: arranged, shown });
        self.note_dropped(list);
    }

    fn note_dropped(&mut self, list: &CandidateList) {
        if !list.dropped.is_empty() {
            self.dropped.extend(&list.dropped);
            self.dropped_by = self.dropped_by.max(list.level);
        }
    }

    async fn finish_candidates(
        &mut self,
        list: &CandidateList,
        may_show: &(dyn Fn(ItemIndex) -> bool + Sync),
    ) -> Option<FinishedList> {
        let finish = self.finish?;
        let items: Vec<ItemIndex> =
            list.candidates.iter().map(|c| c.item).filter(|item| may_show(*item)).collect();
        let finished = finish.finish_list(self.request, &items).await.ok();
        self.finish_failed |= finished.is_none();
        finished
    }

    /// Fills the page anew with what can be sold in a newer world, where there is one.
    pub(super) fn refill_for(&mut self, newest: &World) {
        if std::ptr::eq(newest, self.request.world) {
            return;
        }
        let mut seen = HashSet::new();
        for section in &mut self.sections {
            let room = self.limit.saturating_sub(seen.len());
            section.shown = shown_positions(&section.list, room, &mut seen, newest);
        }
    }

    /// What is shown, each with its list.
    pub(super) fn shown_items(&self) -> impl Iterator<Item = (&PageSection, &ScoredItem)> {
        self.sections.iter().flat_map(|section| {
            section.shown.iter().filter_map(move |at| Some((section, section.list.items.get(*at)?)))
        })
    }
}

/// The first positions of a list, as many as there is room for, that can be sold and are not shown already.
fn shown_positions(
    list: &ArrangedList,
    room: usize,
    seen: &mut HashSet<ItemIndex>,
    world: &World,
) -> Vec<usize> {
    let can_show = |(_, e): &(usize, &ScoredItem)| world.is_sellable(e.item) && seen.insert(e.item);
    let room = room.min(list.most);
    list.items.iter().enumerate().filter(can_show).take(room).map(|(at, _)| at).collect()
}
