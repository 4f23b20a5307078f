//! A page that was made: what can be sold at this moment, the paid places last.

use std::sync::Arc;

use jardin_model::ItemIndex;
use jardin_policy::StrategyName;

use super::{decision_record::LookedAt, page::Page, sponsored::FilledPlace};
use crate::{
    api::{Level, StrategyAttempt},
    config::Sponsored,
    world::World,
};

/// One item of a page that was made.
pub(super) struct MadeItem {
    pub(super) item: ItemIndex,
    pub(super) strategy: Option<StrategyName>,
    pub(super) says: Option<Arc<str>>,
    /// The paid place, where it is one.
    pub(super) sponsored: Option<Sponsored>,
}

/// A page that was made.
#[derive(Default)]
pub(super) struct MadePage {
    pub(super) items: Vec<MadeItem>,
    pub(super) level: Option<Level>,
    pub(super) attempts: Vec<StrategyAttempt>,
    pub(super) warnings: Vec<&'static str>,
    pub(super) looked_at: LookedAt,
}

impl MadePage {
    /// Lays out what can be sold in the newest world. An index means the same item in every world; a policy
    /// that was swapped meanwhile is obeyed by the next request.
    pub(super) fn lay_out(
        &mut self,
        page: &mut Page<'_>,
        paid: Vec<FilledPlace<'_>>,
        newest: &World,
        limit: usize,
    ) {
        page.refill_for(newest);
        self.level = page.shown_items().map(|(section, _)| section.level).max();
        let items = page.shown_items().map(|(section, scored)| MadeItem {
            item: scored.item,
            strategy: Some(section.strategy().clone()),
            says: section.reason_of(scored),
            sponsored: None,
        });
        self.items.reserve(limit);
        self.items.extend(items);
        for filled in paid.into_iter().filter(|filled| newest.is_sellable(filled.item)) {
            self.insert_paid(&filled);
        }
        self.items.truncate(limit);
    }

    /// Empties a page with fewer items of its own than `least`: paid places alone are no list.
    pub(super) fn clear_below(&mut self, least: usize) {
        if self.items.iter().filter(|i| i.sponsored.is_none()).count() < least {
            self.items.clear();
            self.level = None;
            self.warnings.push("too-few");
        }
    }

    fn insert_paid(&mut self, filled: &FilledPlace<'_>) {
        self.items.retain(|i| i.item != filled.item);
        let at = (filled.place.position - 1).min(self.items.len());
        let sponsored = Some(filled.place.clone());
        self.items.insert(at, MadeItem { item: filled.item, strategy: None, says: None, sponsored });
    }
}
