//! Memory that is cleared when it is given back.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    hint::black_box,
};

/// The system's allocator, which overwrites each block with zeroes before it is given back, also where a list
/// grows or shrinks into another block: what a request said about a person is not left in memory that nobody
/// owns. A program makes it its own with `#[global_allocator]`.
///
/// Libraries in C that call malloc(3) themselves do not go through it. It costs one write of each byte that was
/// allocated, and a list that grows is always copied.
#[derive(Debug, Clone, Copy)]
pub struct ClearingAllocator<A = System>(A);

impl ClearingAllocator {
    /// The allocator of a program.
    #[must_use]
    pub const fn of_system() -> Self {
        Self(System)
    }
}

// SAFETY: blocks are the inner allocator's own, given out and taken back unchanged but for their bytes, which
// nobody owns any more when they are cleared. `realloc` is the trait's own: it allocates, copies and gives back.
unsafe impl<A: GlobalAlloc> GlobalAlloc for ClearingAllocator<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`, which is the same.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc_zeroed`, which is the same.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block was given out by `alloc` with this layout, so that it is that long, and its owner
        // gives it up. Bytes may be written into it whatever stood there; then it goes back as it came.
        unsafe {
            block.write_bytes(0, layout.size());
            // the compiler may not leave it out because nobody reads the bytes again
            black_box(block);
            self.0.dealloc(block, layout);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        slice,
        sync::atomic::{AtomicUsize, Ordering},
    };

    /// Counts the bytes that are not zero in what it is given back.
    struct Looking(AtomicUsize);

    // SAFETY: it is the system's allocator, and reads blocks before they go back.
    unsafe impl GlobalAlloc for Looking {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`, which is the same.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: the block is still owned, that long, and was written to.
            unsafe {
                let left = slice::from_raw_parts(block, layout.size()).iter().filter(|byte| **byte != 0);
                self.0.fetch_add(left.count(), Ordering::Relaxed);
                System.dealloc(block, layout);
            }
        }
    }

    #[test]
    fn a_block_is_empty_when_it_is_given_back() {
        let (small, large) = (Layout::array::<u8>(1_000).unwrap(), Layout::array::<u8>(4_000).unwrap());
        let allocator = ClearingAllocator(Looking(AtomicUsize::new(0)));
        // SAFETY: the layouts are not empty; each block is given back once, with the layout that it has then.
        unsafe {
            let block = allocator.alloc(small);
            block.write_bytes(7, small.size());
            let grown = allocator.realloc(block, small, large.size());
            assert!(slice::from_raw_parts(grown, small.size()).iter().all(|byte| *byte == 7), "it was moved");
            grown.write_bytes(7, large.size());
            let shrunk = allocator.realloc(grown, large, small.size());
            assert!(
                slice::from_raw_parts(shrunk, small.size()).iter().all(|byte| *byte == 7),
                "it was moved"
            );
            allocator.dealloc(shrunk, small);
        }
        assert_eq!(allocator.0.0.into_inner(), 0, "bytes that were left");
    }
}
