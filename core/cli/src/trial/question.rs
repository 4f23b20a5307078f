//! Who asks, where and when, in a trial.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail, ensure};
use jardin_engine::{ConsentGiven, Engine, Fields, PrivacySignals, Request};
use jardin_model::{ChoiceStatus, DAY_MS, FieldType, Namespace, SessionId, SubjectId, Timestamp};
use jardin_policy::Policy;
use serde_json::{Value, json};

/// A made-up person: what a shop would have told of her.
#[derive(Debug, Clone, Default)]
pub(crate) struct MadeUp {
    pub(crate) fields: Fields,
    /// The questions that she answered with yes.
    pub(crate) consent: Vec<String>,
    pub(crate) objected: bool,
    /// Events as `POST /v1/events` takes them; instead of `occurred_at` one may say `days_ago`.
    pub(crate) events: Vec<Fields>,
}

impl MadeUp {
    /// Reads `{"fields": {…}, "consent": […], "objected": false, "events": […]}`; every part may be left out.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(json: Value) -> anyhow::Result<Self> {
        let Value::Object(parts) = json else {
            bail!("a person is an object such as {{\"fields\": {{}}, \"consent\": [], \"events\": []}}");
        };
        let mut person = Self::default();
        for (key, value) in parts {
            match (key.as_str(), value) {
                ("fields", Value::Object(fields)) => person.fields = fields,
                ("objected", Value::Bool(objected)) => person.objected = objected,
                ("consent", Value::Array(names)) => {
                    let name =
                        |n: Value| n.as_str().map(str::to_owned).context("`consent` is a list of names");
                    person.consent = names.into_iter().map(name).collect::<Result<_, _>>()?;
                }
                ("events", Value::Array(events)) => {
                    person.events = events.into_iter().map(event).collect::<Result<_, _>>()?
                }
                (key @ ("fields" | "objected" | "consent" | "events"), _) => {
                    bail!("`{key}` has a value of another type")
                }
                (key, _) => {
                    bail!("a person has no `{key}`; it may have `fields`, `consent`, `objected` and `events`")
                }
            }
        }
        Ok(person)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn of_file(path: &Path) -> anyhow::Result<Self> {
        let read = || Self::read(serde_json::from_slice(&std::fs::read(path)?)?);
        read().with_context(|| format!("`{}` describes no person", path.display()))
    }

    /// Tells an engine of her, as a shop would: what the policy does not keep is dropped there.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(crate) async fn tell(&self, engine: &Engine, id: &SubjectId, now: Timestamp) -> anyhow::Result<()> {
        engine.put_subject(id, self.fields.clone(), true, None).await.map_err(told)?;
        for name in &self.consent {
            let texts = engine
                .policy()
                .policy
                .rules()
                .consents
                .iter()
                .find(|c| *c.name == **name)
                .map(|c| c.texts.clone());
            let given = ConsentGiven {
                status: ChoiceStatus::Granted,
                text_version: texts.and_then(|t| t.into_iter().next_back()).unwrap_or_default(),
                source: "trial".into(),
            };
            engine.put_consent(id, name, given).await.map_err(told)?;
        }
        if self.objected {
            engine.put_objection(id, true).await.map_err(told)?;
        }
        let events: Vec<Value> = self.events.iter().map(|e| event_of(e.clone(), id, now)).collect();
        if events.is_empty() {
            return Ok(());
        }
        let receipt = engine.ingest(events, &PrivacySignals::default()).await.map_err(told)?;
        match receipt.rejected.first() {
            Some(refused) => bail!(
                "event {} of the person is refused: {} {}",
                refused.index + 1,
                refused.problem,
                refused.names.join(", ")
            ),
            None => Ok(()),
        }
    }
}

fn event(json: Value) -> anyhow::Result<Fields> {
    match json {
        Value::Object(event) => Ok(event),
        _ => bail!(
            "an event is an object such as {{\"type\": \"view_item\", \"days_ago\": 3, \"items\": [{{\"item_id\": \"A\"}}]}}"
        ),
    }
}

fn event_of(mut event: Fields, id: &SubjectId, now: Timestamp) -> Value {
    if let Some(days) = event.remove("days_ago") {
        let days = days.as_i64().unwrap_or_default();
        event.insert("occurred_at".to_owned(), json!(now.plus_ms(-days * DAY_MS).to_string()));
    }
    event.insert("subject_id".to_owned(), json!(id.as_str()));
    Value::Object(event)
}

/// A problem of the engine, with the names that it is about.
pub(crate) fn told(problem: jardin_engine::Problem) -> anyhow::Error {
    match &problem {
        jardin_engine::Problem::NotFound { known, .. } => {
            anyhow!("{problem}; there are: {}", known.join(", "))
        }
        jardin_engine::Problem::Unprocessable { names, .. } if !names.is_empty() => {
            anyhow!("{problem}: {}", names.join(", "))
        }
        _ => anyhow!("{problem}"),
    }
}

/// One question of a trial.
#[derive(Debug, Clone, Default)]
pub(crate) struct Question {
    pub(crate) placement: String,
    pub(crate) subject: Option<SubjectId>,
    pub(crate) context: Fields,
    pub(crate) session: Fields,
}

impl Question {
    /// As the engine takes it.
    pub(crate) fn request(&self) -> Request {
        Request {
            placement: self.placement.clone(),
            subject: self.subject.clone(),
            session: SessionId::new("trial").ok().filter(|_| !self.session.is_empty()),
            session_fields: self.session.clone(),
            context: self.context.clone(),
            ..Request::default()
        }
    }
}

/// The value of `name=value`, of the type that the policy declares.
///
/// # Errors
/// Where no such field can be sent, or the value is of another type.
pub(crate) fn field(policy: &Policy, namespace: Namespace, text: &str) -> anyhow::Result<(String, Value)> {
    let (name, value) =
        text.split_once('=').with_context(|| format!("`{text}` is not of the form `name=value`"))?;
    let kind = policy.rules().declared(namespace, name).map(|f| f.kind);
    let Some(kind) = kind else {
        let known = policy.rules().fields.iter().filter(|f| f.path.namespace == namespace);
        let known: Vec<String> = known.map(|f| format!("`{}`", f.path.name)).collect();
        bail!("the policy declares no `{}.{name}`; there are {}", namespace.word(), known.join(", "));
    };
    let json = match kind {
        FieldType::Number | FieldType::Flag => {
            let parsed: Value = serde_json::from_str(value).unwrap_or_default();
            ensure!(!parsed.is_null(), "`{value}` is no {kind}");
            parsed
        }
        FieldType::Items | FieldType::Texts => {
            value.split(',').map(str::trim).filter(|t| !t.is_empty()).collect()
        }
        _ => json!(value),
    };
    Ok((name.to_owned(), json))
}
