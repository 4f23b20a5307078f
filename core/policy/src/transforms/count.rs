//! How many events a history has, as a class.

use std::sync::Arc;

use jardin_model::FieldType;

use super::{
    edges::Edges,
    figures::{Figure, FigureKind, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

const EDGES: Figure = Figure::of("edges", FigureKind::Borders);

/// How many events a history has, as a class.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Count{
    /// Between the classes.
    edges: Edges,
}

impl Form for Count {
    const WORD: &'static str = "count";
    const TAKES: &'static str = "events";
    const GIVES: &'static str = "choice";
    const FIGURES: &'static [Figure] = &[EDGES];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        (kind == FieldType::Events).then_some(FieldType::Choice)
    }

    fn without_figures() -> Option<Self> {
        None
    }

    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self { edges: figures.borders(&EDGES)? })
    }

    fn apply_to(&self, held: Option<Held<'_>>, _around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Events(history) => Some(self.edges.class_of(as_number(history.events.len()))),
            Held::Value(_) => None,
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
            Language::English => format!("how many, in classes {borders:?}"),
            Language::French => format!("leur nombre, par classes {borders:?}"),
            Language::German => format!("ihre Anzahl, in Klassen {borders:?}"),
        }
    }

    fn short_text(&self) -> String {
        Self::WORD.to_owned()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of at most some thousand events")]
const fn as_number(count: usize) -> f64 {
    count as f64
}

