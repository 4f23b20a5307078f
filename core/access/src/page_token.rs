//! What a page token says.

use std::sync::Arc;

use jardin_model::{SessionId, SubjectId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Scope;

/// The longest life of a token, in milliseconds.
pub const MAX_TOKEN_MS: i64 = 60 * 60 * 1_000;
/// A token's text is a multiple of so many bytes before it is sealed, so that its length says little of an id.
const PADDED_TO: usize = 128;

/// What one page of one visitor may do, and until when. It names at most one person and one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageToken {
    /// By which a record names the token that it came by; it says nothing.
    pub id: Arc<str>,
    /// The key that made it, by its name; `None` where no key existed.
    pub key: Option<Arc<str>>,
    /// Whose page it is.
    pub person: Option<SubjectId>,
    /// Whether the person's id was made with it, for somebody of whom the shop knows nothing.
    pub is_visitor: bool,
    /// Whether the shop has just checked that it is them who ask.
    pub is_verified: bool,
    /// In which visit.
    pub session: Option<SessionId>,
    /// What it opens.
    pub scopes: Vec<Scope>,
    /// The placements that it may ask for; all where it is `None`.
    pub placements: Option<Vec<Arc<str>>>,
    /// The filters that it may ask by; all where it is `None`.
    pub filters: Option<Vec<Arc<str>>>,
    /// The language where a request names none.
    pub locale: Option<Arc<str>>,
    /// When it was made.
    pub issued: Timestamp,
    /// The first instant at which it opens nothing any longer.
    pub expires: Timestamp,
}

/// A token as it is sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    shop: String,
    id: String,
    key: Option<String>,
    person: Option<String>,
    visitor: bool,
    verified: bool,
    session: Option<String>,
    scopes: Vec<String>,
    placements: Option<Vec<String>>,
    filters: Option<Vec<String>>,
    locale: Option<String>,
    issued: i64,
    expires: i64,
}

impl PageToken {
    /// Its text for a shop, before it is sealed.
    pub(crate) fn to_text(&self, shop: &str) -> Option<Vec<u8>> {
        let owned = |texts: &Option<Vec<Arc<str>>>| {
            texts.as_ref().map(|texts| texts.iter().map(ToString::to_string).collect())
        };
        let claims = Claims {
            shop: shop.to_owned(),
            id: self.id.to_string(),
            key: self.key.as_deref().map(str::to_owned),
            person: self.person.as_ref().map(|id| id.as_str().to_owned()),
            visitor: self.is_visitor,
            verified: self.is_verified,
            session: self.session.as_ref().map(|id| id.as_str().to_owned()),
            scopes: self.scopes.iter().map(|scope| scope.word().to_owned()).collect(),
            placements: owned(&self.placements),
            filters: owned(&self.filters),
            locale: self.locale.as_deref().map(str::to_owned),
            issued: self.issued.ms(),
            expires: self.expires.ms(),
        };
        let mut text = serde_json::to_vec(&claims).ok()?;
        text.resize(text.len().next_multiple_of(PADDED_TO), b' ');
        Some(text)
    }

    /// The token of a text that was unsealed; `None` where it was made for another shop.
    pub(crate) fn of_text(text: &[u8], shop: &str) -> Option<Self> {
        let claims: Claims = serde_json::from_slice(text).ok()?;
        let shared =
            |texts: Option<Vec<String>>| texts.map(|texts| texts.into_iter().map(Arc::from).collect());
        let token = Self {
            id: claims.id.into(),
            key: claims.key.map(Arc::from),
            person: claims.person.map(|id| SubjectId::new(&id)).transpose().ok()?,
            is_visitor: claims.visitor,
            is_verified: claims.verified,
            session: claims.session.map(|id| SessionId::new(&id)).transpose().ok()?,
            scopes: claims.scopes.iter().map(|word| Scope::from_word(word)).collect::<Option<_>>()?,
            placements: shared(claims.placements),
            filters: shared(claims.filters),
            locale: claims.locale.map(Arc::from),
            issued: Timestamp::from_ms(claims.issued),
            expires: Timestamp::from_ms(claims.expires),
        };
        (claims.shop == shop).then_some(token)
    }

    /// Whether it is in force at a time, and was made for no longer than a token may last.
    pub(crate) fn is_in_force(&self, now: Timestamp) -> bool {
        let lasts = self.expires.ms_since(self.issued);
        self.issued <= now && now < self.expires && lasts <= MAX_TOKEN_MS
    }

    /// Whether it opens something.
    #[must_use]
    pub fn has_scope(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}
