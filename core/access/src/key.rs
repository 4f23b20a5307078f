//! Keys: made, kept by their digests, and found again.

use std::{fmt, hint::black_box, sync::Arc};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jardin_model::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::Role;

/// By which a key is recognised where it does not belong: in a log, a repository, a page.
const PREFIX: &str = "jardin_";

/// A key by its digest; the key itself stands in no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What it is called, in logs as well.
    pub name: Arc<str>,
    /// The sha256 of its text.
    pub sha256: [u8; 32],
    /// What it may do.
    pub roles: Vec<Role>,
    /// The first instant at which it is no longer known; `None` where it does not end.
    pub until: Option<Timestamp>,
}

impl Key {
    fn is_known(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// A key that was just made: the only moment at which its text is known.
#[derive(Clone)]
pub struct NewKey {
    /// What the caller sends.
    pub text: String,
    /// What is kept of it.
    pub sha256: [u8; 32],
}

impl NewKey {
    /// Makes a key of 256 random bits.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn create() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        let text = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let sha256 = Sha256::digest(text.as_bytes()).into();
        Ok(Self { text, sha256 })
    }
}

/// Tells nothing of the key.
impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey").finish_non_exhaustive()
    }
}

/// All keys of a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(Vec<Key>);

impl Keys {
    /// These keys.
    #[must_use]
    pub fn new(keys: Vec<Key>) -> Self {
        Self(keys)
    }

    /// True while there is no key at all. One that has ended is still a key: its end opens nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key of a name, as long as it has not ended.
    #[must_use]
    pub fn find_named(&self, name: &str, now: Timestamp) -> Option<&Key> {
        self.0.iter().find(|key| &*key.name == name && key.is_known(now))
    }

    /// The key of a text that was sent, as long as it has not ended. Every key is compared, so that the time
    /// tells neither which one it was nor how much of it was right.
    #[must_use]
    pub fn find_key(&self, sent: &str, now: Timestamp) -> Option<&Key> {
        let digest: [u8; 32] = Sha256::digest(sent.as_bytes()).into();
        let mut found = None;
        for key in &self.0 {
            if is_same_digest(&key.sha256, &digest) {
                found = Some(key);
            }
        }
        found.filter(|key| key.is_known(now))
    }
}

/// Compares all bytes whatever they are. What is compared are digests: a caller who does not know a key cannot
/// choose how they begin, and what is known of one says nothing of the key.
fn is_same_digest(one: &[u8; 32], other: &[u8; 32]) -> bool {
    let difference = one.iter().zip(other).fold(0, |found, (a, b)| black_box(found | (a ^ b)));
    difference == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, text: &str, until: Option<i64>) -> Key {
        Key {
            name: name.into(),
            sha256: Sha256::digest(text.as_bytes()).into(),
            roles: vec![Role::Serve],
            until: until.map(Timestamp::from_ms),
        }
    }

    #[test]
    fn a_key_is_found_by_its_text_until_it_ends() {
        let keys = Keys::new(vec![key("old", "one", Some(1_000)), key("new", "two", None)]);
        let find = |text, at| keys.find_key(text, Timestamp::from_ms(at)).map(|key| key.name.to_string());
        assert_eq!(find("one", 999).as_deref(), Some("old"));
        assert_eq!(find("one", 1_000), None);
        assert_eq!(find("two", i64::MAX).as_deref(), Some("new"));
        assert_eq!(find("One", 0), None);
        assert_eq!(find("", 0), None);
    }

    #[test]
    fn a_key_that_has_ended_opens_nothing() {
        let keys = Keys::new(vec![key("old", "one", Some(0))]);
        assert!(!keys.is_empty());
        assert!(Keys::default().is_empty());
    }

    #[test]
    fn new_keys_differ_and_are_not_shown_by_debug() {
        let (one, two) = (NewKey::create().unwrap(), NewKey::create().unwrap());
        assert_ne!(one.text, two.text);
        // 32 bytes are 43 letters of base64 (RFC 4648 §5)
        assert_eq!(one.text.len(), PREFIX.len() + 43);
        assert_eq!(<[u8; 32]>::from(Sha256::digest(&one.text)), one.sha256);
        assert!(!format!("{one:?}").contains(&one.text));
    }

    #[test]
    fn no_key_is_found_by_its_beginning_with_another_end() {
        const TRIED: usize = 100_000;
        let new = NewKey::create().unwrap();
        let keys = Keys::new(vec![Key { sha256: new.sha256, ..key("shop", "", None) }]);
        let mut guesses = (0..).map(|n: usize| {
            let (begun, other) = (n % new.text.len(), NewKey::create().unwrap().text);
            new.text.get(..begun).unwrap().to_owned() + other.get(begun..).unwrap()
        });
        let guesses = guesses.by_ref().filter(|guess| *guess != new.text).take(TRIED);
        let found = guesses.filter(|guess| keys.find_key(guess, Timestamp::from_ms(0)).is_some()).count();
        assert_eq!(found, 0);
    }

    #[test]
    fn no_beginning_of_a_key_is_a_key() {
        let new = NewKey::create().unwrap();
        let keys = Keys::new(vec![Key { sha256: new.sha256, ..key("shop", "", None) }]);
        let mut begun = String::new();
        for letter in new.text.chars() {
            assert!(keys.find_key(&begun, Timestamp::from_ms(0)).is_none());
            begun.push(letter);
        }
        assert!(keys.find_key(&new.text, Timestamp::from_ms(0)).is_some());
    }
}
