//! A policy as it decides in one shop.

use std::{collections::BTreeSet, ops::Deref, sync::Arc};

use crate::{Policy, rules::StrategyName};

/// A policy bound to what it cannot know by itself: who finishes pages, and the secret of the store. Made only by
/// [`Policy::bind`], so that no half-made policy can be asked who runs. All that its text says can be asked of it
/// as of a [`Policy`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PolicyInForce {
    policy: Policy,
    finishes: Arc<BTreeSet<StrategyName>>,
    secret: Option<[u8; 32]>,
}

impl Policy {
    /// The policy as it decides in one shop. `finishes` are the strategies that lay house rules over finished pages,
    /// which `everything` of a stop spares; of `secret`, the store's, pseudonyms are made. Without one they are
    /// absent.
    #[must_use]
    pub fn bind(self, finishes: BTreeSet<StrategyName>, secret: Option<[u8; 32]>) -> PolicyInForce {
        // with a secret that everybody knows anybody could try ids out
        let secret = secret.filter(|secret| *secret != [0; 32]);
        PolicyInForce { policy: self, finishes: Arc::new(finishes), secret }
    }
}

impl PolicyInForce {
    /// The policy itself.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(crate) fn is_finish(&self, name: &StrategyName) -> bool {
        self.finishes.contains(name)
    }

    pub(crate) const fn secret(&self) -> Option<[u8; 32]> {
        self.secret
    }
}

impl Deref for PolicyInForce {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        &self.policy
    }
}
