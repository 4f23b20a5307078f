//! The audit of a shop: where it lies, how long it is kept, and where its checkpoints go.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jardin_audit::{Checkpoint, FileAudit, remove_days_before};
use jardin_contract::{Act, ActQuery, AuditHead, AuditLog, RecordedAct, Store, UnreadableAudit};
use jardin_model::{DAY_MS, Timestamp};

use crate::{HostError, ServerConfig, ShopFolder};

/// For how many days acts are kept.
const KEPT_DAYS: i64 = 365;
/// The file of checkpoints in the folder that server.toml names.
const CHECKPOINTS_FILE: &str = "jardin-audit-checkpoints";

/// Where the audit of a data folder lies.
#[must_use]
pub fn audit_path(data: &Path) -> PathBuf {
    data.join("audit")
}

/// The audit of a shop.
pub struct ShopAudit {
    log: FileAudit,
    folder: PathBuf,
    secret: [u8; 32],
    /// Checkpoints that are still to be told, where they go to nothing but the log of the service.
    untold: Arc<Mutex<Vec<String>>>,
}

impl ShopAudit {
    /// The audit of a data folder, whose store is held; of `server` it needs where the checkpoints go.
    pub(crate) fn open(
        data: &Path,
        store: &dyn Store,
        (shop, server): (&ShopFolder, &ServerConfig),
    ) -> Result<Self, HostError> {
        let folder = audit_path(data);
        let secret = store.derive_secret("audit-signature");
        let untold: Arc<Mutex<Vec<String>>> = Arc::default();
        let place = server.audit_checkpoints.as_ref().map(|place| shop.path().join(&**place));
        let to_tell = Arc::clone(&untold);
        let tell = move |checkpoint: &Checkpoint| {
            let kept = place.as_deref().map(|place| keep_checkpoint(place, checkpoint));
            // what the other place does not take is told instead
            if !matches!(kept, Some(Ok(()))) {
                to_tell.lock().unwrap_or_else(PoisonError::into_inner).push(checkpoint.to_string());
            }
        };
        let log = FileAudit::open(&folder, &secret, Box::new(tell)).map_err(audit_error)?;
        Ok(Self { log, folder, secret, untold })
    }

    /// Records what a command of this machine did, and whether it could.
    pub fn record_command(&self, what: &str, at: Timestamp, is_done: bool) {
        self.record("local", what, at, is_done);
    }

    /// Records that a changed shop folder was taken, or that a part of it was not.
    pub(crate) fn record_reload(&self, at: Timestamp, is_whole: bool) {
        self.record("folder", "reload", at, is_whole);
    }

    fn record(&self, by: &str, what: &str, at: Timestamp, is_done: bool) {
        let status = if is_done { 200 } else { 422 };
        self.log.record_act(Act { at, what: what.into(), by: by.into(), person: None, status });
    }

    /// The checkpoints that were not told yet; each is told once.
    #[must_use]
    pub fn take_checkpoints(&self) -> Vec<String> {
        std::mem::take(&mut *self.untold.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes what was recorded so far; blocks until it is durable.
    pub fn flush(&self) {
        self.log.flush();
    }

    /// Removes days that are older than acts are kept.
    ///
    /// # Errors
    /// What the disk says.
    pub fn remove_old_days(&self, now: Timestamp) -> Result<usize, HostError> {
        let oldest = now.plus_ms(-KEPT_DAYS * DAY_MS).to_string();
        let day = oldest.split('T').next().unwrap_or_default();
        remove_days_before(&self.folder, &self.secret, day).map_err(audit_error)
    }
}

impl AuditLog for ShopAudit {
    fn record_act(&self, act: Act) {
        self.log.record_act(act);
    }

    fn read_acts(&self, query: &ActQuery) -> Result<Vec<RecordedAct>, UnreadableAudit> {
        self.log.read_acts(query)
    }

    fn read_head(&self) -> Result<AuditHead, UnreadableAudit> {
        self.log.read_head()
    }

    fn list_warnings(&self) -> Vec<String> {
        self.log.list_warnings()
    }
}

fn keep_checkpoint(place: &Path, checkpoint: &Checkpoint) -> std::io::Result<()> {
    fs::create_dir_all(place)?;
    let mut file = OpenOptions::new().append(true).create(true).open(place.join(CHECKPOINTS_FILE))?;
    writeln!(file, "{checkpoint}")?;
    file.sync_data()
}

fn audit_error(error: jardin_audit::AuditError) -> HostError {
    HostError::Unusable(error.to_string())
}
