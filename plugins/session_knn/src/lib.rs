//! Session kNN: what comes next in visits or baskets like this one.
//!
//! Past visits are counted, and nothing else: those that share items with the present one, what stood next to
//! its newest items, and what stands near what stood near them. Each item that comes up gets some thirty
//! numbers from these counts ([`FEATURE_NAMES`]), and a list is the items with the highest weighted sums.
//! The neighbours are those of STAN (Garg, Gupta, Malhotra, Vig and Shroff, SIGIR 2019), found as VMIS-kNN
//! does (Kersbergen, Sprangers and Schelter, SIGMOD 2022); [`Params`] says which term is which.
//!
//! What it is not: it knows no person, no clock and no catalogue. Its answers depend on the learned sessions,
//! the question and the parameters alone.
//!
//! Invariants
//! - Exact erasure: after [`Index::forget`] every answer is, bit for bit, that of an index which never saw
//!   the session.
//! - The same sessions give the same answers, whatever the order in which they came, on every run and thread.
//! - Scores that are equal on paper are equal, and ties go to the lower item index.
//! - No number comes from the system's mathematical library: another machine gives the same bits.
//! - [`Index::query`] allocates nothing once its [`Scratch`] has seen the index.
//!
//! ```
//! use session_knn::{Index, Params, Plan, Row, Scratch};
//! let row = |session, sequence, ordinal, item| Row { session, sequence, ordinal, item, kind: 1, hour: 0, person: None };
//! let mut index = Index::default();
//! index.observe(&[row(7, 0, 0, 10), row(7, 0, 1, 11), row(8, 2, 0, 10), row(8, 2, 1, 12)])?;
//! let mut scratch = Scratch::default();
//! let plan = Plan::new(Params::default());
//! let found = index.query(&[10, 11], None, 20, &plan, &mut scratch);
//! assert!(found.iter().any(|scored| scored.item == 12));
//! index.forget(&[8]);
//! let found = index.query(&[10, 11], None, 20, &plan, &mut scratch);
//! assert!(found.iter().all(|scored| scored.item != 12));
//! # Ok::<(), session_knn::Full>(())
//! ```

mod fit;
mod plugin;
mod query;
mod settings;
mod store;

pub use fit::{Examples, Fitted, Reached, loss_and_gradient};
pub use jardin_sdk::PeopleRule;
pub use query::{
    Current, Described, FEATURE_NAMES, FEATURES, ItemFields, MAX_CANDIDATES, Params, Plan, Scored, Scratch,
    Weights,
};
pub use store::{AFTER, BEFORE, MAX_COMPANIONS, MAX_PLACES, MAX_VISITS};
pub use store::{Full, Index, Limits, Row, Size};
