//! The learned sessions and, for each item, which of them hold it.

mod companions;
mod hours;
mod index;
mod page;
mod posting;
mod row;
mod sessions;
mod slots;
mod table;

pub use companions::{AFTER, BEFORE, MAX_COMPANIONS, MAX_PLACES, MAX_VISITS};
pub(crate) use companions::{Companions, Counting};
pub(crate) use index::Window;
pub use index::{Full, Index, Limits, Size};
pub(crate) use page::Session;
pub(crate) use posting::Cursor;
pub use row::Row;
pub(crate) use slots::Slots;
