//! What an evaluation needs of a shop: its past, and a shop of its own to try things on.

mod history;
mod throwaway_shop;

pub use history::{History, Parts, cut_by_time, made_up_name, session_end};
pub(crate) use throwaway_shop::lock_of_all;
pub use throwaway_shop::{ThrowawayPlan, ThrowawayShop, files_to_pin};
