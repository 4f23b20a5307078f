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

    fn bare() -> Option<Self> {
        Some(Self)
    }

    fn read(_figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self)
    }

    fn apply(&self, held: Option<Held<'_>>, _around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Value(ViewValue::Date(date)) => Some(ViewValue::Number(date.year().into())),
            _ => None,
        }
    }

    fn item_field(&self) -> Option<&Arc<str>> {
        None
    }

    fn choices(&self, _choices: &[Arc<str>]) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn follows_from(&self, _old: &Self) -> bool {
        true
    }

    fn says(&self, language: Language) -> String {
        language.pick("the year only", "l'année seule").to_owned()
    }

    fn shown(&self) -> String {
        Self::WORD.to_owned()
    }
}

