//! Who may call what.

use std::net::SocketAddr;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, header::AUTHORIZATION},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use jardin_engine::{Key, Role};
use sha2::{Digest as _, Sha256};

use crate::{app::App, problem::Failure};

/// The server would answer everybody on an address that others reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "without a key the server answers everybody, so it listens on loopback only; add `[[keys]]` to server.toml to listen elsewhere"
)]
pub struct OpenToAll;

/// Who may call what.
#[derive(Debug, Clone)]
pub struct Access(Vec<Key>);

impl Access {
    /// The keys of a server that listens on `address`.
    ///
    /// # Errors
    /// [`OpenToAll`] where there is no key and the address is not loopback.
    pub fn new(keys: Vec<Key>, address: SocketAddr) -> Result<Self, OpenToAll> {
        if keys.is_empty() && !address.ip().is_loopback() { Err(OpenToAll) } else { Ok(Self(keys)) }
    }

    /// True while everybody is answered.
    #[must_use]
    pub fn answers_everybody(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the caller has one of the roles.
    pub(crate) fn check(&self, headers: &HeaderMap, roles: &[Role]) -> Result<(), Failure> {
        if self.answers_everybody() {
            return Ok(());
        }
        let sent =
            headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
        let digest: [u8; 32] = Sha256::digest(sent.ok_or(Failure::Unauthenticated)?.trim().as_bytes()).into();
        // digests are compared, so that the time tells nothing about a key
        let key = self.0.iter().find(|k| k.sha256 == digest).ok_or(Failure::Unauthenticated)?;
        if key.roles.iter().any(|r| roles.contains(r)) { Ok(()) } else { Err(Failure::Forbidden) }
    }
}

/// Lets a request through whose key has one of the roles.
pub(crate) async fn guard(
    State((app, roles)): State<(App, &'static [Role])>,
    request: Request,
    next: Next,
) -> Response {
    let template = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    match app.access.check(request.headers(), roles) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.at(template.as_deref()).into_response(),
    }
}
