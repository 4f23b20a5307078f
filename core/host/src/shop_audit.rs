//! The audit of a shop: where it lies, how long it is kept, and where its checkpoints go.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jardin_audit::{Checkpoint, FileAudit, remove_days_before};
use jardin_contract::{Act, AuditLog, Store};
use jardin_model::{DAY_MS, Timestamp};

use crate::{HostError, ShopContent};

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
    pub(crate) fn open(data: &Path, store: &dyn Store, content: &ShopContent) -> Result<Self, HostError> {
        let folder = audit_path(data);
        let secret = store.derive_secret("audit-signature");
        let untold: Arc<Mutex<Vec<String>>> = Arc::default();
        let place =
            content.server.audit_checkpoints.as_ref().map(|place| content.folder.path().join(&**place));
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

    /// Records what a command of this machine did.
    pub fn record_command(&self, what: &str, at: Timestamp, status: u16) {
        self.log.record_act(Act { at, what: what.into(), by: "local".into(), person: None, status });
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
