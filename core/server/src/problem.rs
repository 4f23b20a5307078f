//! Errors as RFC 9457 writes them.

use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use jardin_engine::Problem;
use serde_json::{Map, Value, json};

/// Why a call was refused, here or in the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Engine(#[from] Problem),
    #[error("{0}")]
    Json(String),
    #[error("send the body as application/json")]
    ContentType,
    #[error("no key was sent, or one that is not known")]
    Unauthenticated,
    #[error("this key may not do this")]
    Forbidden,
    #[error("there is no such route")]
    NoRoute,
    #[error("this route knows no such method")]
    NoMethod,
    #[error("the body is longer than {0} bytes")]
    TooLong(usize),
    #[error("the body did not arrive in time")]
    Slow,
    #[error("the body ends before its stated length")]
    CutOff,
    #[error("too many requests are being answered")]
    Busy,
    #[error("an id is a text of 1 to 256 bytes without control characters")]
    BadId,
}

impl Failure {
    const fn kind(&self) -> (&'static str, StatusCode) {
        match self {
            Self::Engine(problem) => (problem.kind(), status(problem)),
            Self::Json(_) | Self::Slow | Self::CutOff => ("invalid-request", StatusCode::BAD_REQUEST),
            Self::ContentType => ("invalid-request", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::Unauthenticated => ("unauthenticated", StatusCode::UNAUTHORIZED),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN),
            Self::NoRoute => ("not-found", StatusCode::NOT_FOUND),
            Self::NoMethod => ("invalid-request", StatusCode::METHOD_NOT_ALLOWED),
            Self::TooLong(_) => ("too-large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::Busy => ("overloaded", StatusCode::SERVICE_UNAVAILABLE),
            Self::BadId => ("unprocessable", StatusCode::UNPROCESSABLE_ENTITY),
        }
    }

    /// The failure of a route, given by its template.
    pub(crate) fn at(self, template: Option<&str>) -> At {
        At { failure: self, template: template.map(str::to_owned) }
    }

    fn body(&self, template: Option<&str>) -> Value {
        let (kind, status) = self.kind();
        let mut body = Map::new();
        body.insert("type".to_owned(), format!("urn:jardin:problem:{kind}").into());
        body.insert("title".to_owned(), kind.replace('-', " ").into());
        body.insert("status".to_owned(), status.as_u16().into());
        body.insert("detail".to_owned(), self.to_string().into());
        if let Some(template) = template {
            body.insert("instance".to_owned(), template.into());
        }
        match self {
            Self::Engine(Problem::NotFound { known, .. }) if !known.is_empty() => {
                body.insert("known".to_owned(), json!(known.iter().map(|k| &**k).collect::<Vec<_>>()));
            }
            Self::Engine(Problem::Unprocessable { names, .. }) if !names.is_empty() => {
                body.insert("names".to_owned(), json!(names.iter().map(|n| &**n).collect::<Vec<_>>()));
            }
            _ => {}
        }
        Value::Object(body)
    }
}

const fn status(problem: &Problem) -> StatusCode {
    match problem {
        Problem::InvalidRequest { .. } => StatusCode::BAD_REQUEST,
        Problem::NotFound { .. } => StatusCode::NOT_FOUND,
        Problem::VersionConflict => StatusCode::PRECONDITION_FAILED,
        Problem::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Problem::Unprocessable { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Overloaded | Problem::NotReady => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A failure with the route that it happened on.
pub(crate) struct At {
    failure: Failure,
    template: Option<String>,
}

impl IntoResponse for At {
    fn into_response(self) -> Response {
        let (_, status) = self.failure.kind();
        (
            status,
            [(CONTENT_TYPE, "application/problem+json")],
            self.failure.body(self.template.as_deref()).to_string(),
        )
            .into_response()
    }
}

impl IntoResponse for Failure {
    /// Without its route; [`crate::app`] adds the template and the request's id.
    fn into_response(self) -> Response {
        let mut response = self.clone().at(None).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Failure {
    /// The whole problem document.
    pub(crate) fn document(self, template: Option<&str>, request_id: &str) -> Response {
        let (_, status) = self.kind();
        let mut body = self.body(template);
        if let Some(map) = body.as_object_mut() {
            map.insert("request_id".to_owned(), request_id.into());
        }
        (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }
}
