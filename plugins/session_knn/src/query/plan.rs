//! Parameters made ready for many questions.

use super::params::{Age, Distance, Params, Position};

/// The longest session whose length has a table entry; the index keeps no longer ones.
const LONGEST: usize = 1_000;
/// Hours are split into a coarse and a fine part of eight bits each: 65,536 hours are seven years, and older
/// sessions count as that old.
const PART: usize = 256;

/// [`Params`] with every exponential and power in a table. Make it once for each set of parameters.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) params: Params,
    /// By places before the newest item.
    position: Vec<f64>,
    /// By the neighbour's length.
    length: Vec<f64>,
    coarse: Vec<f64>,
    fine: Vec<f64>,
    /// By places from the shared item, the furthest before it first.
    pub(super) distance: Vec<f64>,
    /// How many of those stand before the shared item.
    pub(super) before: usize,
    /// What sequential rules add, by the same places; empty where they add nothing.
    pub(super) rules: Vec<f64>,
    logarithms: Vec<f64>,
}

impl Plan {
    /// Computes the tables. Counts out of their range are brought into it.
    #[must_use]
    pub fn new(params: Params) -> Self {
        let params = Params {
            last_items: params.last_items.clamp(1, Params::MOST_ITEMS),
            newest: params.newest.clamp(1, usize::from(u16::MAX)),
            neighbours: params.neighbours.max(1),
            ..params
        };
        let table =
            |len: usize, of: &dyn Fn(f64) -> f64| (0..len).map(|n| of(n as f64)).collect::<Vec<f64>>();
        let (distance, before) = distances(params.distance);
        let rules = if params.rules > 0.0 { distance.len() } else { 0 };
        Self {
            position: match params.position {
                Position::Linear => Vec::new(),
                Position::Exponential { scale } => table(LONGEST + 1, &|d| (-d / scale).exp()),
            },
            length: table(LONGEST + 1, &|n| n.max(1.0).powf(-params.length_exponent)),
            coarse: table(PART, &|n| aged(params.age, n * PART as f64)),
            fine: table(PART, &|n| aged(params.age, n)),
            rules: table(rules, &|n| {
                if n > before as f64 { params.rules / (n - before as f64) } else { 0.0 }
            }),
            distance,
            before,
            logarithms: table(4_096, &|n| n.max(1.0).ln()),
            params,
        }
    }

    /// The parameters, with counts brought into their range.
    #[must_use]
    pub const fn params(&self) -> &Params {
        &self.params
    }

    /// How much the item counts that stands `back` places before the newest of a question of `len` items,
    /// `different` of them different.
    pub(super) fn position(&self, back: usize, len: usize, different: usize) -> f64 {
        match self.params.position {
            Position::Linear => (len - back) as f64 / different.max(1) as f64,
            Position::Exponential { .. } => at(&self.position, back),
        }
    }

    /// How much a neighbour counts whose newest shared item stands `back` places before the newest of the
    /// question.
    pub(super) fn matched(&self, back: usize) -> f64 {
        if self.params.match_decay { (1.0 - 0.1 * (back + 1) as f64).max(0.0) } else { 1.0 }
    }

    /// True where a neighbour's length or age counts.
    pub(super) fn weighs_sessions(&self) -> bool {
        self.params.length_exponent != 0.0 || self.params.age != Age::Alike
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

    /// How much items count that `with` of `all` sessions hold, for one `all`.
    pub(super) fn rarity(&self, all: u32) -> impl Fn(u32) -> f64 + '_ {
        let logarithm = self.logarithm(all);
        // the published logarithm is 0 for an item that all of them hold, and such an item would vanish from
        // a shop's first answers: it counts as if there were one session more
        let of_all = self.logarithm(all.saturating_add(1)) - logarithm;
        let power = self.params.rarity;
        let rarity = move |with| {
            if with == all { of_all } else { logarithm - self.logarithm(with) }
        };
        // a general power takes as long as all the rest of an answer, a root hardly any time
        move |with| {
            if power == 0.0 {
                1.0
            } else if power == 1.0 {
                rarity(with)
            } else if power == 0.5 {
                rarity(with).sqrt()
            } else {
                rarity(with).powf(power)
            }
        }
    }

    /// The natural logarithm of a count.
    #[inline]
    fn logarithm(&self, count: u32) -> f64 {
        self.logarithms.get(count as usize).copied().unwrap_or_else(|| f64::from(count).ln())
    }
}

fn at(table: &[f64], n: usize) -> f64 {
    table.get(n).or(table.last()).copied().unwrap_or(0.0)
}

fn aged(age: Age, hours: f64) -> f64 {
    match age {
        Age::Alike => 1.0,
        Age::Exponential { scale } => (-hours / (scale * 24.0)).exp(),
    }
}

/// Weights by places from the shared item, with how many of them stand before it.
fn distances(distance: Distance) -> (Vec<f64>, usize) {
    let Distance::Exponential { scale, before, reach } = distance else {
        return (vec![1.0; 2 * LONGEST + 1], LONGEST);
    };
    let weight = |d: usize| (-(d as f64) / scale).exp();
    // what is rounded to nothing is out of reach
    let reach = reach.min(LONGEST).min((700.0 * scale) as usize);
    let back = if before > 0.0 { reach } else { 0 };
    let weights = (1..=back).rev().map(|d| before * weight(d));
    (weights.chain((0..=reach).map(weight)).collect(), back)
}
