//! Keyed digests, and sealing under a key.

use aes_gcm::{
    Aes256Gcm, Key, Nonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use hmac::{Hmac, Mac as _};
use jardin_contract::StoreError;
use sha2::Sha256;

use crate::store::failed;

/// 32 bytes that nobody else knows.
pub(crate) type Secret = [u8; 32];

/// The bytes that a sealed text is longer than the text: a nonce of 12 and a tag of 16.
pub(crate) const SEAL_BYTES: usize = 28;

/// Random bytes of the system. Without them nothing can be kept secret, so that their failure is an error of
/// the store.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| failed(format!("the system gives no random bytes: {e}")))?;
    Ok(bytes)
}

/// HMAC-SHA-256 of parts, each with its length first (RFC 2104).
pub(crate) fn digest(secret: &Secret, parts: &[&[u8]]) -> Secret {
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// AES-256-GCM with a random nonce in front; `bound` must be the same when it is opened.
pub(crate) fn seal(key: &Secret, bound: &[u8], text: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce: [u8; 12] = random()?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let sealed = cipher
        .encrypt(&Nonce::from(nonce), Payload { msg: text, aad: bound })
        .map_err(|_| failed("sealing failed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// The text, where the key and what it is bound to are those of its sealing.
pub(crate) fn open(key: &Secret, bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(12)?;
    let nonce: [u8; 12] = nonce.try_into().ok()?;
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
        .decrypt(&Nonce::from(nonce), Payload { msg: body, aad: bound })
        .ok()
}
