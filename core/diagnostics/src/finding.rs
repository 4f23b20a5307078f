//! What is wrong where, and what to write instead.

use crate::{code::Code, span::Span};

/// One finding about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub code: Code,
    /// Where.
    pub span: Span,
    /// What is wrong, in one lower-case phrase.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}
