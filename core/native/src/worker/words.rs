//! What a plugin tells whoever runs the shop: why it refuses its settings, in its own words, and later which
//! sentence of its manifest holds.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use jardin_abi::{Bytes, WORDS_BYTES};

/// The words that were said while somebody listens; a function of C is passed nothing by which it could find
/// another place.
static HEARD: Mutex<Option<Vec<u8>>> = Mutex::new(None);

/// The first note of the present call; 0 for none.
static NOTED: AtomicU32 = AtomicU32::new(0);

/// What [`jardin_abi::Host::note`] is for plugins.
pub(super) unsafe extern "C" fn hear_note(place: u32) {
    let _ = NOTED.compare_exchange(0, place, Ordering::Relaxed, Ordering::Relaxed);
}

/// The note of the call that ended.
pub(super) fn take_note() -> u32 {
    NOTED.swap(0, Ordering::Relaxed)
}

/// What [`jardin_abi::Host::explain`] is for plugins.
///
/// # Safety
/// `words` is empty, or its bytes are readable during the call.
pub(super) unsafe extern "C" fn explain(words: Bytes) {
    let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(heard) = heard.as_mut().filter(|_| !words.data.is_null()) {
        let length = words.length.min(WORDS_BYTES - heard.len().min(WORDS_BYTES));
        // SAFETY: `data` is not null, and as many bytes are readable (this function's contract).
        heard.extend_from_slice(unsafe { std::slice::from_raw_parts(words.data, length) });
    }
}

/// Calls, and gives what was said meanwhile.
pub(super) fn listen_while(call: impl FnOnce() -> i32) -> (i32, Vec<u8>) {
    let set = |heard| std::mem::replace(&mut *HEARD.lock().unwrap_or_else(PoisonError::into_inner), heard);
    set(Some(Vec::new()));
    let result = call();
    (result, set(None).unwrap_or_default())
}
