//! What a call gives.

use hyper::{
    StatusCode,
    body::Bytes,
    header::{HeaderValue, InvalidHeaderValue},
};
use jardin_engine::Problem;
use serde::Serialize;

use crate::problem::HttpProblem;

/// What a call gives, or why it was refused.
pub(crate) type Outcome = Result<Reply, HttpProblem>;

/// Most bodies have no more bytes, so that their text need not grow.
const USUAL_BYTES: usize = 2_048;

/// A status with a body.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// The version of what is shown.
    pub(crate) tag: Option<HeaderValue>,
    /// The body as JSON; empty where there is none.
    pub(crate) body: Bytes,
}

impl Reply {
    /// 200 with a body.
    pub(crate) fn ok(body: &impl Serialize) -> Outcome {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Outcome {
        // what is answered has texts as keys, and nothing else fails
        let mut text = Vec::with_capacity(USUAL_BYTES);
        serde_json::to_writer(&mut text, body).map_err(|_| Problem::NotReady)?;
        Ok(Self { status, tag: None, body: text.into() })
    }

    /// 204.
    pub(crate) const fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, tag: None, body: Bytes::new() }
    }

    /// With its version as `ETag`.
    pub(crate) fn tagged(self, version: &str) -> Outcome {
        let tag = HeaderValue::from_str(&format!("\"{version}\""));
        let tag = tag.map_err(|_: InvalidHeaderValue| Problem::NotReady)?;
        Ok(Self { tag: Some(tag), ..self })
    }
}
