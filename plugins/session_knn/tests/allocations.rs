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
    cell::Cell,
};

use session_knn::{Index, Params, Plan, Scratch};

#[path = "proof/support/mod.rs"]
#[expect(dead_code, reason = "shared with the proofs")]
mod support;

use support::{made_up, retail, trained};

thread_local! {
    /// How often this thread has allocated: the one that prints how a test goes allocates as well.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

/// The system's allocator, counted.
struct Counted;

// SAFETY: every call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
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
        count();
        // SAFETY: what `System` asks of its caller is what this method asks of its own; the arguments go on
        // unchanged.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// How often a second round of the same questions allocates.
fn allocations(index: &mut Index, questions: &[Vec<u32>], params: Params) -> usize {
    let (plan, mut scratch) = (Plan::new(params), Scratch::default());
    let mut round =
        || questions.iter().map(|q| index.query(q, None, 20, &plan, &mut scratch).len()).sum::<usize>();
    let found = round();
    let before = COUNT.with(Cell::get);
    assert_eq!(round(), found);
    COUNT.with(Cell::get) - before
}

#[test]
fn a_query_allocates_nothing() {
    let all = [Params::default(), Params { newest: 5_000, neighbours: 1_500, ..Params::default() }];
    let mut index = trained(&made_up::clicks(1, 8_000, 1_500));
    let questions = made_up::questions(2, 800, 1_500);
    for params in all {
        assert_eq!(allocations(&mut index, &questions, params), 0, "{params:?}");
    }
    let Some(split) = retail::split() else { return };
    let mut index = trained(&split.train);
    let questions: Vec<Vec<u32>> =
        split.questions.iter().step_by(40).map(|(question, _)| question.clone()).collect();
    assert_eq!(allocations(&mut index, &questions, Params::default()), 0);
}
