//! What a trial saw, item by item: where each stood, where it stands, and why.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jardin_contract::{Effect, PageRule, PlainValue, Ranking};
use jardin_model::{ItemId, ItemIndex};
use jardin_policy::StrategyName;

use super::{
    stage::{Seen, Stage},
    watched::Run,
};

/// One move of an item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Move {
    /// Which strategy moved it.
    pub(crate) by: StrategyName,
    /// By which factor; `None` where it was dropped.
    pub(crate) factor: Option<f64>,
    /// The script's own words.
    pub(crate) note: Arc<str>,
}

/// One item of a trial.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    pub(crate) item: ItemId,
    /// Its place among the candidates of the strategy that is tried, from 1.
    pub(crate) was: Option<usize>,
    /// Its place on the page, from 1.
    pub(crate) rank: Option<usize>,
    /// Which strategy of the chain gave it, where it is on the page.
    pub(crate) given_by: Option<StrategyName>,
    pub(crate) moves: Vec<Move>,
    /// Who left it out, and why.
    pub(crate) dropped: Option<Move>,
    /// What the shopper is told.
    pub(crate) says: Option<Arc<str>>,
}

/// What the strategy that is tried did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Work {
    /// How many candidates it was given, in the run that had the most.
    pub(crate) candidates: usize,
    /// How many times it was asked.
    pub(crate) runs: usize,
    pub(crate) took: Duration,
    /// How many items its rule failed on.
    pub(crate) failed_items: usize,
    /// Why it gave nothing.
    pub(crate) failure: Option<String>,
}

/// Every item that the strategy was given, or that stands on the page: the page first, then by their places
/// among the candidates.
pub(crate) fn moved(seen: &Seen, stage: &Stage, strategy: &StrategyName) -> Vec<Moved> {
    let mut items = BTreeMap::<ItemId, Moved>::new();
    let of_strategy = seen.runs.iter().filter(|r| r.strategy == *strategy);
    for (place, item) in of_strategy.flat_map(|r| r.given.iter().enumerate()) {
        if let Some(id) = stage.id(*item) {
            let row = items.entry(id.clone()).or_insert_with(|| unmoved(id));
            row.was = row.was.or(Some(place + 1));
        }
    }
    for shown in &seen.answer.items {
        let row = items.entry(shown.item.clone()).or_insert_with(|| unmoved(shown.item.clone()));
        row.rank = Some(shown.rank);
        row.given_by.clone_from(&shown.strategy);
        row.says = shown.reason.as_ref().map(|told| Arc::clone(&told.code));
    }
    for run in &seen.runs {
        for (item, effect) in effects(run) {
            if let Some(row) = stage.id(item).and_then(|id| items.get_mut(&id)) {
                note(row, run, &effect);
            }
        }
    }
    let mut rows: Vec<Moved> = items.into_values().collect();
    rows.sort_by_key(|row| (row.rank.unwrap_or(usize::MAX), row.was.unwrap_or(usize::MAX), row.item.clone()));
    rows
}

const fn unmoved(item: ItemId) -> Moved {
    Moved { item, was: None, rank: None, given_by: None, moves: Vec::new(), dropped: None, says: None }
}

fn effects(run: &Run) -> Vec<(ItemIndex, Effect)> {
    match &run.gave {
        Ok(Ranking::Adjusted(adjusted)) => run.given.iter().copied().zip(adjusted.effects.iter()).collect(),
        _ => Vec::new(),
    }
}

/// A finish may be laid over an item more than once; what it did is noted once.
fn note(row: &mut Moved, run: &Run, effect: &Effect) {
    for note in effect.notes.iter().filter(|n| n.factor.is_some()) {
        let one = Move { by: run.strategy.clone(), factor: note.factor, note: Arc::clone(&note.text) };
        if !row.moves.contains(&one) {
            row.moves.push(one);
        }
    }
    if let Some(why) = &effect.dropped {
        row.dropped.get_or_insert_with(|| Move {
            by: run.strategy.clone(),
            factor: None,
            note: Arc::clone(why),
        });
    }
}

/// How the page was arranged: the rules of each strategy, in the order in which they came.
pub(crate) fn arranged(seen: &Seen) -> Vec<(StrategyName, Vec<String>)> {
    let mut arranged: Vec<(StrategyName, Vec<String>)> = Vec::new();
    for run in &seen.runs {
        if let Ok(Ranking::Adjusted(adjusted)) = &run.gave {
            let one = (run.strategy.clone(), adjusted.page.iter().map(rule).collect::<Vec<_>>());
            if !one.1.is_empty() && !arranged.contains(&one) {
                arranged.push(one);
            }
        }
    }
    arranged
}

/// A rule of a page, as a script writes it.
fn rule(rule: &PageRule) -> String {
    let value = |value: &PlainValue| match value {
        PlainValue::Text(text) => format!("{text:?}"),
        PlainValue::Number(n) => n.to_string(),
        PlainValue::Flag(flag) => flag.to_string(),
    };
    match rule {
        PageRule::MaxPer { field, n } => format!("max_per({field:?}, {n})"),
        PageRule::Diversify { field, strength } => format!("diversify({field:?}, {strength})"),
        PageRule::AtLeast { n, field, value: v, top } => {
            format!("at_least({n}, {field:?}, {}, {top})", value(v))
        }
        PageRule::Rotate { top, every } => {
            format!("rotate({top}, {:?})", format!("{every:?}").to_lowercase())
        }
        PageRule::Slot { position, field, value: v } => format!("slot({position}, {field:?}, {})", value(v)),
        PageRule::Pin { position, items } => {
            let ids: Vec<&str> = items.iter().map(ItemId::as_str).collect();
            format!("pin({position}, {ids:?})")
        }
        PageRule::Limit(n) => format!("limit({n})"),
    }
}

/// The work of a strategy over all its runs.
pub(crate) fn work(seen: &Seen, strategy: &StrategyName) -> Work {
    let mut work = Work::default();
    for run in seen.runs.iter().filter(|r| r.strategy == *strategy) {
        work.runs += 1;
        work.candidates = work.candidates.max(run.given.len());
        work.took += run.took;
        match &run.gave {
            Ok(Ranking::Adjusted(adjusted)) => work.failed_items += adjusted.failed,
            Ok(Ranking::Picks(_)) => {}
            Err(failure) => work.failure = Some(failure.to_string()),
        }
    }
    work
}
