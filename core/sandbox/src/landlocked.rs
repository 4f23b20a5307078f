//! No file by any path, no port: Landlock.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetError, RulesetStatus, Scope,
};

use crate::SandboxError;

/// Denies everything that the kernel's Landlock can deny; the filters deny the rest.
pub(crate) fn deny_all() -> Result<(), SandboxError> {
    let newest = ABI::V6;
    let restrict = || -> Result<_, RulesetError> {
        Ruleset::default()
            .handle_access(AccessFs::from_all(newest))?
            .handle_access(AccessNet::from_all(newest))?
            .scope(Scope::from_all(newest))?
            .create()?
            .restrict_self()
    };
    match restrict() {
        Ok(status) if status.ruleset != RulesetStatus::NotEnforced => Ok(()),
        _ => Err(SandboxError::NoLandlock),
    }
}
