//! The rules before and after a call, as functions of its row. No rule stands in a layer, so that whatever
//! leads to a row obeys the same ones.

use hyper::{
    HeaderMap,
    header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, RETRY_AFTER},
};
use jardin_engine::Engine;

use crate::{
    access::{Access, CalledBy, Caller, Peer, bearer},
    cors::allow_origin,
    problem::HttpProblem,
    reply::Outcome,
    route::{Answer, Body, Route},
    target::Target,
};

/// After how many seconds a client that was told to wait may come back.
pub(crate) const RETRY_AFTER_SECONDS: &str = "1";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// RFC 9745.
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const NO_SNIFF: HeaderName = HeaderName::from_static("x-content-type-options");

/// What is known of a request before its body is read.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) headers: &'a HeaderMap,
    /// By whom it was taken.
    pub(crate) access: &'a Access,
    pub(crate) engine: &'a Engine,
    /// A page token that came in the body.
    pub(crate) token: Option<&'a str>,
}

/// Whether a call may go on: the caller has a role of the row, or a token with its scope, and the body is of its kind.
pub(crate) fn admit(route: &Route, head: Head<'_>, peer: Peer) -> Result<Caller, HttpProblem> {
    let caller = identify(head, peer);
    if !route.roles.is_empty() && !may_call(route, &caller) {
        return Err(match caller.by {
            CalledBy::Anybody => HttpProblem::Unauthenticated,
            CalledBy::Elsewhere(why) => HttpProblem::FromElsewhere(why),
            CalledBy::Key(_) | CalledBy::Token(_) | CalledBy::Local => HttpProblem::Forbidden,
        });
    }
    let is_beacon = caller.page_token().is_some() && is_plain_text(head.headers);
    if matches!(route.body, Body::Json(_)) && !is_json(head.headers) && !is_beacon {
        return Err(HttpProblem::ContentType);
    }
    Ok(caller)
}

/// Who calls. A token of somebody who was erased since it was made is nobody's.
fn identify(head: Head<'_>, peer: Peer) -> Caller {
    let sent = head.token.or_else(|| bearer(head.headers));
    let caller = head.access.identify_by(sent, head.headers, peer, head.engine.now());
    let is_erased = caller.page_token().is_some_and(|token| {
        let erased = token.person.as_ref().and_then(|person| head.engine.last_erasure(person));
        erased.is_some_and(|erased| token.issued <= erased)
    });
    if is_erased { Caller::STRANGER } else { caller }
}

fn may_call(route: &Route, caller: &Caller) -> bool {
    match (caller.page_token(), route.scope) {
        (Some(token), Some(scope)) => token.has_scope(scope),
        (Some(_), None) => false,
        (None, _) => caller.has_role(route.roles),
    }
}

/// Whether a request is a beacon, which a page sends as it closes: plain text with its token in it and no header.
pub(crate) fn may_hold_token(route: &Route, headers: &HeaderMap) -> bool {
    let takes_token = route.scope.is_some() && matches!(route.body, Body::Json(_));
    takes_token && is_plain_text(headers) && !headers.contains_key(AUTHORIZATION)
}

fn is_plain_text(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|kind| kind.eq_ignore_ascii_case("text/plain"))
}

/// What was sent without a type counts as JSON.
fn is_json(headers: &HeaderMap) -> bool {
    content_type(headers).is_none_or(|kind| {
        // RFC 6839 §3.1
        let suffix = kind.rsplit_once('+').map(|(_, suffix)| suffix);
        kind.eq_ignore_ascii_case("application/json")
            || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("json"))
    })
}

/// The type of the body without its parameters; types are of any case.
fn content_type(headers: &HeaderMap) -> Option<&str> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(kind.split(';').next().unwrap_or_default().trim())
}

/// The headers of an answer.
pub(crate) fn finish(
    target: Target,
    request_id: &str,
    outcome: &Outcome,
    origin: Option<HeaderValue>,
) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
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
        Err(problem) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
            if problem.kind().may_pass() {
                headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
            }
        }
    }
    if let Target::Route(Route { answer: Answer { deprecated: Some(since), .. }, .. }) = target {
        headers.extend(HeaderValue::from_str(&format!("@{since}")).map(|since| (DEPRECATION, since)));
    }
    if let Some(origin) = origin {
        allow_origin(&mut headers, origin, target);
    }
    if let Target::NoMethod(path) = target {
        headers
            .extend(HeaderValue::from_str(&allowed_methods(path.template)).map(|methods| (ALLOW, methods)));
    }
    headers
}

/// The methods that a path takes, as RFC 9110 §15.5.6 asks for.
fn allowed_methods(template: &str) -> String {
    let verbs = Target::rows_of(template).map(|route| route.verb.word());
    verbs.map(|verb| if verb == "GET" { "GET,HEAD" } else { verb }).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        reply::Reply,
        route::{Path, Run, Verb},
        routes,
    };

    static OLD: Route = Route {
        verb: Verb::Get,
        path: &Path::plain("/v1/old"),
        name: "show_old",
        roles: &[],
        scope: None,
        summary: "what is shown elsewhere now",
        parameters: &[],
        body: Body::None,
        answer: Answer { deprecated: Some(1_688_169_599), ..Answer::NO_CONTENT },
        problems: &[],
        run: Run::ToItsEnd(|_| Box::pin(async { Ok(Reply::no_content()) })),
    };

    #[test]
    fn a_row_that_is_deprecated_says_so_with_every_answer_and_no_other_does() {
        for outcome in [Ok(Reply::no_content()), Err(HttpProblem::Forbidden)] {
            let headers = finish(Target::Route(&OLD), "r1", &outcome, None);
            // the example of RFC 9745 §2.1
            assert_eq!(headers.get(DEPRECATION), Some(&HeaderValue::from_static("@1688169599")));
        }
        for route in routes::all() {
            let headers = finish(Target::Route(route), "r1", &Ok(Reply::no_content()), None);
            assert_eq!(headers.contains_key(DEPRECATION), route.answer.deprecated.is_some());
        }
    }

    #[test]
    fn what_may_pass_says_when_to_come_back() {
        for (problem, says) in [(HttpProblem::Busy, true), (HttpProblem::Slow, false)] {
            let headers = finish(Target::NoRoute, "r1", &Err(problem), None);
            assert_eq!(headers.contains_key(RETRY_AFTER), says);
        }
    }
}
