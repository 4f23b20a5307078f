//! One page in the making: the chain, the fallback, the paid places, and the last look at what can be sold.

use std::{collections::HashSet, sync::Arc};

use jardin_contract::Failure;
use jardin_model::ItemIndex;
use jardin_policy::{Flags, Profile, Stop, StrategyName};

use super::{
    Prepared,
    asking::{Asking, List, Without},
    finish::Finish,
    hidden::{Hidden, may_use_basket},
    page::Page,
    run, sponsored,
};
use crate::{LeaveOut, Level, Placement, Status, Tried, config::Sponsored, inner::Inner};

/// Whether the chain may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chain {
    /// Each strategy decides.
    Whole,
    /// The store did not say who she is: the fallback alone.
    Unreadable,
    /// What decides changed again and again: the fallback alone.
    Changed,
}

/// One question with what decides about it.
pub(super) struct Question<'a> {
    pub(super) prepared: &'a Prepared<'a>,
    pub(super) profile: Profile,
    pub(super) flags: Flags,
    pub(super) stop: &'a Stop,
    pub(super) above: &'a HashSet<ItemIndex>,
    pub(super) distinct: bool,
    pub(super) chain: Chain,
}

/// One item of a page that was made.
pub(super) struct MadeItem {
    pub(super) item: ItemIndex,
    pub(super) strategy: Option<StrategyName>,
    pub(super) says: Option<Arc<str>>,
    /// The paid place by its position in jardin.toml's list.
    pub(super) sponsored: Option<Sponsored>,
}

/// A page that was made.
#[derive(Default)]
pub(super) struct Made {
    pub(super) items: Vec<MadeItem>,
    pub(super) level: Option<Level>,
    pub(super) tried: Vec<Tried>,
    pub(super) warnings: Vec<&'static str>,
}

pub(super) async fn make(inner: &Inner, question: &Question<'_>) -> Made {
    let prepared = question.prepared;
    let Some(placement) = prepared.placement() else {
        return Made::default();
    };
    let asking = Asking {
        world: &prepared.world,
        clock: &*inner.parts.clock,
        counters: &inner.counters,
        profile: &question.profile,
        flags: question.flags,
        stop: question.stop,
        now: prepared.now,
        place: &placement.name,
        chain_until: prepared.chain_until(),
        until: prepared.until,
    };
    let hidden = hidden(question, &asking, placement);
    let mut made = Made::default();
    let finish = finish(&asking, placement, prepared.limit, &mut made);
    let mut page = Page::new(&asking, &hidden, finish.as_ref(), prepared.limit);
    chain(question, &asking, placement, &hidden, &mut page, &mut made).await;
    if page.missing() > 0 {
        fallback(inner, &asking, placement, &mut page, &mut made).await;
    }
    let paid = sponsored::paid(&asking, &hidden, finish.as_ref()).await;
    shown(inner, prepared, &page, paid, &mut made);
    if page.finish_failed {
        made.warnings.push("finish-failed");
    }
    made
}

fn hidden<'a>(question: &'a Question<'_>, asking: &Asking<'_>, placement: &Placement) -> Hidden<'a> {
    let prepared = question.prepared;
    let wants_basket = placement.leave_out.contains(&LeaveOut::Basket);
    let may_use = wants_basket && question.chain == Chain::Whole && may_use_basket(asking, &placement.chain);
    let mut placement = placement.clone();
    if question.distinct {
        placement.leave_out.push(LeaveOut::ShownAbove);
    }
    let sent = &prepared.sent;
    Hidden::new(asking.world, &placement, prepared.request, sent, question.above, prepared.filter(), may_use)
}

fn finish(asking: &Asking<'_>, placement: &Placement, limit: usize, made: &mut Made) -> Option<Finish> {
    let name = placement.finish.as_ref()?;
    let finish = Finish::of(asking, name, limit);
    if let Err(without) = &finish {
        asking.note(name, without);
        made.warnings.push(if matches!(without, Without::Refused(_)) {
            "finish-stopped"
        } else {
            "finish-failed"
        });
    }
    finish.ok()
}

async fn chain(
    question: &Question<'_>,
    asking: &Asking<'_>,
    placement: &Placement,
    hidden: &Hidden<'_>,
    page: &mut Page<'_>,
    made: &mut Made,
) {
    for name in placement.chain.iter().filter(|name| *name != asking.world.fallback()) {
        if page.missing() == 0 {
            return;
        }
        let excuse = match question.chain {
            Chain::Whole => None,
            Chain::Unreadable => Some("store"),
            Chain::Changed => Some("changed"),
        };
        if let Some(why) = excuse {
            made.tried.push(failed(name, why));
            continue;
        }
        // some more than are missing, so that what is hidden or dropped by the finish can be refilled
        let wanted = page.missing().saturating_mul(2).saturating_add(hidden.count());
        match given(asking, name, wanted).await {
            Ok(list) => {
                page.lay(&list).await;
                made.tried.push(ran(name));
            }
            Err(without) => made.tried.push(without.told(name)),
        }
    }
}

async fn given(asking: &Asking<'_>, name: &StrategyName, wanted: usize) -> Result<List, Without> {
    // what may not run is refused, also where no time is left
    asking.leave(name)?;
    if asking.chain_until.is_some_and(|until| until.left(asking.clock).is_zero()) {
        return Err(Failure::Late.into());
    }
    run::run(asking, name, wanted).await
}

async fn fallback(
    inner: &Inner,
    asking: &Asking<'_>,
    placement: &Placement,
    page: &mut Page<'_>,
    made: &mut Made,
) {
    let name = asking.world.fallback();
    let list = asking.leave(name).and_then(|_| inner.fallbacks.list(&placement.name));
    match list {
        Ok(list) => {
            page.lay(&list).await;
            made.tried.push(ran(name));
        }
        Err(without) => made.tried.push(without.told(name)),
    }
}

/// Lays out what can be sold at this moment, the paid places last.
fn shown(
    inner: &Inner,
    prepared: &Prepared<'_>,
    page: &Page<'_>,
    paid: Vec<sponsored::Paid<'_>>,
    made: &mut Made,
) {
    let newest = inner.world();
    // an index means the same item in every world; a policy that was swapped meanwhile is obeyed by the next
    // request
    let filled = page.filled(&newest);
    made.level = filled.iter().map(|(block, _)| block.level).max();
    let items = filled.into_iter().map(|(block, entry)| MadeItem {
        item: entry.item,
        strategy: Some(block.strategy.clone()),
        says: entry.says.clone(),
        sponsored: None,
    });
    made.items = items.collect();
    for paid in paid.into_iter().filter(|paid| newest.is_sellable(paid.item)) {
        made.items.retain(|i| i.item != paid.item);
        let at = (paid.place.position - 1).min(made.items.len());
        let item =
            MadeItem { item: paid.item, strategy: None, says: None, sponsored: Some(paid.place.clone()) };
        made.items.insert(at, item);
    }
    made.items.truncate(prepared.limit);
}

fn ran(name: &StrategyName) -> Tried {
    Tried { name: name.clone(), status: Status::Ran, why: None }
}

fn failed(name: &StrategyName, why: &'static str) -> Tried {
    Tried { name: name.clone(), status: Status::Failed, why: Some(why) }
}
