//! How a copy of a store travels over the control socket: JSON of this program, for this program. Numbers that
//! are not whole travel as their bits, so that the copy is the same to the last one.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::FeedEvent;
use jardin_model::{
    Choice, ChoiceStatus, EventKind, HistoryEvent, HistoryLine, Item, ItemId, ItemIndex, Money, PersonNumber,
    StoredValue, SubjectRecord, Timestamp, Value,
};
use serde_json::{Value as Json, json};

/// What was sent is not what this program sends.
pub(super) type Read<T> = Option<T>;

pub(super) fn event_json(event: &FeedEvent) -> Json {
    let number = |person: Option<PersonNumber>| person.map(|person| person.0);
    json!([
        event.sequence,
        number(event.subject),
        number(event.session),
        event.kind.word(),
        event.at.ms(),
        lines_json(&event.lines)
    ])
}

pub(super) fn read_event(json: &Json) -> Read<FeedEvent> {
    let [sequence, subject, session, kind, at, lines] = json.as_array()?.as_slice() else { return None };
    Some(FeedEvent {
        sequence: sequence.as_u64()?,
        subject: subject.as_u64().map(PersonNumber),
        session: session.as_u64().map(PersonNumber),
        kind: EventKind::from_word(kind.as_str()?)?,
        at: read_time(at)?,
        lines: read_lines(lines)?,
    })
}

fn lines_json(lines: &[HistoryLine]) -> Json {
    lines.iter().map(|line| json!([line.item.0, line.quantity])).collect()
}

fn read_lines(json: &Json) -> Read<Box<[HistoryLine]>> {
    let line = |json: &Json| {
        let [item, quantity] = json.as_array()?.as_slice() else { return None };
        Some(HistoryLine { item: ItemIndex(read_u32(item)?), quantity: read_u32(quantity)? })
    };
    json.as_array()?.iter().map(line).collect()
}

pub(super) fn item_json(item: &Item) -> Json {
    let fields: serde_json::Map<_, _> =
        item.fields.iter().map(|(name, value)| (name.to_string(), value_json(value))).collect();
    json!([item.id.as_str(), fields])
}

pub(super) fn read_item(json: &Json) -> Read<Item> {
    let [id, fields] = json.as_array()?.as_slice() else { return None };
    let field = |(name, value): (&String, &Json)| Some((Arc::from(name.as_str()), read_value(value)?));
    Some(Item {
        id: ItemId::new(id.as_str()?).ok()?,
        fields: fields.as_object()?.iter().map(field).collect::<Read<_>>()?,
    })
}

pub(super) fn person_json(record: &SubjectRecord) -> Json {
    let fields: Vec<Json> = record
        .fields
        .iter()
        .map(|(name, stored)| json!([&**name, value_json(&stored.value), stored.stored_at.ms()]))
        .collect();
    let events: Vec<Json> = record
        .events
        .iter()
        .map(|event| json!([event.sequence, event.kind.word(), event.at.ms(), lines_json(&event.lines)]))
        .collect();
    let choices: serde_json::Map<_, _> = record
        .choices
        .iter()
        .map(|(name, choices)| (name.to_string(), choices.iter().map(choice_json).collect()))
        .collect();
    json!({
        "person": record.person.0,
        "fields": fields,
        "events": events,
        "choices": choices,
        "objected": record.objected.map(Timestamp::ms),
        "restricted": record.restricted.map(Timestamp::ms),
        "last_seen": record.last_seen.ms(),
    })
}

pub(super) fn read_person(json: &Json) -> Read<SubjectRecord> {
    let field = |json: &Json| {
        let [name, value, at] = json.as_array()?.as_slice() else { return None };
        let stored = StoredValue { value: read_value(value)?, stored_at: read_time(at)? };
        Some((Arc::from(name.as_str()?), stored))
    };
    let event = |json: &Json| {
        let [sequence, kind, at, lines] = json.as_array()?.as_slice() else { return None };
        Some(HistoryEvent {
            sequence: sequence.as_u64()?,
            kind: EventKind::from_word(kind.as_str()?)?,
            at: read_time(at)?,
            lines: read_lines(lines)?,
        })
    };
    let choices = |(name, choices): (&String, &Json)| {
        let choices: Read<Vec<Choice>> = choices.as_array()?.iter().map(read_choice).collect();
        Some((Arc::from(name.as_str()), choices?))
    };
    Some(SubjectRecord {
        person: PersonNumber(json.get("person")?.as_u64()?),
        fields: json.get("fields")?.as_array()?.iter().map(field).collect::<Read<BTreeMap<_, _>>>()?,
        events: json.get("events")?.as_array()?.iter().map(event).collect::<Read<_>>()?,
        choices: json.get("choices")?.as_object()?.iter().map(choices).collect::<Read<_>>()?,
        objected: read_optional_time(json.get("objected")?)?,
        restricted: read_optional_time(json.get("restricted")?)?,
        last_seen: read_time(json.get("last_seen")?)?,
    })
}

fn choice_json(choice: &Choice) -> Json {
    json!([choice.status.code(), &*choice.text_version, choice.at.ms(), &*choice.source])
}

fn read_choice(json: &Json) -> Read<Choice> {
    let [status, text_version, at, source] = json.as_array()?.as_slice() else { return None };
    Some(Choice {
        status: ChoiceStatus::from_code(u8::try_from(status.as_u64()?).ok()?)?,
        text_version: text_version.as_str()?.into(),
        at: read_time(at)?,
        source: source.as_str()?.into(),
    })
}

fn value_json(value: &Value) -> Json {
    let texts = |texts: &[Arc<str>]| texts.iter().map(|text| json!(&**text)).collect::<Json>();
    match value {
        Value::Text(text) => json!(["text", &**text]),
        Value::Texts(all) => json!(["texts", texts(all)]),
        Value::Number(number) => json!(["number", number.to_bits()]),
        Value::Money(money) => json!(["money", money.to_string()]),
        Value::Flag(flag) => json!(["flag", flag]),
        Value::Date(date) => json!(["date", date.to_string()]),
        Value::Time(time) => json!(["time", time.ms()]),
        Value::Item(item) => json!(["item", item.as_str()]),
        Value::Items(items) => {
            json!(["items", items.iter().map(ItemId::as_str).collect::<Vec<_>>()])
        }
        Value::TakenAway => json!(["taken away", null]),
    }
}

fn read_value(json: &Json) -> Read<Value> {
    let [kind, value] = json.as_array()?.as_slice() else { return None };
    let text = || value.as_str();
    let texts = || value.as_array()?.iter().map(Json::as_str).collect::<Read<Vec<&str>>>();
    let item = |id: &str| ItemId::new(id).ok();
    Some(match kind.as_str()? {
        "text" => Value::Text(text()?.into()),
        "texts" => Value::Texts(texts()?.into_iter().map(Arc::from).collect()),
        "number" => Value::Number(f64::from_bits(value.as_u64()?)),
        "money" => Value::Money(text()?.parse::<Money>().ok()?),
        "flag" => Value::Flag(value.as_bool()?),
        "date" => Value::Date(text()?.parse().ok()?),
        "time" => Value::Time(read_time(value)?),
        "item" => Value::Item(item(text()?)?),
        "items" => Value::Items(texts()?.into_iter().map(item).collect::<Read<Vec<_>>>()?.into()),
        "taken away" => Value::TakenAway,
        _ => return None,
    })
}

fn read_time(json: &Json) -> Read<Timestamp> {
    json.as_i64().map(Timestamp::from_ms)
}

fn read_optional_time(json: &Json) -> Read<Option<Timestamp>> {
    if json.is_null() { Some(None) } else { read_time(json).map(Some) }
}

fn read_u32(json: &Json) -> Read<u32> {
    u32::try_from(json.as_u64()?).ok()
}
