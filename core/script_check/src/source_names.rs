//! The lists that a script may ask for, by the names that it writes.

use std::collections::BTreeMap;

use jardin_policy::{StrategyName, StrategyRule};

use crate::vocabulary::SourceWord;

/// The strategies that a script may ask, by the names that it writes after `sources.`.
#[derive(Debug, Clone, Default)]
pub struct SourceNames(BTreeMap<String, Vec<StrategyName>>);

impl SourceNames {
    /// The names under `may_ask`.
    pub fn of_strategy(rule: &StrategyRule) -> Self {
        let mut names: BTreeMap<String, Vec<StrategyName>> = BTreeMap::new();
        for name in &rule.may_ask {
            names.entry(name.in_script()).or_default().push(name.clone());
        }
        Self(names)
    }

    /// Every name that a script may write.
    pub fn source_words(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).chain(SourceWord::ALL.iter().map(|word| word.name()))
    }

    /// Names that a script cannot tell apart.
    pub fn collisions(&self) -> impl Iterator<Item = &str> {
        let collide = |(word, names): &(&String, &Vec<StrategyName>)| {
            names.len() > 1 || SourceWord::from_name(word).is_some()
        };
        self.0.iter().filter(collide).map(|(word, _)| word.as_str())
    }

    /// Each name with its strategy.
    pub fn strategies(&self) -> impl Iterator<Item = (&str, &StrategyName)> {
        self.0.iter().filter_map(|(word, names)| Some((word.as_str(), names.first()?)))
    }
}
