//! What a policy does while a shop is open: flags, decide, view, admit.

mod access;
mod admit;
mod decide;
mod flags;
mod granted_columns;
mod history;
mod learn;
mod never_lines;
mod profile;
mod screen;
mod screened_catalogue;
mod signals;
mod source;
mod sweep;
mod view;
mod view_value;

pub use access::{Access, ItemView};
pub use admit::{Admitted, AdmittedItem, AdmittedProfile, KeptUnder, Redacted, Rejection};
pub use decide::{Decision, FileState, Grant, Reason};
pub use flags::Flags;
pub use granted_columns::GrantedColumn;
pub(crate) use granted_columns::granted_columns;
pub use learn::{Learnable, LearningSource};
pub use profile::Profile;
pub use screened_catalogue::ScreenedCatalogue;
pub use signals::Signals;
pub use sweep::{EventSweep, SweepPlan};
pub use view::View;
pub use view_value::{ViewEvent, ViewValue};
