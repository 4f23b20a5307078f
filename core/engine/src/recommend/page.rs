//! The page: lists laid one after the other, without repeats, each with more than is shown so that it can be
//! refilled.

use std::collections::HashSet;

use jardin_model::{ItemId, ItemIndex};
use jardin_policy::StrategyName;

use super::{
    asking::{Asking, Candidate, List},
    finish::{Finish, Finished},
    hidden::Hidden,
};
use crate::{
    Level,
    arrange::{Arranged, Entry, Rules, Surroundings, arrange, starting_score},
    world::World,
};

/// One list as it stands on the page.
pub(super) struct Block {
    pub(super) strategy: StrategyName,
    pub(super) level: Level,
    arranged: Arranged,
}

/// The lists of one answer in their order.
pub(super) struct Page<'a> {
    asking: &'a Asking<'a>,
    hidden: &'a Hidden<'a>,
    finish: Option<&'a Finish>,
    limit: usize,
    blocks: Vec<Block>,
    /// A list had to be laid without its finish.
    pub(super) finish_failed: bool,
}

impl<'a> Page<'a> {
    pub(super) const fn new(
        asking: &'a Asking<'a>,
        hidden: &'a Hidden<'a>,
        finish: Option<&'a Finish>,
        limit: usize,
    ) -> Self {
        Self { asking, hidden, finish, limit, blocks: Vec::new(), finish_failed: false }
    }

    /// How many items are missing.
    pub(super) fn missing(&self) -> usize {
        self.limit.saturating_sub(self.filled(self.asking.world).len())
    }

    /// The entries that are shown, each with its list, as far as they can be sold in `world`.
    pub(super) fn filled(&self, world: &World) -> Vec<(&Block, &Entry)> {
        let mut shown = Vec::new();
        let mut seen = HashSet::new();
        for block in &self.blocks {
            let room = self.limit.saturating_sub(shown.len()).min(block.arranged.most);
            let can_stand = |e: &&Entry| world.is_sellable(e.item) && seen.insert(e.item);
            shown.extend(block.arranged.entries.iter().filter(can_stand).take(room).map(|e| (block, e)));
        }
        shown
    }

    /// Lays a list: its moves times those of the finish, arranged by its own rules and then by those of the
    /// finish.
    pub(super) async fn lay(&mut self, list: &List) {
        let asking = self.asking;
        let on_page: Vec<ItemIndex> = self.filled(asking.world).iter().map(|(_, e)| e.item).collect();
        let hidden = self.hidden;
        let may_show = |item: ItemIndex| {
            may_stand(asking, list, item) && !hidden.hides(item, asking.world) && !on_page.contains(&item)
        };
        let finished = self.finished(list, &may_show).await;
        let arranged = arranged(asking, list, finished.as_ref(), &on_page, &may_show);
        self.blocks.push(Block { strategy: list.strategy.clone(), level: list.level, arranged });
    }

    async fn finished(
        &mut self,
        list: &List,
        may_show: &(dyn Fn(ItemIndex) -> bool + Sync),
    ) -> Option<Finished> {
        let finish = self.finish?;
        let items: Vec<ItemIndex> =
            list.candidates.iter().map(|c| c.item).filter(|item| may_show(*item)).collect();
        let finished = finish.over(self.asking, &items).await.ok();
        self.finish_failed |= finished.is_none();
        finished
    }
}

/// What may stand on a list at all: a live, sellable item, and none of `[never]` where the list was made on
/// the ground of a person.
fn may_stand(asking: &Asking<'_>, list: &List, item: ItemIndex) -> bool {
    asking.world.is_sellable(item) && (!list.personal || asking.world.screened.may_be_tied_to_a_person(item))
}

/// A list by itself, as another strategy that asked for it sees it.
pub(super) fn alone(asking: &Asking<'_>, list: &List) -> Vec<ItemIndex> {
    let may_show = |item| may_stand(asking, list, item);
    let arranged = arranged(asking, list, None, &[], &may_show);
    arranged.entries.into_iter().take(arranged.most).map(|e| e.item).collect()
}

fn arranged(
    asking: &Asking<'_>,
    list: &List,
    finished: Option<&Finished>,
    page: &[ItemIndex],
    may_show: &(dyn Fn(ItemIndex) -> bool + Sync),
) -> Arranged {
    let world = asking.world;
    let dropped =
        |item: ItemIndex| finished.and_then(|f| f.effects.get(&item)).is_some_and(|e| e.dropped.is_some());
    let around = Surroundings {
        page,
        place: asking.place,
        now: asking.now,
        zone: &world.policy.rules().zone,
        may_show: &|item| may_show(item) && !dropped(item),
        find: &|id: &ItemId| world.screened.catalogue().ids().index(id),
        by_id: &|a, b| world.by_id(a, b),
    };
    let entries = list.candidates.iter().map(|c| entry(c, finished)).collect();
    let own = Rules { rules: &list.rules, fields: &*list.view };
    let finish = finished.map(|f| Rules { rules: &f.rules, fields: &*f.view });
    arrange(entries, own, finish, &around)
}

fn entry(candidate: &Candidate, finished: Option<&Finished>) -> Entry {
    let effect = finished.and_then(|f| f.effects.get(&candidate.item));
    Entry {
        item: candidate.item,
        score: starting_score(candidate.place) * candidate.factor * effect.map_or(1.0, |e| e.factor),
        says: candidate.says.clone().or_else(|| effect.and_then(|e| e.says.clone())),
    }
}
