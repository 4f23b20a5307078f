//! The rules before and after a call, as functions of its row. No rule stands in a layer, so that whatever
//! leads to a row obeys the same ones.

use hyper::{
    HeaderMap,
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue},
};
use jardin_model::Timestamp;

use crate::{
    access::{Access, CalledBy, Caller, Peer},
    problem::HttpProblem,
    reply::Outcome,
    route::{Body, Route},
    routes,
    target::Target,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NO_SNIFF: HeaderName = HeaderName::from_static("x-content-type-options");

/// What is known of a request before its body is read.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) headers: &'a HeaderMap,
    /// By whom it was taken.
    pub(crate) access: &'a Access,
    pub(crate) now: Timestamp,
}

/// Whether a call may go on: the caller has a role of the row, and the body is of its kind.
pub(crate) fn admit(route: &Route, head: Head<'_>, peer: Peer) -> Result<Caller, HttpProblem> {
    let caller = head.access.identify(head.headers, peer, head.now);
    if !route.roles.is_empty() && !caller.has_role(route.roles) {
        return Err(match caller.by {
            CalledBy::Anybody => HttpProblem::Unauthenticated,
            CalledBy::Elsewhere(why) => HttpProblem::FromElsewhere(why),
            CalledBy::Key(_) | CalledBy::Local => HttpProblem::Forbidden,
        });
    }
    if matches!(route.body, Body::Json(_)) && !is_json(head.headers) {
        return Err(HttpProblem::ContentType);
    }
    Ok(caller)
}

/// What was sent without a type counts as JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return true };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

/// The headers of an answer.
pub(crate) fn finish(target: Target, request_id: &str, outcome: &Outcome) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(6);
    headers.extend(HeaderValue::from_str(request_id).map(|id| (REQUEST_ID, id)));
    headers.insert(NO_SNIFF, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match outcome {
        Ok(reply) => {
            headers.extend(reply.tag.clone().map(|tag| (ETAG, tag)));
            if !reply.body.is_empty() {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            }
        }
        Err(_) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        }
    }
    if let Target::NoMethod(path) = target {
        headers
            .extend(HeaderValue::from_str(&allowed_methods(path.template)).map(|methods| (ALLOW, methods)));
    }
    headers
}

/// The methods that a path takes, as RFC 9110 §15.5.6 asks for.
fn allowed_methods(template: &str) -> String {
    let verbs = routes::all().filter(|route| route.path.template == template).map(|route| route.verb.word());
    verbs.map(|verb| if verb == "GET" { "GET,HEAD" } else { verb }).collect::<Vec<_>>().join(",")
}
