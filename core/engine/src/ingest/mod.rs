//! The way of one event: flags, admission, durable, and then the learning feed.

mod admission;
mod intake;
mod merge;
mod raw;

pub(crate) use intake::EventIntake;
