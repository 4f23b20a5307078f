//! `POST /v1/recommendations` and its batch.

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use jardin_engine::Role;
use serde_json::{Value, json};

use super::{Reply, for_roles, gpc};
use crate::{
    app::{App, Json},
    wire::{AnswerBody, ask, batch},
};

pub(super) fn routes(app: &App, router: Router<App>) -> Router<App> {
    router
        .route("/v1/recommendations", for_roles(app, &[Role::Serve], post(one)))
        .route("/v1/recommendations/batch", for_roles(app, &[Role::Serve], post(many)))
}

async fn one(State(app): State<App>, headers: HeaderMap, Json(body): Json) -> Reply<axum::Json<AnswerBody>> {
    let answer = app.engine.recommend(&ask(body, gpc(&headers))?).await?;
    Ok(axum::Json(answer.into()))
}

async fn many(State(app): State<App>, headers: HeaderMap, Json(body): Json) -> Reply<axum::Json<Value>> {
    let (requests, distinct) = batch(body, gpc(&headers))?;
    let answers = app.engine.recommend_batch(&requests, distinct).await?;
    let answers: Vec<AnswerBody> = answers.into_iter().map(AnswerBody::from).collect();
    Ok(axum::Json(json!({"answers": answers})))
}
