//! The face of the engine: everything that a server, a program or a test calls.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};

use jardin_model::{ItemId, SubjectId};
use jardin_policy::{ObservedReads, Stop, StrategyName};
use tokio::task::AbortHandle;

use crate::{
    Answer, ConsentGiven, ConsentShown, ErasureReceipt, Fields, HealthShown, ItemShown, Parts, PersonShown,
    PlacementShown, PolicyShown, PrivacySignals, Problem, ProfileStored, Receipt, Request, Shop,
    StrategyShown, catalogue, housekeeping, ingest,
    inner::Inner,
    life, people,
    recommend::{self, Prepared},
    status, stopping,
};

/// The most events of one call.
pub const MOST_EVENTS: usize = 1_000;
/// The most requests of one batch.
pub const MOST_REQUESTS: usize = 20;

/// The engine. Share it behind an `Arc`; every method may be called from many tasks at once. Dropping it ends
/// its background work.
pub struct Engine {
    inner: Arc<Inner>,
    tasks: Mutex<Vec<AbortHandle>>,
}

impl Drop for Engine {
    fn drop(&mut self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}

#[cfg(test)]
impl Engine {
    pub(crate) fn world(&self) -> Arc<crate::world::World> {
        self.inner.world()
    }
}

/// Recommendations.
impl Engine {
    /// Answers one request. A refused consent is no error: the next strategy's items come, and the reason.
    ///
    /// # Errors
    /// `not-found` for an unknown placement (with the known ones), `unprocessable` for a field, filter or
    /// consent that is not declared.
    pub async fn recommend(&self, request: &Request) -> Result<Answer, Problem> {
        let prepared = Prepared::new(&self.inner, request)?;
        let (answer, _) = recommend::recommend(&self.inner, &prepared, &HashSet::new(), false).await?;
        Ok(answer)
    }

    /// Answers the requests of one page in their order; with `distinct` no item stands twice on the page.
    ///
    /// # Errors
    /// As [`Engine::recommend`], for the first request that has one; `too-large` above [`MOST_REQUESTS`].
    pub async fn recommend_batch(
        &self,
        requests: &[Request],
        distinct: bool,
    ) -> Result<Vec<Answer>, Problem> {
        if requests.len() > MOST_REQUESTS {
            return Err(Problem::TooLarge { most: MOST_REQUESTS, of: "requests" });
        }
        let prepared: Vec<Prepared<'_>> =
            requests.iter().map(|r| Prepared::new(&self.inner, r)).collect::<Result<_, _>>()?;
        let mut above = HashSet::new();
        let mut answers = Vec::with_capacity(requests.len());
        for prepared in &prepared {
            let (answer, items) = recommend::recommend(&self.inner, prepared, &above, distinct).await?;
            above.extend(items);
            answers.push(answer);
        }
        Ok(answers)
    }
}

/// Events.
impl Engine {
    /// Takes events as a shop sends them, each a JSON object; those that are taken are durable when this
    /// returns.
    ///
    /// # Errors
    /// `too-large` above [`MOST_EVENTS`]; `overloaded`, `not-ready`. What is wrong with one event is told in
    /// the receipt.
    pub async fn ingest(
        &self,
        events: Vec<serde_json::Value>,
        narrowing: &PrivacySignals,
    ) -> Result<Receipt, Problem> {
        if events.len() > MOST_EVENTS {
            return Err(Problem::TooLarge { most: MOST_EVENTS, of: "events" });
        }
        ingest::ingest(&self.inner, events, narrowing).await
    }
}

/// The catalogue. Each change is seen by the next answer.
impl Engine {
    /// Sets an item. `if_match` is the version that it must have. The receipt has index 0 throughout.
    ///
    /// # Errors
    /// `unprocessable` with the names of missing fields, `version-conflict`.
    pub async fn put_item(
        &self,
        id: &ItemId,
        fields: Fields,
        if_match: Option<&str>,
    ) -> Result<(ItemShown, Receipt), Problem> {
        catalogue::put(&self.inner, id, fields, if_match, false).await
    }

    /// Changes some fields of an item; `null` takes one away.
    ///
    /// # Errors
    /// As [`Engine::put_item`]; `not-found`.
    pub async fn patch_item(
        &self,
        id: &ItemId,
        fields: Fields,
        if_match: Option<&str>,
    ) -> Result<(ItemShown, Receipt), Problem> {
        catalogue::put(&self.inner, id, fields, if_match, true).await
    }

    /// Shows an item; its confidential fields never leave.
    ///
    /// # Errors
    /// `not-found`.
    pub fn item(&self, id: &ItemId) -> Result<ItemShown, Problem> {
        let world = self.inner.world();
        let item = catalogue::stored(&world, id).ok_or(Problem::missing("item"))?;
        Ok(catalogue::shown(&self.inner, &world, &item))
    }

    /// Removes an item.
    ///
    /// # Errors
    /// `not-found`, `version-conflict`.
    pub async fn remove_item(&self, id: &ItemId, if_match: Option<&str>) -> Result<(), Problem> {
        catalogue::remove(&self.inner, id, if_match).await
    }

    /// Sets many items, each `{"item_id": …, "fields": {…}}`. Those that are refused are told in the receipt;
    /// the others are taken in one step.
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_items(&self, items: Vec<serde_json::Value>) -> Result<Receipt, Problem> {
        catalogue::put_many(&self.inner, items, false).await
    }

    /// Makes the catalogue exactly these items in one step. Where one is refused nothing changes, and the
    /// receipt says which.
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn replace_items(&self, items: Vec<serde_json::Value>) -> Result<Receipt, Problem> {
        catalogue::put_many(&self.inner, items, true).await
    }
}

/// People.
impl Engine {
    /// Sets profile fields; with `replace` those that are not named go, otherwise `null` takes one away.
    ///
    /// # Errors
    /// `version-conflict`.
    pub async fn put_subject(
        &self,
        id: &SubjectId,
        fields: Fields,
        replace: bool,
        if_match: Option<&str>,
    ) -> Result<ProfileStored, Problem> {
        people::put(&self.inner, id, fields, replace, if_match).await
    }

    /// Everything that is stored of a person (GDPR Art. 15 and 20).
    ///
    /// # Errors
    /// `not-found`.
    pub async fn subject(&self, id: &SubjectId) -> Result<PersonShown, Problem> {
        people::export(&self.inner, id).await
    }

    /// Erases a person (GDPR Art. 17): her record, her events, and what was learned from them, before it
    /// returns.
    ///
    /// # Errors
    /// `not-found`, `version-conflict`.
    pub async fn erase_subject(
        &self,
        id: &SubjectId,
        if_match: Option<&str>,
    ) -> Result<ErasureReceipt, Problem> {
        people::erase(&self.inner, id, if_match).await
    }

    /// An erasure by its receipt.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn erasure(&self, receipt: &str) -> Result<ErasureReceipt, Problem> {
        people::erasure(&self.inner, receipt).await
    }

    /// Stores an answer to a consent question, obeyed by the next answer. `counts` of what is returned says
    /// whether it permits anything.
    ///
    /// # Errors
    /// `not-found` where the policy asks no such question, with those that it asks.
    pub async fn put_consent(
        &self,
        id: &SubjectId,
        name: &str,
        given: ConsentGiven,
    ) -> Result<ConsentShown, Problem> {
        people::put_consent(&self.inner, id, name, given).await
    }

    /// The last answer to a consent question.
    ///
    /// # Errors
    /// `not-found` where there is no such question or no answer.
    pub async fn consent(&self, id: &SubjectId, name: &str) -> Result<ConsentShown, Problem> {
        people::consent(&self.inner, id, name).await
    }

    /// Sets or lifts an objection (GDPR Art. 21).
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_objection(&self, id: &SubjectId, active: bool) -> Result<(), Problem> {
        people::put_objection(&self.inner, id, active).await
    }

    /// Sets or lifts a restriction (GDPR Art. 18).
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_restriction(&self, id: &SubjectId, active: bool) -> Result<(), Problem> {
        people::put_restriction(&self.inner, id, active).await
    }
}

/// What is in force.
impl Engine {
    /// What is switched off beside the policy's own `[stop]`.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.inner.stop.load().stop.clone()
    }

    /// Switches strategies off and on; durable, and obeyed by answers in flight.
    ///
    /// # Errors
    /// `unprocessable` where it names the fallback or a strategy that the policy does not declare.
    pub async fn put_stop(&self, everything: bool, strategies: &[&str]) -> Result<Stop, Problem> {
        stopping::put(&self.inner, everything, strategies).await
    }

    /// The placements.
    #[must_use]
    pub fn placements(&self) -> Vec<PlacementShown> {
        status::placements(&self.inner.world())
    }

    /// The strategies with what each may read.
    #[must_use]
    pub fn strategies(&self) -> Vec<StrategyShown> {
        status::strategies(&self.inner, &self.inner.world())
    }

    /// One strategy.
    ///
    /// # Errors
    /// `not-found` with the known ones.
    pub fn strategy(&self, name: &str) -> Result<StrategyShown, Problem> {
        let all = self.strategies();
        let known = all.iter().map(|s| s.name.as_str().into()).collect();
        let found = all.into_iter().find(|s| s.name.as_str() == name);
        found.ok_or(Problem::NotFound { what: "strategy", known })
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> PolicyShown {
        let world = self.inner.world();
        PolicyShown {
            revision: Arc::clone(&world.revision),
            text: Arc::clone(&world.policy_text),
            policy: world.policy.clone(),
        }
    }

    /// Which granted fields were really read, counted since [`Engine::begin_observed_with`] or the start.
    /// Persons and values are not in it.
    #[must_use]
    pub fn observed(&self) -> ObservedReads {
        self.inner.watch.observed(self.inner.parts.clock.now())
    }

    /// Goes on counting from what was counted before this start.
    pub fn begin_observed_with(&self, before: ObservedReads) {
        self.inner.watch.begin_with(before);
    }

    /// How everything is doing.
    #[must_use]
    pub fn health(&self) -> HealthShown {
        status::health(&self.inner)
    }
}

/// Life.
impl Engine {
    /// Reads the store, asks the fallback, and serves. Learned state is replayed by [`Engine::tick`] or in
    /// the background.
    ///
    /// # Errors
    /// What the store says.
    pub async fn start(parts: Parts, shop: Shop) -> Result<Self, Problem> {
        let inner = Arc::new(life::start(parts, shop).await?);
        Ok(Self { inner, tasks: Mutex::default() })
    }

    /// Keeps doing what is due, on the present tokio runtime, until the engine is dropped.
    pub fn work_in_background(&self) {
        let tasks = life::work_in_background(&self.inner);
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).extend(tasks);
    }

    /// Does what is due by the clock now: learning, the fallback's list, popularity, the sweep.
    pub async fn tick(&self) {
        self.inner.learning.catch_up(&self.inner).await;
        housekeeping::tick(&self.inner).await;
        self.inner.learning.catch_up(&self.inner).await;
    }

    /// How many sessions each strategy has learned and not forgotten.
    pub async fn learned(&self) -> BTreeMap<StrategyName, usize> {
        self.inner.learning.counts().await
    }

    /// Takes a new state of the shop folder; the next request obeys it.
    ///
    /// # Errors
    /// What the store says; the last good state stays.
    pub async fn reload(&self, shop: Shop) -> Result<(), Problem> {
        life::reload(&self.inner, shop).await
    }

    /// Says that a newer policy was refused and the last good one stays.
    pub fn mark_policy_stale(&self) {
        self.inner.policy_stale.store(true, Ordering::Relaxed);
    }
}
