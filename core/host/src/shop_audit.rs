//! The audit of a shop: where it lies, how long it is kept, and where its checkpoints go.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jardin_audit::{Checkpoint, FileAudit, OnCheckpoint, remove_days_before};
use jardin_contract::{
    Act, ActQuery, AuditHead, AuditLog, DecidedAnswer, RecordedAct, Store, UnreadableAudit,
};
use jardin_model::{DAY_MS, Timestamp};
use jardin_policy::rules::PolicyRules;

use crate::{HostError, ServerConfig, ShopFolder, decisions::Decisions};

/// For how many days acts are kept where the policy does not say.
const KEPT_DAYS: i64 = 365;
/// For how many days decisions are kept that a policy recorded which does so no longer.
const DECISIONS_KEPT_DAYS: i64 = 30;
/// The files of checkpoints in the folder that server.toml names, of acts and of decisions.
const CHECKPOINTS_FILE: &str = "jardin-audit-checkpoints";
const DECISIONS_FILE: &str = "jardin-decision-checkpoints";

/// Where the audit of a data folder lies.
#[must_use]
pub fn audit_path(data: &Path) -> PathBuf {
    data.join("audit")
}

/// Where the decisions of an audit lie.
#[must_use]
pub fn decisions_path(audit: &Path) -> PathBuf {
    audit.join("decisions")
}

/// The audit of a shop.
pub struct ShopAudit {
    log: FileAudit,
    /// Where a shop runs.
    decisions: Option<Decisions>,
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
        let keep = keep_checkpoints(place, CHECKPOINTS_FILE, Arc::clone(&untold));
        let log = FileAudit::open(&folder, &secret, keep).map_err(audit_error)?;
        Ok(Self { log, decisions: None, folder, secret, untold })
    }

    /// The same for a shop that runs on `store` and may record decisions.
    pub(crate) fn with_decisions(
        self,
        store: &Arc<dyn Store>,
        (shop, server): (&ShopFolder, &ServerConfig),
    ) -> Self {
        let place = server.audit_checkpoints.as_ref().map(|place| shop.path().join(&**place));
        let keep = keep_checkpoints(place, DECISIONS_FILE, Arc::clone(&self.untold));
        let decisions = Decisions::new(decisions_path(&self.folder), self.secret, (Arc::clone(store), keep));
        Self { decisions: Some(decisions), ..self }
    }

    /// Records what a command of this machine did, and whether it could.
    pub fn record_command(&self, what: &str, at: Timestamp, is_done: bool) {
        self.record_nobodys("local", what, at, is_done);
    }

    /// Records that a changed shop folder was taken, or that a part of it was not.
    pub(crate) fn record_reload(&self, at: Timestamp, is_whole: bool) {
        self.record_nobodys("folder", "reload", at, is_whole);
    }

    fn record_nobodys(&self, by: &str, what: &str, at: Timestamp, is_done: bool) {
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
        self.decisions.iter().for_each(Decisions::flush);
    }

    /// Removes the days that are older than the policy has acts and decisions kept, each as a whole.
    ///
    /// # Errors
    /// What the disk says.
    pub fn remove_old_days(&self, rules: &PolicyRules, now: Timestamp) -> Result<usize, HostError> {
        let (audit, days) = (rules.record.audit.as_ref(), |days: i64| now.plus_ms(-days * DAY_MS));
        let acts = audit.and_then(|audit| audit.keep_proofs).map(|keep| keep.before(now, &rules.zone));
        let decided = audit.map(|audit| audit.keep.before(now, &rules.zone));
        let removed = self.remove_before(&self.folder, acts.unwrap_or_else(|| days(KEPT_DAYS)))?;
        let decisions = decisions_path(&self.folder);
        if !decisions.exists() {
            return Ok(removed);
        }
        Ok(removed + self.remove_before(&decisions, decided.unwrap_or_else(|| days(DECISIONS_KEPT_DAYS)))?)
    }

    fn remove_before(&self, folder: &Path, oldest: Timestamp) -> Result<usize, HostError> {
        let oldest = oldest.to_string();
        let day = oldest.split('T').next().unwrap_or_default();
        remove_days_before(folder, &self.secret, day).map_err(audit_error)
    }
}

impl AuditLog for ShopAudit {
    fn record_act(&self, act: Act) {
        self.log.record_act(act);
    }

    fn record_decision(&self, decided: DecidedAnswer) -> bool {
        self.decisions.as_ref().is_some_and(|decisions| decisions.record_decision(decided))
    }

    fn read_acts(&self, query: &ActQuery) -> Result<Vec<RecordedAct>, UnreadableAudit> {
        self.log.read_acts(query)
    }

    fn read_head(&self) -> Result<AuditHead, UnreadableAudit> {
        self.log.read_head()
    }

    fn list_warnings(&self) -> Vec<String> {
        let decisions = self.decisions.iter().flat_map(Decisions::list_warnings);
        self.log.list_warnings().into_iter().chain(decisions).collect()
    }
}

/// Keeps checkpoints in the other place, where there is one and it takes them; the rest are to be told.
fn keep_checkpoints(
    place: Option<PathBuf>,
    file: &'static str,
    untold: Arc<Mutex<Vec<String>>>,
) -> OnCheckpoint {
    Box::new(move |checkpoint: &Checkpoint| {
        let kept = place.as_deref().map(|place| keep_checkpoint(place, file, checkpoint));
        if !matches!(kept, Some(Ok(()))) {
            untold.lock().unwrap_or_else(PoisonError::into_inner).push(checkpoint.to_string());
        }
    })
}

fn keep_checkpoint(place: &Path, file: &str, checkpoint: &Checkpoint) -> std::io::Result<()> {
    fs::create_dir_all(place)?;
    let mut file = OpenOptions::new().append(true).create(true).open(place.join(file))?;
    writeln!(file, "{checkpoint}")?;
    file.sync_data()
}

pub(crate) fn audit_error(error: jardin_audit::AuditError) -> HostError {
    HostError::Unusable(error.to_string())
}
