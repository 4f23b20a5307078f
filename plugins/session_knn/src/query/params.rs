//! Parameters.

/// Whether the newest item of the question may be recommended again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Current {
    /// It may: the published protocol, and right where people come back to what they looked at.
    Allow,
    /// It may not: right beside a product page.
    #[default]
    Exclude,
}

/// How much an item of the question counts by its place in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Position {
    /// `p / n` for the p-th oldest of a question with n different items (VMIS-kNN).
    Linear,
    /// `exp(-d / scale)` for an item d places before the newest one (STAN, λ1).
    Exponential {
        /// In places; above 0.
        scale: f64,
    },
}

/// How much a past session counts by its age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Age {
    /// All alike, but that the newest are looked at first (VMIS-kNN).
    Alike,
    /// `exp(-age / scale)` (STAN, λ2).
    Exponential {
        /// In days; above 0.
        scale: f64,
    },
}

/// How much an item of a past session counts by its distance from the newest item that both sessions share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// All alike (VMIS-kNN).
    Alike,
    /// `exp(-d / scale)` at d places away (STAN, λ3), times `before` for items that stand before the shared
    /// one.
    Exponential {
        /// In places; above 0.
        scale: f64,
        /// 0 to 1; 1 is STAN.
        before: f64,
        /// Items further away than this many places count nothing.
        reach: usize,
    },
}

/// All that an answer depends on beside the learned sessions and the question. The score of an item i is
///
/// `rarity(i)^rarity · Σ over the k nearest sessions n that hold i of [ sim(n) · match(n) · distance(i, n) +
/// rules(i, n) ]`
///
/// where `sim(n) = age(n) / length(n)^length_exponent · Σ position(shared items)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Params {
    /// How many of the newest items of the question count; 1 to 9.
    pub last_items: usize,
    /// Among how many of the newest sessions with an item of the question neighbours are chosen (m); 1 to
    /// 65,535.
    pub newest: usize,
    /// How many neighbours are kept (k); at least 1.
    pub neighbours: usize,
    /// How much an item of the question counts.
    pub position: Position,
    /// By which power of their length neighbours count less: 0 in VMIS-kNN, 0.5 in STAN.
    pub length_exponent: f64,
    /// How much a neighbour counts by its age.
    pub age: Age,
    /// How much an item counts by its place in the neighbour.
    pub distance: Distance,
    /// True: a neighbour counts `1 - 0.1 · p`, p being the place from the end (from 1) of the newest shared
    /// item in the question (VMIS-kNN).
    pub match_decay: bool,
    /// An item counts `ln(sessions / sessions with it)` to this power: 1 in VMIS-kNN, 0 in STAN.
    pub rarity: f64,
    /// How much sequential rules add: `rules · age(n) / d` for an item d places after the question's newest
    /// item. 0 is none.
    pub rules: f64,
    /// Whether the newest item may be recommended again.
    pub current: Current,
}

impl Params {
    /// The most items of a question that count.
    pub const MOST_ITEMS: usize = 9;

    /// VMIS-kNN as published: the newest `newest` sessions, the `neighbours` most alike, questions of the
    /// last `last_items` items.
    #[must_use]
    pub const fn vmis(newest: usize, neighbours: usize, last_items: usize) -> Self {
        Self {
            last_items,
            newest,
            neighbours,
            position: Position::Linear,
            length_exponent: 0.0,
            age: Age::Alike,
            distance: Distance::Alike,
            match_decay: true,
            rarity: 1.0,
            rules: 0.0,
            current: Current::Exclude,
        }
    }

    /// STAN as published, with λ1 in places, λ2 in days and λ3 in places.
    #[must_use]
    pub const fn stan(newest: usize, neighbours: usize, places: f64, days: f64, distance: f64) -> Self {
        Self {
            last_items: Self::MOST_ITEMS,
            newest,
            neighbours,
            position: Position::Exponential { scale: places },
            length_exponent: 0.5,
            age: Age::Exponential { scale: days },
            distance: Distance::Exponential { scale: distance, before: 1.0, reach: usize::MAX },
            match_decay: false,
            rarity: 0.0,
            rules: 0.0,
            current: Current::Exclude,
        }
    }
}

impl Default for Params {
    /// Right for baskets and clicks alike: within a few per cent of what validation finds on either.
    fn default() -> Self {
        Self {
            last_items: 4,
            newest: 500,
            neighbours: 100,
            position: Position::Exponential { scale: 0.7 },
            length_exponent: 0.5,
            age: Age::Exponential { scale: 60.0 },
            distance: Distance::Exponential { scale: 5.0, before: 1.0, reach: 15 },
            match_decay: false,
            rarity: 1.0,
            rules: 0.1,
            current: Current::Exclude,
        }
    }
}
