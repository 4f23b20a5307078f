//! What commands do to a shop at rest, as the audit names it.

use jardin_policy::lock::{digest_of_hex, hex};

/// What a command did to the files of a shop folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderAct {
    /// A key was added to server.toml.
    AddKey,
    /// A key was given a last day, and another one was added.
    RotateKey,
    /// A key was taken back.
    RevokeKey,
    /// Page tokens that were made before were taken back.
    RevokeTokens,
    /// A backup was put in the place of the store.
    Restore,
    /// The policy of this digest was approved.
    ApprovePolicy([u8; 32]),
}

/// What stands before the digest of an approved policy.
const APPROVE: &str = "approve-policy:";

impl FolderAct {
    /// Its name in the audit.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::AddKey => "add-key".to_owned(),
            Self::RotateKey => "rotate-key".to_owned(),
            Self::RevokeKey => "revoke-key".to_owned(),
            Self::RevokeTokens => "revoke-tokens".to_owned(),
            Self::Restore => "restore".to_owned(),
            Self::ApprovePolicy(digest) => format!("{APPROVE}{}", hex(&digest)),
        }
    }

    /// The act of a name.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        if let Some(digest) = word.strip_prefix(APPROVE) {
            return digest_of_hex(digest).map(Self::ApprovePolicy);
        }
        let plain = [Self::AddKey, Self::RotateKey, Self::RevokeKey, Self::RevokeTokens, Self::Restore];
        plain.into_iter().find(|act| act.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_found_by_its_name_and_nothing_else_is_one() {
        for act in [FolderAct::AddKey, FolderAct::Restore, FolderAct::ApprovePolicy([0xab; 32])] {
            assert_eq!(FolderAct::of_word(&act.word()), Some(act));
        }
        for word in ["", "add-key ", "erase_subject", "approve-policy:", "approve-policy:abcd"] {
            assert_eq!(FolderAct::of_word(word), None, "{word}");
        }
    }
}
