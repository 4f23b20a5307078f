//! What every strategy must do, native or script: a kit that asks one and says what it does wrong.

use std::collections::BTreeSet;

use jardin_model::ItemIndex;

use crate::{Adjusted, Failure, Pick, Ranking, Sources, Strategy, StrategyRequest};

/// Asks a strategy in several ways and gives every breach of the contract, in words; none where it conforms.
/// `asks` are questions that it should answer, with the candidates of each (which count where it builds on
/// lists).
pub async fn find_breaches(
    strategy: &dyn Strategy,
    asks: &[(StrategyRequest, Vec<ItemIndex>)],
) -> Vec<String> {
    let mut found = Vec::new();
    if strategy.info().name.as_str().is_empty() || strategy.info().digest == [0; 32] {
        found.push("it does not say what it is".to_owned());
    }
    for (ask, candidates) in asks {
        if ask.view.strategy().name != strategy.info().name {
            found.push("it was asked with another strategy's view; correct the test".to_owned());
        }
        check_sources(strategy, ask, &mut found).await;
        check_answers(strategy, ask, candidates, &mut found).await;
        check_answers(strategy, ask, &[], &mut found).await;
        check_deadline(strategy, ask, candidates, &mut found).await;
    }
    found
}

/// It builds only on lists that it may ask for, and says the same twice.
async fn check_sources(strategy: &dyn Strategy, ask: &StrategyRequest, found: &mut Vec<String>) {
    let (first, second) = (strategy.sources(ask).await, strategy.sources(ask).await);
    if first != second {
        found.push("its sources differ from one time to the next".to_owned());
    }
    match first {
        Ok(sources) => check_asked(&sources, ask, found),
        Err(failure) => found.push(format!("it gives no sources: {failure}")),
    }
}

fn check_asked(sources: &Sources, ask: &StrategyRequest, found: &mut Vec<String>) {
    match sources {
        Sources::Ask { strategy, .. } if !ask.view.strategy().may_ask.contains(strategy) => {
            found.push(format!("it asks `{strategy}`, which it may not"));
        }
        Sources::Or(first, second) | Sources::Mix { first, second, .. } => {
            check_asked(first, ask, found);
            check_asked(second, ask, found);
        }
        Sources::Own
        | Sources::Everything
        | Sources::Empty
        | Sources::Ask { .. }
        | Sources::Catalogue { .. } => {}
    }
}

/// The same question has the same answer, and the answer is one.
async fn check_answers(
    strategy: &dyn Strategy,
    ask: &StrategyRequest,
    candidates: &[ItemIndex],
    found: &mut Vec<String>,
) {
    match (strategy.recommend(ask, candidates).await, strategy.recommend(ask, candidates).await) {
        (Ok(first), Ok(second)) => {
            if first != second {
                found.push("the same question has two answers".to_owned());
            }
            match first {
                Ranking::Picks(picks) => check_picks(&picks, ask, found),
                Ranking::Adjusted(adjusted) => check_adjusted(&adjusted, candidates, found),
            }
        }
        (Err(failure), _) | (_, Err(failure)) => {
            found.push(format!("it fails on {} candidates: {failure}", candidates.len()))
        }
    }
}

fn check_picks(picks: &[Pick], ask: &StrategyRequest, found: &mut Vec<String>) {
    let different: BTreeSet<ItemIndex> = picks.iter().map(|p| p.item).collect();
    if different.len() != picks.len() {
        found.push("it picks an item twice".to_owned());
    }
    if picks.iter().any(|p| !p.score.is_finite()) {
        found.push("a score is not finite".to_owned());
    }
    let live: BTreeSet<ItemIndex> = ask.view.live_items().collect();
    if !different.is_subset(&live) {
        found.push("it picks an item that is not there".to_owned());
    }
}

fn check_adjusted(adjusted: &Adjusted, candidates: &[ItemIndex], found: &mut Vec<String>) {
    if adjusted.effects.len() != candidates.len() {
        found.push(format!(
            "it gives {} effects for {} candidates",
            adjusted.effects.len(),
            candidates.len()
        ));
    }
    if adjusted.effects.factors().iter().any(|f| !(0.05..=20.0).contains(f)) {
        found.push("a factor lies outside 0.05 to 20".to_owned());
    }
}

/// A deadline that has passed is a failure or an answer, and never a wait.
async fn check_deadline(
    strategy: &dyn Strategy,
    ask: &StrategyRequest,
    candidates: &[ItemIndex],
    found: &mut Vec<String>,
) {
    let mut late = ask.clone();
    late.deadline.0 =
        ask.deadline.0.checked_sub(std::time::Duration::from_secs(3600)).unwrap_or(ask.deadline.0);
    match strategy.recommend(&late, candidates).await {
        Ok(_) | Err(Failure::Late | Failure::Limit { .. }) => {}
        Err(other) => found.push(format!("a passed deadline is told as: {other}")),
    }
}
