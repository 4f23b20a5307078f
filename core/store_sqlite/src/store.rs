//! The store as a whole.

use std::{
    fs::{DirBuilder, File, TryLockError},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    thread,
};

use async_trait::async_trait;
use jardin_contract::{Import, KeyProvider, KeyRing, KeySlot, Store, StoreError};
use jardin_model::{ItemNumbering, SessionId, SessionRecord, SubjectId, SubjectRecord, Timestamp};
use jardin_store_kit::{Cache, Secret, keyed_digest};
use rusqlite::OptionalExtension as _;
use tokio::sync::oneshot;

use crate::{
    backup::{KEYS, TABLES, finish_restore, write_backup},
    choices::seal_clear_sources,
    items,
    keys::Keys,
    master_key::{MasterKeyFile, MayMake, open_keys},
    readers::Readers,
    recovery::{check_same_store, finish_interrupted, open_journal, settle_at_opening},
    refusals::{Journal, Outstanding, RecentErasures},
    schema,
    writer::{ImportEnd, Writer},
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
    /// A folder in a second place to which each refusal is written too.
    pub refusals_copy: Option<PathBuf>,
    /// Where the master key is; `master.key` in the data folder where it is not said.
    pub master_key: Option<Arc<dyn KeyProvider>>,
}

impl Options {
    /// Where the master key of a data folder is.
    pub(crate) fn key_provider(&self, folder: &Path) -> Arc<dyn KeyProvider> {
        let usual = || Arc::new(MasterKeyFile::at(folder.join("master.key"))) as Arc<dyn KeyProvider>;
        self.master_key.clone().unwrap_or_else(usual)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { cache_bytes: 256 << 20, readers: 4, waiting: 4096, refusals_copy: None, master_key: None }
    }
}

/// The embedded store of one data folder. One process at a time holds it; dropping it waits until everything
/// accepted is written.
pub struct SqliteStore {
    // INVARIANT: readers end first, so that the writer's end leaves nothing in the log; the lock is let go last,
    // so that whoever opens the folder next finds it at rest
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    pub(crate) shared: Arc<Shared>,
    folder: PathBuf,
    master_key: Arc<dyn KeyProvider>,
    /// Held while the store is open.
    _lock: File,
}

/// What reading, writing and caching share.
pub(crate) struct Shared {
    pub(crate) digests: Secret,
    pub(crate) keys: Arc<Keys>,
    /// Used by the writing thread alone; whoever reads has its ids.
    pub(crate) numbering: ItemNumbering,
    pub(crate) subjects: Cache<SubjectId, SubjectRecord>,
    pub(crate) sessions: Cache<SessionId, SessionRecord>,
    pub(crate) journal: Journal,
    pub(crate) outstanding: Outstanding,
    pub(crate) erasures: RecentErasures,
    /// Why the tables took no change the last time.
    failure: Mutex<Option<Arc<str>>>,
    latest: AtomicI64,
}

/// HMAC-SHA-256 of an id, its first 128 bits (RFC 2104, 5).
pub(crate) fn digest_of(digests: &Secret, what: &str, id: &str) -> [u8; 16] {
    let whole = keyed_digest(digests, &[what.as_bytes(), id.as_bytes()]);
    whole.first_chunk().copied().unwrap_or_default()
}

impl Shared {
    /// The keyed digest by which a person or a visit is found.
    pub(crate) fn id_digest(&self, what: &str, id: &str) -> [u8; 16] {
        digest_of(&self.digests, what, id)
    }

    /// A record as it is obeyed, where the tables do not hold everything that was refused.
    pub(crate) fn obeyed_record(
        &self,
        who: &[u8; 16],
        record: Option<SubjectRecord>,
    ) -> Option<SubjectRecord> {
        self.outstanding.lay_over(who, record, |name| self.id_digest("consent", name))
    }

    /// Notes whether the tables took the last change.
    pub(crate) fn note_outcome(&self, outcome: &Result<(), StoreError>) {
        let failure = outcome.as_ref().err().map(|error| Arc::from(error.to_string()));
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    pub(crate) fn store_warnings(&self) -> Vec<String> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let not_written = failure.map(|why| format!("no change is stored: {why}"));
        let not_durable = match self.outstanding.unwritten().len() {
            0 => None,
            n => Some(format!("refusals that are obeyed and not durable: {n}")),
        };
        let lacks_copy = self.journal.lacks_copy();
        let no_copy = lacks_copy.then(|| "the copy of the journal of refusals cannot be written".to_owned());
        [not_written, not_durable, no_copy].into_iter().flatten().collect()
    }

    /// Empties the caches. After an import: readers saw the state before it, and where it was not committed
    /// the caches saw what is not there.
    pub(crate) fn forget_cached(&self) {
        self.subjects.clear();
        self.sessions.clear();
    }

    pub(crate) fn note_time(&self, now: Timestamp) {
        self.latest.fetch_max(now.ms(), Ordering::AcqRel);
    }

    pub(crate) fn lower_time(&self, to: Timestamp) {
        self.latest.fetch_min(to.ms(), Ordering::AcqRel);
    }

    pub(crate) fn latest_time(&self) -> Option<Timestamp> {
        let ms = self.latest.load(Ordering::Acquire);
        (ms != i64::MIN).then_some(Timestamp::from_ms(ms))
    }
}

impl SqliteStore {
    /// Opens the store of a data folder, or makes one. What an end cut short is finished before it returns.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another process holds it, [`StoreError::Failed`] with what the disk or
    /// the database says, and where the keys are missing or not those of the store.
    pub fn open(folder: &Path, options: Options) -> Result<Self, StoreError> {
        make_folder(folder).map_err(StoreError::failed)?;
        let lock = lock_folder(folder)?;
        finish_restore(folder)?;
        let (tables, keys) = (folder.join(TABLES), folder.join(KEYS));
        let provider = options.key_provider(folder);
        // nothing is made anew that something else already rests on
        let may_make = MayMake { master: !keys.exists() && !tables.exists(), keys: !tables.exists() };
        let keys = Arc::new(open_keys(&keys, &*provider, may_make)?);
        if !tables.exists() && keys.end_slot() > 1 {
            return Err(StoreError::failed(format!(
                "there are keys of people, and `{}` is missing",
                tables.display()
            )));
        }
        let mut connection = schema::open_writer(&tables, keys.end_slot() > 1)?;
        check_same_store(&connection, &keys)?;
        let digests = keyed_digest(keys.root_secret(), &[b"digests"]);
        let (journal, refused) = open_journal(folder, &options, (&*keys, &connection))?;
        finish_interrupted(&mut connection, &keys)?;
        seal_clear_sources(&mut connection, &keys)?;
        let outstanding = Outstanding::default();
        outstanding.obey_refusals(&refused);
        settle_at_opening(&mut connection, &keys, &digests, &outstanding)?;
        let shared = Arc::new(Shared {
            digests,
            journal,
            outstanding,
            erasures: RecentErasures::of_journal(&refused),
            failure: Mutex::default(),
            keys: Arc::clone(&keys),
            numbering: items::stored_numbering(&connection)?,
            subjects: Cache::new(options.cache_bytes / 4 * 3),
            sessions: Cache::new(options.cache_bytes / 4),
            latest: AtomicI64::new(stored_time(&connection)?.unwrap_or(i64::MIN)),
        });
        Ok(Self {
            writer: Writer::start(connection, Arc::clone(&shared), options.waiting)?,
            readers: Readers::start(&tables, options.readers)?,
            shared,
            folder: folder.to_owned(),
            master_key: provider,
            _lock: lock,
        })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin_import(&self) -> Result<Box<dyn Import + '_>, StoreError> {
        let caches = Arc::clone(&self.shared);
        let end = self.writer.begin_import(move || caches.forget_cached()).await?;
        Ok(Box::new(SqliteImport { end: Some(end), caches: &self.shared }))
    }

    async fn back_up(&self, into: &Path) -> Result<(), StoreError> {
        let (folder, keys, into) = (self.folder.clone(), Arc::clone(&self.shared.keys), into.to_owned());
        run_beside("jardin-backup", move || write_backup(&folder, &keys, &into)).await
    }

    async fn rotate_master_key(&self) -> Result<(), StoreError> {
        let (keys, provider) = (Arc::clone(&self.shared.keys), Arc::clone(&self.master_key));
        let rotate = move || {
            // an earlier rotation may have ended before its key took its place: it opens everything
            if provider.read_next()?.is_some_and(|next| keys.is_wrapped_by(&next)) {
                provider.take_next()?;
            }
            keys.rewrap(provider.prepare_next()?)?;
            provider.take_next()
        };
        run_beside("jardin-rotation", rotate).await
    }
}

/// Does what reads for seconds where the store is large on a thread of its own.
async fn run_beside(
    name: &str,
    work: impl FnOnce() -> Result<(), StoreError> + Send + 'static,
) -> Result<(), StoreError> {
    let (reply, answer) = oneshot::channel();
    let spawned = thread::Builder::new().name(name.into()).spawn(move || reply.send(work()));
    spawned.map_err(StoreError::failed)?;
    answer.await.map_err(|_| StoreError::failed("it was given up"))?
}

impl KeyRing for SqliteStore {
    fn create_keys(&self, count: usize) -> Result<Vec<KeySlot>, StoreError> {
        self.shared.keys.create_keys(count)
    }

    fn seal_text(&self, slot: KeySlot, bound: &[u8], text: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.shared.keys.seal_text(slot, bound, text)
    }

    fn open_text(&self, slot: KeySlot, bound: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.shared.keys.open_text(slot, bound, sealed)
    }

    fn destroy_keys(&self, slots: &[KeySlot]) -> Result<(), StoreError> {
        self.shared.keys.destroy_keys(slots)
    }
}

/// An import into the store; its writes are one transaction.
struct SqliteImport<'a> {
    end: Option<ImportEnd>,
    caches: &'a Shared,
}

#[async_trait]
impl Import for SqliteImport<'_> {
    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        match self.end.take() {
            Some(end) => end.commit().await,
            None => Ok(()),
        }
    }
}

impl Drop for SqliteImport<'_> {
    fn drop(&mut self) {
        // what was not committed is not seen from now on, even before the writing thread has undone it
        if self.end.take().is_some() {
            self.caches.forget_cached();
        }
    }
}

/// Makes the data folder, for its owner alone; one that exists keeps its rights.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

pub(crate) fn lock_folder(folder: &Path) -> Result<File, StoreError> {
    let mut options = File::options();
    let lock = options.create(true).truncate(false).write(true).open(folder.join("lock"));
    let lock = lock.map_err(StoreError::failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(StoreError::Locked { folder: folder.display().to_string().into() })
        }
        Err(TryLockError::Error(error)) => Err(StoreError::failed(error)),
    }
}

fn stored_time(connection: &rusqlite::Connection) -> Result<Option<i64>, StoreError> {
    let select = "SELECT value FROM switches WHERE name = 'time'";
    let stored: Option<[u8; 8]> =
        connection.query_row(select, [], |row| row.get(0)).optional().map_err(StoreError::failed)?;
    // as it is written: with the sign turned
    Ok(stored.map(|bytes| i64::from_be_bytes(bytes) ^ i64::MIN))
}
