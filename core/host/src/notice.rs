//! What is worth telling whoever starts or changes a shop, beside the result.

use jardin_diagnostics::Report;

/// What is worth telling; whoever asked decides where it is shown.
#[derive(Debug, Clone)]
pub enum Notice {
    /// Findings of a file, none of which is an error.
    Findings(Report),
    /// One sentence.
    Warning(String),
}
