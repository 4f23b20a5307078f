//! Sealing page tokens.

use std::{fmt, sync::Arc};

use aes_gcm::{
    Aes256Gcm, Key, Nonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use jardin_model::{DAY_MS, Timestamp};
use sha2::Sha256;

use crate::PageToken;

/// How a token begins, by which it is told from a key.
const VERSION: &str = "v1.";
const NONCE_BYTES: usize = 12;

/// What seals the tokens of one shop: `v1.<key id>.<sealed>`, by AES-256-GCM (NIST SP 800-38D) under a key of the
/// day, in UTC, that is derived from the shop's secret. The keys of today and of yesterday open, so that a key is
/// exchanged every day while no token, which lasts an hour at most, is cut short.
#[derive(Clone)]
pub struct TokenKeys {
    secret: [u8; 32],
    shop: Arc<str>,
}

/// Tells nothing of the secret.
impl fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeys").field("shop", &self.shop).finish_non_exhaustive()
    }
}

impl TokenKeys {
    /// The keys of a shop, derived from a secret of its own.
    #[must_use]
    pub const fn new(secret: [u8; 32], shop: Arc<str>) -> Self {
        Self { secret, shop }
    }

    /// Whether a text is a token rather than a key, whatever it is worth.
    #[must_use]
    pub fn is_token(text: &str) -> bool {
        text.starts_with(VERSION)
    }

    /// Seals a token; `None` where the system gives no random bytes.
    #[must_use]
    pub fn seal_token(&self, token: &PageToken) -> Option<String> {
        let head = format!("{VERSION}{}", day_of(token.issued));
        let text = token.to_text(&self.shop)?;
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).ok()?;
        let payload = Payload { msg: &text, aad: head.as_bytes() };
        let sealed = self.cipher_of(&head)?.encrypt(&Nonce::from(nonce), payload).ok()?;
        Some(format!("{head}.{}", BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// The token of a text that was sent; `None` where this shop did not seal exactly this text, and where it is not
    /// in force now.
    #[must_use]
    pub fn open_token(&self, sent: &str, now: Timestamp) -> Option<PageToken> {
        let (head, sealed) = sent.rsplit_once('.')?;
        let day: i64 = head.strip_prefix(VERSION)?.parse().ok()?;
        if !(day_of(now) - 1..=day_of(now)).contains(&day) {
            return None;
        }
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: head.as_bytes() };
        let text = self.cipher_of(head)?.decrypt(&Nonce::from(*nonce), payload).ok()?;
        PageToken::of_text(&text, &self.shop).filter(|token| token.is_in_force(now))
    }

    /// The cipher of a token's head: HMAC-SHA-256 of it under the secret is the key.
    fn cipher_of(&self, head: &str) -> Option<Aes256Gcm> {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.secret).ok()?;
        mac.update(head.as_bytes());
        let key: [u8; 32] = mac.finalize().into_bytes().into();
        Some(Aes256Gcm::new(&Key::<Aes256Gcm>::from(key)))
    }
}

fn day_of(at: Timestamp) -> i64 {
    at.ms().div_euclid(DAY_MS)
}

#[cfg(test)]
mod tests {
    use jardin_model::{SessionId, SubjectId};

    use super::*;
    use crate::{MAX_TOKEN_MS, Scope};

    const NOON: Timestamp = Timestamp::from_ms(20_000 * DAY_MS + DAY_MS / 2);

    fn keys() -> TokenKeys {
        TokenKeys::new([7; 32], "La Draille".into())
    }

    fn make_token(issued: Timestamp) -> PageToken {
        PageToken {
            id: "0123".into(),
            key: Some("website".into()),
            person: Some(SubjectId::new("ada").unwrap()),
            is_visitor: false,
            is_verified: false,
            session: Some(SessionId::new("s1").unwrap()),
            scopes: vec![Scope::Serve, Scope::Consent],
            placements: Some(vec!["home".into()]),
            filters: None,
            locale: Some("fr-FR".into()),
            issued,
            expires: issued.plus_ms(MAX_TOKEN_MS),
        }
    }

    #[test]
    fn a_token_opens_until_it_expires_and_not_before_it_was_made() {
        let sealed = keys().seal_token(&make_token(NOON)).unwrap();
        let opens = |ms| keys().open_token(&sealed, NOON.plus_ms(ms));
        assert_eq!(opens(0), Some(make_token(NOON)));
        assert_eq!(opens(MAX_TOKEN_MS - 1), Some(make_token(NOON)));
        assert_eq!((opens(MAX_TOKEN_MS), opens(-1)), (None, None));
        let longer = PageToken { expires: NOON.plus_ms(MAX_TOKEN_MS + 1), ..make_token(NOON) };
        assert_eq!(keys().open_token(&keys().seal_token(&longer).unwrap(), NOON), None);
    }

    #[test]
    fn a_token_of_before_midnight_opens_after_it() {
        let midnight = Timestamp::from_ms(20_001 * DAY_MS);
        let late = make_token(midnight.plus_ms(-1));
        let sealed = keys().seal_token(&late).unwrap();
        assert!(sealed.starts_with("v1.20000."));
        assert_eq!(keys().open_token(&sealed, midnight), Some(late));
    }

    #[test]
    fn no_altered_token_opens() {
        let sealed = keys().seal_token(&make_token(NOON)).unwrap();
        for place in 0..sealed.len() {
            for bit in 0..7 {
                let mut bytes = sealed.clone().into_bytes();
                bytes[place] ^= 1 << bit;
                let altered = String::from_utf8(bytes).unwrap();
                assert_eq!(keys().open_token(&altered, NOON), None, "byte {place}, bit {bit}");
            }
            let cut = sealed.get(..place).unwrap();
            assert_eq!(keys().open_token(cut, NOON), None, "cut at {place}");
        }
        for other in [
            format!("{sealed}A"),
            format!("{sealed}="),
            sealed.replace("v1.2", "v1.+2"),
            sealed.replace("v1.", "v1.0"),
        ] {
            assert_eq!(keys().open_token(&other, NOON), None, "{other}");
        }
    }

    #[test]
    fn no_other_shop_opens_it() {
        let sealed = keys().seal_token(&make_token(NOON)).unwrap();
        assert_eq!(TokenKeys::new([8; 32], "La Draille".into()).open_token(&sealed, NOON), None);
        assert_eq!(TokenKeys::new([7; 32], "Les Cimes".into()).open_token(&sealed, NOON), None);
    }

    #[test]
    fn nothing_of_it_can_be_read_and_its_length_tells_no_id() {
        let sealed = keys().seal_token(&make_token(NOON)).unwrap();
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed.rsplit('.').next().unwrap()).unwrap();
        for word in ["ada", "s1", "website", "serve", "La Draille"] {
            assert!(!bytes.windows(word.len()).any(|found| found == word.as_bytes()), "{word}");
        }
        let longer = PageToken { person: Some(SubjectId::new("adeline").unwrap()), ..make_token(NOON) };
        assert_eq!(keys().seal_token(&longer).unwrap().len(), sealed.len());
        assert_ne!(keys().seal_token(&make_token(NOON)).unwrap(), sealed);
        assert!(!format!("{:?}", keys()).contains('7'));
    }
}
