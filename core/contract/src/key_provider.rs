//! Where a store's master key is kept.

use std::fmt;

use crate::StoreError;

/// Keeps the master key of a store, by which the keys of people are wrapped. A rotation takes three steps, so that an end in
/// between leaves a key that opens what is wrapped: the next key is made durable, everything is wrapped anew, the next
/// key takes the place of the present one.
pub trait KeyProvider: fmt::Debug + Send + Sync {
    /// Where the key is, in words for whoever looks after it.
    fn place(&self) -> String;

    /// The present key; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where what is there is not a key, or cannot be read.
    fn read_key(&self) -> Result<Option<[u8; 32]>, StoreError>;

    /// Makes the first key of a new store, durably.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where no key can be made there.
    fn make_key(&self) -> Result<[u8; 32], StoreError>;

    /// The key that a rotation has made durable and that is not the present one yet; `None` where there is none.
    ///
    /// # Errors
    /// As [`KeyProvider::read_key`].
    fn read_next(&self) -> Result<Option<[u8; 32]>, StoreError>;

    /// Makes the key that is to follow durable beside the present one, or reads the one that somebody put there.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where there is none and none can be made.
    fn prepare_next(&self) -> Result<[u8; 32], StoreError>;

    /// Puts the next key in the place of the present one, which is overwritten.
    ///
    /// # Errors
    /// [`StoreError::Failed`] with what the system says.
    fn take_next(&self) -> Result<(), StoreError>;

    /// Drops a next key by which nothing is wrapped.
    ///
    /// # Errors
    /// [`StoreError::Failed`] with what the system says.
    fn drop_next(&self) -> Result<(), StoreError>;
}

/// The key that 64 hexadecimal digits write, blanks around them left out; `None` for any other text.
#[must_use]
pub fn key_of_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.trim();
    if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut key = [0; 32];
    for (byte, pair) in key.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}
