//! Who may call what.

use std::{net::SocketAddr, sync::Arc};

use hyper::{HeaderMap, header::AUTHORIZATION};
use jardin_access::{Key, Keys, Role};
use jardin_model::Timestamp;

use crate::loopback::{FromElsewhere, check_loopback};

/// The server would answer everybody on an address that others reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "without a key the server answers everybody, so it listens on loopback only; add `[[keys]]` to server.toml to listen elsewhere"
)]
pub struct OpenToAll;

/// Who may call what.
#[derive(Debug, Clone)]
pub struct Access {
    keys: Keys,
    /// On which the server listens.
    port: u16,
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// The address that the server listens on.
    Network,
    /// The control socket, which the same user of the same machine alone can open.
    Local,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// By what the caller is known.
    pub by: CalledBy,
    /// What the caller may do.
    pub roles: Vec<Role>,
}

/// By what a caller is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalledBy {
    /// Nothing: no key was sent, or one that is not known, or there is none.
    Anybody,
    /// Nothing, while no key exists and something else than a program of this machine asks.
    Elsewhere(FromElsewhere),
    /// A key, by its name.
    Key(Arc<str>),
    /// The control socket.
    Local,
}

impl Access {
    /// The keys of a server that listens on `address`, which is asked by its port while there is no key.
    ///
    /// # Errors
    /// [`OpenToAll`] where there is no key and the address is not loopback.
    pub fn new(keys: Keys, address: SocketAddr) -> Result<Self, OpenToAll> {
        if keys.is_empty() && !address.ip().is_loopback() {
            return Err(OpenToAll);
        }
        Ok(Self { keys, port: address.port() })
    }

    /// True while everybody on this machine is answered.
    #[must_use]
    pub fn answers_everybody(&self) -> bool {
        self.keys.is_empty()
    }

    /// Who calls, by the key that was sent.
    #[must_use]
    pub fn identify(&self, headers: &HeaderMap, peer: Peer, now: Timestamp) -> Caller {
        if peer == Peer::Local {
            return Caller { by: CalledBy::Local, roles: Role::ALL.to_vec() };
        }
        if self.answers_everybody() {
            return match check_loopback(headers, self.port) {
                Ok(()) => Caller { by: CalledBy::Anybody, roles: Role::ALL.to_vec() },
                Err(why) => Caller { by: CalledBy::Elsewhere(why), roles: Vec::new() },
            };
        }
        self.find_key(headers, now).map_or(Caller { by: CalledBy::Anybody, roles: Vec::new() }, |key| {
            Caller { by: CalledBy::Key(Arc::clone(&key.name)), roles: key.roles.clone() }
        })
    }

    fn find_key(&self, headers: &HeaderMap, now: Timestamp) -> Option<&Key> {
        let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        // RFC 9110 §11.1: the name of a scheme is of any case
        let is_bearer = scheme.eq_ignore_ascii_case("bearer");
        is_bearer.then(|| self.keys.find_key(key.trim(), now)).flatten()
    }
}

impl Caller {
    /// Whether the caller has one of the roles.
    #[must_use]
    pub fn has_role(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }
}
