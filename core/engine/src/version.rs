//! Versions of items and people, for ETag and If-Match.

use std::fmt::Debug;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Problem;

/// A version of what is shown, 32 hexadecimal digits. It is keyed, since a plain digest of a confidential
/// value could be guessed.
pub(crate) fn version(secret: &[u8; 32], state: &impl Debug) -> String {
    let Ok(mut mac) = <Hmac<Sha256>>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(format!("{state:?}").as_bytes());
    mac.finalize().into_bytes().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// Whether a change may go on: `*` asks that there is something, a version that it is the present one.
pub(crate) fn matches(if_match: Option<&str>, present: Option<&str>) -> Result<(), Problem> {
    let fits = match if_match {
        None => true,
        Some("*") => present.is_some(),
        Some(version) => present == Some(version),
    };
    if fits { Ok(()) } else { Err(Problem::VersionConflict) }
}
