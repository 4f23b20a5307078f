//! The face of the engine: everything that a server, a program or a test calls.

use jardin_model::{ItemId, SubjectId};
use jardin_policy::Stop;

use crate::{
    Answer, ConsentGiven, ConsentShown, ErasureReceipt, Fields, HealthShown, ItemShown, Narrowing, Parts, PersonShown, PlacementShown,
    PolicyShown, Problem, ProfileStored, Receipt, Request, Shop, StrategyShown,
};

/// The most events of one call.
pub const MOST_EVENTS: usize = 1_000;
/// The most requests of one batch.
pub const MOST_REQUESTS: usize = 20;

/// The engine. Share it behind an `Arc`; every method may be called from many tasks at once. Dropping it ends its background work.
pub struct Engine {}

/// Recommendations.
impl Engine {
    /// Answers one request. A refused consent is no error: the next strategy's items come, and the reason.
    ///
    /// # Errors
    /// `not-found` for an unknown placement (with the known ones), `unprocessable` for a field, filter or consent that is not declared.
    pub async fn recommend(&self, request: &Request) -> Result<Answer, Problem> {
        Err(Problem::NotReady)
    }

    /// Answers the requests of one page in their order; with `distinct` no item stands twice on the page.
    ///
    /// # Errors
    /// As [`Engine::recommend`], for the first request that has one; `too-large` above [`MOST_REQUESTS`].
    pub async fn recommend_batch(&self, requests: &[Request], distinct: bool) -> Result<Vec<Answer>, Problem> {
        Err(Problem::NotReady)
    }
}

/// Events.
impl Engine {
    /// Takes events as a shop sends them, each a JSON object; those that are taken are durable when this returns.
    ///
    /// # Errors
    /// `too-large` above [`MOST_EVENTS`]; `overloaded`, `not-ready`. What is wrong with one event is told in the receipt.
    pub async fn ingest(&self, events: Vec<serde_json::Value>, narrowing: &Narrowing) -> Result<Receipt, Problem> {
        Err(Problem::NotReady)
    }
}

/// The catalogue. Each change is seen by the next answer.
impl Engine {
    /// Sets an item. `if_match` is the version that it must have. The receipt has index 0 throughout.
    ///
    /// # Errors
    /// `unprocessable` with the names of missing fields, `version-conflict`.
    pub async fn put_item(&self, id: &ItemId, fields: Fields, if_match: Option<&str>) -> Result<(ItemShown, Receipt), Problem> {
        Err(Problem::NotReady)
    }

    /// Changes some fields of an item; `null` takes one away.
    ///
    /// # Errors
    /// As [`Engine::put_item`]; `not-found`.
    pub async fn patch_item(&self, id: &ItemId, fields: Fields, if_match: Option<&str>) -> Result<(ItemShown, Receipt), Problem> {
        Err(Problem::NotReady)
    }

    /// Shows an item; its confidential fields never leave.
    ///
    /// # Errors
    /// `not-found`.
    pub fn item(&self, id: &ItemId) -> Result<ItemShown, Problem> {
        Err(Problem::NotReady)
    }

    /// Removes an item.
    ///
    /// # Errors
    /// `not-found`, `version-conflict`.
    pub async fn remove_item(&self, id: &ItemId, if_match: Option<&str>) -> Result<(), Problem> {
        Err(Problem::NotReady)
    }

    /// Sets many items, each `{"item_id": …, "fields": {…}}`. Those that are refused are told in the receipt; the others are taken in one step.
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_items(&self, items: Vec<serde_json::Value>) -> Result<Receipt, Problem> {
        Err(Problem::NotReady)
    }

    /// Makes the catalogue exactly these items in one step. Where one is refused nothing changes, and the receipt says which.
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn replace_items(&self, items: Vec<serde_json::Value>) -> Result<Receipt, Problem> {
        Err(Problem::NotReady)
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
        Err(Problem::NotReady)
    }

    /// Everything that is stored of a person (GDPR Art. 15 and 20).
    ///
    /// # Errors
    /// `not-found`.
    pub async fn subject(&self, id: &SubjectId) -> Result<PersonShown, Problem> {
        Err(Problem::NotReady)
    }

    /// Erases a person (GDPR Art. 17): her record, her events, and what was learned from them, before it returns.
    ///
    /// # Errors
    /// `not-found`, `version-conflict`.
    pub async fn erase_subject(&self, id: &SubjectId, if_match: Option<&str>) -> Result<ErasureReceipt, Problem> {
        Err(Problem::NotReady)
    }

    /// An erasure by its receipt.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn erasure(&self, receipt: &str) -> Result<ErasureReceipt, Problem> {
        Err(Problem::NotReady)
    }

    /// Stores an answer to a consent question, obeyed by the next answer. `counts` of what is returned says whether it permits anything.
    ///
    /// # Errors
    /// `not-found` where the policy asks no such question, with those that it asks.
    pub async fn put_consent(&self, id: &SubjectId, name: &str, given: ConsentGiven) -> Result<ConsentShown, Problem> {
        Err(Problem::NotReady)
    }

    /// The last answer to a consent question.
    ///
    /// # Errors
    /// `not-found` where there is no such question or no answer.
    pub async fn consent(&self, id: &SubjectId, name: &str) -> Result<ConsentShown, Problem> {
        Err(Problem::NotReady)
    }

    /// Sets or lifts an objection (GDPR Art. 21).
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_objection(&self, id: &SubjectId, active: bool) -> Result<(), Problem> {
        Err(Problem::NotReady)
    }

    /// Sets or lifts a restriction (GDPR Art. 18).
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_restriction(&self, id: &SubjectId, active: bool) -> Result<(), Problem> {
        Err(Problem::NotReady)
    }
}

/// What is in force.
impl Engine {
    /// What is switched off beside the policy's own `[stop]`.
    #[must_use]
    pub fn stop(&self) -> Stop {
        Stop::default()
    }

    /// Switches strategies off and on; durable, and obeyed by answers in flight.
    ///
    /// # Errors
    /// `unprocessable` where it names the fallback or a strategy that the policy does not declare.
    pub async fn put_stop(&self, everything: bool, strategies: &[&str]) -> Result<Stop, Problem> {
        Err(Problem::NotReady)
    }

    /// The placements.
    #[must_use]
    pub fn placements(&self) -> Vec<PlacementShown> {
        Vec::new()
    }

    /// The strategies with what each may read.
    #[must_use]
    pub fn strategies(&self) -> Vec<StrategyShown> {
        Vec::new()
    }

    /// One strategy.
    ///
    /// # Errors
    /// `not-found` with the known ones.
    pub fn strategy(&self, name: &str) -> Result<StrategyShown, Problem> {
        Err(Problem::NotReady)
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> PolicyShown {
        unimplemented!()
    }

    /// How everything is doing.
    #[must_use]
    pub fn health(&self) -> HealthShown {
        unimplemented!()
    }
}

/// Life.
impl Engine {
    /// Reads the store, asks the fallback, and serves. Learned state is replayed by [`Engine::tick`] or in the background.
    ///
    /// # Errors
    /// What the store says.
    pub async fn start(parts: Parts, shop: Shop) -> Result<Self, Problem> {
        Err(Problem::NotReady)
    }

    /// Keeps doing what is due, on the present tokio runtime, until the engine is dropped.
    pub fn work_in_background(&self) {}

    /// Does what is due by the clock now: learning, the fallback's list, popularity, the sweep.
    pub async fn tick(&self) {}

    /// Takes a new state of the shop folder; the next request obeys it.
    ///
    /// # Errors
    /// What the store says; the last good state stays.
    pub async fn reload(&self, shop: Shop) -> Result<(), Problem> {
        Err(Problem::NotReady)
    }

    /// Says that a newer policy was refused and the last good one stays.
    pub fn mark_policy_stale(&self) {}
}
