//! Answering: past visits like this one are counted, and what stands in them is ranked by what was counted.

mod answer;
mod candidates;
mod count;
mod features;
mod item_features;
mod merge;
mod neighbours;
mod params;
mod plan;
mod question;
mod ranking;
mod weights;

pub use answer::{Described, MAX_CANDIDATES, Scratch};
pub use item_features::ItemFields;
pub use params::{Current, Params};
pub use plan::Plan;
pub use ranking::Scored;
pub use weights::{FEATURE_NAMES, FEATURES, Weights};
