//! The contracts between strategies, stores and the engine. No implementation stands here but the system's
//! clock.
//!
//! What it is not: it decides nothing and stores nothing. A [`Strategy`] receives a [`jardin_policy::View`]
//! and nothing else of a person; an [`EventLog`] receives [`jardin_policy::Admitted`] events and nothing
//! else.
//!
//! Invariants
//! - Same store, policy, request and [`Seed`]: the same answer. No contract lets a strategy read a clock or
//!   randomness of its own.
//! - A [`Failure`] never carries a field's value.
//!
//! ```
//! use jardin_contract::Seed;
//! // the same parts give the same seed, and their borders count
//! assert_eq!(Seed::of(&[b"home", b"2026-11-20"]), Seed::of(&[b"home", b"2026-11-20"]));
//! assert_ne!(Seed::of(&[b"ab", b"c"]), Seed::of(&[b"a", b"bc"]));
//! ```

mod audit_log;
mod clock;
pub mod conformance;
mod effect;
mod effects;
mod event_log;
mod failure;
mod host_control;
mod key_provider;
mod key_ring;
mod learner;
mod page;
mod params;
mod profile_change;
mod ranking;
mod seed;
mod sources;
mod state_store;
mod store;
mod strategy;

pub use audit_log::{
    Act, ActQuery, AuditHead, AuditLog, DecidedAnswer, NotAPseudonym, Pseudonym, RecordedAct, UnreadableAudit,
};
pub use clock::{Clock, ClockMark, Deadline, FixedClock, SystemClock};
pub use effect::{Effect, Note};
pub use effects::{EffectText, Effects};
pub use event_log::{Appended, EventLog, FeedEvent};
pub use failure::Failure;
pub use host_control::{ControlError, FileFinding, FolderCheck, HostControl, ReloadReport, ShopRevision};
pub use key_provider::{KeyProvider, key_of_hex};
pub use key_ring::{KeyRing, KeySlot};
pub use learner::{Learner, Observation};
pub use page::{PageRule, Period, PlainValue};
pub use params::{Param, Params};
pub use profile_change::ProfileChange;
pub use ranking::{Adjusted, Pick, Ranking};
pub use seed::Seed;
pub use sources::Sources;
pub use state_store::{
    Cached, ChosenEvents, ERASURES_KNOWN_MS, Erasure, EventDetails, Export, FindGroundless, ShowPerson,
    StateStore, StoppedBy, StoreError, Whose,
};
pub use store::{Import, Store};
pub use strategy::{Enforcement, Health, Kind, Strategy, StrategyInfo, StrategyRequest};
