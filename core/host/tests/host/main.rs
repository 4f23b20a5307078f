//! The host, in process.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod strategy_files;
mod watch;
