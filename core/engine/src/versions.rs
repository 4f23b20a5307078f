//! Versions of items and people, for ETag and If-Match.

use std::fmt::Debug;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jardin_contract::StateStore;
use jardin_model::{Item, SubjectRecord};
use sha2::Sha256;

use crate::api::Problem;

/// Makes versions of what is shown, 32 hexadecimal digits each. They are keyed, since a plain digest of a
/// confidential value could be guessed.
pub(crate) struct Versions {
    secret: [u8; 32],
}

impl Versions {
    pub(crate) fn new(state: &dyn StateStore) -> Self {
        Self { secret: state.derive_secret("version") }
    }

    pub(crate) fn item_version(&self, item: &Item) -> String {
        self.digest(item)
    }

    /// The version of a record: its profile, and not the history, which grows by itself.
    pub(crate) fn person_version(&self, record: &SubjectRecord) -> String {
        self.digest(&(&record.fields, &record.choices, record.objected, record.restricted))
    }

    fn digest(&self, state: &impl Debug) -> String {
        let Ok(mut mac) = <Hmac<Sha256>>::new_from_slice(&self.secret) else {
            return String::new();
        };
        mac.update(format!("{state:?}").as_bytes());
        mac.finalize().into_bytes().iter().take(16).map(|b| format!("{b:02x}")).collect()
    }
}

/// Whether a change may go on: `*` asks that there is something, a version that it is the present one.
pub(crate) fn check_version(if_match: Option<&str>, present: Option<&str>) -> Result<(), Problem> {
    let fits = match if_match {
        None => true,
        Some("*") => present.is_some(),
        Some(version) => present == Some(version),
    };
    if fits { Ok(()) } else { Err(Problem::VersionConflict) }
}
