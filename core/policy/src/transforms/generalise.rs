//! A choice by a total map.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_model::FieldType;

use super::{
    figures::{Figure, FigureKind, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

const MAP: Figure = Figure::of("map", FigureKind::Map);

/// A choice by a total map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Generalise{
    /// From each choice to what is told.
    map: BTreeMap<Arc<str>, Arc<str>>,
}

impl Form for Generalise {
    const WORD: &'static str = "generalise";
    const TAKES: &'static str = "choice";
    const GIVES: &'static str = "choice";
    const FIGURES: &'static [Figure] = &[MAP];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        (kind == FieldType::Choice).then_some(FieldType::Choice)
    }

    fn without_figures() -> Option<Self> {
        None
    }

    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self { map: figures.map(&MAP)? })
    }

    fn apply_to(&self, held: Option<Held<'_>>, _around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Value(ViewValue::Text(text)) => self.map.get(&text).map(|t| ViewValue::Text(Arc::clone(t))),
            _ => None,
        }
    }

    fn item_field(&self) -> Option<&Arc<str>> {
        None
    }

    fn possible_choices(&self, _choices: &[Arc<str>]) -> Vec<Arc<str>> {
        self.told_choices().cloned().collect()
    }

    fn follows_from(&self, old: &Self) -> bool {
        // what the old map told as one is still told as one
        let mut by_old: BTreeMap<&Arc<str>, Option<&Arc<str>>> = BTreeMap::new();
        old.map.iter().all(|(choice, told)| {
            let now = self.map.get(choice);
            *by_old.entry(told).or_insert(now) == now
        })
    }

    fn describe_in(&self, language: Language) -> String {
        let count = self.told_choices().count();
        match language {
            Language::English => format!("generalised to {count} values"),
            Language::French => format!("généralisé en {count} valeurs"),
            Language::German => format!("verallgemeinert auf {count} Werte"),
        }
    }

    fn short_text(&self) -> String {
        Self::WORD.to_owned()
    }
}

impl Generalise {
    /// What is told, each once.
    fn told_choices(&self) -> impl Iterator<Item = &Arc<str>> {
        self.map.values().collect::<BTreeSet<_>>().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: [(&str, &str); 3]) -> Generalise {
        Generalise { map: pairs.map(|(choice, told)| (choice.into(), told.into())).into() }
    }

    #[test]
    fn a_map_follows_where_it_tells_nothing_apart_that_was_told_as_one() {
        let old = map([("m", "adult"), ("w", "adult"), ("x", "other")]);
        let one = map([("m", "any"), ("w", "any"), ("x", "any")]);
        let apart = map([("m", "m"), ("w", "w"), ("x", "other")]);
        assert!(one.follows_from(&old) && !apart.follows_from(&old) && old.follows_from(&apart));
        assert_eq!(old.possible_choices(&[]), ["adult", "other"].map(Arc::from));
    }
}
