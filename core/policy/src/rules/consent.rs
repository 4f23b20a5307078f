//! Questions that people are asked.

use std::{collections::BTreeMap, sync::Arc};

use jardin_diagnostics::Span;

use super::{Age, Texts};

/// One question.
#[derive(Debug, Clone)]
pub struct ConsentRule {
    /// Its name.
    pub name: Arc<str>,
    /// The versions of the question that count.
    pub texts: Vec<Arc<str>>,
    /// How long a yes counts.
    pub lasts: Age,
    /// How long what rested on a yes is kept, unseen, after the yes has ended by itself.
    pub rests_for: Age,
    /// How long after a no people are not asked again.
    pub ask_again_after: Option<Age>,
    /// What people are asked, for each version of the question.
    pub wording: BTreeMap<Arc<str>, Texts>,
    /// Signals of others that may refuse it.
    pub signals: Option<SignalRule>,
    /// Where it is declared.
    pub span: Span,
}

/// Signals of consent platforms; they may refuse, and never grant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignalRule {
    /// Publisher purposes of a TCF string, all of which must be allowed.
    pub tcf_publisher_purposes: Vec<u8>,
    /// A key of Google's consent mode that must be granted.
    pub consent_mode: Option<Arc<str>>,
}
