//! `GET /v1/placements`.

use axum::{Router, extract::State, routing::get};
use jardin_engine::Role;
use serde_json::{Value, json};

use super::for_roles;
use crate::{app::App, wire::PlacementBody};

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    router.route("/v1/placements", for_roles(app, &[Role::Merchant], get(list)))
}

async fn list(State(app): State<App>) -> axum::Json<Value> {
    let placements: Vec<PlacementBody> = app.engine.placements().iter().map(PlacementBody::from).collect();
    axum::Json(json!({"placements": placements}))
}
