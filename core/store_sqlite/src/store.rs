//! The store as a whole.

use std::{
    fs::{DirBuilder, File, TryLockError},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jardin_contract::StoreError;
use jardin_model::{ItemIds, SessionId, SessionRecord, SubjectId, SubjectRecord, Timestamp};

use rusqlite::OptionalExtension as _;

use crate::{
    cache::Cache,
    items,
    keys::Keys,
    master::master_key,
    mend::{belong_together, mend},
    readers::Readers,
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
    /// How many changes may wait to be written; each batch of events is one. What is not events finds room
    /// beyond it.
    pub waiting: usize,
    /// Where the master key is; `master.key` in the data folder where it is not said.
    pub master_key: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { cache_bytes: 256 << 20, readers: 4, waiting: 4096, master_key: None }
    }
}

/// The embedded store of one data folder. One process at a time holds it; dropping it waits until everything
/// accepted is written.
pub struct Store {
    // INVARIANT: the writer ends first and the lock is let go last, so that whoever opens the folder next
    // finds it at rest
    pub(crate) writer: Writer,
    pub(crate) readers: Readers,
    pub(crate) shared: Arc<Shared>,
    /// Held while the store is open.
    _lock: File,
}

/// What reading, writing and caching share.
pub(crate) struct Shared {
    pub(crate) digests: Secret,
    pub(crate) keys: Arc<Keys>,
    pub(crate) ids: Arc<ItemIds>,
    pub(crate) subjects: Cache<SubjectId, SubjectRecord>,
    pub(crate) sessions: Cache<SessionId, SessionRecord>,
    latest: AtomicI64,
}

impl Shared {
    /// The keyed digest by which a person or a visit is found: HMAC-SHA-256, its first 128 bits (RFC 2104,
    /// 5).
    pub(crate) fn digest(&self, what: &str, id: &str) -> [u8; 16] {
        let whole = digest(&self.digests, &[what.as_bytes(), id.as_bytes()]);
        whole.first_chunk().copied().unwrap_or_default()
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
    StoreError::Failed { what: error.to_string().into() }
}

impl Store {
    /// Opens the store of a data folder, or makes one. What an end cut short is finished before it returns.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another process holds it, [`StoreError::Failed`] with what the disk or
    /// the database says, and where the keys are missing or not those of the store.
    pub fn open(folder: &Path, options: Options) -> Result<Self, StoreError> {
        make_folder(folder).map_err(failed)?;
        let lock = locked(folder)?;
        let (tables, keys) = (folder.join("store.db"), folder.join("keys"));
        let master = options.master_key.unwrap_or_else(|| folder.join("master.key"));
        // nothing is made anew that something else already rests on
        let master = master_key(&master, !keys.exists() && !tables.exists())?;
        let keys = Arc::new(Keys::open(&keys, master, !tables.exists())?);
        if !tables.exists() && keys.end() > 1 {
            return Err(failed(format!("there are keys of people, and `{}` is missing", tables.display())));
        }
        let mut connection = schema::writer(&tables)?;
        belong_together(&connection, &keys)?;
        mend(&mut connection, &keys)?;
        let shared = Arc::new(Shared {
            digests: digest(keys.root(), &[b"digests"]),
            keys: Arc::clone(&keys),
            ids: Arc::new(items::stored_ids(&connection)?),
            subjects: Cache::new(options.cache_bytes / 4 * 3),
            sessions: Cache::new(options.cache_bytes / 4),
            latest: AtomicI64::new(stored_time(&connection)?.unwrap_or(i64::MIN)),
        });
        Ok(Self {
            writer: Writer::start(connection, keys, options.waiting)?,
            readers: Readers::start(&tables, options.readers)?,
            shared,
            _lock: lock,
        })
    }

    /// From now until [`Store::release`] nothing becomes durable; an end in between leaves nothing of it. For
    /// imports.
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
        let released = self.writer.release().await;
        // readers saw the state before, and where it failed the caches saw what is not there
        self.shared.subjects.clear();
        self.shared.sessions.clear();
        released
    }
}

/// Makes the data folder, for its owner alone; one that exists keeps its rights.
fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn locked(folder: &Path) -> Result<File, StoreError> {
    let mut options = File::options();
    let lock = options.create(true).truncate(false).write(true).open(folder.join("lock"));
    let lock = lock.map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(StoreError::Locked { folder: folder.display().to_string().into() })
        }
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn stored_time(connection: &rusqlite::Connection) -> Result<Option<i64>, StoreError> {
    let select = "SELECT value FROM switches WHERE name = 'time'";
    let stored: Option<[u8; 8]> =
        connection.query_row(select, [], |row| row.get(0)).optional().map_err(failed)?;
    // as it is written: with the sign turned
    Ok(stored.map(|bytes| i64::from_be_bytes(bytes) ^ i64::MIN))
}
