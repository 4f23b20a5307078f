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
    RateLimited,
    Overloaded,
    InForceNotDurable,
    NotReady,
}

impl ProblemKind {
    /// Every kind that has a word of its own.
    pub(crate) const ALL: [Self; 11] = [
        Self::InvalidRequest,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::VersionConflict,
        Self::TooLarge,
        Self::Unprocessable,
        Self::RateLimited,
        Self::Overloaded,
        Self::InForceNotDurable,
        Self::NotReady,
    ];

    /// What it means and what to do.
    pub(crate) const fn describe_kind(self) -> &'static str {
        match self {
            Self::InvalidRequest | Self::WrongMethod | Self::WrongContentType => {
                "The request cannot be read; 405 where the route does not take the method, 415 where the body is of another type. Sending the same again does not help."
            }
            Self::Unauthenticated => {
                "No key or token came, or one that is not known or no longer in force. Ask for another token, or look at the keys of server.toml."
            }
            Self::Forbidden => {
                "The key or token may not do this, or not for this person. `detail` says which."
            }
            Self::NotFound => {
                "There is nothing of that name; `known` lists the names that exist, where they are no secret."
            }
            Self::VersionConflict => "It has changed since its `ETag` was read. Read it again.",
            Self::TooLarge => "The body, or a list in it, is longer than it may be. Send it in parts.",
            Self::Unprocessable => {
                "The request can be read and not be done. `detail` names the field, the form that is expected and an example."
            }
            Self::RateLimited => {
                "The address has as many connections open as it may. Use them again, and come back after `Retry-After`."
            }
            Self::Overloaded => "Too much is asked at once. Come back after `Retry-After`.",
            Self::InForceNotDurable => {
                "What was refused or stopped is obeyed, and no disk holds it: look at the disk before the next restart."
            }
            Self::NotReady => "The shop cannot do this now; health says why. Come back after `Retry-After`.",
        }
    }

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
            Self::RateLimited => "rate-limited",
            Self::Overloaded => "overloaded",
            Self::InForceNotDurable => "in-force-not-durable",
            Self::NotReady => "not-ready",
        }
    }

    /// Whether the same request may be answered a little later.
    pub(crate) const fn may_pass(self) -> bool {
        matches!(self, Self::RateLimited | Self::Overloaded | Self::InForceNotDurable | Self::NotReady)
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
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded | Self::InForceNotDurable | Self::NotReady => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}
