//! The age of a birth date in bands of `years`: `30-39`.

use std::{collections::BTreeSet, sync::Arc};

use jardin_diagnostics::codes::INVALID_VALUE;
use jardin_model::{FieldType, Zone};

use super::{
    figures::{Figure, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, rules::OLDEST_AGE, runtime::ViewValue};

const YEARS: Figure = Figure::whole("years", 5, 50, 0.5);
const FROM: Figure = Figure::whole("from", 1, 120, 0.5);
const TO: Figure = Figure::whole("to", 1, 120, 0.5);

/// The age of a birth date in bands of `years`: `30-39`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AgeBand{
    /// The width of a band.
    years: i16,
    /// Where the first band ends: `under {from}`.
    from: i16,
    /// Where the last band begins: `{to} and over`.
    to: i16,
}

impl Form for AgeBand {
    const WORD: &'static str = "age band";
    const TAKES: &'static str = "date";
    const GIVES: &'static str = "choice: `under 20`, `30-39`, `80 and over`";
    const FIGURES: &'static [Figure] = &[YEARS, FROM, TO];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        (kind == FieldType::Date).then_some(FieldType::Choice)
    }

    fn without_figures() -> Option<Self> {
        Some(Self { years: 10, from: 20, to: 80 })
    }

    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self> {
        let years = figures.whole(&YEARS);
        let from = if figures.from_is_the_source { 20 } else { figures.whole_or(&FROM, 20)? };
        let to = figures.whole_or(&TO, 80)?;
        if from >= to {
            let node = figures.table.get(TO.key).or_else(|| figures.table.get(FROM.key))?;
            let help = "write `from` below `to`".to_owned();
            node.finding(INVALID_VALUE, "the last band begins above the first", Some(help));
            return None;
        }
        let short = |n: i64| i16::try_from(n).ok();
        Some(Self { years: short(years?)?, from: short(from)?, to: short(to)? })
    }

    fn apply_to(&self, held: Option<Held<'_>>, around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Value(ViewValue::Date(birth)) => {
                let age = Zone::age_on(birth, around.today()?);
                (0..=OLDEST_AGE).contains(&age).then(|| ViewValue::Text(self.band_of(age).into()))
            }
            _ => None,
        }
    }

    fn item_field(&self) -> Option<&Arc<str>> {
        None
    }

    fn possible_choices(&self, _choices: &[Arc<str>]) -> Vec<Arc<str>> {
        let first = format!("under {}", self.from).into();
        let last = format!("{} and over", self.to).into();
        let between = self.lows().map(|low| self.band_of(low).into());
        std::iter::once(first).chain(between).chain([last]).collect()
    }

    fn follows_from(&self, old: &Self) -> bool {
        self.borders().is_subset(&old.borders())
    }

    fn describe_in(&self, language: Language) -> String {
        let Self { years, from, to } = self;
        match language {
            Language::English => format!("the age in bands of {years} years (under {from}, …, {to} and over)"),
            Language::French => format!("l'âge par tranches de {years} ans (moins de {from}, …, {to} et plus)"),
            Language::German => format!("das Alter in Stufen von {years} Jahren (unter {from}, …, {to} und älter)"),
        }
    }

    fn short_text(&self) -> String {
        format!("age band of {} years", self.years)
    }
}

impl AgeBand {
    fn band_of(&self, age: i16) -> String {
        let Self { years, from, to } = *self;
        if age < from {
            format!("under {from}")
        } else if age >= to {
            format!("{to} and over")
        } else {
            let low = (age - from) / years * years + from;
            format!("{low}-{}", (low + years).min(to) - 1)
        }
    }

    /// The ages at which a band between the first and the last begins.
    fn lows(&self) -> impl Iterator<Item = i16> + use<> {
        let Self { years, from, to } = *self;
        (0..).map(move |i| from + i * years).take_while(move |low| *low < to)
    }

    /// The ages at which a band begins.
    fn borders(&self) -> BTreeSet<i16> {
        self.lows().chain([self.to]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last band before `to` is cut short by it.
    #[test]
    fn a_band_is_named_by_its_first_and_last_age() {
        let bands = AgeBand { years: 15, from: 25, to: 60 };
        for (age, band) in [(0, "under 25"), (24, "under 25"), (25, "25-39"), (54, "40-54"), (55, "55-59"), (60, "60 and over")] {
            assert_eq!(bands.band_of(age), band, "{age}");
        }
        let all = ["under 25", "25-39", "40-54", "55-59", "60 and over"];
        assert_eq!(bands.possible_choices(&[]), all.map(Arc::from));
    }

    #[test]
    fn wider_bands_follow_only_where_their_borders_are_old_ones() {
        let [ten, twenty, fifteen] = [10, 20, 15].map(|years| AgeBand { years, from: 20, to: 80 });
        assert!(twenty.follows_from(&ten) && !ten.follows_from(&twenty) && !fifteen.follows_from(&ten));
    }
}
