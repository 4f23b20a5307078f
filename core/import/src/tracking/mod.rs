//! What was clicked and bought, as programs that count visits write it.

mod events;
mod ga4;
mod segment;

pub(crate) use ga4::Ga4;
pub(crate) use segment::Segment;
