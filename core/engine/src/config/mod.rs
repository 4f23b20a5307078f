//! jardin.toml: what is shown where, with which settings, and when. Nothing in it can widen the policy.

mod calls;
mod campaign;
mod experiment;
mod filter;
mod hiding;
mod jardin_toml;
mod leave_out;
mod load;
mod names;
mod params;
mod placement;
mod plain;
mod public_field;
mod repeated_items;
mod shop;
mod span_of_time;
mod sponsored;

pub use campaign::Campaign;
pub use filter::{Filter, Operator};
pub use jardin_toml::Config;
pub use leave_out::LeaveOut;
pub use params::SettingPlace;
pub use placement::{Fill, Placement};
pub use public_field::{Holder, PublicField};
pub use shop::ShopFiles;
pub use sponsored::Sponsored;
