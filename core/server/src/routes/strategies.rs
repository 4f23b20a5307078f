//! `GET /v1/strategies`.

use axum::{Router, extract::State, routing::get};
use jardin_engine::Role;
use serde_json::{Value, json};

use super::{Reply, for_roles};
use crate::{
    app::{App, Named},
    wire::StrategyBody,
};

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    let roles: &'static [Role] = &[Role::Merchant, Role::Compliance];
    router
        .route("/v1/strategies", for_roles(app, roles, get(list)))
        .route("/v1/strategies/{name}", for_roles(app, roles, get(show)))
}

async fn list(State(app): State<App>) -> axum::Json<Value> {
    let strategies: Vec<StrategyBody> = app.engine.strategies().iter().map(StrategyBody::from).collect();
    axum::Json(json!({"strategies": strategies}))
}

async fn show(State(app): State<App>, Named(name): Named<String>) -> Reply<axum::Json<StrategyBody>> {
    Ok(axum::Json(StrategyBody::from(&app.engine.strategy(&name)?)))
}
