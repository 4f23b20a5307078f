//! Keyed digests, and sealing under a key.

use aes_gcm::{
    Aes256Gcm, Key, Nonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use hmac::{Hmac, Mac as _};
use jardin_contract::StoreError;
use sha2::Sha256;

/// 32 bytes that nobody else knows.
pub type Secret = [u8; 32];

/// The bytes that a sealed text is longer than the text: a nonce of 12 and a tag of 16.
pub const SEAL_BYTES: usize = 28;

/// Random bytes of the system. Without them nothing can be kept secret, so that their failure is an error of
/// the store.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|e| StoreError::failed(format!("the system gives no random bytes: {e}")))?;
    Ok(bytes)
}

/// HMAC-SHA-256 of parts, each with its length first (RFC 2104).
pub fn keyed_digest(secret: &Secret, parts: &[&[u8]]) -> Secret {
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
pub fn seal_bytes(key: &Secret, bound: &[u8], text: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce: [u8; 12] = random_bytes()?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let sealed = cipher
        .encrypt(&Nonce::from(nonce), Payload { msg: text, aad: bound })
        .map_err(|_| StoreError::failed("sealing failed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// The text, where the key and what it is bound to are those of its sealing.
pub fn open_sealed(key: &Secret, bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(12)?;
    let nonce: [u8; 12] = nonce.try_into().ok()?;
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
        .decrypt(&Nonce::from(nonce), Payload { msg: body, aad: bound })
        .ok()
}
