//! The learned sessions and, for each item, which of them hold it.

mod index;
mod page;
mod posting;
mod row;
mod sessions;
mod table;

pub use index::{Full, Index, Limits, Size};
pub(crate) use page::Session;
pub(crate) use posting::Cursor;
pub use row::Row;
