//! What each feature of a candidate counts.

/// How many features a candidate has.
pub const FEATURES: usize = 34;

/// The features in the order of [`Weights`], by the names that settings use. `ln` is the natural logarithm; a
/// share is of the highest value among the candidates; "seen" is: in the visit, but not as its newest item.
pub const FEATURE_NAMES: [&str; FEATURES] = [
    "near",                   // ln of the share of similarity of neighbours with it, by distance
    "hops_of_last",           // ln of the share of companions of companions of the newest item
    "hops",                   // ln of the share of those of the three newest items
    "shared",                 // ln of the share of items that neighbours with it share with the visit
    "after_previous",         // ln of the share of nearness after the item before the newest
    "before_last",            // ln of the share of nearness before the newest item
    "nearest",                // the share of the similarity of the nearest neighbour with it
    "next",                   // ln of how often it directly follows the newest item
    "next_of_pair",           // ln of how often it directly follows the two newest
    "after_last",             // ln of the nearness after the newest item
    "popularity",             // ln of the visits with it
    "trend",                  // ln of the visits with it in the longer window over those to be expected
    "short_trend",            // the same in the shorter window
    "last",                   // 1 for the newest item
    "last_if_reloaded",       // … where the visit has an item twice in a row
    "last_by_length",         // … times ln of the visit's length
    "last_by_near",           // … times the first feature
    "seen",                   // 1 for an item seen
    "seen_by_back",           // … times ln of how many places ago
    "seen_by_length",         // … times ln of the visit's length
    "seen_if_returned",       // … where the visit came back to something before
    "seen_by_near",           // … times the first feature
    "times_seen",             // ln of how often the visit has it, its newest item too
    "popularity_by_length",   // popularity times ln of the visit's length
    "hops_of_last_by_length", // the second feature times ln of the visit's length
    "next_by_known",          // how often it follows, times ln of how often anything did
    "hops_of_last_by_known",  // the second feature times the same
    "freshness",              // how new the newest visit is in which it directly followed
    "seen_by_variety",        // seen times ln of the share of different items in the visit
    "step_again",             // seen: ln of 1 and how often it followed the newest item in this very visit
    "same_category",          // item.category is that of the newest item
    "price_distance",         // how far ln of item.price is from that of the newest item, at most 3
    "same_brand",             // item.brand is that of the newest item
    "same_group",             // item.group is that of the newest item
];

/// A weight for each feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights(pub [f64; FEATURES]);

impl Weights {
    /// No feature counts.
    pub const NONE: Self = Self([0.0; FEATURES]);

    /// True where one of these features counts.
    pub(super) fn uses(&self, names: &[&str]) -> bool {
        FEATURE_NAMES.iter().zip(self.0).any(|(name, weight)| weight != 0.0 && names.contains(name))
    }

    /// What a feature counts that is the only one to count.
    pub(super) fn only(&self, name: &str) -> Option<f64> {
        let mut counting = FEATURE_NAMES.iter().zip(self.0).filter(|(_, weight)| *weight != 0.0);
        let (known, weight) = counting.next()?;
        (*known == name && counting.next().is_none()).then_some(weight)
    }

    /// The weighted sum of features.
    #[inline]
    #[must_use]
    pub fn score(&self, features: &[f32; FEATURES]) -> f32 {
        features.iter().zip(self.0).fold(0.0, |sum, (x, weight)| sum + f64::from(*x) * weight) as f32
    }

    /// Weights as a text: `near=0.512 hops=0.31`. Features that are not named count nothing.
    ///
    /// # Errors
    /// A phrase where a part is not a feature with a number.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut weights = Self::NONE;
        for part in text.split_whitespace() {
            let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` has no weight"))?;
            let place = FEATURE_NAMES.iter().position(|known| *known == name);
            let slot = place.and_then(|place| weights.0.get_mut(place));
            let slot = slot.ok_or_else(|| format!("there is no feature `{name}`"))?;
            let value = value.parse().ok().filter(|value: &f64| value.abs() <= 1_000.0);
            *slot = value.ok_or_else(|| format!("the weight of `{name}` is a number of -1000 to 1000"))?;
        }
        Ok(weights)
    }

    /// The weights as [`Weights::read`] reads them, to three decimals, those that are 0 left out.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = FEATURE_NAMES.iter().zip(self.0).map(|(name, weight)| (name, format!("{weight:.3}")));
        let parts = parts.filter(|(_, weight)| !weight.trim_matches(['-', '0', '.']).is_empty());
        parts.map(|(name, weight)| format!("{name}={weight}")).collect::<Vec<String>>().join(" ")
    }
}

impl Default for Weights {
    /// What was fitted on the training part of Online Retail and on as many questions of made-up clicks
    /// (`docs/quality.md` says how): right for baskets and clicks alike, best for neither.
    fn default() -> Self {
        Self([
            0.623, -0.086, 0.117, -0.041, 0.088, 0.062, 0.48, 0.1, 0.057, 0.05, -0.297, 0.023, 0.011, -0.168,
            0.472, -0.731, -0.575, 0.629, 0.004, -1.704, 1.12, -0.59, 0.71, -0.004, 0.038, 0.079, -0.011,
            -0.259, -2.334, -1.229, 0.0, 0.0, 0.0, 0.0,
        ])
    }
}
