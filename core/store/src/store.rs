//! The store as a whole.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jardin_model::{ItemIds, SessionId, SessionRecord, SubjectId, SubjectRecord, Timestamp};
use jardin_strategy::StoreError;

use crate::{
    cache::{Cache, Weigh},
    items,
    keys::{Keys, secret_file},
    readers::Readers,
    repeats::Repeats,
    schema,
    seal::{Secret, digest},
    writer::Writer,
};

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// How much memory the caches of people and visits may use, in bytes.
    pub cache_bytes: usize,
    /// How many threads read.
    pub readers: usize,
    /// How many changes may wait to be written.
    pub waiting: usize,
    /// Where the master key is; `master.key` in the data folder where it is not said.
    pub master_key: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache_bytes: 256 << 20,
            readers: 4,
            waiting: 4096,
            master_key: None,
        }
    }
}

/// The embedded store of one data folder. One process at a time holds it.
pub struct Store {
    pub(crate) shared: Arc<Shared>,
    pub(crate) writer: Writer,
    pub(crate) readers: Readers,
    /// Held while the store is open.
    _lock: File,
}

/// What reading, writing and caching share.
pub(crate) struct Shared {
    pub(crate) master: Secret,
    pub(crate) digests: Secret,
    pub(crate) keys: Arc<Keys>,
    pub(crate) ids: Arc<ItemIds>,
    pub(crate) subjects: Cache<SubjectId, SubjectRecord>,
    pub(crate) sessions: Cache<SessionId, SessionRecord>,
    latest: AtomicI64,
}

impl Shared {
    /// The keyed digest by which a person or a visit is found.
    pub(crate) fn digest(&self, what: &str, id: &str) -> [u8; 16] {
        let whole = digest(&self.digests, &[what.as_bytes(), id.as_bytes()]);
        let mut short = [0; 16];
        short.iter_mut().zip(whole).for_each(|(place, byte)| *place = byte);
        short
    }

    pub(crate) fn note_time(&self, now: Timestamp) {
        self.latest.fetch_max(now.ms(), Ordering::AcqRel);
    }

    pub(crate) fn latest(&self) -> Option<Timestamp> {
        let ms = self.latest.load(Ordering::Acquire);
        (ms != i64::MIN).then_some(Timestamp::from_ms(ms))
    }
}

pub(crate) fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed {
        what: error.to_string().into(),
    }
}

impl Store {
    /// Opens the store of a data folder, or makes one.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another process holds it, [`StoreError::Failed`] with what the disk or the database says.
    pub fn open(folder: &Path, options: Options) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("lock"))
            .map_err(failed)?;
        lock.try_lock().map_err(|_| StoreError::Locked {
            folder: folder.display().to_string().into(),
        })?;
        let master_path = options.master_key.unwrap_or_else(|| folder.join("master.key"));
        let master = secret_file(&master_path).map_err(failed)?;
        let keys = Arc::new(Keys::open(&folder.join("keys"), master).map_err(failed)?);
        let path = folder.join("store.db");
        let connection = schema::writer(&path).map_err(failed)?;
        let ids = Arc::new(items::stored_ids(&connection).map_err(failed)?);
        let latest = stored_time(&connection).unwrap_or(i64::MIN);
        let shared = Arc::new(Shared {
            digests: digest(&master, &[b"digests"]),
            master,
            keys: Arc::clone(&keys),
            ids,
            subjects: Cache::new(options.cache_bytes / 4 * 3),
            sessions: Cache::new(options.cache_bytes / 4),
            latest: AtomicI64::new(latest),
        });
        let writer = Writer::start(connection, keys, Repeats::default(), options.waiting)?;
        let readers = Readers::start(&path, options.readers)?;
        Ok(Self {
            shared,
            writer,
            readers,
            _lock: lock,
        })
    }

    /// From now until [`Store::release`] nothing becomes durable; an end in between leaves nothing of it. For imports.
    ///
    /// # Errors
    /// Where the writing thread ended.
    pub async fn hold(&self) -> Result<(), StoreError> {
        self.writer.hold().await
    }

    /// Makes everything since [`Store::hold`] durable, in one step.
    ///
    /// # Errors
    /// What the disk says; nothing of it is stored then.
    pub async fn release(&self) -> Result<(), StoreError> {
        self.writer.release().await
    }
}

fn stored_time(connection: &rusqlite::Connection) -> Option<i64> {
    let bytes: Vec<u8> = connection
        .query_row("SELECT value FROM switches WHERE name = 'time'", [], |row| row.get(0))
        .ok()?;
    Some(i64::from_be_bytes(bytes.try_into().ok()?) ^ i64::MIN)
}

/// What one event of a history takes.
const EVENT: usize = 72;

impl Weigh for SubjectRecord {
    fn bytes(&self) -> usize {
        let lines: usize = self.events.iter().map(|e| e.lines.len() * 8).sum();
        256 + self.events.len() * EVENT + lines + self.fields.len() * 128 + self.choices.values().map(|c| 64 + c.len() * 96).sum::<usize>()
    }
}

impl Weigh for SessionRecord {
    fn bytes(&self) -> usize {
        64 + self.events.len() * EVENT + self.events.iter().map(|e| e.lines.len() * 8).sum::<usize>()
    }
}
