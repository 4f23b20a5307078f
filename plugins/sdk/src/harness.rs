//! Trying a plugin without a host: the same frames, the same table, no process.

use std::{ffi::c_void, ptr};

use jardin_abi::{AnswerReader, Bytes, Frame, FrameKind, FrameWriter, Host, Out, Pick, RESULT_OK, Table};

use crate::{Observation, Strategy};

/// Room for an answer, as the host gives it.
const ROOM: usize = 128 << 10;

enum Cell {
    Number(f64),
    Flag(bool),
    Text(String),
    Texts(Vec<String>),
    Item(u32),
    Items(Vec<u32>),
    Events(Vec<jardin_abi::Event>),
    Absent,
}

/// Fields of an item or a request.
#[derive(Default)]
pub struct Fields(Vec<(String, Cell)>);

impl Fields {
    fn set(&mut self, name: &str, cell: Cell) -> &mut Self {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), cell));
        self
    }

    /// A number.
    pub fn number(&mut self, name: &str, value: f64) -> &mut Self {
        self.set(name, Cell::Number(value))
    }

    /// A flag.
    pub fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.set(name, Cell::Flag(value))
    }

    /// A text.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.set(name, Cell::Text(value.to_owned()))
    }

    /// Texts.
    pub fn texts(&mut self, name: &str, values: &[&str]) -> &mut Self {
        self.set(name, Cell::Texts(values.iter().map(|v| (*v).to_owned()).collect()))
    }

    /// An item's index.
    pub fn item(&mut self, name: &str, index: u32) -> &mut Self {
        self.set(name, Cell::Item(index))
    }

    /// Items' indices.
    pub fn items(&mut self, name: &str, indices: &[u32]) -> &mut Self {
        self.set(name, Cell::Items(indices.to_vec()))
    }

    /// A history, newest first.
    pub fn events(&mut self, name: &str, events: &[jardin_abi::Event]) -> &mut Self {
        self.set(name, Cell::Events(events.to_vec()))
    }

    /// A field that is granted and absent.
    pub fn absent(&mut self, name: &str) -> &mut Self {
        self.set(name, Cell::Absent)
    }

    fn write(&self, writer: &mut FrameWriter) {
        for (name, cell) in &self.0 {
            match cell {
                Cell::Number(n) => writer.numbers(name, &[Some(*n)]),
                Cell::Flag(f) => writer.flags(name, &[Some(*f)]),
                Cell::Text(t) => writer.text(name, &[Some(t)]),
                Cell::Texts(list) => writer.texts(name, &[Some(list.iter().map(String::as_str).collect())]),
                Cell::Item(i) => writer.items(name, &[Some(*i)]),
                Cell::Items(list) => writer.item_lists(name, &[Some(list)]),
                Cell::Events(events) => writer.events(name, &[Some(events.clone())]),
                Cell::Absent => writer.text(name, &[None]),
            }
        }
    }
}

/// A plugin that is tried without a host.
pub struct Harness<S: Strategy> {
    table: Table,
    instance: *mut c_void,
    settings: Fields,
    /// The fields of the next request.
    pub request: Fields,
    pending: Vec<(u32, Fields)>,
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
            pending: Vec::new(),
            strategy: std::marker::PhantomData,
        }
    }

    /// An item, to be described; the plugin is told before the next call.
    pub fn item(&mut self, index: u32) -> &mut Fields {
        self.pending.push((index, Fields::default()));
        let last = self.pending.len() - 1;
        &mut self.pending.get_mut(last).unwrap_or_else(|| unreachable!("it was just pushed")).1
    }

    /// Removes an item.
    pub fn remove(&mut self, index: u32) {
        self.item(index).flag("removed", true);
    }

    fn create(&mut self) {
        if self.instance.is_null() {
            let mut writer = FrameWriter::new(FrameKind::Settings, 1);
            self.settings.write(&mut writer);
            let frame = writer.finish();
            let create = self.table.create.unwrap_or_else(|| unreachable!("the table has it"));
            // SAFETY: the frame lives through the call, and the place for the pointer is ours.
            let result = unsafe { create(&raw const HOST, bytes(&frame), &raw mut self.instance) };
            assert_eq!(result, RESULT_OK, "the plugin refuses its settings");
        }
        for (index, fields) in std::mem::take(&mut self.pending) {
            let mut writer = FrameWriter::new(FrameKind::Catalogue, 1);
            writer.words32("index", &[index]);
            fields.write(&mut writer);
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

    /// The picks for the present request, the best first, as the host would order them but for ties (which go to the lower index here).
    pub fn picks(&mut self, limit: u32) -> Vec<Pick> {
        self.create();
        let mut writer = FrameWriter::new(FrameKind::Recommend, 1);
        writer.words32("limit", &[limit]);
        writer.words64("seed", &[0]);
        writer.times("time", &[Some(0)]);
        self.request.write(&mut writer);
        let frame = writer.finish();
        let mut room = Frame::room(ROOM);
        let mut out = Out {
            data: room.bytes_mut().as_mut_ptr(),
            capacity: ROOM,
            length: 0,
        };
        let recommend = self.table.recommend.unwrap_or_else(|| unreachable!("the table has it"));
        // SAFETY: as in `call`; the room lives through the call.
        let result = unsafe { recommend(self.instance, &bytes(&frame), &raw mut out) };
        assert_eq!(result, RESULT_OK, "the plugin failed");
        let answer = room.bytes().get(..out.length).unwrap_or_default();
        let mut answers = AnswerReader::read(answer, 1).unwrap_or_else(|e| unreachable!("the SDK wrote it: {e}"));
        let mut picks = answers.pop().flatten().unwrap_or_default();
        picks.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index)));
        picks
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
        // SAFETY: the instance came from `create` of the same type; the borrow of the harness keeps calls away.
        unsafe { crate::entry::strategy_of::<S>(self.instance) }
    }
}

static HOST: Host = Host::current();

fn bytes(frame: &Frame) -> Bytes {
    Bytes {
        data: frame.bytes().as_ptr(),
        length: frame.bytes().len(),
    }
}

impl<S: Strategy> Drop for Harness<S> {
    fn drop(&mut self) {
        if let Some(destroy) = self.table.destroy.filter(|_| !self.instance.is_null()) {
            // SAFETY: the instance came from `create` and is destroyed once.
            unsafe { destroy(self.instance) };
        }
    }
}
