//! Parameters.

use super::Weights;

/// Whether the newest item of the question may be recommended again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Current {
    /// It may: the published protocol, and right where people come back to what they looked at.
    #[default]
    Allow,
    /// It may not: right beside a product page.
    Exclude,
}

/// All that an answer depends on beside the learned sessions and the question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Params {
    /// How many of the newest places of the question find neighbours; 1 to 9.
    pub last_items: usize,
    /// Among how many of the newest sessions with an item of the question neighbours are chosen; 1 to 65,535.
    pub newest: usize,
    /// How many neighbours are kept; at least 1.
    pub neighbours: usize,
    /// An item of the question d places before the newest counts `exp(-d / places)`; above 0.
    pub position_places: f64,
    /// Long neighbours count less, by `length^-exponent`.
    pub length_exponent: f64,
    /// A neighbour counts `exp(-age / days)`; above 0. Ages are counted from the newest learned hour, and from
    /// [`Params::AGELESS_DAYS`] on they do not count.
    pub age_days: f64,
    /// An item d places from the newest shared one counts `exp(-d / places)`; above 0.
    pub distance_places: f64,
    /// How much items before the shared one count beside those after it; 0 to 1.
    pub distance_before: f64,
    /// Items further away count nothing; at most 63.
    pub distance_reach: usize,
    /// How many of the newest sessions with the question's newest item are looked at for what followed it.
    pub steps: usize,
    /// Two windows, in days, the longer first: whether an item is asked for more in it than before.
    pub trend_days: [f64; 2],
    /// Whether the newest item may be recommended again.
    pub current: Current,
    /// What each feature of a candidate counts.
    pub weights: Weights,
}

impl Params {
    /// The most places of a question that find neighbours.
    pub const MAX_LAST_ITEMS: usize = 9;
    /// So many days that no visit ages.
    pub const AGELESS_DAYS: f64 = 1e6;
    /// The furthest reach.
    pub const MAX_REACH: usize = 63;

    /// The parameters that are numbers, by the names that settings use, with the least and the most that each
    /// may be.
    pub const NUMBERS: [(&str, f64, f64); 12] = [
        ("last_items", 1.0, 9.0),
        ("newest", 1.0, 65_535.0),
        ("neighbours", 1.0, 65_535.0),
        ("position_places", 0.01, 1e6),
        ("length_exponent", 0.0, 2.0),
        ("age_days", 0.01, Self::AGELESS_DAYS),
        ("distance_places", 0.01, 1e6),
        ("distance_before", 0.0, 1.0),
        ("distance_reach", 0.0, 63.0),
        ("steps", 0.0, 65_535.0),
        ("trend_days", 0.05, 1e5),
        ("short_trend_days", 0.05, 1e5),
    ];

    /// Sets a number by its name.
    ///
    /// # Errors
    /// A phrase where there is no such number, or it is out of its range.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), String> {
        let (_, least, most) = Self::NUMBERS
            .iter()
            .find(|(known, ..)| *known == name)
            .ok_or_else(|| format!("there is no setting `{name}`"))?;
        if !(least..=most).contains(&&value) {
            return Err(format!("`{name}` is a number of {least} to {most}"));
        }
        let [trend, short_trend] = &mut self.trend_days;
        let fraction = match name {
            "position_places" => &mut self.position_places,
            "length_exponent" => &mut self.length_exponent,
            "age_days" => &mut self.age_days,
            "distance_places" => &mut self.distance_places,
            "distance_before" => &mut self.distance_before,
            "trend_days" => trend,
            "short_trend_days" => short_trend,
            _ => return self.set_count(name, value),
        };
        *fraction = value;
        Ok(())
    }

    fn set_count(&mut self, name: &str, value: f64) -> Result<(), String> {
        if value.fract() != 0.0 {
            return Err(format!("`{name}` is a whole number"));
        }
        let count = match name {
            "last_items" => &mut self.last_items,
            "newest" => &mut self.newest,
            "neighbours" => &mut self.neighbours,
            "distance_reach" => &mut self.distance_reach,
            _ => &mut self.steps,
        };
        *count = value as usize;
        Ok(())
    }
}

impl Default for Params {
    /// Right for baskets and clicks alike.
    fn default() -> Self {
        Self {
            last_items: 9,
            newest: 500,
            neighbours: 150,
            position_places: 3.0,
            length_exponent: 0.25,
            age_days: 60.0,
            distance_places: 1.2,
            distance_before: 0.8,
            distance_reach: 12,
            steps: 250,
            trend_days: [14.0, 3.0],
            current: Current::Allow,
            weights: Weights::default(),
        }
    }
}
