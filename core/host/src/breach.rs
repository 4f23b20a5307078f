//! What a leak of a shop's files touches, counted: no id and no value leaves the store for it.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use jardin_audit::read_acts;
use jardin_compliance::{BreachFacts, TouchedData};
use jardin_contract::{ActQuery, RecordedAct, Store, StoreError};
use jardin_model::{SubjectRecord, Timestamp};
use serde_json::{Value, json};

use crate::{HostError, shop_audit::audit_path};

/// The acts by which somebody sees the data of people, or takes a copy of it.
const LOOKS: [&str; 4] = ["back-up", "export_subject", "show_consent", "stored"];

/// Counts what stands in a store; `span` is that of a breach.
pub(crate) async fn count_touched(
    store: &dyn Store,
    span: (Timestamp, Timestamp),
) -> Result<TouchedData, StoreError> {
    let touched = Mutex::new(TouchedData::default());
    let look = |record: &SubjectRecord| {
        add_person(&mut touched.lock().unwrap_or_else(PoisonError::into_inner), record, span);
    };
    store.look_at_people(&look).await?;
    Ok(touched.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn add_person(touched: &mut TouchedData, record: &SubjectRecord, (from, to): (Timestamp, Timestamp)) {
    let is_within = |at: Timestamp| from <= at && at <= to;
    touched.people += 1;
    let told = record.fields.values().map(|value| value.stored_at);
    let happened = record.events.iter().map(|event| event.at);
    let answered = record.choices.values().flatten().map(|choice| choice.at);
    let in_span = told.chain(happened).chain(answered).any(is_within);
    touched.people_in_span += u64::from(in_span);
    for name in record.fields.keys() {
        *touched.fields.entry(Arc::clone(name)).or_default() += 1;
    }
    let mut kinds: BTreeMap<&'static str, u64> = BTreeMap::new();
    for event in &record.events {
        *kinds.entry(event.kind.word()).or_default() += 1;
    }
    for (kind, events) in kinds {
        let counted = touched.histories.entry(kind.into()).or_default();
        *counted = (counted.0 + 1, counted.1 + events);
    }
    touched.people_with_answers += u64::from(!record.choices.is_empty());
    touched.people_with_refusals += u64::from(record.objected.is_some() || record.restricted.is_some());
}

/// What the audit of a data folder and the counts of its store say of a breach.
///
/// # Errors
/// Where the audit cannot be read.
pub(crate) fn facts_of(
    data: &Path,
    span: (Timestamp, Timestamp),
    touched: TouchedData,
    key_beside_data: bool,
) -> Result<BreachFacts, HostError> {
    let folder = audit_path(data);
    let acts = if folder.exists() {
        read_acts(&folder, &ActQuery::newest(usize::MAX)).map_err(crate::shop_audit::audit_error)?
    } else {
        Vec::new()
    };
    let is_erasure = |recorded: &&RecordedAct| {
        let act = &recorded.act;
        &*act.what == "erase_subject" && act.status == 200 && act.at >= span.0
    };
    let mut looks: BTreeMap<(Arc<str>, Arc<str>), u64> = BTreeMap::new();
    for RecordedAct { act, .. } in acts.iter().filter(|recorded| is_look(recorded, span)) {
        *looks.entry((Arc::clone(&act.what), Arc::clone(&act.by))).or_default() += 1;
    }
    Ok(BreachFacts {
        span,
        touched,
        erased_since: acts.iter().filter(is_erasure).count() as u64,
        key_beside_data,
        looks: looks.into_iter().map(|((act, by), times)| (act, by, times)).collect(),
    })
}

fn is_look(recorded: &RecordedAct, (from, to): (Timestamp, Timestamp)) -> bool {
    let act = &recorded.act;
    LOOKS.contains(&&*act.what) && act.status == 200 && from <= act.at && act.at <= to
}

/// As it travels over the control socket.
pub(crate) fn touched_json(touched: &TouchedData) -> Value {
    let TouchedData { people, people_in_span, fields, histories, people_with_answers, people_with_refusals } =
        touched;
    json!({
        "people": people,
        "people_in_span": people_in_span,
        "fields": fields.iter().map(|(name, people)| json!([&**name, people])).collect::<Vec<_>>(),
        "histories": histories.iter().map(|(kind, (people, events))| json!([&**kind, people, events])).collect::<Vec<_>>(),
        "people_with_answers": people_with_answers,
        "people_with_refusals": people_with_refusals,
    })
}

pub(crate) fn read_touched(json: &Value) -> Option<TouchedData> {
    let count = |key: &str| json.get(key)?.as_u64();
    let fields = json.get("fields")?.as_array()?.iter().map(|entry| {
        let [name, people] = entry.as_array()?.as_slice() else { return None };
        Some((Arc::from(name.as_str()?), people.as_u64()?))
    });
    let histories = json.get("histories")?.as_array()?.iter().map(|entry| {
        let [kind, people, events] = entry.as_array()?.as_slice() else { return None };
        Some((Arc::from(kind.as_str()?), (people.as_u64()?, events.as_u64()?)))
    });
    Some(TouchedData {
        people: count("people")?,
        people_in_span: count("people_in_span")?,
        fields: fields.collect::<Option<_>>()?,
        histories: histories.collect::<Option<_>>()?,
        people_with_answers: count("people_with_answers")?,
        people_with_refusals: count("people_with_refusals")?,
    })
}

/// The question of the control socket for these counts.
pub(crate) fn span_json((from, to): (Timestamp, Timestamp)) -> Value {
    json!([from.ms(), to.ms()])
}

pub(crate) fn read_span(json: &Value) -> Option<(Timestamp, Timestamp)> {
    let [from, to] = json.as_array()?.as_slice() else { return None };
    Some((Timestamp::from_ms(from.as_i64()?), Timestamp::from_ms(to.as_i64()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_travel_as_they_are() {
        let touched = TouchedData {
            people: 3,
            people_in_span: 2,
            fields: [("postcode".into(), 1)].into(),
            histories: [("purchase".into(), (2, 5))].into(),
            people_with_answers: 1,
            people_with_refusals: 0,
        };
        assert_eq!(read_touched(&touched_json(&touched)), Some(touched));
        let span = (Timestamp::from_ms(1), Timestamp::from_ms(2));
        assert_eq!(read_span(&span_json(span)), Some(span));
    }
}
