//! Answering: past visits like this one are counted, and what stands in them is ranked by what was counted.

mod answer;
mod candidates;
mod choice;
mod count;
mod features;
mod item_features;
mod merge;
mod near;
mod neighbours;
mod params;
mod plan;
mod question;
mod ranking;
mod sums;
mod weights;

pub use answer::{Described, Scratch};
pub use choice::MAX_CANDIDATES;
pub use item_features::ItemFields;
pub use params::{Current, Params};
pub use plan::Plan;
pub use ranking::Scored;
pub use weights::{FEATURE_NAMES, FEATURES, Weights};
