//! The types that a server handles.

mod answer;
mod event_verdict;
mod explanation;
mod garden;
mod item_verdict;
mod meaning;
mod person;
mod problem;
mod product;
mod question;
mod receipt;
mod request;
mod status;

pub use answer::{Answer, AttemptStatus, Level, ReasonText, RecommendedItem, SponsoredMark, StrategyAttempt};
pub use event_verdict::EVENT_VERDICTS;
pub(crate) use event_verdict::event_detail;
pub use explanation::{AnswerExplained, AskedBy, DecisionShown, ItemExplained, StrategyExplained};
pub use garden::{ForgetSince, GardenChange, GardenOwner, GardenShown, LOOKED_AT};
pub(crate) use item_verdict::item_detail;
pub use item_verdict::{DROPPING_RULES, ITEM_VERDICTS};
pub use meaning::{DataMeaning, DataUse, PurposeMeaning};
pub use person::{
    ChoiceImport, ConsentGiven, ConsentShown, ExportedEvent, ExportedLine, ExportedValue, PersonShown,
    ProfileStored, SwitchShown,
};
pub use problem::Problem;
pub(crate) use problem::list_faults;
pub use product::ItemShown;
pub use question::{PermittedPurpose, QuestionShown, QuestionsShown};
pub use receipt::{DroppedFields, ErasureReceipt, MergeReceipt, Receipt, RefusedEntry, SetAside};
pub use request::{Fields, PrivacySignals, Request};
pub use status::{
    AccessShown, ApprovalShown, HealthShown, PlacementShown, PolicyShown, StrategyHealth, StrategyShown,
};
