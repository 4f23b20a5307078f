//! The made-up person of a test, through the same door as everybody.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{
    Catalogue, Choice, ChoiceStatus, Event, EventKind, FieldType, HistoryEvent, HistoryLine, Item, ItemId,
    Line, Namespace, PersonNumber, SessionId, SessionRecord, StoredValue, SubjectId, SubjectRecord,
    Timestamp, Value, Zone,
};

use crate::{
    Policy,
    rules::{FieldId, FieldRule, GivenField, GivenItem, InlineTest, Plain, Stop},
    runtime::{Flags, KeptUnder, Profile, ProfileOwner, ScreenedCatalogue, Signals},
};

/// One event of the test, before the door: of which field, with which item.
struct Happened {
    event: Event,
    item: ItemId,
}

/// The person of a test and what became of her events.
pub(super) struct Person {
    pub(super) now: Timestamp,
    pub(super) zone: Zone,
    pub(super) flags: Flags,
    pub(super) profile: Profile,
    pub(super) screened: Arc<ScreenedCatalogue>,
    /// The items of whose events something was stored.
    pub(super) stored: Vec<Arc<str>>,
    /// Each stored event that may be learned from, with the first item of it.
    pub(super) history: Vec<(EventKind, KeptUnder, Timestamp, Arc<str>)>,
    pub(super) record: Arc<SubjectRecord>,
}

const NOON: i64 = 12 * 3600;

pub(super) fn person(policy: &Policy, test: &InlineTest) -> Option<Person> {
    let rules = policy.rules();
    let today = test.given.today.or_else(|| rules.revised_on())?;
    let now = rules.zone.instant(today, NOON)?;
    let screened = Arc::new(screened_items(policy, test));
    let mut record = given_record(policy, test, now)?;
    let signals = given_signals(policy, test);
    let flags = policy.flags(Some(&record), &signals, now);
    let mut session = SessionRecord {
        person: PersonNumber(2),
        events: Vec::new(),
        choices: BTreeMap::new(),
        last_seen: now,
    };
    let (mut stored, mut history) = (Vec::new(), Vec::new());
    for (sequence, happened) in past_events(policy, test, now)?.into_iter().enumerate() {
        let (kind, at) = (happened.event.kind, happened.event.occurred_at);
        let then = policy.flags_as_of(&record, at);
        let Ok(admitted) = policy.admit(happened.event, &flags, &then, &screened, now, &Stop::default())
        else {
            continue;
        };
        let index = screened.catalogue().ids().index(&happened.item)?;
        let lines = [HistoryLine { item: index, quantity: 1 }].into();
        let event = HistoryEvent { sequence: sequence as u64, kind, at, lines };
        match admitted.kept_under() {
            KeptUnder::Subject => record.events.push(event),
            KeptUnder::Session => session.events.push(event),
        }
        stored.push(happened.item.shared());
        if screened.may_be_learned_from(index) {
            history.push((kind, admitted.kept_under(), at, happened.item.shared()));
        }
    }
    record.events.sort_by_key(|e| (e.at, e.sequence));
    session.events.sort_by_key(|e| (e.at, e.sequence));
    let record = Arc::new(record);
    let profile = Profile {
        subject_id: SubjectId::new("somebody").ok(),
        subject: Some(Arc::clone(&record)),
        session: Some(Arc::new(session)),
        sent: sent_values(policy, test),
    };
    Some(Person { now, zone: rules.zone.clone(), flags, profile, screened, stored, history, record })
}

/// The flags that the context makes, beside what is given.
fn given_signals(policy: &Policy, test: &InlineTest) -> Signals {
    let mut signals = test.given.signals.clone();
    signals.objected |= test.given.objected;
    let flagged = |(id, value): &(FieldId, GivenField)| {
        let is_context = policy.rules().field(*id).is_some_and(|f| f.path.namespace == Namespace::Context);
        (is_context && *value == GivenField::Plain(Plain::Flag(true))).then_some(*id)
    };
    signals.context_flags = test.given.fields.iter().filter_map(flagged).collect();
    let countries =
        policy.rules().children.iter().filter_map(|rule| rule.by.as_ref()).flat_map(|by| &by.fields);
    let of_page = countries
        .filter(|id| policy.rules().field(**id).is_some_and(|f| f.path.namespace == Namespace::Context));
    signals.country = of_page.copied().find_map(|id| {
        test.given.fields.iter().find_map(|(given, value)| match value {
            GivenField::Plain(Plain::Text(country)) if *given == id => Some(Arc::clone(country)),
            _ => None,
        })
    });
    signals
}

fn given_record(policy: &Policy, test: &InlineTest, now: Timestamp) -> Option<SubjectRecord> {
    let rules = policy.rules();
    let given = &test.given;
    let consent_at = match given.consent_on {
        Some(day) => rules.zone.instant(day, NOON)?,
        None => now.plus_ms(-1000),
    };
    // who agrees in a test agreed before everything that the test says they did
    let mut answered = vec![consent_at];
    if given.consent_on.is_none() {
        let past = past_events(policy, test, now)?;
        answered.extend(past.iter().map(|happened| happened.event.occurred_at.plus_ms(-1)));
        answered.sort_unstable();
    }
    let choices = |name: &Arc<str>| {
        let rule = rules.consents.iter().find(|c| c.name == *name)?;
        let text_version =
            given.consent_text.clone().or_else(|| rule.texts.first().cloned()).unwrap_or_default();
        let choice = |at: &Timestamp| Choice {
            status: ChoiceStatus::Granted,
            text_version: Arc::clone(&text_version),
            at: *at,
            source: "test".into(),
        };
        Some((Arc::clone(name), answered.iter().map(choice).collect()))
    };
    let mut fields = BTreeMap::new();
    for (id, value) in &given.fields {
        let field = rules.field(*id)?;
        if field.path.namespace == Namespace::Subject
            && let Some(value) = typed_value(field, value, policy)
        {
            fields.insert(Arc::clone(&field.path.name), value);
        }
    }
    let record = SubjectRecord {
        choices: given.consent.iter().filter_map(choices).collect(),
        objected: given.objected.then_some(now),
        restricted: given.restricted.then_some(now),
        ..SubjectRecord::new(PersonNumber(1), now)
    };
    let owner = ProfileOwner { record: Some(&record), stop: &given.stop, now };
    let kept = policy.admit_profile(fields, owner, &policy.empty_catalogue()).ok()?.fields().clone();
    let stored = kept.into_iter().map(|(name, value)| (name, StoredValue { value, stored_at: now }));
    Some(SubjectRecord { fields: stored.collect(), ..record })
}

fn sent_values(policy: &Policy, test: &InlineTest) -> Vec<(FieldId, Value)> {
    let of_request = |(id, value): &(FieldId, GivenField)| {
        let field = policy.rules().field(*id)?;
        let from_request = matches!(field.path.namespace, Namespace::Session | Namespace::Context)
            && field.of.is_empty()
            && !field.from_clock;
        if from_request { typed_value(field, value, policy).map(|v| (*id, v)) } else { None }
    };
    test.given.fields.iter().filter_map(of_request).collect()
}

/// A given value as the field's type holds it.
fn typed_value(field: &FieldRule, given: &GivenField, policy: &Policy) -> Option<Value> {
    let ids = |items: &[GivenItem]| items.iter().filter_map(|i| id_of(i, policy)).collect::<Vec<_>>();
    match (given, field.kind) {
        (GivenField::Plain(plain), _) => plain_value(plain, field.kind, policy),
        (GivenField::List(list), kind) => list_value(list, kind),
        (GivenField::Items(items, _), FieldType::Items) => Some(Value::Items(ids(items).into())),
        (GivenField::Items(items, true), FieldType::Item) => ids(items).pop().map(Value::Item),
        (GivenField::Items(..), _) => None,
    }
}

fn list_value(list: &[Plain], kind: FieldType) -> Option<Value> {
    let texts =
        || list.iter().filter_map(|p| if let Plain::Text(t) = p { Some(Arc::clone(t)) } else { None });
    match kind {
        FieldType::Texts => Some(Value::Texts(texts().collect())),
        FieldType::Items => Some(Value::Items(texts().filter_map(|t| ItemId::new(&t).ok()).collect())),
        _ => None,
    }
}

fn plain_value(plain: &Plain, kind: FieldType, policy: &Policy) -> Option<Value> {
    Some(match (plain, kind) {
        (Plain::Text(text), FieldType::Id | FieldType::Text | FieldType::Choice) => {
            Value::Text(Arc::clone(text))
        }
        (Plain::Text(text), FieldType::Money) => Value::Money(text.parse().ok()?),
        (Plain::Text(text), FieldType::Item) => Value::Item(ItemId::new(text).ok()?),
        (Plain::Number(n), FieldType::Number) => Value::Number(*n),
        (Plain::Number(n), FieldType::Money) => Value::Money(format!("{n:.4}").parse().ok()?),
        (Plain::Flag(flag), FieldType::Flag) => Value::Flag(*flag),
        (Plain::Date(date), FieldType::Date) => Value::Date(*date),
        (Plain::Time(date, seconds), FieldType::Time) => {
            Value::Time(policy.rules().zone.instant(*date, *seconds)?)
        }
        _ => return None,
    })
}

/// Every item that the test names, as the catalogue.
fn screened_items(policy: &Policy, test: &InlineTest) -> ScreenedCatalogue {
    let mut items = Vec::new();
    for (id, given) in &test.given.fields {
        let kind = policy.rules().field(*id).map(|f| f.kind);
        let bare = |text: &Plain| {
            if let Plain::Text(t) = text { ItemId::new(t).ok() } else { None }
        };
        let named: Vec<ItemId> = match (given, kind) {
            (GivenField::Plain(plain), Some(FieldType::Item)) => bare(plain).into_iter().collect(),
            (GivenField::List(list), Some(FieldType::Items)) => list.iter().filter_map(bare).collect(),
            _ => Vec::new(),
        };
        // an item that another line of the test describes keeps its description
        items.extend(named.into_iter().map(|id| Item { fields: id_alone(&id, policy), id }));
    }
    for (_, given) in &test.given.fields {
        if let GivenField::Items(given, _) = given {
            items.extend(given.iter().filter_map(|i| described_item(i, policy)));
        }
    }
    policy.screen(Catalogue::of_items(policy.schema(), items), None)
}

fn id_alone(id: &ItemId, policy: &Policy) -> BTreeMap<Arc<str>, Value> {
    let ids = policy
        .rules()
        .fields
        .iter()
        .filter(|f| f.path.namespace == Namespace::Item && f.kind == FieldType::Id);
    ids.map(|f| (Arc::clone(&f.path.name), Value::Text(id.shared()))).collect()
}

fn described_item(given: &GivenItem, policy: &Policy) -> Option<Item> {
    let id = id_of(given, policy)?;
    let mut fields = id_alone(&id, policy);
    for (field, plain) in &given.fields {
        let rule = policy.rules().field(*field)?;
        let value = match (plain.as_slice(), rule.kind) {
            (list, FieldType::Texts) => list_value(list, FieldType::Texts),
            ([one], kind) => plain_value(one, kind, policy),
            _ => None,
        };
        fields.extend(value.map(|v| (Arc::clone(&rule.path.name), v)));
    }
    Some(Item { id, fields })
}

/// The id of a given item: its first field of type id.
fn id_of(given: &GivenItem, policy: &Policy) -> Option<ItemId> {
    let of_type_id =
        |(id, _): &&(FieldId, Vec<Plain>)| policy.rules().field(*id).is_some_and(|f| f.kind == FieldType::Id);
    let (_, plain) = given.fields.iter().find(of_type_id)?;
    if let Some(Plain::Text(text)) = plain.first() { ItemId::new(text).ok() } else { None }
}

/// What happened: one event for each entry of each given history, in the test's order.
fn past_events(policy: &Policy, test: &InlineTest, now: Timestamp) -> Option<Vec<Happened>> {
    let mut all = Vec::new();
    for (id, given) in &test.given.fields {
        let field = policy.rules().field(*id)?;
        let (Some(kind), GivenField::Items(items, _)) = (field.of.first(), given) else {
            continue;
        };
        for item in items {
            let Some(item_id) = id_of(item, policy) else {
                continue;
            };
            let at = match item.on {
                Some(day) => policy.rules().zone.instant(day, NOON)?,
                None => now.plus_ms(-1000),
            };
            let of_subject = field.path.namespace == Namespace::Subject;
            let event = Event {
                id: None,
                kind: *kind,
                occurred_at: at,
                subject: if of_subject { SubjectId::new("somebody").ok() } else { None },
                session: if of_subject { None } else { SessionId::new("visit").ok() },
                recommendation: None,
                lines: vec![Line {
                    item: item_id.clone(),
                    quantity: item.quantity.unwrap_or(1),
                    fields: BTreeMap::new(),
                }],
                fields: BTreeMap::new(),
            };
            all.push(Happened { event, item: item_id });
        }
    }
    Some(all)
}
