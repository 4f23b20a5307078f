//! At the door: what of a profile is kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_model::{
    FieldPath, ItemId, Namespace, PersonNumber, StoredValue, SubjectRecord, Timestamp, Value,
};

use super::{
    FieldFault, Flags, Redacted, ScreenedCatalogue, Signals, admit::Dropped, screened_catalogue::Tie,
};
use crate::{
    Policy,
    rules::{FieldId, FieldRule, Stop},
};

/// By which rule a field is set aside.
const NO_PURPOSE: &str = "no-purpose";
const STOPPED: &str = "stopped";

/// Whose profile it is that comes, and when.
#[derive(Debug, Clone, Copy)]
pub struct ProfileOwner<'a> {
    /// What is stored of them.
    pub record: Option<&'a SubjectRecord>,
    /// What is stopped beside the file's own `[stop]`: nothing is recorded for what is switched off.
    pub stop: &'a Stop,
    /// When it comes.
    pub now: Timestamp,
}

/// What of a profile may be stored. Made only by [`Policy::admit_profile`].
#[derive(Debug, Clone, PartialEq)]
pub struct AdmittedProfile {
    fields: BTreeMap<Arc<str>, Value>,
    redacted: Vec<Redacted>,
    guard: Option<Arc<str>>,
    set_aside: BTreeSet<Arc<str>>,
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

    /// The fields for which nothing may run now, so that what was told of them is not taken, and what is stored of them
    /// stays as it is: it goes when its ground ends.
    #[must_use]
    pub const fn set_aside(&self) -> &BTreeSet<Arc<str>> {
        &self.set_aside
    }
}

impl Policy {
    /// Decides what of a profile is kept: each declared subject field for which a purpose that uses it may run for them
    /// now, as of what they do; the fields by which children are told are kept in any case, and a restriction leaves
    /// everything as it is. Products of `[never]` and of `[discreet]` are left out of lists of products: a wish list ties
    /// them to a person as an event does.
    ///
    /// # Errors
    /// What is wrong with a field on which a guard rests: nothing of the profile may change then.
    pub fn admit_profile(
        &self,
        fields: BTreeMap<Arc<str>, Value>,
        of: ProfileOwner<'_>,
        screened: &ScreenedCatalogue,
    ) -> Result<AdmittedProfile, Vec<FieldFault>> {
        let guard = self.age_field();
        let flags = self.flags_once_told(&fields, of);
        let (mut kept, mut dropped, mut set_aside) = (BTreeMap::new(), Dropped::default(), BTreeSet::new());
        for (name, mut value) in fields {
            match self.drops(&name, &value).or_else(|| self.sets_aside(&name, &flags, of.stop)) {
                Some(_) if guard.is_some_and(|field| field.path.name == name) => {
                    return Err(guard.map(FieldFault::unreadable).into_iter().collect());
                }
                Some(rule) => {
                    dropped.note(rule, &name);
                    if matches!(rule, NO_PURPOSE | STOPPED) {
                        set_aside.insert(name);
                    }
                }
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
        Ok(AdmittedProfile { fields: kept, redacted: dropped.redacted(), guard, set_aside })
    }

    /// The flags of a person once they have told what comes: their age is what it says. A restriction ends no ground.
    fn flags_once_told(&self, told: &BTreeMap<Arc<str>, Value>, of: ProfileOwner<'_>) -> Flags {
        let mut record = of.record.cloned().unwrap_or_else(|| SubjectRecord::new(PersonNumber(0), of.now));
        let age = self.age_field().and_then(|field| told.get_key_value(&field.path.name));
        record.fields.extend(age.map(|(name, value)| {
            let stored = StoredValue { value: value.clone(), stored_at: of.now };
            (Arc::clone(name), stored)
        }));
        Flags { restricted: false, ..self.flags(Some(&record), &Signals::default(), of.now) }
    }

    /// Why a value is not taken although it could be: nothing that uses the field may run for them now.
    fn sets_aside(&self, name: &str, flags: &Flags, stop: &Stop) -> Option<&'static str> {
        let id = self.rules().field_named(Namespace::Subject, name)?;
        let may_run = |stop: &Stop| self.may_be_used(id, &[flags], stop);
        if self.tells_a_child(id) || may_run(&self.rules().stop.union(stop)) {
            return None;
        }
        Some(if may_run(&Stop::default()) { STOPPED } else { NO_PURPOSE })
    }

    /// True for a field by which children are told: an age, or the country whose ages count.
    pub(crate) fn tells_a_child(&self, field: FieldId) -> bool {
        let children = self.rules().children.as_ref();
        children.is_some_and(|rule| {
            rule.age_from == Some(field) || rule.by.as_ref().is_some_and(|by| by.fields.contains(&field))
        })
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
