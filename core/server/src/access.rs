//! Who may call what.

use std::{borrow::Cow, net::SocketAddr, sync::Arc};

use hyper::{HeaderMap, header::AUTHORIZATION};
use jardin_access::{Key, Keys, PageToken, Role, TokenKeys};
use jardin_model::Timestamp;

use crate::loopback::{FromElsewhere, check_loopback};

/// Why a server may not listen as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeEntrance {
    /// It would answer everybody on an address that others reach.
    #[error(
        "without a key the server answers everybody, so it listens on loopback only; add `[[keys]]` to server.toml to listen elsewhere"
    )]
    OpenToAll,
    /// It would answer everybody whom the proxy lets through.
    #[error(
        "`behind_proxy` in server.toml needs `[[keys]]`: without one everybody is answered whom the proxy lets through"
    )]
    OpenToProxy,
    /// Keys and answers would cross a network as they are.
    #[error(
        "keys and answers would cross the network in clear: name a certificate in `[tls]` of server.toml, or put a proxy in front that speaks TLS and say `behind_proxy = true`"
    )]
    InClear,
}

/// Where a server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entrance {
    /// On which it listens.
    pub address: SocketAddr,
    /// Whether a proxy that speaks TLS stands before it.
    pub behind_proxy: bool,
    /// Whether it speaks TLS itself.
    pub speaks_tls: bool,
}

/// Straight and in clear.
impl From<SocketAddr> for Entrance {
    fn from(address: SocketAddr) -> Self {
        Self { address, behind_proxy: false, speaks_tls: false }
    }
}

/// Who may call what.
#[derive(Debug, Clone)]
pub struct Access {
    keys: Keys,
    /// On which the server listens.
    port: u16,
    tokens: Option<TokenAccess>,
}

/// By what page tokens are made and opened.
#[derive(Debug, Clone)]
pub struct TokenAccess {
    /// What seals them.
    pub keys: TokenKeys,
    /// Those that were made before are refused.
    pub before: Option<Timestamp>,
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
    pub roles: Cow<'static, [Role]>,
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
    /// A page, by its token.
    Token(Arc<PageToken>),
    /// The control socket.
    Local,
}

impl Access {
    /// The keys of a server that is reached there, which is asked by its port while there is no key.
    ///
    /// # Errors
    /// [`UnsafeEntrance`] where others would be answered without a key, or with one in clear.
    pub fn new(keys: Keys, entrance: impl Into<Entrance>) -> Result<Self, UnsafeEntrance> {
        let Entrance { address, behind_proxy, speaks_tls } = entrance.into();
        let is_loopback = address.ip().is_loopback();
        match keys.is_empty() {
            true if !is_loopback => Err(UnsafeEntrance::OpenToAll),
            true if behind_proxy => Err(UnsafeEntrance::OpenToProxy),
            false if !is_loopback && !behind_proxy && !speaks_tls => Err(UnsafeEntrance::InClear),
            _ => Ok(Self { keys, port: address.port(), tokens: None }),
        }
    }

    /// Who may call a server whose entrance is not safe: nobody, since a key that nobody has is asked for.
    #[must_use]
    pub fn closed(address: SocketAddr) -> Self {
        let nobody = Key { name: "nobody".into(), sha256: [0; 32], roles: Vec::new(), until: None };
        Self { keys: Keys::new(vec![nobody]), port: address.port(), tokens: None }
    }

    /// With page tokens; without, none is made and none opens anything.
    #[must_use]
    pub fn with_tokens(self, tokens: TokenAccess) -> Self {
        Self { tokens: Some(tokens), ..self }
    }

    /// True while everybody on this machine is answered.
    #[must_use]
    pub fn answers_everybody(&self) -> bool {
        self.keys.is_empty()
    }

    /// Who calls, by the key or the token in `Authorization`.
    #[must_use]
    pub fn identify(&self, headers: &HeaderMap, peer: Peer, now: Timestamp) -> Caller {
        self.identify_by(bearer(headers), headers, peer, now)
    }

    /// Who calls, by the key or the token that was sent, wherever it stood.
    pub(crate) fn identify_by(
        &self,
        sent: Option<&str>,
        headers: &HeaderMap,
        peer: Peer,
        now: Timestamp,
    ) -> Caller {
        if peer == Peer::Local {
            return Caller { by: CalledBy::Local, roles: Cow::Borrowed(&Role::ALL) };
        }
        if self.answers_everybody()
            && let Err(why) = check_loopback(headers, self.port)
        {
            return Caller { by: CalledBy::Elsewhere(why), roles: Cow::default() };
        }
        let sent = sent.unwrap_or_default();
        if TokenKeys::is_token(sent) {
            let token = self.find_token(sent, now);
            let by = token.map_or(CalledBy::Anybody, |token| CalledBy::Token(Arc::new(token)));
            return Caller { by, roles: Cow::default() };
        }
        if self.answers_everybody() {
            return Caller { by: CalledBy::Anybody, roles: Cow::Borrowed(&Role::ALL) };
        }
        self.keys.find_key(sent, now).map_or(Caller::STRANGER, |key| Caller {
            by: CalledBy::Key(Arc::clone(&key.name)),
            roles: key.roles.clone().into(),
        })
    }

    /// The token of a text, where it is in force: the key that made it still may, and nobody took it back.
    fn find_token(&self, sent: &str, now: Timestamp) -> Option<PageToken> {
        let tokens = self.tokens.as_ref()?;
        let token = tokens.keys.open_token(sent, now)?;
        let may_give = match &token.key {
            None => self.answers_everybody(),
            Some(name) => self
                .keys
                .find_named(name, now)
                .is_some_and(|key| token.scopes.iter().all(|scope| scope.is_given_by(&key.roles))),
        };
        let is_taken_back = tokens.before.is_some_and(|before| token.issued < before);
        (may_give && !is_taken_back).then_some(token)
    }

    /// Seals a token; `None` where there are none here, or the system gives no random bytes.
    pub(crate) fn seal_token(&self, token: &PageToken) -> Option<String> {
        self.tokens.as_ref()?.keys.seal_token(token)
    }
}

/// What is sent as `Authorization: Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, sent) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    // RFC 9110 §11.1: the name of a scheme is of any case
    scheme.eq_ignore_ascii_case("bearer").then(|| sent.trim())
}

impl Caller {
    /// Nobody who is known.
    pub(crate) const STRANGER: Self = Self { by: CalledBy::Anybody, roles: Cow::Borrowed(&[]) };

    /// The page token by which a page calls.
    #[must_use]
    pub fn page_token(&self) -> Option<&PageToken> {
        if let CalledBy::Token(token) = &self.by { Some(token) } else { None }
    }

    /// Whether the caller has one of the roles.
    #[must_use]
    pub fn has_role(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entrance_is_loopback_or_has_keys_and_tls_there_or_at_a_proxy() {
        let key = Key { name: "web".into(), sha256: [1; 32], roles: vec![Role::Serve], until: None };
        let open = |address: &str, guard: &str, keys: &[Key]| {
            let (address, behind_proxy, speaks_tls) =
                (address.parse().unwrap(), guard == "proxy", guard == "tls");
            Access::new(Keys::new(keys.to_vec()), Entrance { address, behind_proxy, speaks_tls }).err()
        };
        let key = std::slice::from_ref(&key);
        for (address, guard, keys, refused) in [
            ("127.0.0.1:80", "", &[][..], None),
            ("[::1]:80", "", &[], None),
            ("127.0.0.1:80", "tls", &[], None),
            ("127.0.0.1:80", "proxy", &[], Some(UnsafeEntrance::OpenToProxy)),
            ("127.0.0.1:80", "", key, None),
            ("127.0.0.1:80", "proxy", key, None),
            ("0.0.0.0:80", "", &[], Some(UnsafeEntrance::OpenToAll)),
            ("0.0.0.0:80", "tls", &[], Some(UnsafeEntrance::OpenToAll)),
            ("0.0.0.0:80", "proxy", &[], Some(UnsafeEntrance::OpenToAll)),
            ("0.0.0.0:80", "", key, Some(UnsafeEntrance::InClear)),
            ("[::]:80", "", key, Some(UnsafeEntrance::InClear)),
            ("192.168.1.2:80", "", key, Some(UnsafeEntrance::InClear)),
            ("0.0.0.0:80", "proxy", key, None),
            ("0.0.0.0:80", "tls", key, None),
        ] {
            assert_eq!(open(address, guard, keys), refused, "{address} {guard} {}", keys.len());
        }
    }
}
