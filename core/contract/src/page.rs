//! How a list is arranged on its page.

use std::sync::Arc;

use jardin_model::ItemId;

/// A plain value that a rule compares a field with.
#[derive(Debug, Clone, PartialEq)]
pub enum PlainValue {
    /// A text.
    Text(Arc<str>),
    /// A number.
    Number(f64),
    /// A flag.
    Flag(bool),
}

/// How often a rotation turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Each hour of the policy's time zone.
    Hour,
    /// Each day.
    Day,
    /// Each week, from Monday.
    Week,
}

/// One rule of a page. Fields are granted item fields by name. The engine applies rules in its own fixed
/// order, not in theirs.
#[derive(Debug, Clone, PartialEq)]
pub enum PageRule {
    /// At most `n` items of one value of `field`.
    MaxPer {
        /// The field.
        field: Arc<str>,
        /// How many.
        n: usize,
    },
    /// Values of `field` alternate; `strength` from 0 (not at all) to 1 (as far as possible).
    Diversify {
        /// The field.
        field: Arc<str>,
        /// How much.
        strength: f64,
    },
    /// At least `n` items whose `field` has `value` among the first `top`.
    AtLeast {
        /// How many.
        n: usize,
        /// The field.
        field: Arc<str>,
        /// Its value.
        value: PlainValue,
        /// Among how many.
        top: usize,
    },
    /// The first `top` items turn by place and period, never by a person.
    Rotate {
        /// How many items turn.
        top: usize,
        /// How often.
        every: Period,
    },
    /// At `position`, from 1, stands the best item whose `field` has `value`.
    Slot {
        /// Where, from 1.
        position: usize,
        /// The field.
        field: Arc<str>,
        /// Its value.
        value: PlainValue,
    },
    /// At `position`, from 1, stands the first of these items that can be sold.
    Pin {
        /// Where, from 1.
        position: usize,
        /// Which items, the best first.
        items: Vec<ItemId>,
    },
    /// At most this many items.
    Limit(usize),
}
