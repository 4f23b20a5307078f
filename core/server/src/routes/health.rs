//! `/health` and what a browser asks for by itself.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::get,
};
use jardin_engine::Role;
use serde_json::{Value, json};

use crate::{app::App, wire::HealthBody};

pub(super) fn routes(_: &App, router: Router<App>) -> Router<App> {
    router
        .route("/health/live", get(|| async { axum::Json(json!({"live": true})) }))
        .route("/health/ready", get(ready))
        .route("/.well-known/gpc.json", get(gpc))
}

/// Who may see how each strategy does: counts and durations of single requests say something about people.
const INSIDERS: &[Role] = &[Role::Merchant, Role::Compliance];

async fn ready(State(app): State<App>, headers: HeaderMap) -> Response {
    let health = app.engine.health();
    let status = if health.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    if app.access.check(&headers, INSIDERS).is_ok() {
        (status, axum::Json(HealthBody::from(health))).into_response()
    } else {
        (status, axum::Json(json!({"ready": health.ready}))).into_response()
    }
}

/// That the site honours Global Privacy Control; true where a purpose of the policy stops for it.
async fn gpc(State(app): State<App>) -> axum::Json<Value> {
    let policy = app.engine.policy().policy;
    let honoured = policy
        .rules()
        .purposes
        .iter()
        .any(|p| p.stop_if.contains(&jardin_policy::rules::StopSignal::GlobalPrivacyControl));
    axum::Json(json!({"gpc": honoured}))
}
