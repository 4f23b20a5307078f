//! The tests that stand in a policy: a person is made up, the policy decides, and what happened is compared
//! with what was expected.

mod canonical;
mod outcome;
mod person;

pub use outcome::Outcome;
