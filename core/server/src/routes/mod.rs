//! The routes: a file a noun.

mod consents;
mod erasures;
mod events;
mod health;
mod items;
mod placements;
mod policy;
mod recommendations;
mod stop;
mod strategies;
mod subjects;

use axum::{Router, http::HeaderMap, middleware, routing::MethodRouter};
use jardin_engine::{Problem, Role};
use jardin_model::{ItemId, SubjectId};
use serde_json::Value;

use crate::{
    access::guard,
    app::{App, Named},
    problem::Failure,
    wire::Object,
};

type Reply<T> = Result<T, Failure>;

/// Every route.
pub(crate) fn all(app: &App) -> Router<App> {
    let parts = [
        consents::routes,
        erasures::routes,
        events::routes,
        health::routes,
        items::routes,
        placements::routes,
        policy::routes,
        recommendations::routes,
        stop::routes,
        strategies::routes,
        subjects::routes,
    ];
    parts.into_iter().fold(Router::new(), |router, routes| routes(app, router))
}

/// A route for keys that have one of the roles.
fn for_roles(app: &App, roles: &'static [Role], methods: MethodRouter<App>) -> MethodRouter<App> {
    methods.layer(middleware::from_fn_with_state((app.clone(), roles), guard))
}

fn item_id(Named(text): &Named<String>) -> Reply<ItemId> {
    ItemId::new(text).map_err(|_| Failure::BadId)
}

fn subject_id(text: &str) -> Reply<SubjectId> {
    SubjectId::new(text).map_err(|_| Failure::BadId)
}

/// The version that `If-Match` asks for, without its quotes.
fn if_match(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get(axum::http::header::IF_MATCH)?.to_str().ok()?;
    Some(sent.trim().trim_matches('"').to_owned())
}

fn quoted(version: &str) -> String {
    format!("\"{version}\"")
}

/// The list under the one key of a body.
fn list_of(body: Value, key: &'static str, what: &'static str) -> Reply<Vec<Value>> {
    let mut object = Object::new(body)?;
    let list = object.list(key, what)?.ok_or(Problem::Unprocessable { what, names: Vec::new() })?;
    object.end(what)?;
    Ok(list)
}

/// The fields under `fields` of a body.
fn fields_of(body: Value) -> Reply<jardin_engine::Fields> {
    let what = "the body is `{\"fields\": {…}}`";
    let mut object = Object::new(body)?;
    let fields = object.object("fields", what)?.ok_or(Problem::Unprocessable { what, names: Vec::new() })?;
    object.end(what)?;
    Ok(fields)
}

fn gpc(headers: &HeaderMap) -> bool {
    // an odd value is no zero: the stricter reading wins
    headers.get("sec-gpc").is_some_and(|v| v.as_bytes() != b"0")
}
