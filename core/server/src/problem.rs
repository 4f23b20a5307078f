//! Errors as RFC 9457 writes them.

use std::sync::Arc;

use jardin_engine::Problem;
use serde_json::{Map, Value, json};

use crate::{
    body::BodyProblem,
    field::{Field, Shape, ValueKind},
    loopback::FromElsewhere,
    problem_kind::ProblemKind,
};

/// Why a call was refused, here or in the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HttpProblem {
    #[error("{0}")]
    Engine(#[from] Problem),
    #[error("{0}")]
    Body(BodyProblem),
    #[error("{0}")]
    Json(String),
    #[error("send the body as application/json")]
    ContentType,
    #[error("send the body as it is or as gzip")]
    Coding,
    #[error("the body is not the gzip that its head says it is")]
    NotGzip,
    #[error("no key or token was sent, or one that is not known or no longer in force")]
    Unauthenticated,
    #[error("this key or token may not do this")]
    Forbidden,
    #[error("the token is for another person or another visit")]
    ForAnother,
    #[error("the token does not open this placement or filter")]
    NotOpened,
    #[error("the token may only switch off; the shop gives one with `verified` once it has checked who asks")]
    NotVerified,
    #[error("`subject_id` and `visitor` name two people; send one of them")]
    TwoPeople,
    #[error("{0}")]
    FromElsewhere(FromElsewhere),
    #[error("there is no such route")]
    NoRoute,
    #[error("this route does not take this method")]
    NoMethod,
    #[error("the body is longer than {0} bytes")]
    TooLong(usize),
    #[error("the body did not arrive in time")]
    Slow,
    #[error("the body ends before its stated length")]
    CutOff,
    #[error("too many requests are being answered")]
    Busy,
    #[error("too many connections of this address are open")]
    ManyConnections,
    #[error("an id must be 1 to 256 bytes of text without control characters")]
    BadId,
    /// The shop as a whole refuses.
    #[error("{0}")]
    Refused(Arc<str>),
}

impl From<BodyProblem> for HttpProblem {
    fn from(problem: BodyProblem) -> Self {
        Self::Body(problem)
    }
}

impl HttpProblem {
    /// A field that the body lacks.
    pub(crate) fn missing(shape: &Shape, key: &str) -> Self {
        let field = shape.fields.iter().find(|f| f.key == key);
        field.map_or(Self::BadId, |field| BodyProblem::missing(field).into())
    }

    pub(crate) const fn kind(&self) -> ProblemKind {
        match self {
            Self::Engine(problem) => engine_kind(problem),
            Self::Body(problem) => problem.kind,
            Self::Json(_) | Self::Slow | Self::CutOff | Self::NotGzip => ProblemKind::InvalidRequest,
            Self::ContentType | Self::Coding => ProblemKind::WrongContentType,
            Self::Unauthenticated => ProblemKind::Unauthenticated,
            Self::Forbidden
            | Self::ForAnother
            | Self::NotOpened
            | Self::NotVerified
            | Self::FromElsewhere(_) => ProblemKind::Forbidden,
            Self::NoRoute => ProblemKind::NotFound,
            Self::NoMethod => ProblemKind::WrongMethod,
            Self::TooLong(_) => ProblemKind::TooLarge,
            Self::Busy => ProblemKind::Overloaded,
            Self::ManyConnections => ProblemKind::RateLimited,
            Self::BadId | Self::TwoPeople | Self::Refused(_) => ProblemKind::Unprocessable,
        }
    }

    /// The problem document. `template` is the route's, never the path: ids stand in paths.
    pub(crate) fn document(&self, template: Option<&str>, request_id: &str) -> String {
        let kind = self.kind();
        let mut body = Map::new();
        let mut insert = |key: &str, value: Value| body.insert(key.to_owned(), value);
        insert("type", format!("urn:jardin:problem:{}", kind.word()).into());
        insert("title", kind.word().replace('-', " ").into());
        insert("status", kind.status().as_u16().into());
        insert("detail", self.to_string().into());
        insert("request_id", request_id.into());
        if let Some(template) = template {
            insert("instance", template.into());
        }
        match self {
            Self::Engine(Problem::NotFound { known, .. }) if !known.is_empty() => {
                insert("known", json!(known.iter().map(|k| &**k).collect::<Vec<_>>()));
            }
            Self::Engine(Problem::Unprocessable { names, .. }) if !names.is_empty() => {
                insert("names", json!(names.iter().map(|n| &**n).collect::<Vec<_>>()));
            }
            Self::Engine(Problem::UnreadableFields(faults)) => {
                insert("names", json!(faults.iter().map(|fault| &**fault.name()).collect::<Vec<_>>()));
            }
            _ => {}
        }
        Value::Object(body).to_string()
    }
}

const fn engine_kind(problem: &Problem) -> ProblemKind {
    match problem {
        Problem::InvalidRequest { .. } => ProblemKind::InvalidRequest,
        Problem::NotFound { .. } => ProblemKind::NotFound,
        Problem::VersionConflict => ProblemKind::VersionConflict,
        Problem::TooLarge { .. } => ProblemKind::TooLarge,
        Problem::Unprocessable { .. } | Problem::UnreadableFields(_) => ProblemKind::Unprocessable,
        Problem::Overloaded => ProblemKind::Overloaded,
        Problem::InForceNotDurable => ProblemKind::InForceNotDurable,
        Problem::DiskFull | Problem::NotReady => ProblemKind::NotReady,
    }
}

/// A problem document.
pub(crate) const PROBLEM: Shape = Shape {
    name: "Problem",
    says: "Why a call was refused (RFC 9457). It repeats no value that was sent.",
    fields: &[
        Field::required("type", ValueKind::Text, "`urn:jardin:problem:` and the kind of problem")
            .such_as(r#""urn:jardin:problem:not-found""#),
        Field::required("title", ValueKind::Text, "the kind in words").such_as(r#""not found""#),
        Field::required("status", ValueKind::Whole, "the HTTP status").such_as("404"),
        Field::required("detail", ValueKind::Text, "what is wrong and what is expected")
            .such_as(r#""there is no such placement""#),
        Field::required("request_id", ValueKind::Text, "also the header `x-request-id`").such_as(r#""r17""#),
        Field::optional("instance", ValueKind::Text, "the route's template, never the path")
            .such_as(r#""/v1/recommendations""#),
        Field::optional(
            "known",
            ValueKind::List(&ValueKind::Text),
            "the names that exist, where they are no secret",
        )
        .such_as(r#"["home","product_page"]"#),
        Field::optional("names", ValueKind::List(&ValueKind::Text), "the declared names that it concerns")
            .such_as(r#"["category"]"#),
    ],
    open: false,
};
