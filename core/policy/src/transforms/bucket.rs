//! A number or amount as a class: `25-50`.

use std::sync::Arc;

use jardin_model::FieldType;

use super::{
    edges::Edges,
    figures::{Figure, FigureKind, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

const EDGES: Figure = Figure::of("edges", FigureKind::Borders);

/// A number or amount as a class: `25-50`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bucket{
    /// Between the classes.
    edges: Edges,
}

impl Form for Bucket {
    const WORD: &'static str = "bucket";
    const TAKES: &'static str = "number, money";
    const GIVES: &'static str = "choice: `under 25`, `25-50`, `50 and over`";
    const FIGURES: &'static [Figure] = &[EDGES];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        matches!(kind, FieldType::Number | FieldType::Money).then_some(FieldType::Choice)
    }

    fn without_figures() -> Option<Self> {
        None
    }

    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self { edges: figures.borders(&EDGES)? })
    }

    fn apply_to(&self, held: Option<Held<'_>>, _around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Value(ViewValue::Number(n)) => Some(self.edges.class_of(n)),
            _ => None,
        }
    }

    fn item_field(&self) -> Option<&Arc<str>> {
        None
    }

    fn possible_choices(&self, _choices: &[Arc<str>]) -> Vec<Arc<str>> {
        self.edges.classes()
    }

    fn follows_from(&self, old: &Self) -> bool {
        self.edges.is_within(&old.edges)
    }

    fn describe_in(&self, language: Language) -> String {
        let borders = self.edges.borders();
        match language {
            Language::English => format!("a class between the borders {borders:?}"),
            Language::French => format!("une classe entre les bornes {borders:?}"),
            Language::German => format!("eine Klasse zwischen den Grenzen {borders:?}"),
        }
    }

    fn short_text(&self) -> String {
        Self::WORD.to_owned()
    }
}

