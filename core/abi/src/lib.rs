//! The binary interface between the host and a compiled plugin, version 1: layouts only.
//!
//! What it is not: no policy, no process, no transport. It is `no_std` and depends on nothing;
//! `jardin_plugin.h` says the same to C.
//!
//! Invariants
//! - Every structure begins with its size; fields are only appended, so that an older side reads what it
//!   knows.
//! - A frame holds offsets and no pointers. [`FrameReader::new`] checks all of it before anything is read;
//!   both sides use it.
//!
//! ```
//! use jardin_abi::{ColumnType, FrameKind, FrameReader, FrameWriter};
//! let mut writer = FrameWriter::new(FrameKind::Forget, 2);
//! writer.write_words64("session", &[7, 8]);
//! let frame = writer.finish();
//! let reader = FrameReader::new(frame.bytes()).unwrap();
//! assert_eq!(reader.column("session").unwrap().kind(), ColumnType::Word64);
//! assert_eq!(reader.column("session").unwrap().word64_at(1), Some(8));
//! ```
#![no_std]

extern crate alloc;

mod answer;
mod frame;
mod table;

pub use answer::{AnswerError, AnswerReader, AnswerWriter, Pick, STATUS_FAILED, STATUS_OK, answer_bytes};
pub use frame::{
    Column, ColumnType, ENTRY_BYTES, Event, Frame, FrameError, FrameKind, FrameReader, FrameWriter,
    MOST_BYTES,
};
pub use table::{
    ABI_MAJOR, ABI_MINOR, Bytes, ENTRY_SYMBOL, Entry, FLAG_DETERMINISTIC, FLAG_LEARNS, Host, MANIFEST_BYTES,
    MANIFEST_SECTION, Out, RESULT_ABI, RESULT_CONFIG, RESULT_FAILED, RESULT_FRAME, RESULT_FULL, RESULT_OK,
    Table, WORDS_BYTES,
};
