//! The types that a server handles.

mod answer;
mod person;
mod problem;
mod product;
mod receipt;
mod request;
mod status;

pub use answer::{Answer, AttemptStatus, Level, ReasonText, RecommendedItem, SponsoredMark, StrategyAttempt};
pub use person::{
    ChoiceImport, ConsentGiven, ConsentShown, ExportedEvent, ExportedLine, ExportedValue, PersonShown,
    ProfileStored,
};
pub use problem::Problem;
pub use product::ItemShown;
pub use receipt::{DroppedFields, ErasureReceipt, Receipt, RefusedEntry};
pub use request::{Fields, PrivacySignals, Request};
pub use status::{AccessShown, HealthShown, PlacementShown, PolicyShown, StrategyHealth, StrategyShown};
