//! What commands read of a shop's store, whoever holds it.

mod json;
mod pages;

pub(crate) use pages::{StoredQuery, answer_stored, copy_served};
