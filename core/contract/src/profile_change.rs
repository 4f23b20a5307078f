use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{StoredValue, Timestamp};
use jardin_policy::AdmittedProfile;

/// A change of a person's profile. A field that it neither sets nor removes keeps its value and the time from
/// which its retention counts.
#[derive(Debug, Clone)]
pub struct ProfileChange {
    set: AdmittedProfile,
    removed: Removed,
}

#[derive(Debug, Clone)]
enum Removed {
    AllOthers,
    These(Vec<Arc<str>>),
}

impl ProfileChange {
    /// A whole profile: fields that it does not set are removed.
    #[must_use]
    pub fn replace_all(profile: AdmittedProfile) -> Self {
        Self { set: profile, removed: Removed::AllOthers }
    }

    /// Some fields to set and some to remove; the others stay as they are.
    #[must_use]
    pub fn change_fields(set: AdmittedProfile, removed: Vec<Arc<str>>) -> Self {
        Self { set, removed: Removed::These(removed) }
    }

    /// Makes the change at `now`.
    pub fn apply_to(&self, fields: &mut BTreeMap<Arc<str>, StoredValue>, now: Timestamp) {
        match &self.removed {
            Removed::AllOthers => fields.clear(),
            Removed::These(names) => fields.retain(|name, _| !names.contains(name)),
        }
        fields.extend(self.set.fields().iter().map(|(name, value)| {
            let stored = StoredValue { value: value.clone(), stored_at: now };
            (Arc::clone(name), stored)
        }));
    }
}
