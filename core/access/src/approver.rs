//! Approvals of a policy: who said yes to which text, and whether they did.

use std::{fmt, sync::Arc};

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jardin_model::Timestamp;

/// What a signature is over begins with: nothing else that a key signs can be taken for an approval.
const DOMAIN: &str = "jardin policy approval 1";

/// Somebody's yes to a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyApproval {
    /// The sha256 of the policy's text.
    pub digest: [u8; 32],
    /// Who approves.
    pub by: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// What reaches further than before, one line each.
    pub reach: Vec<Arc<str>>,
}

impl PolicyApproval {
    /// What is signed: each part with its length before it, so that no two approvals read alike.
    fn signed_bytes(&self) -> Vec<u8> {
        let at = self.at.ms().to_string();
        let texts = [DOMAIN, &*self.by, &at].into_iter().chain(self.reach.iter().map(|line| &**line));
        let mut bytes = self.digest.to_vec();
        for text in texts {
            bytes.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes
    }

    /// True where the signature over it is of the holder of a public key (Ed25519, RFC 8032, with the checks of
    /// section 5.1.7 and no key of small order).
    #[must_use]
    pub fn is_signed(&self, signature: &[u8; 64], key: &[u8; 32]) -> bool {
        let signature = Signature::from_bytes(signature);
        VerifyingKey::from_bytes(key)
            .is_ok_and(|key| key.verify_strict(&self.signed_bytes(), &signature).is_ok())
    }
}

/// The key with which somebody signs approvals; it is theirs alone.
pub struct ApproverKey(SigningKey);

impl ApproverKey {
    /// Makes a key.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn create() -> Result<Self, getrandom::Error> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)?;
        Ok(Self::of_secret(&secret))
    }

    /// The key of a secret that was kept.
    #[must_use]
    pub fn of_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// What is kept of it, for its owner alone.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// What everybody may know of it: by it a signature is recognised.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs an approval.
    #[must_use]
    pub fn sign(&self, approval: &PolicyApproval) -> [u8; 64] {
        self.0.sign(&approval.signed_bytes()).to_bytes()
    }
}

/// Tells nothing of the secret.
impl fmt::Debug for ApproverKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApproverKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approval() -> PolicyApproval {
        let reach = vec![Arc::from("for-you: `subject.postcode` would now be read")];
        PolicyApproval {
            digest: [7; 32],
            by: "Claire".into(),
            at: Timestamp::from_ms(1_764_000_000_000),
            reach,
        }
    }

    /// RFC 8032, section 7.1, TEST 1: the public key of a secret.
    #[test]
    fn a_public_key_is_that_of_the_rfc() {
        let bytes = |hex: &str| -> [u8; 32] {
            let pair = |at: usize| u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap();
            (0..64).step_by(2).map(pair).collect::<Vec<_>>().try_into().unwrap()
        };
        let secret = bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let public = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assert_eq!(ApproverKey::of_secret(&secret).public(), public);
    }

    #[test]
    fn a_signature_holds_for_one_approval_by_one_person() {
        let (key, other) = (ApproverKey::create().unwrap(), ApproverKey::create().unwrap());
        let signature = key.sign(&approval());
        assert!(approval().is_signed(&signature, &key.public()));
        assert!(!approval().is_signed(&signature, &other.public()), "by another key");
        assert!(
            !approval().is_signed(&[0; 64], &key.public()) && !approval().is_signed(&signature, &[0; 32])
        );
        let changes: [fn(&mut PolicyApproval); 5] = [
            |a| a.digest = [8; 32],
            |a| a.by = "Clair".into(),
            |a| a.at = a.at.plus_ms(1),
            |a| a.reach.clear(),
            |a| a.reach.push("more".into()),
        ];
        for change in changes {
            let mut changed = approval();
            change(&mut changed);
            assert!(!changed.is_signed(&signature, &key.public()), "{changed:?}");
        }
    }

    #[test]
    fn a_secret_is_shown_nowhere() {
        let key = ApproverKey::of_secret(&[9; 32]);
        assert_eq!((format!("{key:?}").as_str(), key.secret()), ("ApproverKey { .. }", [9; 32]));
    }
}
