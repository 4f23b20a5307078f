//! What describes and joins lists of candidates.

use std::ops::RangeInclusive;

use super::{Object, Parameter, Signature, Takes, signature::words};

/// How many items a list may have.
const LIMIT: RangeInclusive<f64> = 1.0..=1000.0;

words! {
    /// A list that every script may ask for.
    SourceWord on Sources {
        Catalogue = "catalogue"(limit: Takes::ListLimit(LIMIT), having: Takes::Having) -> "List"
            | "sources.catalogue(100, #{field: value})"
            | "Sellable items whose fields have these values, by popularity.";
    }
}

words! {
    /// What joins two lists.
    Join on List {
        Or = "or"(second: Takes::List) -> "List" | "a.or(b)" | "The first list, then the second.";
        Mix = "mix"(second: Takes::List, share: Takes::ListShare) -> "List" | "a.mix(b, 0.5)"
            | "Both interleaved; the share, 0 to 1, is the second one's.";
    }
}

/// How a strategy under `may_ask` is asked; it is written with its own name.
pub(crate) static ASK_STRATEGY: Signature = Signature {
    name: "NAME",
    on: Object::Sources,
    parameters: &[Parameter { name: "limit", takes: Takes::ListLimit(LIMIT), is_optional: false }],
    gives: "List",
    example: "sources.NAME(100)",
    does: "The list of a strategy that the policy lets this script ask.",
};
