//! A strategy that is watched at work: it is asked to explain itself, and what it was given and gave is
//! written down.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jardin_contract::{
    Clock, Failure, Health, Learner, Ranking, Sources, Strategy, StrategyInfo, StrategyRequest,
};
use jardin_model::ItemIndex;
use jardin_policy::{StrategyName, View};

/// One run of a strategy.
#[derive(Debug, Clone)]
pub struct StrategyRun {
    /// Which strategy.
    pub strategy: StrategyName,
    /// What it was handed, in its order.
    pub given: Vec<ItemIndex>,
    /// What it gave, or why nothing.
    pub gave: Result<Ranking, Failure>,
    /// How long it took.
    pub took: Duration,
}

/// What was written down of all strategies.
#[derive(Debug, Default)]
pub(crate) struct RunLog(Mutex<Vec<StrategyRun>>);

impl RunLog {
    /// Takes what was written down.
    pub(crate) fn take_runs(&self) -> Vec<StrategyRun> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add_run(&self, run: StrategyRun) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(run);
    }
}

/// A strategy that is watched.
pub(crate) struct WatchedStrategy {
    pub(crate) strategy: Arc<dyn Strategy>,
    pub(crate) log: Arc<RunLog>,
    pub(crate) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Strategy for WatchedStrategy {
    fn info(&self) -> &StrategyInfo {
        self.strategy.info()
    }

    fn health(&self) -> Health {
        self.strategy.health()
    }

    async fn sources(&self, ask: &StrategyRequest) -> Result<Sources, Failure> {
        let sources = self.strategy.sources(ask).await;
        // one that finds no list has no run
        if let Err(failure) = &sources {
            self.log.add_run(StrategyRun {
                strategy: self.info().name.clone(),
                given: Vec::new(),
                gave: Err(failure.clone()),
                took: Duration::ZERO,
            });
        }
        sources
    }

    async fn recommend(&self, ask: &StrategyRequest, candidates: &[ItemIndex]) -> Result<Ranking, Failure> {
        let explained = StrategyRequest { explain: true, ..ask.clone() };
        let begun = self.clock.steady_now();
        let gave = self.strategy.recommend(&explained, candidates).await;
        self.log.add_run(StrategyRun {
            strategy: self.info().name.clone(),
            given: candidates.to_vec(),
            gave: gave.clone(),
            took: self.clock.steady_now().saturating_duration_since(begun),
        });
        gave
    }

    async fn prepare_catalogue(&self, view: Arc<View>) -> Result<(), Failure> {
        self.strategy.prepare_catalogue(view).await
    }

    fn learner(&self) -> Option<&dyn Learner> {
        self.strategy.learner()
    }
}
