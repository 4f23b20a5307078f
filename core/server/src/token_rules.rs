//! What a page token may ask: for its own person and visit alone, whatever the request says.

use std::sync::Arc;

use jardin_access::PageToken;
use serde_json::Value;

use crate::{
    field::{Shape, ValueKind},
    problem::HttpProblem,
    route::Path,
};

/// How the paths of one person begin.
const PERSON_PATH: &str = "/v1/subjects/{id}";
/// How the paths of one visit begin.
const VISIT_PATH: &str = "/v1/sessions/{id}";
/// The token's own person or visit in a path, since a page cannot read which that is.
const OWN: &str = "me";

/// Puts the token's person or visit in a path; an error where it names another, known or not.
pub(crate) fn bind_path(token: &PageToken, path: &Path, names: &mut [String]) -> Result<(), HttpProblem> {
    let own = if path.template.starts_with(PERSON_PATH) {
        token.person.as_ref().map(|id| id.as_str())
    } else if path.template.starts_with(VISIT_PATH) {
        token.session.as_ref().map(|id| id.as_str())
    } else {
        return Ok(());
    };
    let (Some(own), Some(named)) = (own, names.first_mut()) else { return Err(HttpProblem::ForAnother) };
    if named != OWN && named != own {
        return Err(HttpProblem::ForAnother);
    }
    own.clone_into(named);
    Ok(())
}

/// Puts the token's person and visit wherever a body of this shape names one; an error where it names another, and
/// where it asks for a placement or filter that the token does not open. What is not of the shape is left to its
/// reader.
pub(crate) fn bind_body(token: &PageToken, shape: &Shape, value: &mut Value) -> Result<(), HttpProblem> {
    let Value::Object(object) = value else { return Ok(()) };
    for field in shape.fields {
        match (field.key, field.kind) {
            ("subject_id", _) => bind_id(object, field.key, token.person.as_ref().map(|id| id.as_str()))?,
            ("session_id", _) => bind_id(object, field.key, token.session.as_ref().map(|id| id.as_str()))?,
            ("placement", _) => check_name(object.get(field.key), token.placements.as_deref())?,
            ("filter", _) => check_name(object.get(field.key), token.filters.as_deref())?,
            ("locale", _) => set_locale(object, token.locale.as_deref()),
            (key, kind) => {
                let entries = object.get_mut(key).and_then(Value::as_array_mut).zip(entry_shape(kind));
                let Some((entries, inner)) = entries else { continue };
                entries.iter_mut().try_for_each(|entry| bind_body(token, inner, entry))?;
            }
        }
    }
    Ok(())
}

/// What the entries of a list of objects hold.
const fn entry_shape(kind: ValueKind) -> Option<&'static Shape> {
    match kind {
        ValueKind::Rows(shape) | ValueKind::List(&ValueKind::Object(shape)) => Some(shape),
        _ => None,
    }
}

fn bind_id(
    object: &mut serde_json::Map<String, Value>,
    key: &str,
    own: Option<&str>,
) -> Result<(), HttpProblem> {
    match (object.get(key), own) {
        (None | Some(Value::Null), None) => {}
        (None | Some(Value::Null), Some(own)) => drop(object.insert(key.to_owned(), own.into())),
        (Some(Value::String(sent)), Some(own)) if sent == own => {}
        (Some(_), _) => return Err(HttpProblem::ForAnother),
    }
    Ok(())
}

/// A token that names nothing opens all.
fn check_name(sent: Option<&Value>, opened: Option<&[Arc<str>]>) -> Result<(), HttpProblem> {
    let (Some(Value::String(sent)), Some(opened)) = (sent, opened) else { return Ok(()) };
    if opened.iter().any(|name| **name == **sent) { Ok(()) } else { Err(HttpProblem::NotOpened) }
}

fn set_locale(object: &mut serde_json::Map<String, Value>, locale: Option<&str>) {
    if let Some(locale) = locale.filter(|_| object.get("locale").is_none_or(Value::is_null)) {
        object.insert("locale".to_owned(), locale.into());
    }
}
