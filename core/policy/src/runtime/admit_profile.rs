//! At the door: what of a profile is kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_model::{FieldPath, ItemId, Namespace, Value};

use super::{FieldFault, Redacted, ScreenedCatalogue, admit::Dropped, screened_catalogue::Tie};
use crate::{Policy, rules::FieldRule};

/// What of a profile may be stored. Made only by [`Policy::admit_profile`].
#[derive(Debug, Clone, PartialEq)]
pub struct AdmittedProfile {
    fields: BTreeMap<Arc<str>, Value>,
    redacted: Vec<Redacted>,
    guard: Option<Arc<str>>,
}

impl AdmittedProfile {
    /// The values by field name.
    #[must_use]
    pub const fn fields(&self) -> &BTreeMap<Arc<str>, Value> {
        &self.fields
    }

    /// What was dropped.
    #[must_use]
    pub fn redacted(&self) -> &[Redacted] {
        &self.redacted
    }

    /// The field that tells an age: a guard of children rests on it, so that a profile which leaves it out does not
    /// remove it, and taking it away makes a child of them until it is told again.
    #[must_use]
    pub const fn guard(&self) -> Option<&Arc<str>> {
        self.guard.as_ref()
    }
}

impl Policy {
    /// Decides what of a profile is kept: each declared subject field, whether or not a purpose may run now. Products of
    /// `[never]` and of `[discreet]` are left out of lists of products: a wish list ties them to a person as an event does.
    ///
    /// # Errors
    /// What is wrong with a field on which a guard rests: nothing of the profile may change then.
    pub fn admit_profile(
        &self,
        fields: BTreeMap<Arc<str>, Value>,
        screened: &ScreenedCatalogue,
    ) -> Result<AdmittedProfile, Vec<FieldFault>> {
        let guard = self.age_field();
        let (mut kept, mut dropped) = (BTreeMap::new(), Dropped::default());
        for (name, mut value) in fields {
            match self.drops(&name, &value) {
                Some(_) if guard.is_some_and(|field| field.path.name == name) => {
                    return Err(guard.map(FieldFault::unreadable).into_iter().collect());
                }
                Some(rule) => dropped.note(rule, &name),
                None => {
                    let cut = self.cut_items(&mut value, screened);
                    cut.iter().for_each(|rule| dropped.note(rule, &name));
                    if cut.is_empty() || !matches!(value, Value::Item(_)) {
                        kept.insert(name, value);
                    }
                }
            }
        }
        let guard = guard.map(|field| Arc::clone(&field.path.name));
        Ok(AdmittedProfile { fields: kept, redacted: dropped.redacted(), guard })
    }

    /// The field that tells an age.
    pub(crate) fn age_field(&self) -> Option<&FieldRule> {
        let rules = self.rules();
        rules.children.as_ref()?.age_from.and_then(|id| rules.field(id))
    }

    /// Takes products out of a list that may not be tied to a person; names the rules by which a value has one.
    fn cut_items(&self, value: &mut Value, screened: &ScreenedCatalogue) -> BTreeSet<&'static str> {
        let rule_against = |item: &ItemId| match self.tie_of_item(item, screened) {
            Tie::Nobody => Some("never"),
            Tie::Visit => Some("discreet"),
            Tie::Person => None,
        };
        match value {
            Value::Item(item) => rule_against(item).into_iter().collect(),
            Value::Items(items) => {
                let cut: BTreeSet<_> = items.iter().filter_map(rule_against).collect();
                if !cut.is_empty() {
                    *items = items.iter().filter(|item| rule_against(item).is_none()).cloned().collect();
                }
                cut
            }
            _ => BTreeSet::new(),
        }
    }

    /// By which rule a value of a profile is dropped, if one does.
    fn drops(&self, name: &str, value: &Value) -> Option<&'static str> {
        let stored = |f: &&FieldRule| f.derived.is_none() && f.of.is_empty() && &*f.path.name != "id";
        if self.rules().never.fields.contains(&FieldPath::new(Namespace::Subject, name)) {
            return Some("never");
        }
        match self.rules().declared(Namespace::Subject, name).filter(stored) {
            None => Some("undeclared"),
            Some(field) => (!field.accepts(value)).then_some("wrong-type"),
        }
    }
}
