//! Tests that need to look inside.

mod conformance;
mod door;
mod erasure;
mod mending;
mod random_use;
mod writing;

pub(crate) use door::{Door, now};
