//! `POST /v1/events`.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use jardin_engine::{PrivacySignals, Role};

use super::{Reply, for_roles, gpc, list_of};
use crate::{
    app::{App, Json},
    wire::ReceiptBody,
};

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    router.route("/v1/events", for_roles(app, &[Role::Ingest], post(take)))
}

async fn take(
    State(app): State<App>,
    headers: HeaderMap,
    Json(body): Json,
) -> Reply<(StatusCode, axum::Json<ReceiptBody>)> {
    let events = list_of(body, "events", "the body is `{\"events\": [{…}]}`")?;
    let narrowing = PrivacySignals { gpc: gpc(&headers), ..PrivacySignals::default() };
    let receipt = app.engine.ingest(events, &narrowing).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(ReceiptBody::from(&receipt))))
}
