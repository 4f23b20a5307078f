//! The year of a date.

use std::sync::Arc;

use jardin_model::FieldType;

use super::{
    figures::{Figure, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

/// The year of a date.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Year;

impl Form for Year {
    const WORD: &'static str = "year";
    const TAKES: &'static str = "date";
    const GIVES: &'static str = "number";
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
            Held::Value(ViewValue::Date(date)) => Some(ViewValue::Number(date.year().into())),
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
        language.pick("the year only", "l'année seule", "nur das Jahr").to_owned()
    }

    fn short_text(&self) -> String {
        Self::WORD.to_owned()
    }
}

