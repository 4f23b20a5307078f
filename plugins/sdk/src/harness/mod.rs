//! Trying a plugin without a host: the same frames, the same table, no process.

use std::{ffi::c_void, ptr};

use jardin_abi::{AnswerReader, Bytes, Frame, FrameKind, FrameWriter, Host, Out, Pick, RESULT_OK, Table};

mod fields;
pub mod forgetting;
mod laws;

use std::collections::BTreeSet;

pub use fields::Fields;

use crate::{Observation, Strategy};

/// Room for an answer, as the host gives it.
const ROOM: usize = 128 << 10;

/// A plugin that is tried without a host: of the type `S`, or, with [`Foreign`], one in any language.
pub struct Harness<S> {
    table: Table,
    instance: *mut c_void,
    settings: Fields,
    /// The fields of the next request.
    pub request: Fields,
    /// When the next request is answered, in milliseconds since 1970-01-01 UTC; 0 at first.
    pub time_ms: i64,
    /// Where its pseudo-random choices begin; 0 at first.
    pub seed: u64,
    pending: Vec<(u32, Fields)>,
    /// The items that there are.
    live: BTreeSet<u32>,
    strategy: std::marker::PhantomData<S>,
}

impl<S: Strategy> Default for Harness<S> {
    fn default() -> Self {
        Self::new()
    }
}

/// A plugin of which only the table is known.
#[derive(Debug)]
pub enum Foreign {}

impl Harness<Foreign> {
    /// The plugin behind an entry, in C for example: of a library that is linked or loaded, and stays so.
    ///
    /// # Safety
    /// The entry is that of a plugin as `jardin_plugin.h` asks for; its functions do what they say there.
    #[must_use]
    pub unsafe fn of_entry(entry: jardin_abi::Entry, set: impl FnOnce(&mut Fields)) -> Option<Self> {
        // SAFETY: the entry takes nothing and gives null or a table that lives as long as the library (this
        // function's contract).
        unsafe { entry().as_ref() }.map(|table| Self::of_table(*table, set))
    }
}

impl<S: Strategy> Harness<S> {
    /// A plugin without settings and items.
    #[must_use]
    pub fn new() -> Self {
        Self::with_settings(|_| {})
    }

    /// A plugin with settings.
    #[must_use]
    pub fn with_settings(set: impl FnOnce(&mut Fields)) -> Self {
        Self::of_table(crate::strategy_table::<S>(true), set)
    }

    /// The strategy itself, to look at its state.
    pub fn strategy(&mut self) -> Option<&S> {
        self.create_instance();
        // SAFETY: the instance came from `create` of the same type; the borrow of the harness keeps calls
        // away.
        unsafe { crate::entry::strategy_of::<S>(self.instance) }
    }
}

impl<S> Harness<S> {
    fn of_table(table: Table, set: impl FnOnce(&mut Fields)) -> Self {
        let mut settings = Fields::default();
        set(&mut settings);
        Self {
            table,
            instance: ptr::null_mut(),
            settings,
            request: Fields::default(),
            time_ms: 0,
            seed: 0,
            pending: Vec::new(),
            live: BTreeSet::new(),
            strategy: std::marker::PhantomData,
        }
    }

    /// An item, to be described; the plugin is told before the next call.
    pub fn item(&mut self, index: u32) -> &mut Fields {
        self.live.insert(index);
        self.pending.push((index, Fields::default()));
        let last = self.pending.len() - 1;
        &mut self.pending.get_mut(last).unwrap_or_else(|| unreachable!("it was just pushed")).1
    }

    /// Removes an item.
    pub fn remove(&mut self, index: u32) {
        self.item(index);
        self.live.remove(&index);
    }

    fn create_instance(&mut self) {
        if self.instance.is_null() {
            let mut writer = FrameWriter::new(FrameKind::Settings, 1);
            self.settings.write(&mut writer, 1);
            let frame = writer.finish();
            let create = self.table.create.unwrap_or_else(|| unreachable!("the table has it"));
            // SAFETY: the frame lives through the call, and the place for the pointer is ours.
            let result = unsafe { create(&raw const HOST, bytes_of(&frame), &raw mut self.instance) };
            assert_eq!(result, RESULT_OK, "the plugin refuses its settings");
        }
        for (index, fields) in std::mem::take(&mut self.pending) {
            let mut writer = FrameWriter::new(FrameKind::Catalogue, 1);
            writer.write_words32("index", &[index]);
            writer.write_flags("removed", &[Some(!self.live.contains(&index))]);
            fields.write(&mut writer, 1);
            let frame = writer.finish();
            self.call_table(self.table.catalogue, &frame);
        }
    }

    fn call_table(
        &self,
        function: Option<unsafe extern "C" fn(*mut c_void, *const Bytes) -> i32>,
        frame: &Frame,
    ) {
        let function = function.unwrap_or_else(|| unreachable!("the table has it"));
        // SAFETY: the instance came from `create`, and the frame lives through the call.
        let result = unsafe { function(self.instance, &bytes_of(frame)) };
        assert_eq!(result, RESULT_OK, "the plugin failed");
    }

    /// The picks for the present request, the best first, as the host would order them but for ties (which go
    /// to the lower index here).
    pub fn picks(&mut self, limit: u32) -> Vec<Pick> {
        let mut picks = self.ask_batch(limit, 1).pop().flatten().unwrap_or_default();
        picks.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index)));
        picks
    }

    /// The answers to the present request, asked so many times in one message.
    fn ask_batch(&mut self, limit: u32, times: usize) -> Vec<Option<Vec<Pick>>> {
        self.create_instance();
        let mut writer = FrameWriter::new(FrameKind::Recommend, times);
        writer.write_words32("limit", &vec![limit; times]);
        writer.write_words64("seed", &vec![self.seed; times]);
        writer.write_times("time", &vec![Some(self.time_ms); times]);
        self.request.write(&mut writer, times);
        let frame = writer.finish();
        let mut room = Frame::room(ROOM);
        let mut out = Out { data: room.bytes_mut().as_mut_ptr(), capacity: ROOM, length: 0 };
        let recommend = self.table.recommend.unwrap_or_else(|| unreachable!("the table has it"));
        // SAFETY: the instance came from `create` and is not destroyed; the borrow of the harness keeps other
        // calls away; frame and room live through the call.
        let result = unsafe { recommend(self.instance, &bytes_of(&frame), &raw mut out) };
        assert_eq!(result, RESULT_OK, "the plugin failed");
        let answer = room.bytes().get(..out.length).unwrap_or_default();
        AnswerReader::read(answer, times).unwrap_or_else(|e| unreachable!("the SDK wrote it: {e}"))
    }

    /// The items for the present request, the best first.
    pub fn recommend(&mut self, limit: u32) -> Vec<u32> {
        self.picks(limit).into_iter().map(|p| p.index).collect()
    }

    /// Lets the plugin learn.
    pub fn observe(&mut self, rows: &[Observation]) {
        self.create_instance();
        let mut writer = FrameWriter::new(FrameKind::Observe, rows.len());
        let words = |of: fn(&Observation) -> u32| rows.iter().map(of).collect::<Vec<_>>();
        writer.write_words64("session", &rows.iter().map(|r| r.session).collect::<Vec<_>>());
        writer.write_words64("sequence", &rows.iter().map(|r| r.sequence).collect::<Vec<_>>());
        writer.write_words32("item", &words(|r| r.item));
        writer.write_words32("kind", &words(|r| r.kind));
        writer.write_words32("hour", &words(|r| r.hour));
        writer.write_words32("ordinal", &words(|r| r.ordinal));
        writer.write_some_words32("person", &rows.iter().map(|r| r.person).collect::<Vec<_>>());
        self.call_table(self.table.observe, &writer.finish());
    }

    /// Lets the plugin forget.
    pub fn forget(&mut self, sessions: &[u64]) {
        self.create_instance();
        let mut writer = FrameWriter::new(FrameKind::Forget, sessions.len());
        writer.write_words64("session", sessions);
        self.call_table(self.table.forget, &writer.finish());
    }
}

static HOST: Host = Host::current(None, None);

fn bytes_of(frame: &Frame) -> Bytes {
    Bytes { data: frame.bytes().as_ptr(), length: frame.bytes().len() }
}

impl<S> Drop for Harness<S> {
    fn drop(&mut self) {
        if let Some(destroy) = self.table.destroy.filter(|_| !self.instance.is_null()) {
            // SAFETY: the instance came from `create` and is destroyed once.
            unsafe { destroy(self.instance) };
        }
    }
}
