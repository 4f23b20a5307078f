//! What stored data means to the person whom it is about (GDPR Art. 15(1)).

use std::{collections::BTreeMap, sync::Arc};

use jardin_policy::{StrategyName, rules::Party};

/// For what stored data is used, on which ground, for how long it is kept, and who receives it.
#[derive(Debug, Clone, PartialEq)]
pub struct DataMeaning {
    /// Who answers for the data.
    pub controller: Arc<str>,
    /// Where to reach them.
    pub contact: Arc<str>,
    /// The supervisory authority, where one is stated.
    pub authority: Option<Arc<str>>,
    /// Who receives data; `None` where that is not stated.
    pub recipients: Option<Vec<Party>>,
    /// Who receives it outside the EEA; `None` where that is not stated.
    pub transfers: Option<Vec<Party>>,
    /// The purposes that use anything of what is stored, by name.
    pub purposes: BTreeMap<Arc<str>, PurposeMeaning>,
    /// What each stored field of the profile is.
    pub fields: BTreeMap<Arc<str>, DataUse>,
    /// What each kind of stored event is, by its word.
    pub events: BTreeMap<&'static str, DataUse>,
    /// How many sessions of theirs each strategy has learned from; one that has learned nothing of them is not named.
    pub learned: BTreeMap<StrategyName, usize>,
}

/// What a purpose is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeMeaning {
    /// In the words that people are told.
    pub says: Arc<str>,
    /// Its legal ground, in the words of a policy.
    pub basis: &'static str,
    /// The interest pursued, for legitimate interests.
    pub interest: Option<Arc<str>>,
    /// Whether it evaluates the person.
    pub profiling: bool,
}

/// What a field or a kind of event is, and is used for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataUse {
    /// Where it comes from: `given`, `observed` or `shop`.
    pub source: Option<Arc<str>>,
    /// How long it is kept, such as `90 days`.
    pub kept: Vec<String>,
    /// The names of the purposes that use it.
    pub purposes: Vec<Arc<str>>,
    /// The strategies that read it or learn from it.
    pub strategies: Vec<StrategyName>,
}
