//! Session kNN: what comes next in visits or baskets like this one.
//!
//! It finds the newest past sessions that share items with the present one, keeps the most alike, and ranks
//! what else stands in them. The formula joins VMIS-kNN (Kersbergen, Sprangers and Schelter, SIGMOD 2022) and
//! STAN (Garg, Gupta, Malhotra, Vig and Shroff, SIGIR 2019) with an optional share of sequential rules
//! (Kamehkhosh, Jannach and Ludewig, 2017); [`Params`] says which term is which.
//!
//! What it is not: it knows no person, no clock and no catalogue. Its answers depend on the learned sessions,
//! the question and the parameters alone.
//!
//! Invariants
//! - Exact erasure: after [`Index::forget`] every answer is, bit for bit, that of an index which never saw
//!   the session.
//! - The same sessions give the same answers, whatever the order in which they came, on every run and thread.
//! - Scores that are equal on paper are equal, and ties go to the lower item index.
//! - [`Index::query`] allocates nothing once its [`Scratch`] has seen the index.
//!
//! ```
//! use session_knn::{Index, Params, Plan, Row, Scratch};
//! let row = |session, sequence, ordinal, item| Row { session, sequence, ordinal, item, kind: 1, hour: 0 };
//! let mut index = Index::default();
//! index.observe(&[row(7, 0, 0, 10), row(7, 0, 1, 11), row(8, 2, 0, 10), row(8, 2, 1, 12)])?;
//! let mut scratch = Scratch::default();
//! let plan = Plan::new(Params::default());
//! let items: Vec<u32> = index.query(&[10], 20, &plan, &mut scratch).iter().map(|s| s.item).collect();
//! assert_eq!(items, [11, 12]);
//! index.forget(&[7]);
//! assert_eq!(index.query(&[10], 20, &plan, &mut scratch).len(), 1);
//! # Ok::<(), session_knn::Full>(())
//! ```

mod plugin;
mod query;
mod settings;
mod store;

pub use query::{Age, Current, Distance, Params, Plan, Position, Scored, Scratch};
pub use store::{Full, Index, Limits, Row, Size};
