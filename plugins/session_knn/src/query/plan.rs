//! Parameters made ready for many questions.

use jardin_sdk::number::{exp, power};

use super::{params::Params, weights::Weights};

/// The longest session whose length has a table entry; the index keeps no longer ones.
const MAX_LENGTH: usize = 1_000;
/// Hours are split into a coarse and a fine part of eight bits each: 65,536 hours are seven years, and older
/// sessions count as that old.
const PART: usize = 256;

/// Which counts some weight makes use of: what none does is not counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    /// What stood around the newest item.
    pub(super) steps: bool,
    /// Companions of companions.
    pub(super) hops: bool,
    /// What stood after the item before the newest.
    pub(super) after_previous: bool,
    /// How many visits had an item lately.
    pub(super) trend: bool,
}

impl Counted {
    /// Everything, for who has no weights yet.
    pub(super) const ALL: Self = Self { steps: true, hops: true, after_previous: true, trend: true };

    fn by(weights: &Weights) -> Self {
        let by_known = ["next_by_known", "hops_of_last_by_known"];
        let steps = ["before_last", "next", "next_of_pair", "after_last", "freshness"];
        let hops = ["hops", "hops_of_last", "hops_of_last_by_length", "hops_of_last_by_known"];
        Self {
            steps: weights.uses(&steps) || weights.uses(&by_known),
            hops: weights.uses(&hops),
            after_previous: weights.uses(&["after_previous"]),
            trend: weights.uses(&["trend", "short_trend"]),
        }
    }
}

/// Which query answers: decided by the weights, once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Query {
    /// Nothing counts but what stands near in neighbours, so much.
    Near(f64),
    /// Everything may count.
    Full,
}

impl Query {
    fn by(weights: &Weights) -> Self {
        weights.only("near").map_or(Self::Full, Self::Near)
    }
}

/// [`Params`] with every exponential and power in a table. Make it once for each set of parameters.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) params: Params,
    pub(super) query: Query,
    pub(super) counted: Counted,
    /// Whether how long a past visit was and when it was count, so that it must be read.
    pub(super) weighs_visits: bool,
    /// By places before the newest item.
    position: Vec<f64>,
    /// By the neighbour's length.
    length: Vec<f64>,
    coarse: Vec<f64>,
    fine: Vec<f64>,
    /// By places after the shared item, itself first.
    pub(super) after: Vec<f64>,
    /// By places before the shared item, the nearest first.
    pub(super) before: Vec<f64>,
    /// The two windows in hours.
    pub(super) windows: [u32; 2],
}

impl Plan {
    /// Computes the tables. Counts out of their range are brought into it.
    #[must_use]
    pub fn new(params: Params) -> Self {
        let params = Params {
            last_items: params.last_items.clamp(1, Params::MAX_LAST_ITEMS),
            newest: params.newest.clamp(1, usize::from(u16::MAX)),
            neighbours: params.neighbours.max(1),
            distance_reach: params.distance_reach.min(Params::MAX_REACH),
            ..params
        };
        let table =
            |len: usize, of: &dyn Fn(f64) -> f64| (0..len).map(|n| of(n as f64)).collect::<Vec<f64>>();
        let near = |d: f64| exp(-d / params.distance_places);
        let ages = params.age_days < Params::AGELESS_DAYS;
        let age = |hours: f64| if ages { exp(-hours / (params.age_days * 24.0)) } else { 1.0 };
        Self {
            query: Query::by(&params.weights),
            counted: Counted::by(&params.weights),
            weighs_visits: ages || params.length_exponent != 0.0,
            position: table(Params::MAX_LAST_ITEMS, &|d| exp(-d / params.position_places)),
            length: table(MAX_LENGTH + 1, &|n| power(n.max(1.0), -params.length_exponent)),
            coarse: table(PART, &|n| age(n * PART as f64)),
            fine: table(PART, &age),
            after: table(params.distance_reach + 1, &near),
            before: table(params.distance_reach, &|d| near(d + 1.0) * params.distance_before),
            windows: params.trend_days.map(|days| (days * 24.0).clamp(1.0, 1e6) as u32),
            params,
        }
    }

    /// The parameters, with counts brought into their range.
    #[must_use]
    pub const fn params(&self) -> &Params {
        &self.params
    }

    /// How much the item counts that stands `back` places before the newest of a question.
    pub(super) fn position(&self, back: usize) -> f64 {
        at(&self.position, back)
    }

    #[inline]
    pub(super) fn length(&self, len: usize) -> f64 {
        at(&self.length, len)
    }

    #[inline]
    pub(super) fn age(&self, hours: u32) -> f64 {
        let hours = (hours as usize).min(PART * PART - 1);
        at(&self.coarse, hours / PART) * at(&self.fine, hours % PART)
    }
}

fn at(table: &[f64], n: usize) -> f64 {
    table.get(n).or(table.last()).copied().unwrap_or(0.0)
}
