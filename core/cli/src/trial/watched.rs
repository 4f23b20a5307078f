//! A strategy that is watched at work: it is asked to explain itself, and what it was given and gave is
//! written down.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jardin_contract::{Ask, Clock, Failure, Health, Learner, Ranking, Sources, Strategy, StrategyInfo};
use jardin_model::ItemIndex;
use jardin_policy::{StrategyName, View};

/// One run of a strategy.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) strategy: StrategyName,
    /// What it was handed, in its order.
    pub(crate) given: Vec<ItemIndex>,
    pub(crate) gave: Result<Ranking, Failure>,
    pub(crate) took: Duration,
}

/// What was written down of all strategies.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Vec<Run>>);

impl Log {
    /// Takes what was written down.
    pub(crate) fn take(&self) -> Vec<Run> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, run: Run) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(run);
    }
}

/// A strategy that is watched.
pub(crate) struct Watched {
    pub(crate) strategy: Arc<dyn Strategy>,
    pub(crate) log: Arc<Log>,
    pub(crate) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Strategy for Watched {
    fn info(&self) -> &StrategyInfo {
        self.strategy.info()
    }

    fn health(&self) -> Health {
        self.strategy.health()
    }

    async fn sources(&self, ask: &Ask) -> Result<Sources, Failure> {
        let sources = self.strategy.sources(ask).await;
        // one that finds no list has no run
        if let Err(failure) = &sources {
            self.log.add(Run {
                strategy: self.info().name.clone(),
                given: Vec::new(),
                gave: Err(failure.clone()),
                took: Duration::ZERO,
            });
        }
        sources
    }

    async fn recommend(&self, ask: &Ask, candidates: &[ItemIndex]) -> Result<Ranking, Failure> {
        let explained = Ask { explain: true, ..ask.clone() };
        let begun = self.clock.instant();
        let gave = self.strategy.recommend(&explained, candidates).await;
        self.log.add(Run {
            strategy: self.info().name.clone(),
            given: candidates.to_vec(),
            gave: gave.clone(),
            took: self.clock.instant().saturating_duration_since(begun),
        });
        gave
    }

    async fn prepare(&self, view: Arc<View>) -> Result<(), Failure> {
        self.strategy.prepare(view).await
    }

    fn learner(&self) -> Option<&dyn Learner> {
        self.strategy.learner()
    }
}
