//! What people are asked, for whoever shows them the question.

use std::sync::Arc;

/// The questions of a policy, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionsShown {
    /// Who asks.
    pub controller: Arc<str>,
    /// Where people write.
    pub contact: Arc<str>,
    /// The language of the texts: that of the locale, else the policy's first.
    pub language: Option<Arc<str>>,
    /// By name.
    pub questions: Vec<QuestionShown>,
}

/// A question with all that is to be shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionShown {
    /// Its name.
    pub name: Arc<str>,
    /// The version that is asked now: the last of those that count.
    pub text_version: Arc<str>,
    /// What people are asked; `None` where the policy does not say it.
    pub wording: Option<Arc<str>>,
    /// What a yes permits.
    pub permits: Vec<PermittedPurpose>,
    /// How long a yes counts, such as `180 days`.
    pub lasts: String,
    /// How long after a no they are not asked again.
    pub ask_again_after: Option<String>,
}

/// A purpose that rests on a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermittedPurpose {
    /// Its name.
    pub name: Arc<str>,
    /// What people are told of it.
    pub says: Arc<str>,
    /// Whether it evaluates a person (GDPR Art. 4(4)).
    pub profiling: bool,
}
