//! Answers to consent questions of a file into a shop.

use std::sync::Arc;

use jardin_engine::{ChoiceImport, Problem};
use jardin_model::{Choice, ChoiceStatus, SubjectId, Timestamp};
use jardin_policy::Policy;
use serde_json::{Value, json};

use crate::{Host, HostError};

/// The longest version or source, in bytes: as over HTTP.
const MAX_NOTE: usize = 64;

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

/// An answer as it was read.
struct ReadAnswer {
    subject: SubjectId,
    consent: Arc<str>,
    choice: Choice,
    /// Why it cannot be read; its choice is a no then.
    fault: Option<String>,
}

impl Host {
    /// Stores answers to consent questions that were given earlier, in the order of their times. One that is
    /// older than one that is stored is refused: it would end nothing and might begin again what was taken back. One
    /// that cannot be read is refused, and is a no: it ends a yes that is in force.
    pub(crate) async fn import_answers(&self, answers: &[Value]) -> Result<Vec<AnswerFate>, HostError> {
        let policy = self.engine.policy().policy;
        let mut fates = Vec::with_capacity(answers.len());
        for answer in answers {
            fates.push(match read_answer(answer, &policy, self.clock.now()) {
                Ok(read) => self.import_answer(read).await?,
                Err(why) => AnswerFate::Refused(why),
            });
        }
        Ok(fates)
    }

    /// What would be said of answers, each by itself.
    pub(crate) fn judge_answers(&self, answers: &[Value]) -> Vec<AnswerFate> {
        let (policy, now) = (self.engine.policy().policy, self.clock.now());
        let fate = |answer: &Value| match read_answer(answer, &policy, now) {
            Ok(ReadAnswer { fault: None, .. }) => AnswerFate::Stored,
            Ok(ReadAnswer { fault: Some(why), .. }) | Err(why) => AnswerFate::Refused(why),
        };
        answers.iter().map(fate).collect()
    }

    async fn import_answer(&self, read: ReadAnswer) -> Result<AnswerFate, HostError> {
        let ReadAnswer { subject, consent, choice, fault } = read;
        if fault.is_some() && !self.has_yes(&subject, &consent).await? {
            return Ok(AnswerFate::Refused(fault.unwrap_or_default()));
        }
        let import = self.engine.import_choice(&subject, &consent, choice).await?;
        Ok(match (fault, import) {
            (Some(fault), ChoiceImport::Older) => AnswerFate::Refused(fault),
            (Some(fault), _) => AnswerFate::Refused(format!("{fault}; it counts as a no")),
            (None, ChoiceImport::Stored) => AnswerFate::Stored,
            (None, ChoiceImport::Known) => AnswerFate::Known,
            (None, ChoiceImport::Older) => {
                AnswerFate::Refused("older than an answer that is stored".to_owned())
            }
        })
    }

    async fn has_yes(&self, subject: &SubjectId, consent: &str) -> Result<bool, HostError> {
        match self.engine.consent(subject, consent).await {
            Ok(last) => Ok(last.status == ChoiceStatus::Granted),
            Err(Problem::NotFound { .. }) => Ok(false),
            Err(problem) => Err(problem.into()),
        }
    }
}

/// An answer of its JSON.
///
/// # Errors
/// What is wrong with it where it cannot be told whose it is, or to which question; no value is repeated.
fn read_answer(json: &Value, policy: &Policy, now: Timestamp) -> Result<ReadAnswer, String> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let consents = &policy.rules().consents;
    let subject = text("subject_id").and_then(|id| SubjectId::new(id).ok());
    let subject =
        subject.ok_or("`subject_id` must be a text of 1 to 256 bytes without control characters")?;
    let consent = text("consent").and_then(|name| consents.iter().find(|c| &*c.name == name));
    let consent = consent.ok_or_else(|| {
        let known: Vec<String> = consents.iter().map(|c| format!("`{}`", c.name)).collect();
        format!("`consent` must be a question of the policy: {}", known.join(", "))
    })?;
    let at = answer_time(json).filter(|at| *at <= now);
    let status = text("status").and_then(ChoiceStatus::from_word);
    let fault = unread_part(json, status, at);
    let note = |name: &str| text(name).filter(|text| text.len() <= MAX_NOTE).unwrap_or_default();
    let choice = Choice {
        status: status.filter(|_| fault.is_none()).unwrap_or(ChoiceStatus::Refused),
        text_version: note("text_version").into(),
        at: at.unwrap_or(now),
        source: note("source").into(),
    };
    Ok(ReadAnswer { subject, consent: Arc::clone(&consent.name), choice, fault })
}

/// Which part of an answer cannot be read. A no needs neither version nor source, but one that is there is kept whole.
fn unread_part(json: &Value, status: Option<ChoiceStatus>, at: Option<Timestamp>) -> Option<String> {
    let is_yes = status == Some(ChoiceStatus::Granted);
    let is_note = |name: &str| match json.get(name) {
        None | Some(Value::Null) => !is_yes,
        Some(note) => {
            note.as_str().is_some_and(|text| text.len() <= MAX_NOTE && !(is_yes && text.is_empty()))
        }
    };
    let missing_note = ["text_version", "source"].into_iter().find(|name| !is_note(name));
    match (status, at, missing_note) {
        (None, ..) => Some("`status` must be `granted`, `refused` or `withdrawn`".to_owned()),
        (_, None, _) => Some(
            "`at` must be an instant that is not in the future, for example \"2026-01-05T10:00:00Z\""
                .to_owned(),
        ),
        (_, _, Some(name)) => Some(format!("`{name}` must be a text of 1 to {MAX_NOTE} bytes")),
        _ => None,
    }
}

/// When an answer was given, by its JSON.
#[must_use]
pub fn answer_time(answer: &Value) -> Option<Timestamp> {
    Timestamp::parse(answer.get("at")?.as_str()?).ok()
}

impl AnswerFate {
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Stored => json!("stored"),
            Self::Known => json!("known"),
            Self::Refused(why) => json!({ "refused": why }),
        }
    }

    pub(crate) fn from_json(json: &Value) -> Option<Self> {
        match json.as_str() {
            Some("stored") => Some(Self::Stored),
            Some("known") => Some(Self::Known),
            Some(_) => None,
            None => Some(Self::Refused(json.get("refused")?.as_str()?.to_owned())),
        }
    }
}
