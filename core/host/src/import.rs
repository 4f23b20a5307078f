//! Rows of a file into a shop, by the process that runs it.

use std::sync::Arc;

use jardin_contract::Import;
use jardin_engine::{ChoiceImport, PrivacySignals};
use jardin_model::{Choice, ChoiceStatus, SubjectId, Timestamp};
use jardin_policy::Policy;
use serde_json::{Value, json};

use crate::{Host, HostError, OpenShop};

/// What became of a batch of events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventsTaken {
    /// How many are stored now.
    pub accepted: usize,
    /// How many were stored before.
    pub duplicates: usize,
    /// The index of each that was refused, with the word for why.
    pub rejected: Vec<(usize, String)>,
    /// How many lines are kept nowhere because of `[never]`; an event without lines counts as one.
    pub set_aside: usize,
}

/// What became of an answer to a consent question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerFate {
    /// It is stored now.
    Stored,
    /// It was stored before.
    Known,
    /// It was refused, and why.
    Refused(String),
}

impl Host {
    /// Sets items, each as the HTTP API takes it; says how many were refused.
    pub(crate) async fn import_items(&self, items: Vec<Value>) -> Result<usize, HostError> {
        Ok(self.engine.put_items(items).await?.rejected.len())
    }

    /// Stores events, each as the HTTP API takes it.
    pub(crate) async fn import_events(&self, events: Vec<Value>) -> Result<EventsTaken, HostError> {
        let receipt = self.engine.ingest(events, &PrivacySignals::default()).await?;
        let rejected = receipt.rejected.iter().map(|refused| (refused.index, refused.problem.to_owned()));
        Ok(EventsTaken {
            accepted: receipt.accepted,
            duplicates: receipt.duplicates,
            rejected: rejected.collect(),
            set_aside: receipt.set_aside,
        })
    }

    /// Stores answers to consent questions that were given earlier, in the order of their times. One that is
    /// older than one that is stored is refused: it would end nothing and might begin again what was taken back.
    pub(crate) async fn import_answers(&self, answers: &[Value]) -> Result<Vec<AnswerFate>, HostError> {
        let policy = self.engine.policy().policy;
        let mut fates = Vec::with_capacity(answers.len());
        for answer in answers {
            let (subject, consent, choice) = match read_answer(answer, &policy, self.clock.now()) {
                Ok(read) => read,
                Err(why) => {
                    fates.push(AnswerFate::Refused(why.to_owned()));
                    continue;
                }
            };
            fates.push(match self.engine.import_choice(&subject, &consent, choice).await? {
                ChoiceImport::Stored => AnswerFate::Stored,
                ChoiceImport::Known => AnswerFate::Known,
                ChoiceImport::Older => AnswerFate::Refused("older than an answer that is stored".to_owned()),
            });
        }
        Ok(fates)
    }
}

/// An answer of its JSON.
///
/// # Errors
/// What is wrong with it; no value is repeated.
fn read_answer(
    json: &Value,
    policy: &Policy,
    now: Timestamp,
) -> Result<(SubjectId, Arc<str>, Choice), &'static str> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let subject = text("subject_id").and_then(|id| SubjectId::new(id).ok());
    let consent = text("consent").and_then(|name| policy.rules().consents.iter().find(|c| &*c.name == name));
    let status = match text("status") {
        Some("granted") => ChoiceStatus::Granted,
        Some("withdrawn") => ChoiceStatus::Withdrawn,
        _ => return Err("`status` is neither `granted` nor `withdrawn`"),
    };
    let at = answer_time(json).ok_or("`at` is not an instant such as 2026-01-05T10:00:00Z")?;
    if at > now {
        return Err("`at` lies in the future");
    }
    let choice = Choice {
        status,
        text_version: text("text_version").ok_or("`text_version` is missing")?.into(),
        at,
        source: text("source").ok_or("`source` is missing")?.into(),
    };
    Ok((
        subject.ok_or("`subject_id` is missing or not an id")?,
        consent
            .map(|consent| Arc::clone(&consent.name))
            .ok_or("`consent` is not a question of the policy")?,
        choice,
    ))
}

/// When an answer was given, by its JSON.
#[must_use]
pub fn answer_time(answer: &Value) -> Option<Timestamp> {
    Timestamp::parse(answer.get("at")?.as_str()?).ok()
}

impl EventsTaken {
    pub(crate) fn to_json(&self) -> Value {
        json!([self.accepted, self.duplicates, self.rejected, self.set_aside])
    }

    fn from_json(json: &Value) -> Option<Self> {
        let [accepted, duplicates, rejected, set_aside] = json.as_array()?.as_slice() else { return None };
        let count = |json: &Value| usize::try_from(json.as_u64()?).ok();
        let refused = |json: &Value| {
            let [index, why] = json.as_array()?.as_slice() else { return None };
            Some((count(index)?, why.as_str()?.to_owned()))
        };
        Some(Self {
            accepted: count(accepted)?,
            duplicates: count(duplicates)?,
            rejected: rejected.as_array()?.iter().map(refused).collect::<Option<_>>()?,
            set_aside: count(set_aside)?,
        })
    }
}

impl AnswerFate {
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Stored => json!("stored"),
            Self::Known => json!("known"),
            Self::Refused(why) => json!({ "refused": why }),
        }
    }

    fn from_json(json: &Value) -> Option<Self> {
        match json.as_str() {
            Some("stored") => Some(Self::Stored),
            Some("known") => Some(Self::Known),
            Some(_) => None,
            None => Some(Self::Refused(json.get("refused")?.as_str()?.to_owned())),
        }
    }
}

impl OpenShop {
    /// Begins an import where this process runs the shop: an end before it is committed leaves nothing of it. A
    /// shop that serves goes on, and takes each batch for itself.
    ///
    /// # Errors
    /// What the store says.
    pub async fn begin_import(&self) -> Result<Option<Box<dyn Import + '_>>, HostError> {
        match self {
            Self::Local(host) => Ok(Some(host.store.begin_import().await?)),
            Self::Served(_) => Ok(None),
        }
    }

    /// Sets items, each as the HTTP API takes it; says how many were refused.
    ///
    /// # Errors
    /// What the engine says, or the running shop.
    pub async fn put_items(&self, items: Vec<Value>) -> Result<usize, HostError> {
        match self {
            Self::Local(host) => host.import_items(items).await,
            Self::Served(client) => client.ask_for("items", &items.into(), |json| {
                json.as_u64().and_then(|count| usize::try_from(count).ok())
            }),
        }
    }

    /// Stores events, each as the HTTP API takes it.
    ///
    /// # Errors
    /// What the engine says, or the running shop.
    pub async fn put_events(&self, events: Vec<Value>) -> Result<EventsTaken, HostError> {
        match self {
            Self::Local(host) => host.import_events(events).await,
            Self::Served(client) => client.ask_for("events", &events.into(), EventsTaken::from_json),
        }
    }

    /// Stores answers to consent questions that were given earlier, which must be in the order of their times.
    ///
    /// # Errors
    /// What the engine says, or the running shop.
    pub async fn put_answers(&self, answers: Vec<Value>) -> Result<Vec<AnswerFate>, HostError> {
        match self {
            Self::Local(host) => host.import_answers(&answers).await,
            Self::Served(client) => client.ask_for("answers", &answers.into(), |json| {
                json.as_array()?.iter().map(AnswerFate::from_json).collect()
            }),
        }
    }
}
