//! A query allocates nothing, once its scratch has seen the index: counted by the allocator itself.
#![expect(
    unsafe_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "the border to the allocator; a test may end"
)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering},
};

use session_knn::{Index, Params, Plan, Scratch};

#[path = "proof/support/mod.rs"]
#[expect(dead_code, reason = "shared with the proofs")]
mod support;

use support::{made_up, retail, trained};

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
struct Counted;

// SAFETY: every call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: what `System` asks of its caller is what this method asks of its own; the arguments go on
        // unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: what `System` asks of its caller is what this method asks of its own; the arguments go on
        // unchanged.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: what `System` asks of its caller is what this method asks of its own; the arguments go on
        // unchanged.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// How often a second round of the same questions allocates.
fn allocations(index: &Index, questions: &[Vec<u32>], params: Params) -> usize {
    let (plan, mut scratch) = (Plan::new(params), Scratch::default());
    let mut round = || questions.iter().map(|q| index.query(q, 20, &plan, &mut scratch).len()).sum::<usize>();
    let found = round();
    let before = COUNT.load(Ordering::Relaxed);
    assert_eq!(round(), found);
    COUNT.load(Ordering::Relaxed) - before
}

// one test in this file: another one at the same time would be counted as well
#[test]
fn a_query_allocates_nothing() {
    let all = [Params::default(), Params::vmis(1_500, 500, 9), Params::stan(5_000, 1_500, 1.5, 30.0, 3.0)];
    let index = trained(&made_up::visits(1, 20_000, 3_000));
    let questions = made_up::questions(2, 3_000, 3_000);
    for params in all {
        assert_eq!(allocations(&index, &questions, params), 0, "{params:?}");
    }
    let Some(split) = retail::split() else { return };
    let index = trained(&split.train);
    let questions: Vec<Vec<u32>> =
        split.questions.iter().step_by(5).map(|(question, _)| question.clone()).collect();
    assert_eq!(allocations(&index, &questions, Params::default()), 0);
}
