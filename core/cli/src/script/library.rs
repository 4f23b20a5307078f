//! The rules of the folder `scripts`, which the program carries with it.

/// A ready rule.
pub(super) struct LibraryRule {
    /// Its name: that of its file, and with hyphens of its strategy.
    pub(super) name: &'static str,
    /// The script, its tests included.
    pub(super) script: &'static str,
    /// The items and people of its tests.
    pub(super) fixtures: &'static str,
}

macro_rules! rules {
    ($($name:literal,)*) => {
        /// Every rule, by name.
        pub(super) const RULES: &[LibraryRule] = &[$(LibraryRule {
            name: $name,
            script: include_str!(concat!("../../../../scripts/", $name, ".rhai")),
            fixtures: include_str!(concat!("../../../../scripts/", $name, ".fixtures.json")),
        },)*];
    };
}

rules! {
    "accessories_that_fit",
    "back_in_stock",
    "basket_bundle",
    "best_sellers",
    "brand_of_the_week",
    "broken_sizes",
    "by_the_hour",
    "campaign_pins",
    "care_routine",
    "clearance_above_margin",
    "companions",
    "discovery_share",
    "end_of_season",
    "food_pairing",
    "free_delivery",
    "gift_occasions",
    "last_category",
    "last_pieces",
    "local_lead",
    "new_arrivals",
    "next_volume",
    "not_bought_again",
    "opening_assortment",
    "price_drop",
    "refill_reminder",
    "regional_range",
    "same_price_band",
    "short_dated",
    "step_up",
    "substitutes",
    "trade_counter",
    "varied_page",
    "well_rated",
}
