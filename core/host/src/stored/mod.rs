//! What commands read of a shop's store, whoever holds it.

mod json;
mod pages;
mod store_copy;

pub(crate) use pages::{StoredQuery, answer_stored, copy_served};
use store_copy::StoreCopy;
