//! The page: lists laid one after the other, without repeats, each made as far as it is shown and able to go
//! on, so that it can be refilled.

use std::sync::Arc;

use jardin_model::ItemIndex;
use jardin_policy::StrategyName;

use super::{
    finish::{Finish, FinishedList},
    hidden::HiddenItems,
    kept_effects::ItemOrder,
    list::{CandidateList, ListPlace, begin_list},
    personalised_request::PersonalisedRequest,
};
use crate::{
    api::Level,
    arrange::{ArrangedList, Arrangement, ScoredItem},
    item_set::ItemSet,
    world::World,
};

/// One list as it stands on the page, with all that it was arranged by.
pub(super) struct PageSection {
    list: Arc<CandidateList>,
    finished: Option<FinishedList>,
    pub(super) level: Level,
    arranged: ArrangedList,
    /// What stood on the page before it, and what lists before it had dropped.
    before: Vec<ItemIndex>,
    dropped_before: Option<Arc<ItemSet>>,
    /// The places of the list that are shown.
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
    dropped: Option<Arc<ItemSet>>,
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
            dropped: None,
            dropped_by: Level::Popular,
            finish_failed: false,
        }
    }

    /// True of what a rule left out.
    pub(super) fn drops(&self, item: ItemIndex) -> bool {
        holds(self.dropped.as_deref(), item)
    }

    /// How many items are missing.
    pub(super) const fn missing_items(&self) -> usize {
        self.limit.saturating_sub(self.items.len())
    }

    /// Lays a list: its moves times those of the finish, arranged by its own rules and then by those of the
    /// finish. What a list before dropped is taken out here and not where the list is made: a strategy is asked
    /// the same question whatever others dropped. `is_shared` says that the list is one that many requests lay.
    pub(super) async fn fill_page(&mut self, list: Arc<CandidateList>, is_shared: bool) {
        let (finished, scored) = self.finish_list(&list, is_shared).await;
        // a list that others cut depends on what they saw
        let is_cut = self.dropped.is_some() && list.candidates.iter().any(|c| self.drops(c.item));
        let mut section = PageSection {
            level: if is_cut { list.level.max(self.dropped_by) } else { list.level },
            arranged: ArrangedList::default(),
            before: self.items.clone(),
            dropped_before: self.dropped.clone(),
            shown: Vec::new(),
            list,
            finished,
        };
        let (room, world) = (self.missing_items(), self.request.world);
        let mut seen = Vec::with_capacity(self.limit);
        seen.extend_from_slice(&self.items);
        section.arrange(self.request, self.hidden, |arranged, rules| {
            *arranged = begin_list(&scored, rules);
            shown_places(arranged, rules, room, &mut seen, world)
        });
        self.items = seen;
        self.note_dropped(&section.list);
        self.sections.push(section);
    }

    fn note_dropped(&mut self, list: &CandidateList) {
        if !list.dropped.is_empty() {
            let dropped = Arc::make_mut(self.dropped.get_or_insert_default());
            list.dropped.iter().for_each(|item| {
                dropped.insert(*item);
            });
            self.dropped_by = self.dropped_by.max(list.level);
        }
    }

    /// What the finish does to a list, and the list in the order of its scores.
    async fn finish_list(
        &mut self,
        list: &Arc<CandidateList>,
        is_shared: bool,
    ) -> (Option<FinishedList>, ItemOrder) {
        let kept = self.finish.filter(|_| is_shared).and_then(|finish| finish.kept_order(self.request, list));
        if let Some((finished, order)) = kept {
            return (Some(finished), order);
        }
        let finished = self.finish_candidates(list).await;
        let order = Arc::new(list.score_candidates(self.request, finished.as_ref()));
        if let Some(finished) = finished.as_ref().filter(|_| is_shared) {
            finished.keep_order(self.request, list, &order);
        }
        (finished, order)
    }

    async fn finish_candidates(&mut self, list: &CandidateList) -> Option<FinishedList> {
        let finish = self.finish?;
        let items: Vec<ItemIndex> = list.candidates.iter().map(|c| c.item).collect();
        let (request, hidden, on_page) = (self.request, self.hidden, &self.items);
        let may_show = |item| may_stand(request, hidden, list, on_page, item);
        let finished = finish.finish_list(request, &items, &may_show).await.ok();
        self.finish_failed |= finished.is_none();
        finished
    }

    /// Fills the page anew with what can be sold in a newer world, where there is one.
    pub(super) fn refill_for(&mut self, newest: &World) {
        if std::ptr::eq(newest, self.request.world) {
            return;
        }
        let mut seen = Vec::new();
        for section in &mut self.sections {
            let room = self.limit.saturating_sub(seen.len());
            section.arrange(self.request, self.hidden, |arranged, rules| {
                shown_places(arranged, rules, room, &mut seen, newest)
            });
        }
    }

    /// What is shown, each with its list.
    pub(super) fn shown_items(&self) -> impl Iterator<Item = (&PageSection, &ScoredItem)> {
        self.sections.iter().flat_map(|section| {
            let made = section.arranged.made_items();
            section.shown.iter().filter_map(move |at| Some((section, made.get(*at)?)))
        })
    }
}

impl PageSection {
    pub(super) fn strategy(&self) -> &StrategyName {
        &self.list.strategy
    }

    /// The reason for one of its entries.
    pub(super) fn reason_of(&self, entry: &ScoredItem) -> Option<Arc<str>> {
        self.list.reason_of(entry, self.finished.as_ref())
    }

    /// Says what is shown of the list, by the rules that it began with.
    fn arrange(
        &mut self,
        request: &PersonalisedRequest<'_>,
        hidden: &HiddenItems<'_>,
        show: impl FnOnce(&mut ArrangedList, &Arrangement<'_>) -> Vec<usize>,
    ) {
        let (list, before, dropped) = (&self.list, &self.before, self.dropped_before.as_deref());
        let may_show = |item| !holds(dropped, item) && may_stand(request, hidden, list, before, item);
        let place = ListPlace { page: before, may_show: &may_show };
        let arranged = &mut self.arranged;
        self.shown = list.with_rules(request, self.finished.as_ref(), place, |rules| show(arranged, rules));
    }
}

/// True for one of a set that may not have begun.
fn holds(items: Option<&ItemSet>, item: ItemIndex) -> bool {
    items.is_some_and(|items| items.contains(item))
}

/// What of a list may stand behind what is on the page.
fn may_stand(
    request: &PersonalisedRequest<'_>,
    hidden: &HiddenItems<'_>,
    list: &CandidateList,
    on_page: &[ItemIndex],
    item: ItemIndex,
) -> bool {
    list.may_show(request, item) && !hidden.hides(item, request.world) && !on_page.contains(&item)
}

/// The first places of a list, as many as there is room for, that can be sold and are not shown already. What
/// they show is added to `seen`.
fn shown_places(
    list: &mut ArrangedList,
    rules: &Arrangement<'_>,
    room: usize,
    seen: &mut Vec<ItemIndex>,
    world: &World,
) -> Vec<usize> {
    let room = room.min(list.most);
    let mut shown = Vec::with_capacity(room);
    let mut place = 0;
    while shown.len() < room
        && let Some(entry) = list.entry_at(place, rules)
    {
        if world.is_sellable(entry.item) && !seen.contains(&entry.item) {
            seen.push(entry.item);
            shown.push(place);
        }
        place += 1;
    }
    shown
}
