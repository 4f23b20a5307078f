//! Whether a strategy forgot what it was told to: from time to time it is compared with a twin that never knew.
//!
//! This finds errors. A plugin that means to deceive may hide what it knows while it is compared; against that only
//! a new worker helps, which knows nothing.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use jardin_contract::{Failure, Learner, Ranking, Strategy};
use jardin_model::ItemIndex;
use jardin_policy::StrategyName;

use super::{check_times::CheckTimes, feed::Learning, feeder::Feeder, questions::Questions};

/// For how long a strategy is asked at a time, while nothing is taught or forgotten.
const ASKING_TIME: Duration = Duration::from_millis(10);
/// How long is waited in between, so that whoever wants something forgotten has their turn.
const PAUSE: Duration = Duration::from_millis(20);
/// How long a comparison goes on at most.
const COMPARISON_TIME: Duration = Duration::from_secs(15);
/// How long the strategy may take for an answer: whoever wants something forgotten waits meanwhile.
const ANSWER_TIME: Duration = Duration::from_millis(50);
/// How long a twin may take for an answer: it works at low priority.
const TWIN_TIME: Duration = Duration::from_secs(30);

/// What a comparison found.
#[derive(Debug, PartialEq, Eq)]
enum Comparison {
    Same,
    Different,
    /// It could not be made, or says nothing: it is tried again.
    Unclear,
}

/// A strategy, and a twin that is taught the same anew.
struct Compared<'a> {
    name: &'a StrategyName,
    strategy: &'a Arc<dyn Strategy>,
    twin: &'a Arc<dyn Strategy>,
    pupil: Feeder,
    /// Beside which products they were asked, and how often they agreed.
    asked: BTreeSet<ItemIndex>,
    agreed: usize,
    /// When it ends in any case: no plugin keeps others from being compared.
    until: Instant,
}

impl Learning {
    /// Compares each strategy whose turn it is with one that never knew what it was told to forget. One that knows
    /// it still is stopped and named.
    pub(crate) async fn verify_forgetting(&self) {
        let world = self.in_force.world();
        for name in world.learners.iter().map(|learnable| &learnable.strategy) {
            let now = self.clock.now();
            let Some(forgettings) = self.check_times(name, |times| times.begin_check(now)) else { continue };
            let Some(strategy) = world.loaded_strategy(name).map(|loaded| &loaded.strategy) else { continue };
            let Some(learner) = strategy.learner() else { continue };
            let Some(twin) = learner.start_twin() else {
                self.check_times(name, |times| times.end_check(forgettings, now));
                continue;
            };
            match self.compare_with_twin(name, strategy, &twin).await {
                Comparison::Same => {
                    self.check_times(name, |times| times.end_check(forgettings, now));
                    self.counters.add_of_strategy(name, "forgetting-verified", 1);
                }
                Comparison::Different => self.stop_keeper(name, learner).await,
                Comparison::Unclear => self.counters.add_of_strategy(name, "forgetting-not-verified", 1),
            }
        }
    }

    pub(super) fn check_times<T>(&self, name: &StrategyName, change: impl FnOnce(&mut CheckTimes) -> T) -> T {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        change(checks.entry(name.clone()).or_default())
    }

    async fn stop_keeper(&self, name: &StrategyName, learner: &dyn Learner) {
        learner.stop_trusting().await;
        self.counters.add_of_strategy(name, "kept-what-was-forgotten", 1);
        let what = "it kept what it was told to forget, and is stopped".into();
        self.counters.add_failure(name, &Failure::Error { what });
    }

    async fn compare_with_twin(
        &self,
        name: &StrategyName,
        strategy: &Arc<dyn Strategy>,
        twin: &Arc<dyn Strategy>,
    ) -> Comparison {
        let world = self.in_force.world();
        let view = world.policy.catalogue_view(name.as_str(), &world.screened, self.clock.now());
        let Some(view) = view else { return Comparison::Unclear };
        if twin.prepare_catalogue(Arc::new(view)).await.is_err() {
            return Comparison::Unclear;
        }
        let pupil = Feeder::new(Arc::clone(twin), self.all_owners(), self.clock.now());
        let until = self.clock.steady_now() + COMPARISON_TIME;
        let mut compared = Compared { name, strategy, twin, pupil, asked: BTreeSet::new(), agreed: 0, until };
        while self.clock.steady_now() < until {
            if let Some(comparison) = self.compare_some(&mut compared).await {
                return comparison;
            }
            tokio::time::sleep(PAUSE).await;
        }
        // a shop that is larger, or in which something changes all the time
        compared.conclude_comparison()
    }

    /// Teaches the twin what the strategy may know now, and asks both beside some products. `None` where that is to
    /// go on.
    async fn compare_some(&self, compared: &mut Compared<'_>) -> Option<Comparison> {
        let world = self.in_force.world();
        let learnable = world.learners.iter().find(|learnable| learnable.strategy == *compared.name);
        let loaded = world.loaded_strategy(compared.name).map(|loaded| &loaded.strategy);
        let is_in_force = loaded.is_some_and(|loaded| Arc::ptr_eq(loaded, compared.strategy));
        let rule = world.policy.rules().strategies.get(compared.name.as_str());
        let (Some(learnable), Some(rule), true) = (learnable, rule, is_in_force) else {
            return Some(Comparison::Unclear);
        };
        let context = self.feed_context(&world, learnable);
        if context.is_stopped || compared.pupil.feed(&context).await.is_err() {
            return Some(Comparison::Unclear);
        }
        self.settle().await;
        let questions = Questions::new(&*self.clock, &world, rule);
        let answers = self.ask_taught(compared, &questions).await?;
        if let Some(comparison) = self.compare_answers(compared, &questions, answers).await {
            return Some(comparison);
        }
        let is_left = |product: &ItemIndex| !compared.asked.contains(product);
        if questions.products().any(|product| is_left(&product)) {
            return None;
        }
        if compared.agreed == 0 {
            // a machine that is busy now may answer in a moment
            compared.asked.clear();
            return None;
        }
        Some(Comparison::Same)
    }

    /// Asks the twin what the strategy answered. `None` where it gave the same.
    async fn compare_answers(
        &self,
        compared: &mut Compared<'_>,
        questions: &Questions<'_>,
        answers: Vec<(ItemIndex, Ranking)>,
    ) -> Option<Comparison> {
        for (product, answer) in answers {
            let Some(twins) = compared.ask_twin(questions, product).await else {
                return Some(Comparison::Unclear);
            };
            if twins != answer {
                // one that answers the same question in two ways tells nothing by it
                let is_steady = compared.ask_twin(questions, product).await == Some(twins);
                return Some(if is_steady { Comparison::Different } else { Comparison::Unclear });
            }
            compared.agreed += 1;
            if self.clock.steady_now() >= compared.until {
                return Some(compared.conclude_comparison());
            }
        }
        None
    }

    /// Asks the strategy itself beside products that are left, while nothing is taught to it and it was taught what
    /// its twin was. Where it was taught something else, both are to look at that again.
    async fn ask_taught(
        &self,
        compared: &mut Compared<'_>,
        questions: &Questions<'_>,
    ) -> Option<Vec<(ItemIndex, Ranking)>> {
        let feeders = self.feeders.lock().await;
        let taught = feeders.get(compared.name).filter(|feeder| feeder.has_taught(compared.strategy))?;
        let differing = taught.learned.differing_owners(&compared.pupil.learned);
        if !differing.is_empty() {
            drop(feeders);
            self.look_again_at(&differing);
            compared.pupil.dirty.extend(differing);
            return None;
        }
        let until = self.clock.steady_now() + ASKING_TIME;
        let mut asked = Vec::new();
        let mut answers = Vec::new();
        for product in questions.products().filter(|product| !compared.asked.contains(product)) {
            let answer = questions.ask_about(&**compared.strategy, product, ANSWER_TIME).await;
            // what it fails at says nothing
            answers.extend(answer.map(|answer| (product, answer)));
            asked.push(product);
            if self.clock.steady_now() >= until {
                break;
            }
        }
        // a worker that ended meanwhile came back without what it had learned
        if !taught.has_taught(compared.strategy) {
            return None;
        }
        compared.asked.extend(asked);
        Some(answers)
    }
}

impl Compared<'_> {
    /// What the twin answers; `None` where it does not, or is no longer what it was taught to be.
    async fn ask_twin(&self, questions: &Questions<'_>, product: ItemIndex) -> Option<Ranking> {
        let answer = questions.ask_about(&**self.twin, product, TWIN_TIME).await;
        answer.filter(|_| self.pupil.has_taught(self.twin))
    }

    /// What it means that no answer differed.
    const fn conclude_comparison(&self) -> Comparison {
        if self.agreed == 0 { Comparison::Unclear } else { Comparison::Same }
    }
}
