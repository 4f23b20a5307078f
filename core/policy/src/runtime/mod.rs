//! What a policy does while a shop is open: flags, decide, view, admit.

mod access;
mod admit;
mod decide;
mod flags;
mod history;
mod learn;
mod profile;
mod screened_catalogue;
mod source;
mod sweep;
mod view;

pub use access::{Access, ItemView, ViewEvent, ViewValue};
pub use admit::{Admitted, AdmittedItem, AdmittedProfile, KeptUnder, Redacted, Rejection};
pub use decide::{Decision, FileState, Grant, Reason};
pub use flags::{Flags, Signals};
pub use learn::{Learnable, LearningSource};
pub use profile::Profile;
pub use screened_catalogue::ScreenedCatalogue;
pub use sweep::{EventSweep, SweepPlan};
pub(crate) use view::granted_columns;
pub use view::{GrantedColumn, View};
