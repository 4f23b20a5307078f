//! What a shop is answered.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{ItemId, RecommendationId};
use jardin_policy::StrategyName;

/// The widest namespace of a value that was present before a strategy that gave items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing but the catalogue.
    Popular,
    /// The page and the clock.
    Contextual,
    /// The visit.
    Session,
    /// The person.
    Full,
}

impl Level {
    /// The word for it in answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Popular => "popular",
            Self::Contextual => "contextual",
            Self::Session => "session",
            Self::Full => "full",
        }
    }
}

/// What a shopper is told about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonText {
    /// The declared code.
    pub code: Arc<str>,
    /// Its text in the request's language; never the strategy's own words.
    pub text: Arc<str>,
}

/// The mark of a paid place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SponsoredMark {
    /// Who pays.
    pub advertiser: Arc<str>,
    /// The label in the request's language.
    pub label: Arc<str>,
}

/// One item of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecommendedItem {
    /// Which product.
    pub item: ItemId,
    /// Its place, from 1.
    pub rank: usize,
    /// Which strategy of the chain gave it; `None` for a paid place.
    pub strategy: Option<StrategyName>,
    /// What the shopper is told.
    pub reason: Option<ReasonText>,
    /// Set where the place is paid for.
    pub sponsored: Option<SponsoredMark>,
    /// The public fields that were asked for, by name; one that the item does not have is left out.
    pub fields: BTreeMap<Arc<str>, serde_json::Value>,
}

/// What became of one strategy of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttemptStatus {
    /// It gave a list.
    Ran,
    /// The policy refused it.
    Refused,
    /// It failed or was late.
    Failed,
    /// It is being started.
    Starting,
}

impl AttemptStatus {
    /// The word for it in answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Starting => "starting",
        }
    }
}

/// A strategy that was tried for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrategyAttempt {
    /// Which strategy.
    pub name: StrategyName,
    /// What became of it.
    pub status: AttemptStatus,
    /// Why, where it did not run: a fixed word.
    pub why: Option<&'static str>,
}

/// The answer to one [`crate::Request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// By which an event names this answer; it depends on no person.
    pub recommendation: RecommendationId,
    /// What stands above the list, in the language of the request.
    pub title: Option<Arc<str>>,
    /// In which language its texts are, such as `fr`.
    pub language: Option<Arc<str>>,
    /// The items, the best first.
    pub items: Vec<RecommendedItem>,
    /// True where the level is session or full.
    pub personalised: bool,
    /// What the lists were made of.
    pub level: Level,
    /// Under which policy it was made.
    pub policy_revision: Arc<str>,
    /// Each strategy that was tried, in order.
    pub strategies: Vec<StrategyAttempt>,
    /// How many items are missing to the limit.
    pub shortfall: usize,
    /// Fixed words, such as `no-fallback`.
    pub warnings: Vec<&'static str>,
}
