//! The median of a numeric item field in a history, to an edge.

use std::sync::Arc;

use jardin_model::{Cell, FieldType};

use super::{
    edges::Edges,
    figures::{Figure, FigureKind, Figures},
    form::{Form, Held, HeldEvents, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

const OF: Figure = Figure::of("of", FigureKind::ItemField);
const EDGES: Figure = Figure::of("edges", FigureKind::Borders);

/// The median of a numeric item field in a history, to an edge.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typical{
    /// The item field.
    of: Arc<str>,
    /// What it is rounded to.
    edges: Edges,
}

impl Form for Typical {
    const WORD: &'static str = "typical";
    const TAKES: &'static str = "events";
    const GIVES: &'static str = "number: the median of an item field, to an edge";
    const FIGURES: &'static [Figure] = &[OF, EDGES];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        (kind == FieldType::Events).then_some(FieldType::Number)
    }

    fn without_figures() -> Option<Self> {
        None
    }

    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self { of: figures.item_field(&OF, is_number)?, edges: figures.borders(&EDGES)? })
    }

    fn apply_to(&self, held: Option<Held<'_>>, around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Events(events) => self.median(&events, around),
            Held::Value(_) => None,
        }
    }

    fn item_field(&self) -> Option<&Arc<str>> {
        Some(&self.of)
    }

    fn possible_choices(&self, _choices: &[Arc<str>]) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn follows_from(&self, old: &Self) -> bool {
        self.of == old.of && self.edges.is_within(&old.edges)
    }

    fn describe_in(&self, language: Language) -> String {
        let (of, borders) = (&self.of, self.edges.borders());
        match language {
            Language::English => format!("the median of \"{of}\" to one of the borders {borders:?}"),
            Language::French => format!("la médiane de « {of} » ramenée à l'une des bornes {borders:?}"),
            Language::German => format!("der Median von „{of}“, auf eine der Grenzen {borders:?} gebracht"),
        }
    }

    fn short_text(&self) -> String {
        Self::WORD.to_owned()
    }
}

impl Typical {
    /// The lower median, to the nearest edge; of two equally near the lower one.
    fn median(&self, events: &HeldEvents<'_>, around: &Surroundings<'_>) -> Option<ViewValue> {
        let column = around.column(&self.of)?;
        let number = |item| match around.screened.catalogue().row(item).map(|row| row.cell(column)) {
            Some(Cell::Number(n)) => Some(n),
            _ => None,
        };
        let mut numbers: Vec<f64> = around.lines(events).filter_map(|e| number(e.item)).collect();
        numbers.sort_by(f64::total_cmp);
        let median = *numbers.get(numbers.len().checked_sub(1)? / 2)?;
        let distance = |edge: &f64| (edge - median).abs();
        let nearest = self.edges.borders().iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        Some(ViewValue::Number(*nearest))
    }
}

const fn is_number(kind: FieldType) -> bool {
    matches!(kind, FieldType::Number | FieldType::Money)
}

