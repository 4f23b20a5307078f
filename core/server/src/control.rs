//! What a command of this program asks of the running shop: on the control socket alone, beside every route.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::post,
};
use jardin_contract::{ControlError, HostControl};
use serde_json::json;

/// The longest question. Whoever may ask here could as well write the store.
const MAX_QUESTION_BYTES: usize = 64 << 20;

/// A router with the questions that the host answers.
pub(crate) fn with_control(router: Router, control: Arc<dyn HostControl>) -> Router {
    let answer = move |Path(name): Path<String>, body: Body| answer_question(control, name, body);
    router.route("/v1/control/{name}", post(answer))
}

/// Runs to its end even if the command goes away meanwhile, as every change does.
async fn answer_question(control: Arc<dyn HostControl>, name: String, body: Body) -> Response {
    let Ok(question) = axum::body::to_bytes(body, MAX_QUESTION_BYTES).await else {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "the question is too long, or was cut off");
    };
    let answered = tokio::spawn(async move { control.answer_command(&name, &question).await });
    match answered.await {
        Ok(Ok(answer)) => ([(CONTENT_TYPE, "application/json")], answer).into_response(),
        Ok(Err(ControlError { what })) => refused(StatusCode::UNPROCESSABLE_ENTITY, &what),
        // only a runtime that ends stops a task, or a bug
        Err(_) => refused(StatusCode::INTERNAL_SERVER_ERROR, "it was not answered to its end"),
    }
}

fn refused(status: StatusCode, detail: &str) -> Response {
    let document = json!({"status": status.as_u16(), "detail": detail}).to_string();
    (status, [(CONTENT_TYPE, "application/problem+json")], document).into_response()
}
