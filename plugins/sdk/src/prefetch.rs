//! Memory that is asked for before it is read.

/// Asks for the line of memory at `value` without waiting for it. No result depends on it; where stable Rust
/// has no such instruction it does nothing.
#[inline]
pub fn prefetch<T>(value: &T) {
    let place = std::ptr::from_ref(value).cast::<i8>();
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the instruction is part of every x86-64 (SSE), reads no value and faults at no address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(place);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
