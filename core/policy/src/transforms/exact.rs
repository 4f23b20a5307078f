//! As it is.

use std::sync::Arc;

use jardin_model::FieldType;

use super::{
    figures::{Figure, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

/// As it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exact;

impl Form for Exact {
    const WORD: &'static str = "exact";
    const TAKES: &'static str = "anything";
    const GIVES: &'static str = "the same";
    const FIGURES: &'static [Figure] = &[];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        Some(kind)
    }

    fn without_figures() -> Option<Self> {
        Some(Self)
    }

    fn with_figures(_figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self)
    }

    fn apply_to(&self, held: Option<Held<'_>>, around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Value(value) => Some(value),
            Held::Events(events) => Some(ViewValue::Events(around.lines(&events).collect())),
        }
    }

    fn item_field(&self) -> Option<&Arc<str>> {
        None
    }

    fn possible_choices(&self, choices: &[Arc<str>]) -> Vec<Arc<str>> {
        choices.to_vec()
    }

    fn follows_from(&self, _old: &Self) -> bool {
        true
    }

    fn describe_in(&self, language: Language) -> String {
        language.pick("as it is", "telle quelle", "unverändert").to_owned()
    }

    fn short_text(&self) -> String {
        Self::WORD.to_owned()
    }
}

