//! Reports that a policy can fill by itself: the record of processing, the notice for shoppers, the main
//! parameters, the annex to an impact assessment. Each is a draft for whoever answers for it.

mod art30;
mod breach;
mod dpia;
mod effect;
mod notice;
mod observed;
mod parameters;
mod parties;

use std::{collections::BTreeSet, sync::Arc};

pub use breach::{BreachFacts, TouchedData, write_breach_report};
pub use observed::{FileReads, write_observed_report};

use super::{page::Page, words::Words};
use jardin_policy::{
    Policy, StrategyRule,
    rules::{FieldId, FieldRule, PolicyRules, PurposeId, PurposeRule},
};

/// For whom a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFor {
    /// The record of processing (GDPR Art. 30(1)).
    Art30,
    /// Shoppers (GDPR Art. 13).
    Notice,
    /// Shoppers, about the order of products (as DSA Art. 27 asks of platforms).
    Parameters,
    /// The impact assessment (GDPR Art. 35(7)).
    Dpia,
}

/// Writes a report in a language of the policy, its first where none is named.
#[must_use]
pub fn write_report(policy: &Policy, what: ReportFor, language: Option<&str>) -> Page {
    let words = Words::of(language, policy.rules());
    match what {
        ReportFor::Art30 => art30::art30_page(policy, &words),
        ReportFor::Notice => notice::notice_page(policy, &words),
        ReportFor::Parameters => parameters::parameters_page(policy, &words),
        ReportFor::Dpia => dpia::dpia_page(policy, &words),
    }
}

/// The strategies that run for a purpose.
fn running(rules: &PolicyRules, purpose: PurposeId) -> impl Iterator<Item = &Arc<StrategyRule>> {
    rules.strategies.values().filter(move |rule| rule.purpose == purpose)
}

/// Every purpose with its number.
fn purposes(rules: &PolicyRules) -> impl Iterator<Item = (PurposeId, &PurposeRule)> {
    rules.purposes.iter().enumerate().map(|(n, p)| (PurposeId(n), p))
}

/// The personal fields that a purpose uses: read, learned from, or counted; what a derived field is made of
/// stands for it.
fn used(rules: &PolicyRules, purpose: PurposeId) -> Vec<&FieldRule> {
    let mut ids: BTreeSet<FieldId> = BTreeSet::new();
    for rule in rules.strategies.values() {
        if rule.purpose == purpose {
            ids.extend(rule.may_read.iter().map(|g| g.field));
        }
        if rule.learning_purpose.unwrap_or(rule.purpose) == purpose {
            ids.extend(rule.may_learn_from.iter().map(|l| l.field));
        }
    }
    let counted = rules.fields.iter().filter_map(|f| f.popularity.as_ref()).filter(|p| p.purpose == purpose);
    ids.extend(counted.flat_map(|p| p.from.iter().copied()));
    let source = |id: FieldId| rules.field(id).and_then(|f| f.derived.as_ref()).map_or(id, |d| d.from);
    let sources: BTreeSet<FieldId> = ids.into_iter().map(source).collect();
    sources.into_iter().filter_map(|id| rules.field(id)).filter(|f| f.class.is_personal()).collect()
}

/// A field as people call it, with its name in the policy.
fn named(field: &FieldRule, words: &Words) -> String {
    format!("{} (`{}`)", words.name(field), field.path)
}
