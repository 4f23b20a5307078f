//! How an answer came about.

use std::sync::Arc;

use jardin_model::{ItemId, RecommendationId, SessionId, SubjectId, Timestamp};
use jardin_policy::StrategyName;

use super::{
    answer::{Level, ReasonText, StrategyAttempt},
    status::AccessShown,
};

/// Who asks how an answer came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy<'a> {
    /// The shop, of any answer.
    Shop,
    /// Somebody, of an answer that was given to them.
    Visitor {
        /// Who, where known.
        subject: Option<&'a SubjectId>,
        /// In which visit, where known.
        session: Option<&'a SessionId>,
    },
}

/// How an answer came about: names and forms of what was used, and no value.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerExplained {
    /// Which answer.
    pub recommendation: RecommendationId,
    /// When it was given, to the second.
    pub at: Timestamp,
    /// Where; `None` where the rules have changed since.
    pub placement: Option<Arc<str>>,
    /// What stood above it.
    pub title: Option<Arc<str>>,
    /// The policy in force now.
    pub policy_revision: Arc<str>,
    /// What was decided, as long as that is remembered.
    pub decision: Option<DecisionShown>,
    /// The strategies that such a list may be made by under the rules in force now, in their order, the fallback last.
    pub strategies: Vec<StrategyExplained>,
}

/// What was decided for one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionShown {
    /// What the list was made of.
    pub level: Level,
    /// Under which policy.
    pub policy_revision: Arc<str>,
    /// Each strategy that was tried, in order.
    pub attempts: Vec<StrategyAttempt>,
    /// The items in their order.
    pub items: Vec<ItemExplained>,
}

/// One item of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemExplained {
    /// Which product.
    pub item: ItemId,
    /// Which strategy gave it; `None` for a paid place.
    pub strategy: Option<StrategyName>,
    /// What the shopper is told.
    pub reason: Option<ReasonText>,
    /// Whether the place was paid for.
    pub is_sponsored: bool,
}

/// What one strategy of a chain is for, and may use.
#[derive(Debug, Clone, PartialEq)]
pub struct StrategyExplained {
    /// Which one.
    pub name: StrategyName,
    /// Its purpose's name.
    pub purpose: Arc<str>,
    /// What the purpose is, in the language of the asker.
    pub says: Arc<str>,
    /// What of a person or a visit it may read, and in which form.
    pub reads_of_person: Vec<AccessShown>,
    /// What else it may read.
    pub reads_else: Vec<AccessShown>,
}
