//! A made-up person of a trial: what a shop would have told of them.

use std::{path::Path, sync::Arc};

use jardin_diagnostics::list_names;
use jardin_engine::{DroppedFields, Engine, Fields, PrivacySignals};
use jardin_model::{Choice, ChoiceStatus, DAY_MS, Namespace, SubjectId, Timestamp, read_json};
use serde_json::{Value, json};

use crate::{HostError, counted, shop_folder::read_file};

/// A made-up person.
#[derive(Debug, Clone, Default)]
pub struct MadeUpPerson {
    fields: Fields,
    /// The questions that they answered with yes.
    consents: Vec<String>,
    objected: bool,
    /// Events as `POST /v1/events` takes them; instead of `occurred_at` one may say `days_ago`.
    events: Vec<Fields>,
}

impl MadeUpPerson {
    /// Reads `{"fields": {…}, "consent": […], "objected": false, "events": […]}`; every part may be left out.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_json(json: Value) -> Result<Self, HostError> {
        let Value::Object(parts) = json else {
            let shape = "{\"fields\": {}, \"consent\": [], \"events\": []}";
            return Err(unusable(format!("a person is an object such as {shape}")));
        };
        let mut person = Self::default();
        for (key, value) in parts {
            match (key.as_str(), value) {
                ("fields", Value::Object(fields)) => person.fields = fields,
                ("objected", Value::Bool(objected)) => person.objected = objected,
                ("consent", Value::Array(names)) => {
                    let name = |name: Value| name.as_str().map(str::to_owned);
                    let names: Option<Vec<String>> = names.into_iter().map(name).collect();
                    person.consents = names.ok_or_else(|| unusable("`consent` is a list of names"))?;
                }
                ("events", Value::Array(events)) => {
                    person.events = events.into_iter().map(event_fields).collect::<Result<_, _>>()?;
                }
                (key @ ("fields" | "objected" | "consent" | "events"), _) => {
                    return Err(unusable(format!("`{key}` has a value of another type")));
                }
                (key, _) => {
                    let known = "`fields`, `consent`, `objected` and `events`";
                    return Err(unusable(format!("a person has no `{key}`; it may have {known}")));
                }
            }
        }
        Ok(person)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of_file(path: &Path) -> Result<Self, HostError> {
        let file = path.display().to_string();
        let read = || {
            let bytes = read_file(path).map_err(|error| HostError::unreadable(&file, error))?;
            let json = read_json(&bytes).map_err(|error| unusable(error.to_string()))?;
            Self::from_json(json)
        };
        read().map_err(|error| error.within(format!("`{file}` does not describe a person")))
    }

    /// Tells an engine of them, as a shop would: what the policy does not keep is dropped there.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn tell_engine(
        &self,
        engine: &Engine,
        id: &SubjectId,
        now: Timestamp,
    ) -> Result<(), HostError> {
        // their age comes before their answers, and what is used by what they agreed to after them
        let stored = engine.put_subject(id, self.fields.clone(), true, None).await?;
        let is_unused = |dropped: &&DroppedFields| matches!(dropped.rule, "no-purpose" | "stopped");
        if let Some(dropped) = stored.redacted.iter().find(|dropped| !is_unused(dropped)) {
            return Err(unusable(describe_dropped(&dropped.fields, &dropped.details, engine)));
        }
        let events: Vec<Value> = self.events.iter().map(|e| event_of_person(e.clone(), id, now)).collect();
        for name in &self.consents {
            // they agreed before everything that they did
            for at in answer_times(&events, now) {
                engine.import_choice(id, name, consent_to_newest_text(engine, name, at)).await?;
            }
        }
        engine.put_subject(id, self.fields.clone(), true, None).await?;
        if self.objected {
            engine.put_objection(id, true).await?;
        }
        if events.is_empty() {
            return Ok(());
        }
        let receipt = engine.ingest(events, &PrivacySignals::default()).await?;
        if let Some(refused) = receipt.rejected.first() {
            let (number, why) = (refused.index + 1, &refused.detail);
            return Err(unusable(format!("event {number} of the person is refused: {why}")));
        }
        if receipt.unknown_items > 0 {
            let count = counted(receipt.unknown_items, "product");
            return Err(unusable(format!(
                "the events of the person name {count} that the catalogue does not have"
            )));
        }
        Ok(())
    }
}

/// Fields that the policy does not keep of a person.
fn describe_dropped(fields: &[Arc<str>], details: &[String], engine: &Engine) -> String {
    if !details.is_empty() {
        return details.join("; ");
    }
    let policy = engine.policy().policy;
    let declared = policy.rules().fields.iter().filter(|f| f.path.namespace == Namespace::Subject);
    let known: Vec<&str> = declared.map(|f| &*f.path.name).collect();
    let names: Vec<&str> = fields.iter().map(|name| &**name).collect();
    format!(
        "the policy declares no field of a person called {}; there are {}",
        list_names(&names),
        list_names(&known)
    )
}

fn unusable(what: impl Into<String>) -> HostError {
    HostError::Unusable(what.into())
}

/// Just before each event, and now.
fn answer_times(events: &[Value], now: Timestamp) -> Vec<Timestamp> {
    let told = events.iter().filter_map(|event| Timestamp::parse(event.get("occurred_at")?.as_str()?).ok());
    let mut times: Vec<Timestamp> =
        told.map(|at| at.plus_ms(-1)).filter(|at| *at < now).chain([now]).collect();
    times.sort_unstable();
    times
}

fn consent_to_newest_text(engine: &Engine, name: &str, at: Timestamp) -> Choice {
    let policy = engine.policy().policy;
    let rule = policy.rules().consents.iter().find(|rule| &*rule.name == name);
    Choice {
        status: ChoiceStatus::Granted,
        at,
        text_version: rule.and_then(|rule| rule.texts.last().cloned()).unwrap_or_default(),
        source: "trial".into(),
    }
}

fn event_fields(json: Value) -> Result<Fields, HostError> {
    let Value::Object(event) = json else {
        let shape = "{\"type\": \"view_item\", \"days_ago\": 3, \"items\": [{\"item_id\": \"A\"}]}";
        return Err(unusable(format!("an event is an object such as {shape}")));
    };
    Ok(event)
}

fn event_of_person(mut event: Fields, id: &SubjectId, now: Timestamp) -> Value {
    if let Some(days) = event.remove("days_ago") {
        let days = days.as_i64().unwrap_or_default();
        event.insert("occurred_at".to_owned(), json!(now.plus_ms(-days * DAY_MS).to_string()));
    }
    event.insert("subject_id".to_owned(), json!(id.as_str()));
    Value::Object(event)
}
