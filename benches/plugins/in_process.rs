//! The same plugin opened in this process, which the product never does: what a call costs without a
//! boundary.

use std::{ffi::c_void, path::Path, ptr};

use jardin_abi::{
    AnswerReader, Bytes, ENTRY_SYMBOL, Entry, Frame, FrameKind, FrameWriter, Host, MOST_BYTES, Out, Pick,
    RESULT_OK, Table,
};

/// A plugin in this process.
pub struct InProcess {
    table: Table,
    instance: *mut c_void,
    room: Frame,
    _library: libloading::Library,
}

impl InProcess {
    pub fn open(file: &Path, rounds: f64) -> Self {
        // SAFETY: the file was built from this benchmark's own source.
        let library = unsafe { libloading::Library::new(file) }.unwrap();
        // SAFETY: the symbol has this type, and its table lives as long as the library, which is kept.
        let table = unsafe { *(library.get::<Entry>(ENTRY_SYMBOL).unwrap())() };
        let mut settings = FrameWriter::new(FrameKind::Settings, 1);
        settings.write_numbers("rounds", &[Some(rounds)]);
        let settings = settings.finish();
        let mut instance = ptr::null_mut();
        static HOST: Host = Host::current(None, None);
        // SAFETY: host, settings and the place for the pointer are valid during the call.
        let result = unsafe { (table.create.unwrap())(&raw const HOST, bytes(&settings), &raw mut instance) };
        assert_eq!(result, RESULT_OK);
        Self { table, instance, room: Frame::room(MOST_BYTES), _library: library }
    }

    /// Writes the same frame as the host does, calls, and checks the answer as the host does.
    pub fn call(&mut self, candidates: &[u32]) -> Vec<Pick> {
        let mut writer = FrameWriter::new(FrameKind::Recommend, 1);
        writer.write_words32("limit", &[64]);
        writer.write_words64("seed", &[1]);
        writer.write_times("time", &[Some(0)]);
        writer.write_item_lists("candidates", &[Some(candidates)]);
        let frame = writer.finish();
        let mut out = Out { data: self.room.bytes_mut().as_mut_ptr(), capacity: MOST_BYTES, length: 0 };
        // SAFETY: the instance came from `create`; frame and room are valid during the call.
        let result = unsafe { (self.table.recommend.unwrap())(self.instance, &bytes(&frame), &raw mut out) };
        assert_eq!(result, RESULT_OK);
        let length = out.length;
        AnswerReader::read(&self.room.bytes()[..length], 1).unwrap().remove(0).unwrap()
    }
}

fn bytes(frame: &Frame) -> Bytes {
    Bytes { data: frame.bytes().as_ptr(), length: frame.bytes().len() }
}
