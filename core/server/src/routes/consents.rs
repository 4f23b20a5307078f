//! `/v1/subjects/{id}/consents/{name}`.

use axum::{Router, extract::State, routing::get};
use jardin_engine::Role;
use serde_json::Value;

use super::{Reply, for_roles, subject_id};
use crate::{
    app::{App, Json, Named},
    wire::{consent, consent_shown},
};

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    router.route("/v1/subjects/{id}/consents/{name}", for_roles(app, &[Role::Subjects], get(show).put(set)))
}

async fn show(
    State(app): State<App>,
    Named((id, name)): Named<(String, String)>,
) -> Reply<axum::Json<Value>> {
    let shown = app.engine.consent(&subject_id(&id)?, &name).await?;
    Ok(axum::Json(consent_shown(&shown)))
}

async fn set(
    State(app): State<App>,
    Named((id, name)): Named<(String, String)>,
    Json(body): Json,
) -> Reply<axum::Json<Value>> {
    let shown = app.engine.put_consent(&subject_id(&id)?, &name, consent(body)?).await?;
    Ok(axum::Json(consent_shown(&shown)))
}
