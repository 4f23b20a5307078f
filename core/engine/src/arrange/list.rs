//! A list on its way to the page, and what arranging it looks at.

use std::sync::Arc;

use jardin_contract::PageRule;
use jardin_model::{ItemId, ItemIndex, Timestamp, Zone};

use super::{counted::ValueCounts, diversify, fields::PageFields, moved, turned};

/// One item of a list on its way to the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ScoredItem {
    pub(crate) item: ItemIndex,
    /// The starting score of its place times every factor.
    pub(crate) score: f64,
    /// Its place among the candidates of its list; `None` for one that a pin added.
    pub(crate) at: Option<u32>,
}

/// The rules of one strategy with what they may read.
#[derive(Clone, Copy)]
pub(crate) struct ListRules<'a> {
    pub(crate) rules: &'a [PageRule],
    pub(crate) fields: &'a dyn PageFields,
}

/// Everything else that arranging looks at.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// The page as filled by the lists before.
    pub(crate) page: &'a [ItemIndex],
    pub(crate) place: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) zone: &'a Zone,
    /// What may stand on this list: sellable, not left out, not on the page already.
    pub(crate) may_show: &'a (dyn Fn(ItemIndex) -> bool + Sync),
    /// What of it a pin may add: nothing that the finish dropped.
    pub(crate) may_pin: &'a (dyn Fn(ItemIndex) -> bool + Sync),
    pub(crate) find: &'a (dyn Fn(&ItemId) -> Option<ItemIndex> + Sync),
}

/// By what one list is arranged. A strategy's rules speak of its own list. A finish's `max_per`, `slot` and
/// `pin` speak of the page as filled so far.
#[derive(Clone, Copy)]
pub(crate) struct Arrangement<'a> {
    pub(crate) own: ListRules<'a>,
    pub(crate) finish: Option<ListRules<'a>>,
    pub(crate) around: Surroundings<'a>,
}

impl<'a> Arrangement<'a> {
    /// The strategy's rules and then those of the finish, each with the page that they count over.
    pub(super) fn sides(&self) -> impl Iterator<Item = (ListRules<'a>, &'a [ItemIndex])> + use<'a> {
        let page = self.around.page;
        std::iter::once((self.own, &[][..])).chain(self.finish.map(|finish| (finish, page)))
    }
}

/// So many entries are made room for at first; pages show a dozen.
const USUAL_ENTRIES: usize = 16;

/// A list in its order, made as far as somebody looked. The rest follows exactly, whenever it is asked for, by
/// the arrangement that the list began with.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ArrangedList {
    /// The beginning of the list.
    pub(super) made: Vec<ScoredItem>,
    /// The entries in the order of their scores, of which those up to `next` were looked at.
    scored: Arc<Vec<ScoredItem>>,
    next: usize,
    counts: ValueCounts,
    /// How many of them may be shown at most.
    pub(crate) most: usize,
}

impl ArrangedList {
    /// Begins a list of entries that stand in the order of their scores.
    pub(crate) fn begin_list(scored: Arc<Vec<ScoredItem>>, rules: &Arrangement<'_>) -> Self {
        let most = rules.sides().map(|(side, page)| list_limit(side.rules).saturating_sub(page.len())).min();
        let mut list = Self {
            made: Vec::with_capacity(USUAL_ENTRIES.min(scored.len())),
            scored: diversify::diversify_shown(scored, rules),
            next: 0,
            counts: ValueCounts::over_page(rules),
            most: most.unwrap_or(usize::MAX),
        };
        rules.sides().for_each(|(side, _)| moved::raise_to_least(&mut list, side, rules));
        rules.sides().for_each(|(side, _)| turned::rotate_first(&mut list, side, rules));
        rules.sides().for_each(|(side, page)| moved::fill_slots(&mut list, side, page, rules));
        rules.sides().for_each(|(side, page)| moved::fill_pins(&mut list, side, page, rules));
        list
    }

    /// The entry at a place, from 0; `None` behind the end.
    pub(crate) fn entry_at(&mut self, place: usize, rules: &Arrangement<'_>) -> Option<ScoredItem> {
        self.make(place.saturating_add(1), rules);
        self.made.get(place).copied()
    }

    /// What was made so far.
    pub(crate) fn made_items(&self) -> &[ScoredItem] {
        &self.made
    }

    /// Makes the first `count` entries, or as many as there are, and says how many that is.
    pub(super) fn make(&mut self, count: usize, rules: &Arrangement<'_>) -> usize {
        while self.made.len() < count && self.make_next(rules) {}
        self.made.len().min(count)
    }

    /// The first place of an entry that fits.
    pub(super) fn find_place(
        &mut self,
        fits: &dyn Fn(&ScoredItem) -> bool,
        rules: &Arrangement<'_>,
    ) -> Option<usize> {
        let mut place = 0;
        loop {
            if self.make(place + 1, rules) <= place {
                return None;
            }
            if self.made.get(place).is_some_and(fits) {
                return Some(place);
            }
            place += 1;
        }
    }

    fn make_next(&mut self, rules: &Arrangement<'_>) -> bool {
        while let Some(entry) = self.scored.get(self.next).copied() {
            self.next += 1;
            if (rules.around.may_show)(entry.item) && self.counts.let_through(entry.item, rules) {
                self.made.push(entry);
                return true;
            }
        }
        false
    }
}

fn list_limit(rules: &[PageRule]) -> usize {
    let limits = rules.iter().filter_map(|rule| if let PageRule::Limit(n) = rule { Some(*n) } else { None });
    limits.min().unwrap_or(usize::MAX)
}
