//! `/health` and what a browser asks for by itself.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use serde_json::{Value, json};

use crate::{app::App, wire::HealthBody};

pub(super) fn routes(_: &App, router: Router<App>) -> Router<App> {
    router
        .route("/health/live", get(|| async { axum::Json(json!({"live": true})) }))
        .route("/health/ready", get(ready))
        .route("/.well-known/gpc.json", get(gpc))
}

async fn ready(State(app): State<App>) -> (StatusCode, axum::Json<HealthBody>) {
    let health = app.engine.health();
    let status = if health.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, axum::Json(health.into()))
}

/// That the site honours Global Privacy Control; true where a purpose of the policy stops for it.
async fn gpc(State(app): State<App>) -> axum::Json<Value> {
    let policy = app.engine.policy().policy;
    let honoured = policy
        .valid()
        .purposes
        .iter()
        .any(|p| p.stop_if.contains(&jardin_policy::valid::StopSignal::GlobalPrivacyControl));
    axum::Json(json!({"gpc": honoured}))
}
