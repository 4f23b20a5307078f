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

/// A plugin that is tried without a host.
pub struct Harness<S: Strategy> {
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

impl<S: Strategy> Harness<S> {
    /// A plugin without settings and items.
    #[must_use]
    pub fn new() -> Self {
        Self::with_settings(|_| {})
    }

    /// A plugin with settings.
    #[must_use]
    pub fn with_settings(set: impl FnOnce(&mut Fields)) -> Self {
        let mut settings = Fields::default();
        set(&mut settings);
        Self {
            table: crate::table::<S>(true),
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
        self.item(index).flag("removed", true);
        self.live.remove(&index);
    }

    fn create(&mut self) {
        if self.instance.is_null() {
            let mut writer = FrameWriter::new(FrameKind::Settings, 1);
            self.settings.write(&mut writer, 1);
            let frame = writer.finish();
            let create = self.table.create.unwrap_or_else(|| unreachable!("the table has it"));
            // SAFETY: the frame lives through the call, and the place for the pointer is ours.
            let result = unsafe { create(&raw const HOST, bytes(&frame), &raw mut self.instance) };
            assert_eq!(result, RESULT_OK, "the plugin refuses its settings");
        }
        for (index, fields) in std::mem::take(&mut self.pending) {
            let mut writer = FrameWriter::new(FrameKind::Catalogue, 1);
            writer.words32("index", &[index]);
            fields.write(&mut writer, 1);
            let frame = writer.finish();
            self.call(self.table.catalogue, &frame);
        }
    }

    fn call(&self, function: Option<unsafe extern "C" fn(*mut c_void, *const Bytes) -> i32>, frame: &Frame) {
        let function = function.unwrap_or_else(|| unreachable!("the table has it"));
        // SAFETY: the instance came from `create`, and the frame lives through the call.
        let result = unsafe { function(self.instance, &bytes(frame)) };
        assert_eq!(result, RESULT_OK, "the plugin failed");
    }

    /// The picks for the present request, the best first, as the host would order them but for ties (which go
    /// to the lower index here).
    pub fn picks(&mut self, limit: u32) -> Vec<Pick> {
        let mut picks = self.batch(limit, 1).pop().flatten().unwrap_or_default();
        picks.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index)));
        picks
    }

    /// The answers to the present request, asked so many times in one message.
    fn batch(&mut self, limit: u32, times: usize) -> Vec<Option<Vec<Pick>>> {
        self.create();
        let mut writer = FrameWriter::new(FrameKind::Recommend, times);
        writer.words32("limit", &vec![limit; times]);
        writer.words64("seed", &vec![self.seed; times]);
        writer.times("time", &vec![Some(self.time_ms); times]);
        self.request.write(&mut writer, times);
        let frame = writer.finish();
        let mut room = Frame::room(ROOM);
        let mut out = Out { data: room.bytes_mut().as_mut_ptr(), capacity: ROOM, length: 0 };
        let recommend = self.table.recommend.unwrap_or_else(|| unreachable!("the table has it"));
        // SAFETY: the instance came from `create` and is not destroyed; the borrow of the harness keeps other
        // calls away; frame and room live through the call.
        let result = unsafe { recommend(self.instance, &bytes(&frame), &raw mut out) };
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
        self.create();
        let mut writer = FrameWriter::new(FrameKind::Observe, rows.len());
        let words = |of: fn(&Observation) -> u32| rows.iter().map(of).collect::<Vec<_>>();
        writer.words64("session", &rows.iter().map(|r| r.session).collect::<Vec<_>>());
        writer.words64("sequence", &rows.iter().map(|r| r.sequence).collect::<Vec<_>>());
        writer.words32("item", &words(|r| r.item));
        writer.words32("kind", &words(|r| r.kind));
        writer.words32("hour", &words(|r| r.hour));
        writer.words32("ordinal", &words(|r| r.ordinal));
        self.call(self.table.observe, &writer.finish());
    }

    /// Lets the plugin forget.
    pub fn forget(&mut self, sessions: &[u64]) {
        self.create();
        let mut writer = FrameWriter::new(FrameKind::Forget, sessions.len());
        writer.words64("session", sessions);
        self.call(self.table.forget, &writer.finish());
    }

    /// The strategy itself, to look at its state.
    pub fn strategy(&mut self) -> Option<&S> {
        self.create();
        // SAFETY: the instance came from `create` of the same type; the borrow of the harness keeps calls
        // away.
        unsafe { crate::entry::strategy_of::<S>(self.instance) }
    }
}

static HOST: Host = Host::current();

fn bytes(frame: &Frame) -> Bytes {
    Bytes { data: frame.bytes().as_ptr(), length: frame.bytes().len() }
}

impl<S: Strategy> Drop for Harness<S> {
    fn drop(&mut self) {
        if let Some(destroy) = self.table.destroy.filter(|_| !self.instance.is_null()) {
            // SAFETY: the instance came from `create` and is destroyed once.
            unsafe { destroy(self.instance) };
        }
    }
}
