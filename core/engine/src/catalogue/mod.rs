//! The catalogue: what a shop sends is admitted by the policy, made durable, and seen by the next answer.

mod items;
mod judged;
mod public_fields;
mod raw;
mod stored;
mod untied_items;
mod written;

pub use items::ItemsBeside;
pub(crate) use items::{CatalogueItems, Others};
pub use judged::{JudgedItem, judge_item};
pub(crate) use public_fields::{public_fields, shown_fields};
pub(crate) use stored::read_catalogue;
pub(crate) use untied_items::UntiedItems;
pub use written::write_item;
