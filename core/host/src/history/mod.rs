//! What was in force in a shop: each revision of its policy, settings and scripts with who brought it and what changed,
//! kept in the data folder so that one can be brought back.

mod content_files;
mod kept_revisions;
mod rollback;
mod rolled_back;

pub(crate) use content_files::ContentFiles;
pub(crate) use kept_revisions::{BroughtBy, KeptRevisions, revision_as_json, revision_of_json};
pub(crate) use rolled_back::RolledBack;

pub use kept_revisions::{history_path, read_history};
