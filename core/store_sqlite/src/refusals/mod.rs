//! What people refused, in a file of its own beside the tables: a copy of the tables that is put back revives nothing
//! that was refused since, and a refusal is durable on a full disk.

mod entry;
mod journal;
mod outstanding;
mod recent_erasures;
mod settle;

pub(crate) use entry::{Refusal, Refused};
pub(crate) use journal::Journal;
pub(crate) use outstanding::{Outstanding, RefusedByOne, erasure_of};
pub(crate) use recent_erasures::RecentErasures;
pub(crate) use settle::{Settling, check_mark, note_mark, settle_erasure, settle_refusals};
