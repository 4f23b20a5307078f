//! Scripts of merchants under a policy: what is proved, what is refused, and what is said of it.

#![expect(clippy::panic, reason = "a test that meets the unexpected ends there")]

mod attacks;
mod documents;
mod help;
mod hiding;
mod mistakes;
mod origins;
mod shop;
mod syntax;
mod types;
