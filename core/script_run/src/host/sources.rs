//! The lists that a script builds on. A script describes them; the engine makes them.

use std::sync::Arc;

use jardin_contract::Sources;
use jardin_policy::StrategyName;
use rhai::{Dynamic, Map};

use super::{page::plain_value, register::fault_error, request::Outcome};
use crate::semantics::{Fault, number_of};

/// How many lists one plan may name: `plan = plan.or(plan)` doubles each time.
const MOST_PARTS: usize = 64;

/// The parameter `sources`.
#[derive(Debug, Clone)]
pub(crate) struct Asked;

impl Asked {
    /// `sources.NAME(limit)`.
    pub(crate) fn ask_strategy(name: &StrategyName, limit: &Dynamic) -> Outcome<Plan> {
        Ok(Plan::of_source(Sources::Ask { strategy: name.clone(), limit: item_count(limit)? }))
    }

    /// `sources.catalogue(limit, #{field: value})`.
    pub(crate) fn ask_catalogue(limit: &Dynamic, having: &Map) -> Outcome<Plan> {
        let pair = |(field, value): (&_, &Dynamic)| -> Outcome<(Arc<str>, _)> {
            let field: &str = AsRef::<str>::as_ref(field);
            Ok((field.into(), plain_value(value)?))
        };
        let having = having.iter().map(|(k, v)| pair((k, v))).collect::<Outcome<Vec<_>>>()?;
        Ok(Plan::of_source(Sources::Catalogue { limit: item_count(limit)?, having }))
    }
}

/// A list of candidates as a script describes it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    sources: Sources,
    parts: usize,
}

impl Plan {
    const fn of_source(sources: Sources) -> Self {
        Self { sources, parts: 1 }
    }

    /// What the engine is told.
    pub(crate) fn into_sources(self) -> Sources {
        self.sources
    }

    fn join_with(
        self,
        other: Self,
        join: impl FnOnce(Box<Sources>, Box<Sources>) -> Sources,
    ) -> Outcome<Self> {
        let parts = self.parts + other.parts;
        if parts > MOST_PARTS {
            return Err(fault_error(Fault::Argument));
        }
        Ok(Self { sources: join(Box::new(self.sources), Box::new(other.sources)), parts })
    }

    /// `a.or(b)`.
    pub(crate) fn or(self, other: Self) -> Outcome<Self> {
        self.join_with(other, Sources::Or)
    }

    /// `a.mix(b, share)`.
    pub(crate) fn mix(self, other: Self, share: &Dynamic) -> Outcome<Self> {
        let share = number_of(share)
            .filter(|s| (0.0..=1.0).contains(s))
            .ok_or_else(|| fault_error(Fault::Argument))?;
        self.join_with(other, |first, second| Sources::Mix { first, second, share })
    }
}

/// How many items: a number that is not negative, at most what any list holds.
pub(super) fn item_count(value: &Dynamic) -> Outcome<usize> {
    let n = number_of(value).filter(|n| *n >= 0.0).ok_or_else(|| fault_error(Fault::Argument))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and a cast stops at the largest"
    )]
    Ok((n as usize).min(Sources::MOST))
}
