//! An allocator that counts.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicU64, Ordering},
};

/// How often memory was asked for.
static ASKED: AtomicU64 = AtomicU64::new(0);

/// The system's allocator with a count.
pub(crate) struct Counted;

/// How often a piece of work asks for memory.
pub(crate) fn allocations(work: impl FnOnce()) -> u64 {
    let before = ASKED.load(Ordering::Relaxed);
    work();
    ASKED.load(Ordering::Relaxed) - before
}

// SAFETY: every call is handed on to the system's allocator as it came; counting touches no memory that was
// asked for
#[expect(unsafe_code, reason = "there is no other way to count what a run asks for")]
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise is the one that the system asks for
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is the one that the system asks for
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise is the one that the system asks for
        unsafe { System.realloc(pointer, layout, size) }
    }
}
