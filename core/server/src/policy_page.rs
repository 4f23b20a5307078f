//! Pages about the policy in force, which whoever joins the server writes.

use jardin_policy::Policy;
use serde_json::Value;

/// Which page about the policy is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyPage {
    /// The notice for shoppers (GDPR Art. 13).
    Notice,
    /// The main parameters of the order of products.
    Parameters,
}

/// Writes a page in the language of a locale such as `fr-FR`, else in the policy's first that is spoken: `{title, language,
/// sections}`; `None` where the policy speaks none of them.
pub type PageWriter = fn(&Policy, PolicyPage, Option<&str>) -> Option<Value>;
