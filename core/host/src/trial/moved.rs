//! What a trial saw, item by item: where each stood, where it stands, and why.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jardin_contract::{Effect, PageRule, PlainValue, Ranking};
use jardin_model::{ItemId, ItemIndex};
use jardin_policy::StrategyName;

use super::{
    trial_engine::{TrialAnswer, TrialEngine},
    watched_strategy::StrategyRun,
};

/// One move of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Which strategy moved it.
    pub by: StrategyName,
    /// By which factor; `None` where it was dropped.
    pub factor: Option<f64>,
    /// The script's own words.
    pub note: Arc<str>,
}

/// One item of a trial.
#[derive(Debug, Clone)]
pub struct MovedItem {
    /// Which item.
    pub item: ItemId,
    /// Its place among the candidates of the strategy that is tried, from 1.
    pub was: Option<usize>,
    /// Its place on the page, from 1.
    pub rank: Option<usize>,
    /// Which strategy of the chain gave it, where it is on the page.
    pub given_by: Option<StrategyName>,
    /// What moved it, in the order in which it was noted.
    pub moves: Vec<Move>,
    /// Who left it out, and why.
    pub dropped: Option<Move>,
    /// What the shopper is told.
    pub says: Option<Arc<str>>,
}

impl MovedItem {
    /// Left out: by a rule of the chain for the whole page, or by the finish.
    #[must_use]
    pub const fn is_dropped(&self) -> bool {
        self.dropped.is_some() && self.rank.is_none()
    }
}

/// What the strategy that is tried did.
#[derive(Debug, Clone, Default)]
pub struct StrategyWork {
    /// How many candidates it was given, in the run that had the most.
    pub candidates: usize,
    /// How many times it was asked.
    pub runs: usize,
    /// How long all its runs took.
    pub took: Duration,
    /// How many items its rule failed on.
    pub failed_items: usize,
    /// Why it gave nothing.
    pub failure: Option<String>,
}

/// Every item that the strategy was given, or that stands on the page: the page first, then by their places
/// among the candidates.
pub fn moved_items(seen: &TrialAnswer, engine: &TrialEngine, strategy: &StrategyName) -> Vec<MovedItem> {
    let mut items = BTreeMap::<ItemId, MovedItem>::new();
    let of_strategy = seen.runs.iter().filter(|r| r.strategy == *strategy);
    for (place, item) in of_strategy.flat_map(|r| r.given.iter().enumerate()) {
        if let Some(id) = engine.item_id(*item) {
            let row = items.entry(id.clone()).or_insert_with(|| unmoved_item(id));
            row.was = row.was.or(Some(place + 1));
        }
    }
    for shown in &seen.answer.items {
        let row = items.entry(shown.item.clone()).or_insert_with(|| unmoved_item(shown.item.clone()));
        row.rank = Some(shown.rank);
        row.given_by.clone_from(&shown.strategy);
        row.says = shown.reason.as_ref().map(|told| Arc::clone(&told.code));
    }
    for run in &seen.runs {
        for (item, effect) in effects_of_run(run) {
            if let Some(row) = engine.item_id(item).and_then(|id| items.get_mut(&id)) {
                note_effect(row, run, &effect);
            }
        }
    }
    let mut rows: Vec<MovedItem> = items.into_values().collect();
    rows.sort_by_key(|row| (row.rank.unwrap_or(usize::MAX), row.was.unwrap_or(usize::MAX), row.item.clone()));
    rows
}

const fn unmoved_item(item: ItemId) -> MovedItem {
    MovedItem { item, was: None, rank: None, given_by: None, moves: Vec::new(), dropped: None, says: None }
}

fn effects_of_run(run: &StrategyRun) -> Vec<(ItemIndex, Effect)> {
    match &run.gave {
        Ok(Ranking::Adjusted(adjusted)) => run.given.iter().copied().zip(adjusted.effects.iter()).collect(),
        _ => Vec::new(),
    }
}

/// A finish may be laid over an item more than once; what it did is noted once.
fn note_effect(row: &mut MovedItem, run: &StrategyRun, effect: &Effect) {
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
pub fn page_rules(seen: &TrialAnswer) -> Vec<(StrategyName, Vec<String>)> {
    let mut arranged: Vec<(StrategyName, Vec<String>)> = Vec::new();
    for run in &seen.runs {
        if let Ok(Ranking::Adjusted(adjusted)) = &run.gave {
            let one = (run.strategy.clone(), adjusted.page.iter().map(written_rule).collect::<Vec<_>>());
            if !one.1.is_empty() && !arranged.contains(&one) {
                arranged.push(one);
            }
        }
    }
    arranged
}

/// A rule of a page, as a script writes it.
fn written_rule(rule: &PageRule) -> String {
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
pub fn strategy_work(seen: &TrialAnswer, strategy: &StrategyName) -> StrategyWork {
    let mut work = StrategyWork::default();
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
