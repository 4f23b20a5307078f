//! A handler that parses the same JSON and answers as many bytes as a list has, with nothing behind it.

use axum::{Json, Router, http::header::CONTENT_TYPE, routing::post};
use serde_json::Value;

/// By which this program serves instead of measuring.
pub const ARGUMENT: &str = "--serve-bare";

/// As many bytes as a list of twelve items.
const ANSWER_BYTES: usize = 1_100;

/// Serves until it is killed.
pub fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("listening on http://{}", listener.local_addr().unwrap());
        let answer = format!("\"{}\"", "x".repeat(ANSWER_BYTES - 2));
        let handler = move |Json(asked): Json<Value>| {
            let answer = answer.clone();
            async move {
                assert!(asked["placement"].is_string());
                ([(CONTENT_TYPE, "application/json")], answer)
            }
        };
        let router = Router::new().route("/v1/recommendations", post(handler));
        axum::serve(listener, router).await.unwrap();
    });
}
