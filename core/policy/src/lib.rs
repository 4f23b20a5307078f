//! The privacy policy: parse, check, decide, view, admit.
//!
//! What it is not: it opens no file, no socket and no clock. It takes texts, values and times, and returns
//! values.
//!
//! Invariants
//! - [`Grant`] is made only by [`PolicyInForce::decide`], [`View`] only by [`Grant::view`] and
//!   [`Policy::catalogue_view`] and [`Policy::question_view`], which know no person, [`Admitted`] only by [`Policy::admit`]. So an un-granted field cannot reach a
//!   strategy, nor an un-admitted event the disk, without a change in this crate.
//! - Refused means not run, never run with fewer fields.
//! - What cannot be understood is refused: a policy with one error is no policy.
//!
//! ```
//! use jardin_policy::Policy;
//! let report = Policy::load("policy.toml", "language = 1").unwrap_err();
//! assert!(report.rendered().contains("lacks `[policy]`"));
//! ```
//!
//! # What cannot be written
//! Each of these compiles, and does not any longer once the one word is changed that would let something
//! through.
//!
//! A strategy takes a [`View`]; everything that is known is no view:
//! ```
//! use jardin_policy::{Profile, View};
//! fn strategy(sees: &View) {}
//! fn engine(known: &View) { strategy(known) }
//! ```
//! ```compile_fail
//! use jardin_policy::{Profile, View};
//! fn strategy(sees: &View) {}
//! fn engine(known: &Profile) { strategy(known) }
//! ```
//! A store appends an [`Admitted`]; an event as it came is none:
//! ```
//! use {jardin_model::Event, jardin_policy::Admitted};
//! fn append(kept: &Admitted) {}
//! fn take(sent: &Admitted) { append(sent) }
//! ```
//! ```compile_fail
//! use {jardin_model::Event, jardin_policy::Admitted};
//! fn append(kept: &Admitted) {}
//! fn take(sent: &Event) { append(sent) }
//! ```
//! Signals can be put together by anybody; a [`Grant`], a [`View`], an [`Admitted`] and a [`ScreenedCatalogue`] cannot,
//! not even of one's own parts:
//! ```
//! use jardin_policy::Signals as Made;
//! fn forge(known: Made) -> Made { Made { ..known } }
//! ```
//! ```compile_fail
//! use jardin_policy::Grant as Made;
//! fn forge(known: Made) -> Made { Made { ..known } }
//! ```
//! ```compile_fail
//! use jardin_policy::View as Made;
//! fn forge(known: Made) -> Made { Made { ..known } }
//! ```
//! ```compile_fail
//! use jardin_policy::Admitted as Made;
//! fn forge(known: Made) -> Made { Made { ..known } }
//! ```
//! ```compile_fail
//! use jardin_policy::AdmittedProfile as Made;
//! fn forge(known: Made) -> Made { Made { ..known } }
//! ```
//! ```compile_fail
//! use jardin_policy::AdmittedItem as Made;
//! fn forge(known: Made) -> Made { Made { ..known } }
//! ```
//! ```compile_fail
//! use jardin_policy::ScreenedCatalogue as Made;
//! fn forge(known: Made) -> Made { Made { ..known } }
//! ```
//! ```compile_fail
//! use jardin_policy::Flags as Made;
//! fn forge(known: Made) -> Made { Made { ..known } }
//! ```

pub mod codes;
pub mod lock;
pub mod rules;

mod check;
mod day;
mod grant_digest;
mod inline_tests;
mod language;
mod load;
mod meet;
mod observed_reads;
mod policy;
mod policy_in_force;
mod runtime;
mod transforms;
mod written_stop;

pub use check::LANGUAGE_VERSION;
pub use day::day_and_seconds;
pub use inline_tests::Outcome;
pub use language::Language;
pub use observed_reads::{ENOUGH_DAYS, ENOUGH_RUNS, ObservedReads, ReadCount};
pub use policy::{FieldUse, Policy};
pub use policy_in_force::PolicyInForce;
pub use rules::{Stop, StrategyKind, StrategyName, StrategyRule};
pub use runtime::{
    Access, Admitted, AdmittedItem, AdmittedProfile, Decision, EventSweep, FieldFault, FileState, Flags,
    Grant, GrantedColumn, Groundless, ItemView, KeptUnder, Learnable, LearningSource, Profile, ProfileOwner,
    Reason, Redacted, Rejection, RemovedCount, ScreenedCatalogue, Signals, SweepPlan, View, ViewEvent,
    ViewValue,
};
pub use transforms::{Figure, FigureKind, TRANSFORMS, Transform, TransformKind};
pub use written_stop::WrittenStop;
