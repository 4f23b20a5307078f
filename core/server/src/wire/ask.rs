//! The request for recommendations.

use std::{collections::BTreeMap, sync::Arc};

use jardin_engine::{Fields, PrivacySignals, Problem, Request};
use jardin_model::{ItemId, SessionId, SubjectId};
use serde_json::Value;

use super::Object;

const KNOWN: &str = "the body has an unknown key; known are placement, subject_id, session_id, session, context, locale, consent, objected, \
                     signals, limit, exclude_items, filter, deadline_ms";

/// The most requests of a batch.
const MOST_OF_A_BATCH: usize = 20;
/// The most items that a request excludes.
const MOST_EXCLUDED: usize = 1000;

fn refuse(what: &'static str) -> Problem {
    Problem::Unprocessable { what, names: Vec::new() }
}

/// Decodes one request; `gpc` is what the header says.
pub(crate) fn ask(body: Value, gpc: bool) -> Result<Request, Problem> {
    let mut object = Object::new(body)?;
    let request = Request {
        placement: object
            .text("placement", "`placement` is a text")?
            .ok_or_else(|| refuse("`placement` is missing"))?,
        subject: object
            .text("subject_id", "`subject_id` is a text")?
            .map(|id| SubjectId::new(&id))
            .transpose()
            .map_err(|_| refuse("`subject_id` is no id"))?,
        session: object
            .text("session_id", "`session_id` is a text")?
            .map(|id| SessionId::new(&id))
            .transpose()
            .map_err(|_| refuse("`session_id` is no id"))?,
        session_fields: object.object("session", "`session` is an object")?.unwrap_or_default(),
        context: object.object("context", "`context` is an object")?.unwrap_or_default(),
        locale: object.text("locale", "`locale` is a text")?,
        narrowing: narrowing(&mut object, gpc)?,
        limit: object.count("limit", "`limit` is a whole number")?.and_then(|n| usize::try_from(n).ok()),
        exclude: excluded(
            object.list("exclude_items", "`exclude_items` is a list of item ids")?.unwrap_or_default(),
        )?,
        filter: object.text("filter", "`filter` is a text")?,
        deadline_ms: object.count("deadline_ms", "`deadline_ms` is a whole number")?,
    };
    object.end(KNOWN)?;
    Ok(request)
}

/// Decodes a batch: the requests, and whether later lists leave out what earlier ones show.
pub(crate) fn batch(body: Value, gpc: bool) -> Result<(Vec<Request>, bool), Problem> {
    let mut object = Object::new(body)?;
    let requests =
        object.list("requests", "`requests` is a list")?.ok_or_else(|| refuse("`requests` is missing"))?;
    let distinct = object.flag("distinct", "`distinct` is true or false")?.unwrap_or(false);
    object.end("the body has an unknown key; known are requests, distinct")?;
    if requests.len() > MOST_OF_A_BATCH {
        return Err(Problem::TooLarge { most: MOST_OF_A_BATCH, of: "requests" });
    }
    Ok((requests.into_iter().map(|r| ask(r, gpc)).collect::<Result<_, _>>()?, distinct))
}

fn narrowing(object: &mut Object, gpc: bool) -> Result<PrivacySignals, Problem> {
    let mut narrowing = PrivacySignals {
        consent: flags(
            object.object("consent", "`consent` is an object of true or false")?.unwrap_or_default(),
        )?,
        objected: object.flag("objected", "`objected` is true or false")?.unwrap_or(false),
        gpc,
        ..PrivacySignals::default()
    };
    if let Some(signals) = object.object("signals", "`signals` is an object")? {
        let mut signals = Object::new(Value::Object(signals))?;
        narrowing.gpc |= signals.flag("gpc", "`gpc` is true or false")?.unwrap_or(false);
        narrowing.tcf = signals.text("tcf", "`tcf` is a text")?.map(Arc::from);
        narrowing.consent_mode =
            modes(signals.object("consent_mode", "`consent_mode` is an object")?.unwrap_or_default())?;
        signals.end("`signals` has an unknown key; known are gpc, tcf, consent_mode")?;
    }
    Ok(narrowing)
}

fn flags(map: Fields) -> Result<BTreeMap<Arc<str>, bool>, Problem> {
    let flag = |(key, value): (String, Value)| {
        Ok((Arc::from(key), value.as_bool().ok_or_else(|| refuse("a consent is true or false"))?))
    };
    map.into_iter().map(flag).collect()
}

/// Google writes `granted` and `denied`; anything else is not granted.
fn modes(map: Fields) -> Result<BTreeMap<Arc<str>, bool>, Problem> {
    let mode = |(key, value): (String, Value)| match value {
        Value::String(word) => Ok((Arc::from(key), word == "granted")),
        Value::Bool(flag) => Ok((Arc::from(key), flag)),
        _ => Err(refuse("a consent mode is `granted` or `denied`")),
    };
    map.into_iter().map(mode).collect()
}

fn excluded(list: Vec<Value>) -> Result<Vec<ItemId>, Problem> {
    if list.len() > MOST_EXCLUDED {
        return Err(Problem::TooLarge { most: MOST_EXCLUDED, of: "excluded items" });
    }
    let id = |value: Value| {
        value
            .as_str()
            .and_then(|id| ItemId::new(id).ok())
            .ok_or_else(|| refuse("`exclude_items` is a list of item ids"))
    };
    list.into_iter().map(id).collect()
}
