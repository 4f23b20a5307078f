//! The learning feed; only under `may_learn_from`, so that it is no form of a value.

use std::sync::Arc;

use jardin_model::FieldType;

use super::{
    figures::{Figure, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

/// The learning feed; only under `may_learn_from`, so that it is no form of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sessions;

impl Form for Sessions {
    const WORD: &'static str = "sessions";
    const TAKES: &'static str = "events";
    const GIVES: &'static str = "the learning feed, only under `may_learn_from`";
    const FIGURES: &'static [Figure] = &[];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(_kind: FieldType) -> Option<FieldType> {
        None
    }

    fn without_figures() -> Option<Self> {
        None
    }

    fn with_figures(_figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self)
    }

    fn apply_to(&self, _held: Option<Held<'_>>, _around: &Surroundings<'_>) -> Option<ViewValue> {
        None
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
        language.pick("as anonymous sessions", "sous forme de sessions anonymes", "als anonyme Besuche").to_owned()
    }

    fn short_text(&self) -> String {
        Self::WORD.to_owned()
    }
}

