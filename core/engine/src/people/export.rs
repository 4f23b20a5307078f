//! The person's export (GDPR Art. 15 and 20).

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{EventDetails, Export};
use jardin_model::{
    Choice, ChoiceStatus, HistoryEvent, Namespace, OWN_CHOICE_PREFIX, OwnSwitch, SessionId, SessionRecord,
    SubjectId, SubjectRecord, Timestamp, Value,
};
use jardin_policy::{Policy, rules::Class};

use super::{consents::show_choice, profiles::People};
use crate::{
    api::{ConsentShown, ExportedEvent, ExportedLine, ExportedValue, PersonShown, Problem, SwitchShown},
    values,
    world::World,
};

impl People {
    /// Everything that is stored of a person.
    pub(crate) async fn export(&self, id: &SubjectId) -> Result<PersonShown, Problem> {
        let world = self.in_force.world();
        let export = self.state.export_subject(id).await?.ok_or(Problem::not_found("subject"))?;
        let record = Arc::clone(&export.record);
        Ok(PersonShown {
            fields: export_fields(&world, &record),
            events: export_events(&world, export),
            consents: export_choices(&record, self.clock.now(), &world.policy),
            switches: export_switches(&record),
            objected: record.objected,
            restricted: record.restricted,
            last_seen: record.last_seen,
            version: self.versions.person_version(&record),
        })
    }

    /// The last answer to each question that was answered.
    pub(super) fn last_consents(&self, record: &SubjectRecord, world: &World) -> Vec<ConsentShown> {
        let now = self.clock.now();
        let rules = world.policy.rules().consents.iter();
        let answered = rules.filter_map(|rule| Some((rule, record.choices.get(&rule.name)?.last()?)));
        answered.map(|(rule, last)| show_choice(rule, last, record, now, &world.policy)).collect()
    }
}

/// The profile, without secrets of the shop.
pub(super) fn export_fields(world: &World, record: &SubjectRecord) -> BTreeMap<Arc<str>, ExportedValue> {
    let open = record.fields.iter().filter(|(name, _)| !is_secret(world, Namespace::Subject, name));
    let shown = open.map(|(name, stored)| {
        let value = ExportedValue { value: values::to_json(&stored.value), stored_at: stored.stored_at };
        (Arc::clone(name), value)
    });
    shown.collect()
}

/// What a person did, with what else their events said.
pub(super) fn export_events(world: &World, export: Export) -> Vec<ExportedEvent> {
    let sessions = export.sessions.into_iter().chain(std::iter::repeat(None));
    let details = export.details.into_iter().chain(std::iter::repeat_with(EventDetails::default));
    let events = export.record.events.iter().zip(sessions.zip(details));
    events.map(|(event, (session, details))| export_event(world, event, session, details)).collect()
}

/// What is kept of a visit and under nobody who is known.
pub(super) fn export_visit(world: &World, visit: &SessionRecord) -> Vec<ExportedEvent> {
    visit.events.iter().map(|event| export_event(world, event, None, EventDetails::default())).collect()
}

/// What somebody switched, objected to and had restricted, each time.
fn export_switches(record: &SubjectRecord) -> Vec<SwitchShown> {
    let said =
        OwnSwitch::ALL.into_iter().filter_map(|switch| Some((switch, record.choices.get(switch.name())?)));
    let each = said.flat_map(|(switch, said)| said.iter().map(move |choice| (switch, choice)));
    let shown = each.map(|(switch, choice)| {
        let (name, while_on) = switch.word();
        let is_on = (choice.status == ChoiceStatus::Granted) == while_on;
        SwitchShown { name, is_on, at: choice.at, source: Arc::clone(&choice.source) }
    });
    shown.collect()
}

/// A secret of the shop leaves by no way.
fn is_secret(world: &World, namespace: Namespace, name: &str) -> bool {
    world.policy.rules().declared(namespace, name).is_some_and(|f| f.class == Class::Confidential)
}

fn export_event(
    world: &World,
    event: &HistoryEvent,
    session: Option<SessionId>,
    details: EventDetails,
) -> ExportedEvent {
    let ids = world.screened.catalogue().ids();
    let lines = details.lines.iter().map(Some).chain(std::iter::repeat(None));
    let items = event.lines.iter().zip(lines).filter_map(|(line, said)| {
        Some(ExportedLine {
            item: ids.id(line.item)?.clone(),
            quantity: line.quantity,
            fields: said.map(|said| show_fields(world, said)).unwrap_or_default(),
        })
    });
    ExportedEvent {
        kind: event.kind,
        occurred_at: event.at,
        session,
        items: items.collect(),
        fields: show_fields(world, &details.fields),
        recommendation: details.recommendation,
    }
}

/// What an event said beyond its envelope, without secrets of the shop.
fn show_fields(world: &World, fields: &BTreeMap<Arc<str>, Value>) -> BTreeMap<Arc<str>, serde_json::Value> {
    let open = fields.iter().filter(|(name, _)| !is_secret(world, Namespace::Event, name));
    open.map(|(name, value)| (Arc::clone(name), values::to_json(value))).collect()
}

/// Every answer that was given; of a question that the policy no longer asks none counts.
fn export_choices(record: &SubjectRecord, now: Timestamp, policy: &Policy) -> Vec<ConsentShown> {
    let asked = record.choices.iter().filter(|(name, _)| !name.starts_with(OWN_CHOICE_PREFIX));
    let all = asked.flat_map(|(name, choices)| {
        let rule = policy.rules().consents.iter().find(|c| c.name == *name);
        let last = choices.len().saturating_sub(1);
        choices.iter().enumerate().map(move |(at, choice)| match rule {
            Some(rule) if at == last => show_choice(rule, choice, record, now, policy),
            _ => show_past_choice(name, choice),
        })
    });
    all.collect()
}

fn show_past_choice(name: &Arc<str>, choice: &Choice) -> ConsentShown {
    ConsentShown {
        name: Arc::clone(name),
        status: choice.status,
        text_version: Arc::clone(&choice.text_version),
        source: Arc::clone(&choice.source),
        at: choice.at,
        counts: false,
        ask_from: None,
    }
}
