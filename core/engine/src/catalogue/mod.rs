//! The catalogue: what a shop sends is admitted by the policy, made durable, and seen by the next answer.

mod items;
mod judged;
mod never_items;
mod raw;
mod stored;

pub(crate) use items::{CatalogueItems, Others};
pub use judged::{JudgedItem, judge_item};
pub(crate) use never_items::NeverItems;
pub(crate) use stored::read_catalogue;
