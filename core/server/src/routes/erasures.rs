//! `GET /v1/erasures/{id}`.

use axum::{Router, extract::State, routing::get};
use jardin_engine::Role;

use super::{Reply, for_roles};
use crate::{
    app::{App, Named},
    wire::ErasureBody,
};

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    router.route("/v1/erasures/{id}", for_roles(app, &[Role::Subjects], get(show)))
}

async fn show(State(app): State<App>, Named(id): Named<String>) -> Reply<axum::Json<ErasureBody>> {
    Ok(axum::Json(app.engine.erasure(&id).await?.into()))
}
