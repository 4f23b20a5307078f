//! Trials: what a script does to a list before it is live, over a store that goes with them.

mod made_up_person;
mod made_up_visit;
mod moved;
mod trial_engine;
mod trial_question;
mod tried_version;
mod watched_strategy;

pub use made_up_person::MadeUpPerson;
pub use moved::{Move, MovedItem, StrategyWork, moved_items, page_rules, strategy_work};
pub use trial_engine::{ItemsFrom, TrialAnswer, TrialEngine, TrialStore, json_lines};
pub use trial_question::{TrialQuestion, parse_field, placement_of, script_of, script_reads};
pub use tried_version::TriedVersion;
pub use watched_strategy::StrategyRun;
