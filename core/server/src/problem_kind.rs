//! The kinds of problems, with their words and statuses.

use hyper::StatusCode;

/// What a problem is, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ProblemKind {
    InvalidRequest,
    WrongMethod,
    WrongContentType,
    Unauthenticated,
    Forbidden,
    NotFound,
    VersionConflict,
    TooLarge,
    Unprocessable,
    Overloaded,
    InForceNotDurable,
    NotReady,
}

impl ProblemKind {
    /// The word for it, the last part of a problem's `type`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::InvalidRequest | Self::WrongMethod | Self::WrongContentType => "invalid-request",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::VersionConflict => "version-conflict",
            Self::TooLarge => "too-large",
            Self::Unprocessable => "unprocessable",
            Self::Overloaded => "overloaded",
            Self::InForceNotDurable => "in-force-not-durable",
            Self::NotReady => "not-ready",
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::WrongContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::VersionConflict => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Overloaded | Self::InForceNotDurable | Self::NotReady => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}
