//! A number or amount to the nearest multiple.

use std::sync::Arc;

use jardin_model::FieldType;

use super::{
    figures::{Figure, FigureKind, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

const TO: Figure = Figure::of("to", FigureKind::Above0);

/// A number or amount to the nearest multiple.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Round {
    /// Of what.
    to: f64,
}

impl Form for Round {
    const WORD: &'static str = "round";
    const TAKES: &'static str = "number, money";
    const GIVES: &'static str = "number";
    const FIGURES: &'static [Figure] = &[TO];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        matches!(kind, FieldType::Number | FieldType::Money).then_some(FieldType::Number)
    }

    fn without_figures() -> Option<Self> {
        None
    }

    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self { to: figures.number_above_0(&TO)? })
    }

    fn apply_to(&self, held: Option<Held<'_>>, _around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Value(ViewValue::Number(n)) => {
                let rounded = nearest_multiple(n, self.to);
                rounded.is_finite().then_some(ViewValue::Number(rounded))
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
        self.to >= old.to && (self.to / old.to).fract().abs() < 1e-9
    }

    fn describe_in(&self, language: Language) -> String {
        let to = self.to;
        match language {
            Language::English => format!("rounded to {to}"),
            Language::French => format!("arrondi à {to} près"),
            Language::German => format!("gerundet auf {to}"),
        }
    }

    fn short_text(&self) -> String {
        format!("rounded to {}", self.to)
    }
}

/// The nearest multiple of `to`. What rounds to nothing from below is nothing, and not `-0`.
fn nearest_multiple(n: f64, to: f64) -> f64 {
    (n / to).round() * to + 0.0
}

#[cfg(test)]
mod tests {
    use super::nearest_multiple;

    #[test]
    fn nothing_has_no_sign() {
        for (n, to, rounded) in [(-0.2, 1.0, 0.0), (-0.0, 5.0, 0.0), (-7.4, 5.0, -5.0), (7.5, 5.0, 10.0_f64)] {
            assert_eq!(nearest_multiple(n, to).to_bits(), rounded.to_bits(), "{n} to {to}");
        }
    }
}
