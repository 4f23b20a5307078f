//! A keyed digest that changes with the period and differs between strategies.

use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jardin_model::{DAY_MS, FieldType, Timestamp, Zone};
use sha2::Sha256;

use super::{
    figures::{Figure, FigureKind, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, rules::Age, runtime::ViewValue};

const CHANGES_EVERY: Figure = Figure::of("changes_every", FigureKind::Span);

/// A keyed digest that changes with the period and differs between strategies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pseudonym{
    /// How often it changes.
    changes_every: Age,
}

impl Form for Pseudonym {
    const WORD: &'static str = "pseudonym";
    const TAKES: &'static str = "id";
    const GIVES: &'static str = "id";
    const FIGURES: &'static [Figure] = &[CHANGES_EVERY];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        (kind == FieldType::Id).then_some(FieldType::Id)
    }

    fn without_figures() -> Option<Self> {
        None
    }

    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self> {
        Some(Self { changes_every: figures.span_of_time(&CHANGES_EVERY)? })
    }

    fn apply_to(&self, held: Option<Held<'_>>, around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Value(ViewValue::Text(text)) => self.digest(&text, around),
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
        self.changes_every.approximate_days() <= old.changes_every.approximate_days() + 1e-6
    }

    fn describe_in(&self, language: Language) -> String {
        let every = language.span_of_time(self.changes_every);
        match language {
            Language::English => format!("a pseudonym of this strategy's own that changes every {every}"),
            Language::French => format!("un pseudonyme propre à cette stratégie, changé tous les {every}"),
            Language::German => format!("ein Pseudonym nur für diese Strategie, das alle {every} wechselt"),
        }
    }

    fn short_text(&self) -> String {
        format!("pseudonym that changes every {}", self.changes_every)
    }
}

impl Pseudonym {
    fn digest(&self, text: &str, around: &Surroundings<'_>) -> Option<ViewValue> {
        // without the store's secret anybody could try ids out
        let mut mac = <Hmac<Sha256>>::new_from_slice(around.secret?).ok()?;
        for part in [around.strategy.as_bytes(), &self.period(around.now).to_le_bytes(), text.as_bytes()] {
            // each part with its length first, so that no two lists of parts read alike
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        let digest = mac.finalize().into_bytes();
        Some(ViewValue::Text(digest.iter().take(16).map(|b| format!("{b:02x}")).collect::<String>().into()))
    }

    /// The period of an instant, counted from 1970-01-01 UTC.
    fn period(&self, now: Timestamp) -> i64 {
        match self.changes_every {
            Age::Ms(ms) => now.ms().div_euclid(ms.max(1)),
            Age::Months(months) => months_since_1970(now).div_euclid(i64::from(months.max(1))),
        }
    }
}

fn months_since_1970(now: Timestamp) -> i64 {
    Zone::utc()
        .day(now)
        .map_or(now.ms() / (30 * DAY_MS), |d| (i64::from(d.year()) - 1970) * 12 + i64::from(d.month()) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_with_1970_in_utc() {
        let quarter = Pseudonym { changes_every: Age::Months(3) };
        let at = |text| quarter.period(Timestamp::parse(text).unwrap());
        assert_eq!((at("1970-03-31T23:59:59Z"), at("1970-04-01T00:00:00Z")), (0, 1));
        assert_eq!((at("1969-12-31T23:59:59Z"), at("2026-01-01T00:00:00Z")), (-1, 224));
    }
}
