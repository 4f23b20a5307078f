//! The learning feed: each strategy that learns has learned, at any time, exactly what it may.
//!
//! Whatever happens (an event, a withdrawal, an expiry, an erasure, a narrower policy), the sessions of the
//! people concerned are worked out anew and compared with what was told. So there is one rule and no list of
//! cases.

mod archive;
mod check_times;
mod feed;
mod feeder;
mod judge;
mod learned;
mod past;
mod person_numbers;
mod questions;
mod sent_back;
mod sessions;
mod verification;

#[cfg(test)]
mod property;
#[cfg(test)]
mod tests;

pub(crate) use feed::Learning;
pub use past::{PastSession, past_sessions};
