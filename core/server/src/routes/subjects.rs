//! `/v1/subjects/{id}`: a person's profile, export, erasure, objection and restriction.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header::ETAG},
    response::{IntoResponse as _, Response},
    routing::{get, put},
};
use jardin_engine::{Problem, Role};
use serde_json::{Value, json};

use super::{Reply, fields_of, for_roles, if_match, quoted, subject_id};
use crate::{
    app::{App, Json, Named},
    wire::{ErasureBody, Object, PersonBody, redacted},
};

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    let roles: &'static [Role] = &[Role::Subjects];
    router
        .route(
            "/v1/subjects/{id}",
            for_roles(app, roles, get(export).put(replace).patch(change).delete(erase)),
        )
        .route("/v1/subjects/{id}/objection", for_roles(app, roles, put(object_to)))
        .route("/v1/subjects/{id}/restriction", for_roles(app, roles, put(restrict)))
}

async fn export(State(app): State<App>, Named(id): Named<String>) -> Reply<Response> {
    let person = app.engine.subject(&subject_id(&id)?).await?;
    Ok(([(ETAG, quoted(&person.version))], axum::Json(PersonBody::new(id, &person))).into_response())
}

async fn replace(state: State<App>, path: Named<String>, headers: HeaderMap, body: Json) -> Reply<Response> {
    store(state, path, &headers, body, true).await
}

async fn change(state: State<App>, path: Named<String>, headers: HeaderMap, body: Json) -> Reply<Response> {
    store(state, path, &headers, body, false).await
}

async fn store(
    State(app): State<App>,
    Named(id): Named<String>,
    headers: &HeaderMap,
    Json(body): Json,
    whole: bool,
) -> Reply<Response> {
    let stored = app
        .engine
        .put_subject(&subject_id(&id)?, fields_of(body)?, whole, if_match(headers).as_deref())
        .await?;
    let dropped: Vec<Value> = stored.redacted.iter().map(|d| without_index(redacted(d))).collect();
    Ok(([(ETAG, quoted(&stored.version))], axum::Json(json!({"redacted": dropped}))).into_response())
}

fn without_index(mut dropped: Value) -> Value {
    dropped.as_object_mut().map(|map| map.remove("index"));
    dropped
}

async fn erase(
    State(app): State<App>,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Reply<axum::Json<ErasureBody>> {
    let receipt = app.engine.erase_subject(&subject_id(&id)?, if_match(&headers).as_deref()).await?;
    Ok(axum::Json(receipt.into()))
}

async fn object_to(
    State(app): State<App>,
    Named(id): Named<String>,
    Json(body): Json,
) -> Reply<axum::Json<Value>> {
    let active = active(body)?;
    app.engine.put_objection(&subject_id(&id)?, active).await?;
    Ok(axum::Json(json!({"active": active})))
}

async fn restrict(
    State(app): State<App>,
    Named(id): Named<String>,
    Json(body): Json,
) -> Reply<axum::Json<Value>> {
    let active = active(body)?;
    app.engine.put_restriction(&subject_id(&id)?, active).await?;
    Ok(axum::Json(json!({"active": active})))
}

fn active(body: Value) -> Result<bool, Problem> {
    let what = "the body is `{\"active\": true}` or `{\"active\": false}`";
    let mut object = Object::new(body)?;
    let active = object.flag("active", what)?.ok_or(Problem::Unprocessable { what, names: Vec::new() })?;
    object.end(what)?;
    Ok(active)
}
