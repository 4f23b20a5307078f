//! `GET /v1/policy`. The policy changes by its file only.

use axum::{Router, extract::State, routing::get};
use jardin_engine::Role;
use serde_json::{Value, json};

use super::for_roles;
use crate::app::App;

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    router.route("/v1/policy", for_roles(app, &[Role::Compliance], get(show)))
}

async fn show(State(app): State<App>) -> axum::Json<Value> {
    let policy = app.engine.policy();
    axum::Json(json!({"revision": &*policy.revision, "text": &*policy.text}))
}
