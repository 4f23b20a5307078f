//! The first characters of a text, counted after NFC.

use std::sync::Arc;

use jardin_model::FieldType;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    figures::{Figure, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

const N: Figure = Figure::whole("n", 1, 64, 2.0);

/// The first characters of a text, counted after NFC.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FirstCharacters{
    /// How many.
    n: usize,
}

impl Form for FirstCharacters {
    const WORD: &'static str = "first characters";
    const TAKES: &'static str = "text";
    const GIVES: &'static str = "text";
    const FIGURES: &'static [Figure] = &[N];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        (kind == FieldType::Text).then_some(FieldType::Text)
    }

    fn without_figures() -> Option<Self> {
        None
    }

    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self { n: usize::try_from(figures.whole(&N)?).ok()? })
    }

    fn apply_to(&self, held: Option<Held<'_>>, _around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Value(ViewValue::Text(text)) => {
                Some(ViewValue::Text(text.nfc().take(self.n).collect::<String>().into()))
            }
            _ => None,
        }
    }

    fn item_field(&self) -> Option<&Arc<str>> {
        None
    }

    fn possible_choices(&self, _choices: &[Arc<str>]) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn follows_from(&self, old: &Self) -> bool {
        self.n <= old.n
    }

    fn describe_in(&self, language: Language) -> String {
        let n = self.n;
        match language {
            Language::English => format!("the first {n} characters"),
            Language::French => format!("les {n} premiers caractères"),
            Language::German => format!("die ersten {n} Zeichen"),
        }
    }

    fn short_text(&self) -> String {
        format!("first {} characters", self.n)
    }
}

