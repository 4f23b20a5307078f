//! The pages about the policy in force that a server shows.

use jardin_compliance::{ReportFor, write_report};
use jardin_policy::{Language, Policy};
use jardin_server::PolicyPage;
use serde_json::Value;

/// A page in the language of a locale where the policy and the tools speak it, else in the policy's first that they speak;
/// `None` where there is none.
pub(crate) fn write_policy_page(policy: &Policy, page: PolicyPage, locale: Option<&str>) -> Option<Value> {
    let known = || policy.rules().languages.iter().filter(|code| Language::is_spoken(code));
    let asked = locale.and_then(|locale| locale.split(['-', '_']).next());
    let is_asked = |code: &&std::sync::Arc<str>| asked.is_some_and(|asked| code.eq_ignore_ascii_case(asked));
    let language = known().find(is_asked).or_else(|| known().next())?;
    let what = match page {
        PolicyPage::Notice => ReportFor::Notice,
        PolicyPage::Parameters => ReportFor::Parameters,
    };
    serde_json::from_str(&write_report(policy, what, Some(language)).json()).ok()
}
