//! Writing the log: one thread, a batch at a time.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use ed25519_dalek::SigningKey;
use jardin_contract::{Act, ActQuery, AuditHead, RecordedAct, UnreadableAudit};
use jardin_model::Timestamp;

use crate::{
    checkpoint::{CHECKPOINTS, Checkpoint, mark_of, newest_checkpoint, public_key_of, write_public_key},
    error::AuditError,
    line::{Line, Record, read_acts},
    opening::{Position, resume},
    segments::{Segment, day_of},
};

/// So many acts may wait to be written; those beyond are counted, and the next entry says how many.
const MAX_WAITING: usize = 65_536;
/// So many are written at once.
const MAX_BATCH: usize = 4_096;
/// So long acts are gathered before they are written.
const GATHERING: Duration = Duration::from_millis(50);
/// A checkpoint is made so often while there is something new.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_secs(10);

/// Takes a checkpoint to where whoever rewrites the folder cannot rewrite it.
pub type OnCheckpoint = Box<dyn Fn(&Checkpoint) + Send>;

/// The log of a folder. Dropping it writes what waits, and a last checkpoint.
pub struct FileAudit {
    folder: PathBuf,
    messages: Option<SyncSender<Message>>,
    thread: Option<JoinHandle<()>>,
    state: Arc<State>,
}

/// What the writing thread is told.
enum Message {
    /// To record what this gives; it is called beside whoever asked for it.
    Record(Box<dyn FnOnce() -> Record + Send>),
    /// To write what waits and a checkpoint, and to say when that is done.
    Flush(SyncSender<()>),
}

#[derive(Default)]
struct State {
    /// Acts for which there was no room.
    lost: AtomicU64,
    is_failing: AtomicBool,
    failure: Mutex<Option<String>>,
}

impl FileAudit {
    /// Opens the log of a folder, or makes one. `secret` is the seed of its signing key; `on_checkpoint` receives each checkpoint.
    ///
    /// # Errors
    /// [`AuditError`] where the folder cannot be read or written.
    pub fn open(folder: &Path, secret: &[u8; 32], on_checkpoint: OnCheckpoint) -> Result<Self, AuditError> {
        let key = SigningKey::from_bytes(secret);
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(AuditError::at(folder))?;
        write_public_key(folder, &key)?;
        let (position, cut) = resume(folder)?;
        let state = Arc::new(State::default());
        let (messages, inbox) = sync_channel(MAX_WAITING);
        let writer = Writer {
            folder: folder.to_owned(),
            key,
            position,
            cut,
            state: Arc::clone(&state),
            on_checkpoint,
            last_at: String::new(),
        };
        let thread = thread::Builder::new().name("jardin-audit".into()).spawn(move || writer.run(&inbox));
        let thread = thread.map_err(AuditError::at(folder))?;
        Ok(Self { folder: folder.to_owned(), messages: Some(messages), thread: Some(thread), state })
    }

    /// Writes what was recorded so far and a checkpoint of it; blocks until both are durable.
    pub fn flush(&self) {
        let (done, is_done) = sync_channel(1);
        if self.messages.as_ref().is_some_and(|messages| messages.send(Message::Flush(done)).is_ok()) {
            // a thread that ended has nothing more to write
            let _ = is_done.recv();
        }
    }
}

/// Recording and reading.
impl FileAudit {
    /// Records what `make` gives, which is called on the log's own thread. False where there is no room.
    pub fn record_later(&self, make: impl FnOnce() -> Record + Send + 'static) -> bool {
        let message = Message::Record(Box::new(make));
        self.messages.as_ref().is_some_and(|messages| messages.try_send(message).is_ok())
    }

    /// True while the disk does not take what is recorded.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.state.is_failing.load(Ordering::Relaxed)
    }

    /// Records an act; one for which there is no room is counted, and told by [`FileAudit::list_warnings`].
    pub fn record_act(&self, act: Act) {
        if !self.record_later(move || Record::Act(act)) {
            self.state.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The newest acts of a query, newest first, those that wait to be written among them.
    ///
    /// # Errors
    /// [`UnreadableAudit`] with what the disk says.
    pub fn read_acts(&self, query: &ActQuery) -> Result<Vec<RecordedAct>, UnreadableAudit> {
        self.flush();
        Ok(read_acts(&self.folder, query)?)
    }

    /// How far the log has come, with a checkpoint of it.
    ///
    /// # Errors
    /// [`UnreadableAudit`] with what the disk says.
    pub fn read_head(&self) -> Result<AuditHead, UnreadableAudit> {
        self.flush();
        let checkpoint = newest_checkpoint(&self.folder)?.map(|checkpoint| checkpoint.to_string());
        Ok(AuditHead { public_key: public_key_of(&self.folder)?, checkpoint })
    }

    /// What is wrong with the log, each in a phrase.
    #[must_use]
    pub fn list_warnings(&self) -> Vec<String> {
        let failure = self.state.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let lost = match self.state.lost.load(Ordering::Relaxed) {
            0 => None,
            lost => Some(format!("acts that the audit could not take: {lost}")),
        };
        [failure, lost].into_iter().flatten().collect()
    }
}

impl Drop for FileAudit {
    fn drop(&mut self) {
        self.messages = None;
        if let Some(thread) = self.thread.take() {
            // one that panicked has said so itself
            let _ = thread.join();
        }
    }
}

struct Writer {
    folder: PathBuf,
    key: SigningKey,
    position: Position,
    /// Entries that an end cut off, until an entry has said so.
    cut: u64,
    state: Arc<State>,
    on_checkpoint: OnCheckpoint,
    /// The time of the last entry.
    last_at: String,
}

impl Writer {
    fn run(mut self, inbox: &Receiver<Message>) {
        let (mut waiting, mut since_checkpoint) = (Vec::new(), Duration::ZERO);
        loop {
            let mut flushed = None;
            let received = inbox.recv_timeout(BETWEEN_CHECKPOINTS);
            let is_closed = matches!(received, Err(RecvTimeoutError::Disconnected));
            match received {
                Ok(Message::Record(make)) => {
                    waiting.push(make());
                    thread::sleep(GATHERING);
                    since_checkpoint += GATHERING;
                    flushed = gather(inbox, &mut waiting);
                }
                Ok(Message::Flush(done)) => flushed = Some(done),
                Err(_) => since_checkpoint = BETWEEN_CHECKPOINTS,
            }
            self.write_batch(&mut waiting);
            let is_due = is_closed || flushed.is_some() || since_checkpoint >= BETWEEN_CHECKPOINTS;
            if is_due && !self.last_at.is_empty() {
                self.write_checkpoint();
                since_checkpoint = Duration::ZERO;
            }
            // whoever no longer waits needs no answer
            let _ = flushed.map(|done| done.try_send(()));
            if is_closed {
                return;
            }
        }
    }

    /// Writes what waits; what the disk does not take waits on.
    fn write_batch(&mut self, waiting: &mut Vec<Record>) {
        let Some(first) = waiting.first() else { return };
        let mut own = self.own_record(first);
        let written = self.append(own.iter_mut().chain(waiting.iter_mut()));
        self.state.is_failing.store(written.is_err(), Ordering::Relaxed);
        let failure = written.as_ref().err().map(|error| format!("nothing is recorded: {error}"));
        *self.state.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
        match written {
            Ok(()) => {
                self.cut = 0;
                waiting.clear();
            }
            Err(_) => {
                let beyond = waiting.len().saturating_sub(MAX_WAITING);
                self.state.lost.fetch_add(beyond as u64, Ordering::Relaxed);
                waiting.truncate(MAX_WAITING);
            }
        }
    }

    /// What the log says of itself before it goes on.
    fn own_record(&self, next: &Record) -> Option<Record> {
        let at = match next {
            Record::Act(act) => act.at,
            Record::Decision(decision) => Timestamp::parse(&decision.at).ok()?,
        };
        let cut = self.cut;
        let what = format!("entries_cut_by_an_end: {cut}").into();
        (cut > 0).then(|| Record::Act(Act { at, what, by: "audit".into(), person: None, status: 500 }))
    }

    fn append<'a>(&mut self, records: impl Iterator<Item = &'a mut Record>) -> Result<(), AuditError> {
        let (mut bytes, mut n) = (Vec::new(), self.position.entries);
        let mut last_at = String::new();
        for record in records {
            n += 1;
            last_at = record.write_line(n, &mut bytes);
        }
        let chain = self.position.chain.extend(&bytes);
        bytes.extend(Line::chained(n, chain).to_bytes());
        // a clock that goes back stays in the newest file
        let day = day_of(&last_at).unwrap_or_default().max(self.position.day.as_str()).to_owned();
        let segment = Segment::of_day(&self.folder, &day);
        let is_new = !segment.path.exists();
        let mut file = append_to(&segment.path)?;
        if is_new {
            sync_folder(&self.folder)?;
        }
        let before = file.metadata().map_err(AuditError::at(&segment.path))?.len();
        if let Err(error) = file.write_all(&bytes).and_then(|()| file.sync_data()) {
            // half a batch would stand in the midst of the file
            let _ = file.set_len(before);
            return Err(AuditError::at(&segment.path)(error));
        }
        self.position = Position { entries: n, chain, day };
        self.last_at = last_at;
        Ok(())
    }

    fn write_checkpoint(&mut self) {
        let Position { entries, chain, .. } = self.position;
        let (mark, at) = (mark_of(&self.folder), std::mem::take(&mut self.last_at));
        let checkpoint = Checkpoint::sign(&self.key, mark, (entries, chain), &at);
        (self.on_checkpoint)(&checkpoint);
        let path = self.folder.join(CHECKPOINTS);
        let written = append_to(&path).and_then(|mut file| {
            writeln!(file, "{checkpoint}").and_then(|()| file.sync_data()).map_err(AuditError::at(&path))
        });
        if let Err(error) = written {
            let failure = format!("a checkpoint of the audit is not written: {error}");
            *self.state.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
        }
    }
}

/// Takes the acts that wait, as far as one batch holds them; stops where somebody waits for it to be written.
fn gather(inbox: &Receiver<Message>, waiting: &mut Vec<Record>) -> Option<SyncSender<()>> {
    for message in inbox.try_iter().take(MAX_BATCH) {
        match message {
            Message::Record(make) => waiting.push(make()),
            Message::Flush(done) => return Some(done),
        }
    }
    None
}

/// A file of the log, to be written at its end; made for its owner alone.
pub(crate) fn append_to(path: &Path) -> Result<File, AuditError> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path).map_err(AuditError::at(path))
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), AuditError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(AuditError::at(folder))
}
