//! What arranges a page.

use std::ops::RangeInclusive;

use super::signature::words;

/// Places of a page, and how many items are looked at.
const PLACES: RangeInclusive<f64> = 1.0..=1000.0;
/// How many items there may be.
const ITEMS: RangeInclusive<f64> = 0.0..=1000.0;

words! {
    /// What arranges a page.
    PageWord on Page {
        MaxPer = "max_per"(field: Takes::Field, n: Takes::Count(PLACES)) | "page.max_per(\"field\", 2)"
            | "At most n items of one value of the field.";
        Diversify = "diversify"(field: Takes::Field, strength: Takes::Share) | "page.diversify(\"field\", 0.3)"
            | "Values of the field alternate; the strength is 0 to 1.";
        AtLeast = "at_least"(n: Takes::Count(ITEMS), field: Takes::Field, value: Takes::Wanted, top: Takes::Count(PLACES))
            | "page.at_least(2, \"field\", value, 6)" | "At least n items with the value among the first top.";
        Rotate = "rotate"(top: Takes::Count(PLACES), every: Takes::Period) | "page.rotate(24, \"day\")"
            | "The first top items turn each \"hour\", \"day\" or \"week\".";
        Slot = "slot"(position: Takes::Count(PLACES), field: Takes::Field, value: Takes::Wanted)
            | "page.slot(3, \"field\", value)" | "At the position, from 1, the best item with the value.";
        Pin = "pin"(position: Takes::Count(PLACES), item: Takes::Wanted) | "page.pin(1, \"id\")"
            | "At the position, from 1, this item or the first of a list that can be sold.";
        Limit = "limit"(n: Takes::Count(ITEMS)) | "page.limit(6)" | "At most n items.";
    }
}
