//! Answering.

mod merge;
mod neighbours;
mod params;
mod plan;
mod ranking;
mod score;

pub use params::{Age, Current, Distance, Params, Position};
pub use plan::Plan;
pub use ranking::Scored;
pub use score::Scratch;
