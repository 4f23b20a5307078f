//! What stands in bodies: decoding by hand, so that an unknown key is refused without being repeated, and
//! encoding by structs, so that the order of keys is fixed.

mod answer;
mod ask;
mod object;
mod person;
mod shown;

pub(crate) use answer::AnswerBody;
pub(crate) use ask::{ask, batch};
pub(crate) use object::Object;
pub(crate) use person::{ErasureBody, PersonBody, consent, shown as consent_shown};
pub(crate) use shown::{HealthBody, ItemBody, PlacementBody, ReceiptBody, StrategyBody, redacted};
