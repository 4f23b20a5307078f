//! How a list is arranged, in one fixed order: sellable, drop, boost and bury, diversify, `max_per`,
//! `at_least`, rotate, slot, pin. Paid places, the limit and the last look at what can be sold follow on the
//! page.
//!
//! A list is made only as far as the page looks at it: `max_per` counts entry by entry, and what moves entries
//! makes as many as it must see. Only `diversify` looks at all of them.

mod counted;
mod diversify;
mod fields;
mod list;
mod moved;
#[cfg(test)]
mod plain;
mod turned;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use fields::FieldKeys;
pub(crate) use fields::{FieldKey, PageFields, keys_of};
pub(crate) use list::{ArrangedList, Arrangement, ListRules, ScoredItem, Surroundings};
#[cfg(test)]
pub(crate) use plain::arrange_plainly;

/// The starting score of a place, from 0: a boost of 2 halves an item's way to the top.
#[expect(clippy::cast_precision_loss, reason = "a place is at most some thousand")]
pub(crate) fn starting_score(place: usize) -> f64 {
    1.0 / (place as f64 + 10.0)
}
