//! How a person's profile changes.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{StoredValue, Timestamp, Value};
use jardin_policy::AdmittedProfile;

/// A change of a person's profile. A field that it neither sets nor removes keeps its value and the time from
/// which its retention counts.
#[derive(Debug, Clone)]
pub struct ProfileChange {
    set: AdmittedProfile,
    removed: Vec<Arc<str>>,
    removes_others: bool,
}

impl ProfileChange {
    /// A whole profile: fields that it does not set are removed, but for the one on which a guard rests and those that are set
    /// aside.
    #[must_use]
    pub const fn replace_all(profile: AdmittedProfile) -> Self {
        Self { set: profile, removed: Vec::new(), removes_others: true }
    }

    /// Some fields to set and some to remove; the others stay as they are.
    #[must_use]
    pub const fn change_fields(set: AdmittedProfile, removed: Vec<Arc<str>>) -> Self {
        Self { set, removed, removes_others: false }
    }

    /// The change that takes these fields away as well, the one on which a guard rests among them.
    #[must_use]
    pub fn taking_away(self, removed: Vec<Arc<str>>) -> Self {
        Self { removed, ..self }
    }

    /// Makes the change at `now`. Of a field on which a guard rests it stays known that it was told.
    pub fn apply_to(&self, fields: &mut BTreeMap<Arc<str>, StoredValue>, now: Timestamp) {
        let is_guard = |name: &Arc<str>| self.set.guard() == Some(name);
        let stays = |name: &Arc<str>| {
            let is_named = self.removed.contains(name);
            is_guard(name) || !is_named && (!self.removes_others || self.set.set_aside().contains(name))
        };
        fields.retain(|name, _| stays(name));
        if let Some((_, stored)) =
            fields.iter_mut().find(|(name, _)| is_guard(name) && self.removed.contains(name))
        {
            *stored = StoredValue { value: Value::TakenAway, stored_at: now };
        }
        fields.extend(self.set.fields().iter().map(|(name, value)| {
            let stored = StoredValue { value: value.clone(), stored_at: now };
            (Arc::clone(name), stored)
        }));
    }
}
