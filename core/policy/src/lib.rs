//! The privacy policy: parse, check, decide, view, admit.
//!
//! What it is not: it opens no file, no socket and no clock. It takes texts, values and times, and returns values.
//!
//! Invariants
//! - [`Grant`] is made only by [`Policy::decide`], [`View`] only by [`Grant::view`] and [`Policy::shelf_view`], [`Admitted`] only by
//!   [`Policy::admit`]. So an un-granted field cannot reach a strategy, nor an un-admitted event the disk, without a change in this crate.
//! - Refused means not run, never run with fewer fields.
//! - What cannot be understood is refused: a policy with one error is no policy.
//!
//! ```
//! use jardin_policy::Policy;
//! let report = Policy::load("policy.toml", "language = 1").unwrap_err();
//! assert!(report.rendered().contains("lacks `[policy]`"));
//! ```

pub mod codes;
pub mod document;
pub mod lock;
pub mod text;
pub mod tools;
pub mod valid;

mod check;
mod finding;
mod grant_digest;
mod policy;
mod runtime;
mod tests_inline;

pub use codes::{Code, Severity};
pub use finding::{Finding, Report};
pub use policy::Policy;
pub use runtime::{
    Access, Admitted, AdmittedItem, AdmittedProfile, Decision, EventSweep, FileState, Flags, Grant, GrantedColumn, ItemView, Keeper,
    Learnable, LearningSource, Profile, Reason, Redacted, Rejection, Shelf, Signals, SweepPlan, View, ViewEvent, ViewValue,
};
pub use tests_inline::{InlineTest, Outcome};
pub use valid::{Stop, StrategyKind, StrategyName, StrategyRule};
