//! A policy whose every name, type and span of time has been checked. Built only by `crate::check`.

mod age;
mod children;
mod consent;
mod field;
mod field_form;
mod inline_test;
mod listed_items;
mod never;
mod purpose;
mod record;
mod restraint;
mod strategy;
mod text;

use std::{collections::BTreeMap, sync::Arc};

pub use age::Age;
pub(crate) use age::OLDEST_AGE;
pub use children::{AgesByCountry, ChildRule};
pub use consent::{ConsentRule, SignalRule};
pub use field::{Class, Derived, FieldId, FieldRule, Keep, PopularityRule};
pub use inline_test::{Expect, Given, GivenField, GivenItem, InlineTest, Plain};
pub use listed_items::{ListedItems, ListedValues, PathSeparators, fold, is_listed};
pub use never::NeverRule;
pub use purpose::{Basis, PurposeId, PurposeRule, StopSignal};
pub use record::{Advice, Approval, Approver, AuditRule, ForTheRecord, Party, PartyRole, Role, Vendor};
pub use restraint::{RestAfterPurchase, RestraintRule, ShownAtMost};
pub use strategy::{
    FieldGrant, Isolation, LearningRule, Limits, PeopleRule, StrategyKind, StrategyName, StrategyRule,
};
pub use text::Texts;

use jardin_model::{Date, FieldPath, Namespace, Schema, Zone};

/// The whole policy, valid.
#[derive(Debug, Clone)]
pub struct PolicyRules {
    /// Where the text came from, as errors name it.
    pub file: Arc<str>,
    /// The revision as its owner wrote it; begins with its date.
    pub revision: Arc<str>,
    /// Who answers for the data.
    pub controller: Arc<str>,
    /// Where shoppers write.
    pub contact: Arc<str>,
    /// Who advised, who supplies, how long proofs are kept.
    pub record: ForTheRecord,
    /// The languages in which every text for shoppers exists.
    pub languages: Vec<Arc<str>>,
    /// Whose midnight makes a birthday.
    pub zone: Zone,
    /// How long a visit may be idle.
    pub session_ends_after: Age,
    /// How long an account may be idle.
    pub account_ends_after: Age,
    /// Ends every chain.
    pub fallback: StrategyName,
    /// Every declared field; a [`FieldId`] is a position here.
    pub fields: Vec<FieldRule>,
    /// Where each field stands.
    pub by_path: BTreeMap<FieldPath, FieldId>,
    /// The same by namespace and name, so that a look-up by name makes no path.
    pub(crate) by_name: BTreeMap<Namespace, BTreeMap<Arc<str>, FieldId>>,
    /// The catalogue's columns: the declared item fields in the order of their names.
    pub schema: Arc<Schema>,
    /// The questions, in the order of their names; a consent's number is its position.
    pub consents: Vec<ConsentRule>,
    /// The purposes; a [`PurposeId`] is a position here.
    pub purposes: Vec<PurposeRule>,
    /// What is never allowed.
    pub never: NeverRule,
    /// Products with which what a person does counts within that visit alone.
    pub discreet: ListedItems,
    /// What holds lists back from somebody.
    pub restraint: RestraintRule,
    /// Who counts as a child.
    pub children: Option<ChildRule>,
    /// The strategies by name.
    pub strategies: BTreeMap<StrategyName, Arc<StrategyRule>>,
    /// What the file itself stops.
    pub stop: Stop,
    /// What a shopper may be told about herself, by code.
    pub reasons: BTreeMap<Arc<str>, Texts>,
    /// The tests in the file.
    pub tests: Vec<InlineTest>,
}

/// Which strategies are switched off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stop {
    /// Only the fallback and the finishes run.
    pub everything: bool,
    /// These do not run.
    pub strategies: Vec<StrategyName>,
}

impl Stop {
    /// What either stops.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut strategies = self.strategies.clone();
        strategies.extend(other.strategies.iter().filter(|s| !self.strategies.contains(s)).cloned());
        Self { everything: self.everything || other.everything, strategies }
    }
}

/// The date that a revision begins with.
pub(crate) fn revision_date(revision: &str) -> Option<Date> {
    revision.get(..10)?.parse().ok()
}

impl PolicyRules {
    /// The date that its revision begins with.
    #[must_use]
    pub fn revised_on(&self) -> Option<Date> {
        revision_date(&self.revision)
    }

    /// The rule of a field.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&FieldRule> {
        self.fields.get(id.0)
    }

    /// The rule of a purpose.
    #[must_use]
    pub fn purpose(&self, id: PurposeId) -> Option<&PurposeRule> {
        self.purposes.get(id.0)
    }
}
