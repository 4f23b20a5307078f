//! Everything that a server, a program or a test calls.

mod answers;
mod audit;
mod subjects;

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use jardin_model::{ItemId, Timestamp};
use jardin_policy::{ObservedReads, Stop, StrategyName, WrittenStop};
use tokio::task::AbortHandle;

use crate::{
    api::{
        ApprovalShown, Fields, HealthShown, ItemShown, PlacementShown, PolicyShown, PrivacySignals, Problem,
        QuestionsShown, Receipt, StrategyShown,
    },
    background,
    catalogue::{ItemsBeside, Others, read_catalogue},
    counters::StrategyFailure,
    parts::{EngineParts, Shop},
    questions::show_questions,
    stop_switch::StopSwitch,
    subsystems::Subsystems,
    world::World,
};

/// The most events of one call.
pub const MAX_EVENTS: usize = 1_000;
/// The most requests of one batch.
pub const MAX_BATCH_REQUESTS: usize = 20;

/// The engine. Share it behind an `Arc`; every method may be called from many tasks at once. Dropping it ends
/// its background work.
pub struct Engine {
    subsystems: Subsystems,
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
    pub(crate) fn world(&self) -> Arc<World> {
        self.subsystems.in_force.world()
    }
}

/// Events.
impl Engine {
    /// Takes events as a shop sends them, each a JSON object; those that are taken are durable when this
    /// returns.
    ///
    /// # Errors
    /// `too-large` above [`MAX_EVENTS`]; `overloaded`, `not-ready`. What is wrong with one event is told in
    /// the receipt.
    pub async fn ingest(
        &self,
        events: Vec<serde_json::Value>,
        narrowing: &PrivacySignals,
    ) -> Result<Receipt, Problem> {
        if events.len() > MAX_EVENTS {
            return Err(Problem::TooLarge { most: MAX_EVENTS, of: "events" });
        }
        self.subsystems.intake.ingest(events, narrowing).await
    }

    /// What [`Engine::ingest`] would say of these events, repeats aside; nothing is stored.
    ///
    /// # Errors
    /// As [`Engine::ingest`].
    pub async fn judge_events(
        &self,
        events: Vec<serde_json::Value>,
        narrowing: &PrivacySignals,
    ) -> Result<Receipt, Problem> {
        self.subsystems.intake.judge(events, narrowing).await
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
        self.subsystems.items.put_item(id, fields, if_match, false).await
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
        self.subsystems.items.put_item(id, fields, if_match, true).await
    }

    /// Shows an item; its confidential fields never leave.
    ///
    /// # Errors
    /// `not-found`.
    pub fn item(&self, id: &ItemId) -> Result<ItemShown, Problem> {
        self.subsystems.items.item(id)
    }

    /// What everybody may see of an item: of the public fields of jardin.toml those that are asked for, or all, in the
    /// language of a locale such as `fr-FR`.
    ///
    /// # Errors
    /// `not-found`; `unprocessable` for a field that is not public, with those that are.
    pub fn public_item(
        &self,
        id: &ItemId,
        show: Option<&[String]>,
        locale: Option<&str>,
    ) -> Result<BTreeMap<Arc<str>, serde_json::Value>, Problem> {
        self.subsystems.items.public_item(id, show, locale)
    }

    /// Removes an item.
    ///
    /// # Errors
    /// `not-found`, `version-conflict`.
    pub async fn remove_item(&self, id: &ItemId, if_match: Option<&str>) -> Result<(), Problem> {
        self.subsystems.items.remove_item(id, if_match).await
    }

    /// Sets many items, each `{"item_id": …, "fields": {…}}`. Those that are refused are told in the receipt;
    /// the others are taken in one step.
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_items(&self, items: impl AsRef<[serde_json::Value]> + Send) -> Result<Receipt, Problem> {
        self.subsystems.items.put_items(items.as_ref(), Others::Stay).await
    }

    /// What [`Engine::put_items`] would say of these items; nothing is changed.
    #[must_use]
    pub fn judge_items(&self, items: &[serde_json::Value]) -> Receipt {
        self.subsystems.items.judge_items(items)
    }

    /// Makes the catalogue exactly these items in one step. Where one is refused nothing changes, and the
    /// receipt says which.
    ///
    /// # Errors
    /// `unprocessable` where there is none, or where more than a third of the catalogue would go and that is not
    /// `confirmed`; `overloaded`, `not-ready`.
    pub async fn replace_items(
        &self,
        items: Vec<serde_json::Value>,
        confirmed: bool,
    ) -> Result<Receipt, Problem> {
        self.subsystems.items.put_items(&items, Others::Go { confirmed }).await
    }

    /// Makes the catalogue what it was before it was replaced last, and says of how many items that is; the same again
    /// undoes it.
    ///
    /// # Errors
    /// `not-found` where it was never replaced, `overloaded`, `not-ready`.
    pub async fn put_items_back(&self) -> Result<usize, Problem> {
        self.subsystems.items.put_back().await
    }

    /// How many items the catalogue has beside these.
    #[must_use]
    pub fn count_items_beside(&self, ids: &HashSet<ItemId>) -> ItemsBeside {
        self.subsystems.items.count_beside(ids)
    }

    /// Removes every item that is not among these; [`Engine::keep_items`] comes before it where that is to be undone.
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn remove_items_beside(&self, ids: &HashSet<ItemId>) -> Result<(), Problem> {
        self.subsystems.items.remove_beside(ids).await
    }

    /// Keeps the catalogue as it is, so that [`Engine::put_items_back`] brings it back.
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn keep_items(&self) -> Result<(), Problem> {
        self.subsystems.items.keep_items().await
    }
}

/// What is in force.
impl Engine {
    /// What is switched off beside the policy's own `[stop]`.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.subsystems.stop.stopped().by_switch.clone()
    }

    /// Obeys what a policy file that is `refused` says of `[stop]`; `None` ends that, since the file is in force.
    pub async fn follow_file_stop(&self, refused: Option<&WrittenStop>) {
        self.subsystems.stop.follow_file(refused).await;
        self.subsystems.learning.wake();
    }

    /// Switches strategies off and on; durable, and obeyed by answers in flight.
    ///
    /// # Errors
    /// `unprocessable` where it names the fallback or a strategy that the policy does not declare;
    /// `in-force-not-durable`.
    pub async fn put_stop(&self, everything: bool, strategies: &[&str]) -> Result<Stop, Problem> {
        let stop =
            self.subsystems.stop.put_stop(&self.subsystems.in_force.world(), everything, strategies).await?;
        self.subsystems.learning.wake();
        Ok(stop)
    }

    /// The placements.
    #[must_use]
    pub fn placements(&self) -> Vec<PlacementShown> {
        self.subsystems.status.placements()
    }

    /// The strategies with what each may read.
    #[must_use]
    pub fn strategies(&self) -> Vec<StrategyShown> {
        self.subsystems.status.strategies()
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
        self.subsystems.status.policy()
    }

    /// What people are asked, in the language of a locale such as `fr-FR`; it depends on nobody.
    #[must_use]
    pub fn questions(&self, locale: Option<&str>) -> QuestionsShown {
        show_questions(self.subsystems.in_force.world().policy.rules(), locale)
    }

    /// Which granted fields were really read, counted since [`Engine::begin_observed_with`] or the start.
    /// Persons and values are not in it.
    #[must_use]
    pub fn observed(&self) -> ObservedReads {
        self.subsystems.usage.observed_until(self.subsystems.clock.now())
    }

    /// Goes on counting from what was counted before this start.
    pub fn begin_observed_with(&self, before: ObservedReads) {
        self.subsystems.usage.begin_with(before);
    }

    /// True where nothing can be shown: no item, or none that can be sold.
    #[must_use]
    pub fn is_empty_shop(&self) -> bool {
        self.subsystems.in_force.world().sellable_items().next().is_none()
    }

    /// What strategies did wrong by themselves since this was last asked.
    #[must_use]
    pub fn take_failures(&self) -> Vec<StrategyFailure> {
        self.subsystems.status.counters.take_failures()
    }

    /// How everything is doing.
    #[must_use]
    pub fn health(&self) -> HealthShown {
        self.subsystems.status.health()
    }
}

/// Life.
impl Engine {
    /// Trusts the clock as it is, after it leapt: what is too old by it is removed, and consents count by it.
    ///
    /// # Errors
    /// What the store says; nothing has changed then.
    pub async fn accept_clock(&self) -> Result<(), Problem> {
        self.subsystems.clock_watch.accept().await?;
        self.subsystems.learning.wake();
        self.subsystems.housekeeping.schedule.wake();
        Ok(())
    }

    /// Reads the store, asks the fallback, and serves. Learned state is replayed by [`Engine::tick`] or in
    /// the background.
    ///
    /// # Errors
    /// What the store says.
    pub async fn start(parts: EngineParts, shop: Shop) -> Result<Self, Problem> {
        let stop = Arc::new(StopSwitch::load(Arc::clone(&parts.state)).await?);
        let screened = read_catalogue(&*parts.state, &shop.policy).await?;
        let world = World::new(shop, screened, parts.state.derive_secret("pseudonym"));
        let mark = parts.state.read_clock_mark().await?;
        let subsystems = Subsystems::wire(parts, world, stop, mark);
        subsystems.housekeeping.do_due_work().await;
        Ok(Self { subsystems, tasks: Mutex::default() })
    }

    /// Keeps doing what is due, on the present tokio runtime, until the engine is dropped.
    pub fn work_in_background(&self) {
        let tasks = background::start_tasks(&self.subsystems.housekeeping, &self.subsystems.learning);
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).extend(tasks);
    }

    /// What the clock says.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.subsystems.clock.now()
    }

    /// Does what is due by the clock now: learning, the fallback's list, popularity, the sweep, the comparison of
    /// strategies with what they should know.
    pub async fn tick(&self) {
        self.subsystems.learning.catch_up().await;
        self.subsystems.housekeeping.do_due_work().await;
        self.subsystems.learning.catch_up().await;
        self.subsystems.learning.verify_forgetting().await;
    }

    /// How many sessions each strategy has learned and not forgotten.
    pub async fn learned(&self) -> BTreeMap<StrategyName, usize> {
        self.subsystems.learning.session_counts().await
    }

    /// Takes a new state of the shop folder; the next request obeys it.
    ///
    /// # Errors
    /// What the store says; the last good state stays.
    pub async fn reload(&self, shop: Shop) -> Result<(), Problem> {
        self.subsystems.reload.put_shop(shop).await
    }

    /// Says how the policy of the folder stands to its approval.
    pub fn show_approval(&self, approval: ApprovalShown) {
        self.subsystems.in_force.set_approval(approval);
    }

    /// Says that a newer policy was refused and the last good one stays.
    pub fn mark_policy_stale(&self) {
        self.subsystems.in_force.set_policy_stale(true);
    }
}
