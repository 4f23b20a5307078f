//! Scripts of merchants under a policy: what runs, and what it does.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected ends there"
)]

mod attacks;
mod both_paths;
mod budgets;
mod design;
mod differential;
mod hiding;
mod language;
mod shop;
mod turns;
