//! An admitted call, as a handler receives it.

use std::sync::Arc;

use hyper::{HeaderMap, header::IF_MATCH};
use jardin_model::{ItemId, SessionId, SubjectId};
use serde_json::Value;

use crate::{
    access::{CalledBy, Caller},
    body::Object,
    problem::HttpProblem,
    shared::Shared,
};

/// An admitted call with its body read.
pub(crate) struct Call {
    pub(crate) shared: Arc<Shared>,
    pub(crate) caller: Caller,
    pub(crate) headers: HeaderMap,
    /// What stands behind the path's `?`.
    pub(crate) query: Option<String>,
    pub(crate) content: Content,
    /// What stands in the path, in its order.
    pub(crate) names: Vec<String>,
}

/// A body that was read.
pub(crate) enum Content {
    None,
    Object(Object),
    Lines(Vec<Value>),
}

impl Content {
    pub(crate) fn into_object(self) -> Object {
        if let Self::Object(object) = self { object } else { Object::default() }
    }

    pub(crate) fn into_lines(self) -> Vec<Value> {
        if let Self::Lines(lines) = self { lines } else { Vec::new() }
    }
}

impl Call {
    /// The body, where it is an object; it is there once.
    pub(crate) fn take_object(&mut self) -> Object {
        std::mem::replace(&mut self.content, Content::None).into_object()
    }

    /// What stands at a placeholder of the path, from 0; empty where there is none.
    pub(crate) fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    /// The item that the path names.
    pub(crate) fn item_id(&self) -> Result<ItemId, HttpProblem> {
        ItemId::new(self.name(0)).map_err(|_| HttpProblem::BadId)
    }

    /// The person whom the path names.
    pub(crate) fn subject_id(&self) -> Result<SubjectId, HttpProblem> {
        SubjectId::new(self.name(0)).map_err(|_| HttpProblem::BadId)
    }

    /// The visit that the path names.
    pub(crate) fn session_id(&self) -> Result<SessionId, HttpProblem> {
        SessionId::new(self.name(0)).map_err(|_| HttpProblem::BadId)
    }

    /// Where something was decided: a page token by its own id, whatever the page says.
    pub(crate) fn source(&self, said: Option<String>) -> Arc<str> {
        match &self.caller.by {
            CalledBy::Token(token) => format!("token {}", token.id).into(),
            _ => said.unwrap_or_default().into(),
        }
    }

    /// The version that `If-Match` asks for, without its quotes.
    pub(crate) fn if_match(&self) -> Option<String> {
        let sent = self.headers.get(IF_MATCH)?.to_str().ok()?;
        Some(sent.trim().trim_matches('"').to_owned())
    }

    /// Whether `replace=all` stands in the query.
    pub(crate) fn replaces_all(&self) -> bool {
        self.query_part("replace") == Some("all")
    }

    /// What stands behind `name=` in the query, as it was sent.
    pub(crate) fn query_part(&self, name: &str) -> Option<&str> {
        let mut parts = self.query.iter().flat_map(|query| query.split('&'));
        parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
    }

    /// Whether `remember=objection` stands in the query.
    pub(crate) fn remembers_objection(&self) -> bool {
        self.query_part("remember") == Some("objection")
    }

    /// The fields that `show=title,price` in the query names.
    pub(crate) fn shown_names(&self) -> Option<Vec<String>> {
        Some(self.query_part("show")?.split(',').map(str::to_owned).collect())
    }

    /// The locale that `locale=fr-FR` in the query names, or else a page token.
    pub(crate) fn locale(&self) -> Option<&str> {
        self.query_part("locale").or_else(|| self.caller.page_token()?.locale.as_deref())
    }

    /// Whether `Sec-GPC` says that the person objects to sale and sharing. An odd value is not a zero, and of
    /// several one is enough: the stricter reading wins.
    pub(crate) fn gpc(&self) -> bool {
        self.headers.get_all("sec-gpc").iter().any(|value| value.as_bytes() != b"0")
    }
}
