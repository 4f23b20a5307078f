//! Reading a request: who calls, and what stands in its path and body.

use std::{error::Error, sync::Arc};

use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::{
    body::{Body as HttpBody, Bytes},
    http::request::Parts,
};
use jardin_access::PageToken;
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    access::{CalledBy, Peer},
    admission::{self, Head},
    body::Object,
    call::{Call, Content},
    coding::Coding,
    field::Shape,
    json,
    problem::HttpProblem,
    route::{Body, Route},
    rules::{Limits, ServerRules},
    shared::Shared,
    token_rules::{bind_body, bind_path},
};

/// The longest body that is read before it is known who calls: what a browser sends as a beacon.
pub(crate) const MAX_BEACON_BYTES: usize = 64 << 10;

/// Reads a call of a route, where its caller may make it.
pub(crate) async fn read_call<B>(
    shared: &Arc<Shared>,
    route: &Route,
    peer: Peer,
    (parts, body): (Parts, B),
    rules: &ServerRules,
) -> Result<Call, HttpProblem>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let coding = match route.body {
        Body::None => Coding::Identity,
        Body::Json(_) | Body::Lines(_) => Coding::of_head(&parts.headers)?,
    };
    let head = Head { headers: &parts.headers, access: &rules.access, engine: &shared.engine, token: None };
    let (caller, content) = if admission::may_hold_token(route, &parts.headers) {
        let beacon = Limits { body_bytes: rules.limits.body_bytes.min(MAX_BEACON_BYTES), ..rules.limits };
        let mut value = json::read(&read_bytes(body, coding, beacon).await?).map_err(HttpProblem::Json)?;
        let token = take_token(&mut value);
        let caller = admission::admit(route, Head { token: token.as_deref(), ..head }, peer)?;
        let content = read_object(route, caller.page_token(), value)?;
        (caller, content)
    } else {
        let caller = admission::admit(route, head, peer)?;
        let content = read_content(route, caller.page_token(), (body, coding), rules.limits).await?;
        (caller, content)
    };
    let mut names = route.path.read_names(parts.uri.path())?;
    if let CalledBy::Token(token) = &caller.by {
        bind_path(token, route.path, &mut names)?;
    }
    let query = parts.uri.query().map(str::to_owned);
    Ok(Call { shared: Arc::clone(shared), caller, headers: parts.headers, query, content, names })
}

async fn read_content<B>(
    route: &Route,
    token: Option<&PageToken>,
    (body, coding): (B, Coding),
    limits: Limits,
) -> Result<Content, HttpProblem>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    match route.body {
        Body::None => Ok(Content::None),
        Body::Json(_) => {
            let value = json::read(&read_bytes(body, coding, limits).await?).map_err(HttpProblem::Json)?;
            read_object(route, token, value)
        }
        Body::Lines(_) => {
            let bytes = read_bytes(body, coding, limits).await?;
            Ok(Content::Lines(json::read_lines(&bytes).map_err(HttpProblem::Json)?))
        }
    }
}

/// The body of a route that takes one; under a token it is its own person's.
fn read_object(route: &Route, token: Option<&PageToken>, mut value: Value) -> Result<Content, HttpProblem> {
    let Some(shape) = body_shape(route) else { return Ok(Content::None) };
    if let Some(token) = token {
        bind_body(token, shape, &mut value)?;
    }
    Ok(Content::Object(Object::read(shape, value)?))
}

const fn body_shape(route: &Route) -> Option<&'static Shape> {
    if let Body::Json(shape) = route.body { Some(shape) } else { None }
}

/// The token that a beacon carries in its body, since it has no header of its own and an address stands in logs.
fn take_token(value: &mut Value) -> Option<String> {
    match value.as_object_mut()?.remove("token") {
        Some(Value::String(token)) => Some(token),
        _ => None,
    }
}

async fn read_bytes<B>(body: B, coding: Coding, limits: Limits) -> Result<Bytes, HttpProblem>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let body = std::pin::pin!(body);
    match timeout(limits.read, Limited::new(body, limits.body_bytes).collect()).await {
        Err(_) => Err(HttpProblem::Slow),
        Ok(Ok(collected)) => coding.decode(collected.to_bytes(), limits.body_bytes),
        Ok(Err(failed)) if failed.is::<LengthLimitError>() => Err(HttpProblem::TooLong(limits.body_bytes)),
        Ok(Err(_)) => Err(HttpProblem::CutOff),
    }
}
