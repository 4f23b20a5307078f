//! How good recommendations are, offline: what people did next against what would have been shown to them.
//!
//! What it is not: it recommends nothing and opens no store. Whoever answers implements [`Answers`]; the
//! program does so through the engine, so that policy, views and workers stand on the way as they do for a
//! shopper.
//!
//! Invariants
//! - Settings are chosen on the last part of the training time; [`tune`] is never shown a question of the
//!   test.
//! - The same answers give the same figures: nothing here is random.
//!
//! ```
//! use jardin_evaluate::{Question, Tally};
//! let question = Question { shown: vec!["tent".into()], followed: vec!["mat".into(), "lamp".into()] };
//! let mut tally = Tally::new(2);
//! tally.add(&question, &["lamp".into(), "mat".into()]);
//! let figures = tally.figures();
//! // the next item, the mat, stands second; both that followed are there
//! assert_eq!((figures.hr.mean, figures.mrr.mean, figures.recall.mean), (1.0, 0.5, 1.0));
//! ```

mod answers;
mod export;
mod floors;
mod interval;
mod judgement;
mod kinds;
mod metrics;
mod report;
mod sessions;
mod shares;
mod table;
mod tune;

pub use answers::{Answers, Latency, Measured, measure};
pub use export::Lists;
pub use floors::{MostPopular, OwnItems};
pub use interval::Interval;
pub use kinds::{ByKind, Kind, Part};
pub use metrics::{Denominators, Figures, Tally};
pub use report::{Line, Report, Validation};
pub use sessions::{Question, Session, leave_last_one, questions_of, split_last};
pub use shares::Shares;
pub use table::{TableError, questions, sessions};
pub use tune::{Axis, Settings, Step, tune};
