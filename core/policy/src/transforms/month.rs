//! The month of a date, 1 to 12.

use std::sync::Arc;

use jardin_model::FieldType;

use super::{
    figures::{Figure, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

/// The month of a date, 1 to 12.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Month;

impl Form for Month {
    const WORD: &'static str = "month";
    const TAKES: &'static str = "date";
    const GIVES: &'static str = "number: 1 for January to 12 for December";
    const FIGURES: &'static [Figure] = &[];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        (kind == FieldType::Date).then_some(FieldType::Number)
    }

    fn without_figures() -> Option<Self> {
        Some(Self)
    }

    fn with_figures(_figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self)
    }

    fn apply_to(&self, held: Option<Held<'_>>, _around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Value(ViewValue::Date(date)) => Some(ViewValue::Number(date.month().into())),
            _ => None,
        }
    }

    fn item_field(&self) -> Option<&Arc<str>> {
        None
    }

    fn possible_choices(&self, _choices: &[Arc<str>]) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn follows_from(&self, _old: &Self) -> bool {
        true
    }

    fn describe_in(&self, language: Language) -> String {
        language.pick("the month only", "le mois seul", "nur der Monat").to_owned()
    }

    fn short_text(&self) -> String {
        Self::WORD.to_owned()
    }
}
