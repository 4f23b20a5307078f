//! Reports for people who answer for the data: the record of processing, the shopper's notice, the main parameters, an annex to an impact
//! assessment.

mod art30;
mod dpia;
mod notice;
mod parameters;
mod words;

use std::sync::Arc;

use jardin_model::Namespace;

use super::sheet::Sheet;
use crate::{
    Policy,
    valid::{Basis, FieldRule, Keep, PurposeId, StrategyRule, Valid},
};

/// For whom a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The supervisory authority: the record of processing (GDPR Art. 30).
    Art30,
    /// The shopper: what is done with her data and what she can do (Art. 13, 21).
    Notice,
    /// The shopper: what decides about an order (DSA Art. 27; offered to all).
    Parameters,
    /// Whoever assesses the impact (Art. 35): what the policy says of necessity and safeguards.
    Dpia,
}

/// The report for an audience. Notice and parameters stand in one of the policy's languages, the others in English.
#[must_use]
pub fn report(policy: &Policy, audience: Audience, language: &str) -> Sheet {
    match audience {
        Audience::Art30 => art30::sheet(policy),
        Audience::Notice => notice::sheet(policy, language),
        Audience::Parameters => parameters::sheet(policy, language),
        Audience::Dpia => dpia::sheet(policy),
    }
}

/// The strategies of a purpose, by name; those that learn under it as well.
fn strategies_of<'a>(valid: &'a Valid, purpose: PurposeId) -> impl Iterator<Item = &'a Arc<StrategyRule>> + 'a {
    let learns = move |r: &StrategyRule| !r.may_learn_from.is_empty() && r.learning_purpose.unwrap_or(r.purpose) == purpose;
    valid.strategies.values().filter(move |r| r.purpose == purpose || learns(r))
}

/// The fields about people that are used under a purpose: each with the form in which it is read, or "learning".
fn data_of(valid: &Valid, purpose: PurposeId) -> Vec<(&FieldRule, String)> {
    let mut used = Vec::new();
    for rule in strategies_of(valid, purpose) {
        if rule.purpose == purpose {
            used.extend(
                rule.may_read
                    .iter()
                    .filter_map(|g| Some((valid.field(g.field)?, g.transform.to_string()))),
            );
        }
        if rule.learning_purpose.unwrap_or(rule.purpose) == purpose {
            used.extend(
                rule.may_learn_from
                    .iter()
                    .filter_map(|l| Some((valid.field(l.field)?, "learning".to_owned()))),
            );
        }
    }
    for field in &valid.fields {
        if let Some(popularity) = field.popularity.as_ref().filter(|p| p.purpose == purpose) {
            used.extend(popularity.from.iter().filter_map(|id| {
                Some((
                    valid.field(*id)?,
                    format!("counted over at least {} people", popularity.at_least_people),
                ))
            }));
        }
    }
    used.retain(|(field, _)| matches!(field.path.namespace, Namespace::Subject | Namespace::Session));
    used.sort_by(|a, b| (&a.0.path, &a.1).cmp(&(&b.0.path, &b.1)));
    used.dedup_by(|a, b| a.0.path == b.0.path && a.1 == b.1);
    used
}

fn kept(field: &FieldRule, valid: &Valid) -> String {
    match field.keep {
        Keep::NotKept => "not kept".to_owned(),
        Keep::Session => format!("until the visit has been idle for {}", valid.session_ends_after),
        Keep::Account => format!("until the account has been idle for {}", valid.account_ends_after),
        Keep::For(age) => age.to_string(),
    }
}

const fn article(basis: Basis) -> &'static str {
    match basis {
        Basis::NothingRead => "no personal data",
        Basis::LegitimateInterests => "legitimate interests, Art. 6(1)(f)",
        Basis::Consent => "consent, Art. 6(1)(a)",
    }
}
