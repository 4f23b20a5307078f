//! Pages of other origins (Fetch standard, CORS protocol): those that server.toml names may call what a page token
//! opens, and nothing else.

use hyper::{
    HeaderMap, Method,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderValue, ORIGIN, VARY,
    },
};

use crate::{route::Route, rules::ServerRules, target::Target};

/// What a page may send beside what every page may.
const SENT_HEADERS: &str = "authorization, content-type, sec-gpc";
/// What a page may read of an answer's head.
const READ_HEADERS: &str = "x-request-id, retry-after";
/// For how many seconds a browser need not ask again.
const MAX_AGE: &str = "600";

/// The origin that asks, where its pages may call this. While no key exists none may.
pub(crate) fn find_origin(target: Target, headers: &HeaderMap, rules: &ServerRules) -> Option<HeaderValue> {
    let asking = headers.get(ORIGIN).filter(|_| !rules.access.answers_everybody())?;
    let is_named = rules.origins.iter().any(|origin| origin.as_bytes() == asking.as_bytes());
    (is_named && page_rows(target).next().is_some()).then(|| asking.clone())
}

/// Whether a browser asks whether a page may call, before it lets the page.
pub(crate) fn is_preflight(target: Target, method: &Method) -> bool {
    matches!(target, Target::NoMethod(_)) && *method == Method::OPTIONS
}

/// Allows an origin to read an answer; credentials of a browser are never allowed.
pub(crate) fn allow_origin(headers: &mut HeaderMap, origin: HeaderValue, target: Target) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(READ_HEADERS));
    headers.insert(VARY, HeaderValue::from_static("origin"));
    if matches!(target, Target::NoMethod(_)) {
        let methods: Vec<&str> = page_rows(target).map(|route| route.verb.word()).collect();
        let methods = HeaderValue::from_str(&methods.join(", "));
        headers.extend(methods.map(|methods| (ACCESS_CONTROL_ALLOW_METHODS, methods)));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(SENT_HEADERS));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    }
}

/// The rows of a path that a page token may open.
fn page_rows(target: Target) -> impl Iterator<Item = &'static Route> {
    target.template().into_iter().flat_map(Target::rows_of).filter(|route| route.scope.is_some())
}
