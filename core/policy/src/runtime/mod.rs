//! What a policy does while a shop is open: flags, decide, view, admit.

mod access;
mod admit;
mod admit_item;
mod admit_profile;
mod decide;
mod field_fault;
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
pub use admit::{Admitted, KeptUnder, Redacted, Rejection};
pub use admit_item::AdmittedItem;
pub use admit_profile::AdmittedProfile;
pub use decide::{Decision, FileState, Grant, Reason};
pub use field_fault::FieldFault;
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
