//! The types that a server handles.

mod answer;
mod person;
mod problem;
mod product;
mod receipt;
mod request;
mod status;

pub use answer::{Advertised, Answer, Level, Shown, Status, Told, Tried};
pub use person::{
    ConsentGiven, ConsentShown, ExportedEvent, ExportedLine, ExportedValue, PersonShown, ProfileStored,
};
pub use problem::Problem;
pub use product::ItemShown;
pub use receipt::{Dropped, ErasureReceipt, Receipt, Refused};
pub use request::{Fields, PrivacySignals, Request};
pub use status::{AccessShown, HealthShown, PlacementShown, PolicyShown, StrategyHealth, StrategyShown};
