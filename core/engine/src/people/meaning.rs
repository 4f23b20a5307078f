//! What is stored of a person means this, by the policy in force.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{EventKind, FieldPath, Namespace, SubjectId};
use jardin_policy::rules::{FieldId, FieldRule, Keep, Texts};

use super::profiles::People;
use crate::{
    api::{DataMeaning, DataUse, PersonShown, Problem, PurposeMeaning},
    world::World,
};

impl People {
    /// For what that which is stored of a person is used, on which ground, how long it is kept, and who receives it.
    pub(crate) async fn explain_person(
        &self,
        id: &SubjectId,
        person: &PersonShown,
        locale: Option<&str>,
    ) -> Result<DataMeaning, Problem> {
        let world = self.in_force.world();
        let record = self.state.read_subject(id).await?;
        let learned = match record {
            Some(record) => self.learning.sessions_of(record.person).await,
            None => BTreeMap::new(),
        };
        let meaning = Meaning { world: &world, locale };
        let fields: BTreeMap<Arc<str>, DataUse> =
            person.fields.keys().map(|name| (Arc::clone(name), meaning.of_field(name))).collect();
        let events: BTreeMap<&'static str, DataUse> =
            person.events.iter().map(|event| (event.kind.word(), meaning.of_events(event.kind))).collect();
        let used = fields.values().chain(events.values()).flat_map(|used| &used.purposes);
        let purposes = used.filter_map(|name| Some((Arc::clone(name), meaning.of_purpose(name)?)));
        let (rules, record) = (world.policy.rules(), &world.policy.rules().record);
        Ok(DataMeaning {
            controller: Arc::clone(&rules.controller),
            contact: Arc::clone(&rules.contact),
            authority: record.authority.clone(),
            recipients: record.recipients.clone(),
            transfers: record.transfers.clone(),
            purposes: purposes.collect(),
            fields,
            events,
            learned,
        })
    }
}

struct Meaning<'a> {
    world: &'a World,
    locale: Option<&'a str>,
}

impl Meaning<'_> {
    fn of_field(&self, name: &str) -> DataUse {
        let id = self.world.policy.field_id(&FieldPath::new(Namespace::Subject, name));
        id.map(|id| self.of_fields(&[id])).unwrap_or_default()
    }

    /// A kind of event is kept by every field that lists it.
    fn of_events(&self, kind: EventKind) -> DataUse {
        let fields = self.world.policy.rules().fields.iter().enumerate();
        let listing = fields.filter(|(_, f)| f.path.namespace == Namespace::Subject && f.of.contains(&kind));
        self.of_fields(&listing.map(|(id, _)| FieldId(id)).collect::<Vec<_>>())
    }

    fn of_fields(&self, ids: &[FieldId]) -> DataUse {
        let rules = self.world.policy.rules();
        let declared: Vec<&FieldRule> = ids.iter().filter_map(|id| rules.field(*id)).collect();
        let uses = || ids.iter().flat_map(|id| self.world.policy.uses_of(*id));
        let purposes = uses().filter_map(|used| Some(Arc::clone(&rules.purpose(used.purpose)?.name)));
        DataUse {
            source: declared.iter().find_map(|field| field.source.clone()),
            kept: without_repeats(declared.iter().map(|field| keep_words(field.keep))),
            purposes: without_repeats(purposes),
            strategies: without_repeats(uses().filter_map(|used| used.strategy.clone())),
        }
    }

    fn of_purpose(&self, name: &str) -> Option<PurposeMeaning> {
        let purpose = self.world.policy.rules().purposes.iter().find(|purpose| *purpose.name == *name)?;
        Some(PurposeMeaning {
            says: self.find_text(&purpose.says),
            basis: purpose.basis.word(),
            interest: purpose.interest.as_ref().map(|interest| self.find_text(interest)),
            profiling: purpose.profiling,
        })
    }

    fn find_text(&self, texts: &Texts) -> Arc<str> {
        texts.for_locale(self.locale, &self.world.config.languages).cloned().unwrap_or_default()
    }
}

fn keep_words(keep: Keep) -> String {
    match keep {
        Keep::NotKept => "not kept".to_owned(),
        Keep::Session => "until the visit has ended".to_owned(),
        Keep::Account => "until the account has ended".to_owned(),
        Keep::For(age) => age.to_string(),
    }
}

fn without_repeats<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}
