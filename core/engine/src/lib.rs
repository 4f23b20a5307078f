//! The pipeline of a request and of an event, over traits.
//!
//! What it is not: no web server, no interpreter, no database. A strategy, a store and a clock come in as
//! traits.
//!
//! Invariants
//! - A strategy receives a [`jardin_policy::View`] made by its own grant, and the candidates; a list that it
//!   asked another one for is made by that one's own grant.
//! - Refused consent is a value, not an error: the chain goes on and the answer says why.
//! - A request uses one state of policy, configuration and strategies, and names the policy's revision.
//! - The same store, policy, request and seed give the same answer.
//! - What a strategy has learned is, after every call that ends a permission, what a recomputation from
//!   scratch would teach it.
//!
//! ```
//! use jardin_engine::ShopFiles;
//! let source = "[shop]\npolicy = \"privacy.toml\"";
//! // the policy is known before the file can be checked against it
//! assert_eq!(&*ShopFiles::peek("jardin.toml", source).unwrap().policy, "privacy.toml");
//! ```

pub mod codes;

mod api;
mod arrange;
mod background;
mod catalogue;
mod clock_watch;
mod config;
mod counters;
mod engine;
mod field_usage;
mod housekeeping;
mod in_force;
mod ingest;
mod item_counts;
mod item_order;
mod item_set;
mod learning;
mod parts;
mod people;
mod popularity;
mod privacy_signals;
mod questions;
mod recommend;
mod reload;
mod schedule;
mod sellable_items;
mod settings_plan;
mod status;
mod stop_switch;
mod store_trouble;
mod stored_person;
mod subject_locks;
mod subsystems;
mod tcf;
#[cfg(test)]
mod tests;
mod values;
mod versions;
mod world;

pub use api::{
    AccessShown, Answer, AnswerExplained, ApprovalShown, AskedBy, AttemptStatus, ChoiceImport, ConsentGiven,
    ConsentShown, DROPPING_RULES, DataMeaning, DataUse, DecisionShown, DroppedFields, EVENT_VERDICTS,
    ErasureReceipt, ExportedEvent, ExportedLine, ExportedValue, Fields, ForgetSince, GardenChange,
    GardenOwner, GardenShown, HealthShown, ITEM_VERDICTS, ItemExplained, ItemShown, Level, MergeReceipt,
    PermittedPurpose, PersonShown, PlacementShown, PolicyShown, PrivacySignals, Problem, ProfileStored,
    PurposeMeaning, QuestionShown, QuestionsShown, ReasonText, Receipt, RecommendedItem, RefusedEntry,
    Request, SetAside, SponsoredMark, StrategyAttempt, StrategyExplained, StrategyHealth, StrategyShown,
    SwitchShown,
};
pub use catalogue::{ItemsBeside, JudgedItem, judge_item, write_item};
pub use config::{
    Campaign, Config, Fill, Filter, Holder, LeaveOut, Operator, Placement, PublicField, SettingPlace,
    ShopFiles, Sponsored,
};
pub use counters::StrategyFailure;
pub use engine::{Engine, MAX_BATCH_REQUESTS, MAX_EVENTS};
pub use learning::{PastSession, past_sessions};
pub use parts::{EngineParts, LONGEST_REST_MS, LoadedStrategies, LoadedStrategy, Shop};
