//! From views to messages: frames with room for a head in front. Only what is granted *and* declared by the
//! manifest is written, so that nothing else crosses.

use std::collections::BTreeSet;

use jardin_abi::{Event, Frame, FrameKind, FrameWriter};
use jardin_contract::{Observation, Param, Params, StrategyRequest};
use jardin_model::{CHUNK_ROWS, Cell, Date, FieldPath, FieldType, ItemIndex, Namespace};
use jardin_policy::{Access, GrantedColumn, View, ViewValue, rules::PeopleRule};

use super::message::{HEAD_BYTES, MAX_MESSAGE_BYTES};
use crate::plugin_file::manifest::Manifest;

/// Settings as one row; tables are flattened with dots. The first columns tell how much memory the plugin may
/// take, and how it counts people where it learns.
#[expect(clippy::cast_precision_loss, reason = "memory is not counted to the byte")]
pub(crate) fn settings_frame(params: &Params, memory_bytes: u64, people: Option<PeopleRule>) -> Frame {
    let mut writer = FrameWriter::new(FrameKind::Settings, 1);
    writer.write_numbers("host.memory_bytes", &[Some(memory_bytes as f64)]);
    if let Some(people) = people {
        writer.write_numbers("host.at_least_people", &[Some(people.at_least.into())]);
        writer.write_numbers("host.a_person_counts", &[people.a_person_counts.map(f64::from)]);
    }
    for (name, param) in params.0.iter() {
        write_setting(&mut writer, name, param);
    }
    writer.finish_behind(HEAD_BYTES)
}

#[expect(clippy::cast_precision_loss, reason = "strategies calculate in floats")]
fn write_setting(writer: &mut FrameWriter, name: &str, param: &Param) {
    match param {
        Param::Flag(flag) => writer.write_flags(name, &[Some(*flag)]),
        Param::Integer(n) => writer.write_numbers(name, &[Some(*n as f64)]),
        Param::Number(n) => writer.write_numbers(name, &[Some(*n)]),
        Param::Text(text) => writer.write_text(name, &[Some(text)]),
        Param::Date(date) => writer.write_dates(name, &[days_since_epoch(*date)]),
        Param::Time(time) => writer.write_times(name, &[Some(time.ms())]),
        Param::List(list) => {
            let texts =
                list.iter().filter_map(|p| if let Param::Text(t) = p { Some(&**t) } else { None }).collect();
            writer.write_texts(name, &[Some(texts)]);
        }
        Param::Table(table) => {
            table.iter().for_each(|(key, param)| write_setting(writer, &format!("{name}.{key}"), param))
        }
    }
}

/// Days since 1970-01-01.
fn days_since_epoch(date: Date) -> Option<i32> {
    let since = date.duration_since(Date::constant(1970, 1, 1));
    i32::try_from(since.as_hours() / 24).ok()
}

/// One request of a batch.
pub(crate) struct RecommendRow<'a> {
    pub(crate) ask: &'a StrategyRequest,
    pub(crate) candidates: &'a [ItemIndex],
    /// True where only candidates may be picked.
    pub(crate) only_candidates: bool,
}

impl RecommendRow<'_> {
    /// How many picks it asks for.
    pub(crate) fn wanted_picks(&self) -> usize {
        if self.only_candidates { self.candidates.len() } else { self.ask.limit }
    }
}

/// A batch of requests of one strategy: all views have the same granted fields.
pub(crate) fn recommend_frame<'a>(manifest: &Manifest, rows: &'a [RecommendRow<'a>]) -> Frame {
    let mut writer = FrameWriter::new(FrameKind::Recommend, rows.len());
    let limit = |row: &RecommendRow<'_>| u32::try_from(row.ask.limit).unwrap_or(u32::MAX);
    write_of_rows(rows, limit, |limits| writer.write_words32("limit", limits));
    write_of_rows(rows, |row| row.ask.seed.0, |seeds| writer.write_words64("seed", seeds));
    write_of_rows(rows, |row| Some(row.ask.view.now().ms()), |times| writer.write_times("time", times));
    if rows.iter().any(|q| q.only_candidates) {
        let lists: Vec<Option<Vec<u32>>> = rows
            .iter()
            .map(|q| q.only_candidates.then(|| q.candidates.iter().map(|i| i.0).collect()))
            .collect();
        writer.write_item_lists("candidates", &lists.iter().map(Option::as_deref).collect::<Vec<_>>());
    }
    let Some(first) = rows.first() else {
        return writer.finish_behind(HEAD_BYTES);
    };
    for (path, kind, _) in first.ask.view.values().filter(|(path, ..)| manifest.declares(path)) {
        write_of_rows(
            rows,
            |row| value_of(&row.ask.view, path),
            |cells| write_field(&mut writer, path, kind, cells),
        );
    }
    writer.finish_behind(HEAD_BYTES)
}

/// Writes one value of each row; that of a single row asks for no memory.
fn write_of_rows<'a, T>(
    rows: &'a [RecommendRow<'a>],
    value: impl Fn(&'a RecommendRow<'a>) -> T,
    write: impl FnOnce(&[T]),
) {
    match rows {
        [row] => write(&[value(row)]),
        rows => write(&rows.iter().map(value).collect::<Vec<_>>()),
    }
}

fn value_of<'a>(view: &'a View, path: &FieldPath) -> Option<&'a ViewValue> {
    match view.get(path.namespace, &path.name) {
        Access::Value(value) => Some(value),
        Access::Denied | Access::Absent => None,
    }
}

fn write_field(writer: &mut FrameWriter, path: &FieldPath, kind: FieldType, cells: &[Option<&ViewValue>]) {
    let name = path.to_string();
    macro_rules! of {
        ($pattern:pat => $value:expr) => {
            &cells
                .iter()
                .map(|cell| if let Some($pattern) = cell { $value } else { None })
                .collect::<Vec<_>>()
        };
    }
    match kind {
        FieldType::Number | FieldType::Money => {
            writer.write_numbers(&name, of!(ViewValue::Number(n) => Some(*n)))
        }
        FieldType::Flag => writer.write_flags(&name, of!(ViewValue::Flag(f) => Some(*f))),
        FieldType::Id | FieldType::Text | FieldType::Choice => {
            writer.write_text(&name, of!(ViewValue::Text(t) => Some(&**t)))
        }
        FieldType::Texts => writer
            .write_texts(&name, of!(ViewValue::Texts(list) => Some(list.iter().map(|t| &**t).collect()))),
        FieldType::Date => writer.write_dates(&name, of!(ViewValue::Date(d) => days_since_epoch(*d))),
        FieldType::Time => writer.write_times(&name, of!(ViewValue::Time(t) => Some(t.ms()))),
        FieldType::Item => writer.write_items(&name, of!(ViewValue::Item(i) => Some(i.0))),
        FieldType::Items => {
            let lists: &Vec<Option<Vec<u32>>> =
                of!(ViewValue::Items(list) => Some(list.iter().map(|i| i.0).collect()));
            writer.write_item_lists(&name, &lists.iter().map(Option::as_deref).collect::<Vec<_>>());
        }
        FieldType::Events => writer
            .write_events(&name, of!(ViewValue::Events(list) => Some(list.iter().map(event_of).collect()))),
    }
}

fn event_of(event: &jardin_policy::ViewEvent) -> Event {
    Event { at: event.at.ms(), item: event.item.0, quantity: event.quantity, kind: event.kind.code().into() }
}

/// The rows of the catalogue that a worker must be told: those that changed since `known`, in frames that
/// fit.
pub(crate) fn catalogue_frames(manifest: &Manifest, view: &View, known: Option<&View>) -> Vec<Frame> {
    let declared = |c: &&GrantedColumn| manifest.declares(&FieldPath::new(Namespace::Item, &c.name));
    let columns: Vec<&GrantedColumn> = view.columns().iter().filter(declared).collect();
    let mut rows = Vec::new();
    for chunk in view.changed_chunks(known) {
        rows.extend(changed_rows(view, known, chunk, &columns));
    }
    let mut frames = Vec::new();
    push_frames(view, &columns, &rows, &mut frames);
    frames
}

/// Rows of one chunk that are new, changed in a declared column, or removed.
fn changed_rows(
    view: &View,
    known: Option<&View>,
    chunk: usize,
    columns: &[&GrantedColumn],
) -> Vec<(ItemIndex, bool)> {
    let index = |row: usize| u32::try_from(chunk * CHUNK_ROWS + row).ok().map(ItemIndex);
    let live: BTreeSet<usize> = view.live_rows(chunk).collect();
    let before: BTreeSet<usize> = known.map(|k| k.live_rows(chunk).collect()).unwrap_or_default();
    let changed = |i: ItemIndex| {
        known.is_none_or(|k| {
            columns.iter().any(|c| !is_same_cell((view, &view.item(i).at(c)), (k, &k.item(i).at(c))))
        })
    };
    let upserts = live.iter().filter_map(|row| {
        let i = index(*row)?;
        (!before.contains(row) || changed(i)).then_some((i, false))
    });
    let removals = before.difference(&live).filter_map(|row| Some((index(*row)?, true)));
    upserts.chain(removals).collect()
}

/// True where two states of the catalogue hold the same. A text may stand under another symbol in another
/// dictionary.
fn is_same_cell((new, a): (&View, &Access<Cell<'_>>), (old, b): (&View, &Access<Cell<'_>>)) -> bool {
    match (a, b) {
        (Access::Value(Cell::Text(_, a)), Access::Value(Cell::Text(_, b))) => a == b,
        (Access::Value(Cell::Texts(a)), Access::Value(Cell::Texts(b))) => {
            a.iter().map(|symbol| new.text(*symbol)).eq(b.iter().map(|symbol| old.text(*symbol)))
        }
        _ => a == b,
    }
}

/// Halves the rows until each frame fits.
fn push_frames(view: &View, columns: &[&GrantedColumn], rows: &[(ItemIndex, bool)], frames: &mut Vec<Frame>) {
    /// So many rows fit as a rule.
    const ROWS_AT_ONCE: usize = 1024;
    for part in rows.chunks(ROWS_AT_ONCE) {
        let frame = catalogue_frame(view, columns, part);
        if frame.bytes().len() <= MAX_MESSAGE_BYTES {
            frames.push(frame);
        } else if let Some((a, b)) = part.split_at_checked(part.len() / 2).filter(|(a, _)| !a.is_empty()) {
            push_frames(view, columns, a, frames);
            push_frames(view, columns, b, frames);
        }
        // one row that is longer than a frame is not sent: the plugin never sees that item
    }
}

fn catalogue_frame(view: &View, columns: &[&GrantedColumn], rows: &[(ItemIndex, bool)]) -> Frame {
    let mut writer = FrameWriter::new(FrameKind::Catalogue, rows.len());
    writer.write_words32("index", &rows.iter().map(|(i, _)| i.0).collect::<Vec<_>>());
    writer.write_flags("removed", &rows.iter().map(|(_, removed)| Some(*removed)).collect::<Vec<_>>());
    for column in columns {
        let name = format!("item.{}", column.name);
        let cells: Vec<Option<Cell<'_>>> = rows
            .iter()
            .map(|(i, removed)| match view.item(*i).at(column) {
                Access::Value(cell) if !removed => Some(cell),
                _ => None,
            })
            .collect();
        write_item_column(&mut writer, &name, column.field_type, &cells, view);
    }
    writer.finish_behind(HEAD_BYTES)
}

fn write_item_column(
    writer: &mut FrameWriter,
    name: &str,
    kind: FieldType,
    cells: &[Option<Cell<'_>>],
    view: &View,
) {
    macro_rules! of {
        ($pattern:pat => $value:expr) => {
            &cells
                .iter()
                .map(|cell| if let Some($pattern) = cell { $value } else { None })
                .collect::<Vec<_>>()
        };
    }
    match kind {
        FieldType::Number | FieldType::Money => writer.write_numbers(name, of!(Cell::Number(n) => Some(*n))),
        FieldType::Flag => writer.write_flags(name, of!(Cell::Flag(f) => Some(*f))),
        FieldType::Id | FieldType::Text | FieldType::Choice => {
            writer.write_text(name, of!(Cell::Text(_, t) => Some(&***t)))
        }
        FieldType::Texts => {
            let texts = |symbols: &[jardin_model::Symbol]| {
                symbols.iter().filter_map(|s| view.text(*s).map(|t| &**t)).collect()
            };
            writer.write_texts(name, of!(Cell::Texts(symbols) => Some(texts(symbols))));
        }
        FieldType::Date => writer.write_dates(name, of!(Cell::Date(d) => days_since_epoch(*d))),
        FieldType::Time => writer.write_times(name, of!(Cell::Time(t) => Some(t.ms()))),
        FieldType::Item | FieldType::Items | FieldType::Events => {}
    }
}

/// Events to learn from; whose they are only where the plugin counts people.
pub(crate) fn observe_frame(manifest: &Manifest, rows: &[Observation]) -> Frame {
    let mut writer = FrameWriter::new(FrameKind::Observe, rows.len());
    let words = |of: fn(&Observation) -> u32| rows.iter().map(of).collect::<Vec<_>>();
    writer.write_words64("session", &rows.iter().map(|r| r.session).collect::<Vec<_>>());
    writer.write_words64("sequence", &rows.iter().map(|r| r.sequence).collect::<Vec<_>>());
    writer.write_words32("item", &words(|r| r.item.0));
    writer.write_words32("kind", &words(|r| r.kind.code().into()));
    writer.write_words32("hour", &words(|r| r.hour));
    writer.write_words32("ordinal", &words(|r| r.ordinal));
    if manifest.counts_people && rows.iter().any(|r| r.person.is_some()) {
        writer.write_some_words32("person", &rows.iter().map(|r| r.person).collect::<Vec<_>>());
    }
    writer.finish_behind(HEAD_BYTES)
}

/// Sessions to forget.
pub(crate) fn forget_frame(sessions: &[u64]) -> Frame {
    let mut writer = FrameWriter::new(FrameKind::Forget, sessions.len());
    writer.write_words64("session", sessions);
    writer.finish_behind(HEAD_BYTES)
}
