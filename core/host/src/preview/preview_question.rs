//! What is asked for a preview.

use jardin_engine::Fields;
use jardin_model::Timestamp;
use serde_json::{Map, Value};

use crate::{HostError, trial::MadeUpPerson};

/// What is asked for a preview.
pub(super) struct PreviewQuestion {
    pub(super) placement: String,
    /// The strategy that is followed, by its name or its script's.
    pub(super) strategy: Option<String>,
    pub(super) at: Option<Timestamp>,
    pub(super) person: Option<MadeUpPerson>,
    pub(super) context: Fields,
    pub(super) session: Fields,
    pub(super) draft: Option<DraftScript>,
    /// The text of a jardin.toml.
    pub(super) settings: Option<String>,
    /// The item of which it is asked why it is not shown.
    pub(super) why_not: Option<String>,
}

/// A script in the place of a live one.
pub(super) struct DraftScript {
    /// The live one: its file or its strategy.
    pub(super) script: String,
    pub(super) text: String,
}

impl PreviewQuestion {
    /// # Errors
    /// What is wrong with it.
    pub(super) fn from_json(json: Value) -> Result<Self, HostError> {
        let Value::Object(mut parts) = json else { return Err(unusable("a preview is an object")) };
        if parts.contains_key("subject_id") {
            return Err(unusable("a preview is of nobody real: describe a made-up person in `person`"));
        }
        let at = take_text(&mut parts, "at")?;
        let at = at.map(|at| Timestamp::parse(&at)).transpose();
        let question = Self {
            placement: take_text(&mut parts, "placement")?
                .ok_or_else(|| unusable("`placement` is missing"))?,
            strategy: take_text(&mut parts, "strategy")?,
            at: at.map_err(|_| unusable("`at` must be a time such as 2026-12-01T09:00:00Z"))?,
            person: parts
                .remove("person")
                .filter(|p| !p.is_null())
                .map(MadeUpPerson::from_json)
                .transpose()?,
            context: take_fields(&mut parts, "context")?,
            session: take_fields(&mut parts, "session")?,
            draft: take_draft(&mut parts)?,
            settings: take_text(&mut parts, "settings")?,
            why_not: take_text(&mut parts, "why_not")?,
        };
        Ok(question)
    }
}

fn take_draft(parts: &mut Map<String, Value>) -> Result<Option<DraftScript>, HostError> {
    let shape = || {
        unusable(
            "`draft` must be an object `{\"script\": \"clearance.rhai\", \"text\": \"fn adjust(item) {}\"}`",
        )
    };
    match parts.remove("draft") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(mut draft)) => {
            let mut text = |key| take_text(&mut draft, key)?.ok_or_else(shape);
            Ok(Some(DraftScript { script: text("script")?, text: text("text")? }))
        }
        Some(_) => Err(shape()),
    }
}

fn take_text(parts: &mut Map<String, Value>, key: &str) -> Result<Option<String>, HostError> {
    match parts.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(unusable(format!("`{key}` must be a text"))),
    }
}

fn take_fields(parts: &mut Map<String, Value>, key: &str) -> Result<Fields, HostError> {
    match parts.remove(key) {
        None | Some(Value::Null) => Ok(Fields::default()),
        Some(Value::Object(fields)) => Ok(fields),
        Some(_) => Err(unusable(format!("`{key}` must be an object of fields"))),
    }
}

fn unusable(what: impl Into<String>) -> HostError {
    HostError::Unusable(what.into())
}
