//! Present or not; a flag is what it says, since that it is told says nothing.

use std::sync::Arc;

use jardin_model::FieldType;

use super::{
    figures::{Figure, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

/// Present or not; of a flag what it says, and no where it is absent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct YesOrNo;

impl Form for YesOrNo {
    const WORD: &'static str = "yes or no";
    const TAKES: &'static str = "anything; a flag is what it says";
    const GIVES: &'static str = "flag";
    const FIGURES: &'static [Figure] = &[];
    const FOLLOWS_FROM_ALL: bool = true;

    fn type_of(_kind: FieldType) -> Option<FieldType> {
        Some(FieldType::Flag)
    }

    fn without_figures() -> Option<Self> {
        Some(Self)
    }

    fn with_figures(_figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self)
    }

    fn apply_to(&self, held: Option<Held<'_>>, _around: &Surroundings<'_>) -> Option<ViewValue> {
        Some(ViewValue::Flag(match held {
            Some(Held::Value(ViewValue::Flag(says))) => says,
            other => other.is_some(),
        }))
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
        language.pick("whether it is there", "sa seule présence", "nur, ob es vorhanden ist").to_owned()
    }

    fn short_text(&self) -> String {
        Self::WORD.to_owned()
    }
}

