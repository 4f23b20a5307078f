//! Taking a changed shop folder: what is in force afterwards, what needs a restart, and what stays as it was.

use std::sync::{MutexGuard, PoisonError};

use jardin_compliance::{ChangeKind, compare_policies};
use jardin_policy::lock::Lock;

use crate::{Host, HostError, Notice, ShopContent, ShopFolder};

/// What a reload did.
#[derive(Debug, Default)]
pub struct FolderReload {
    /// What is in force now as the folder says.
    pub applied: Vec<&'static str>,
    /// The keys of server.toml that changed and act after a restart.
    pub needs_restart: Vec<&'static str>,
    /// What there is to tell beside.
    pub notices: Vec<Notice>,
    /// Why a part of the folder is not in force: its last good state stays.
    pub refused: Vec<HostError>,
}

impl Host {
    /// Takes the folder as it is now, and waits for no worker: what was narrowed, refused or revoked acts on
    /// the next request, and until a new worker is ready its strategy is `starting`. server.toml and the rest
    /// are taken each for itself, so that a mistake in one keeps nothing of the other back.
    pub async fn reload_folder(&self) -> FolderReload {
        let _one_at_a_time = self.reloading.lock().await;
        let mut report = FolderReload::default();
        let folder = ShopFolder::open(self.folder.path(), self.folder.program());
        // a stop comes before everything else, and acts even if the rest cannot be taken
        self.obey_file_stop(folder.as_ref().unwrap_or(&self.folder)).await;
        let with_server = folder.as_ref().unwrap_or(&self.folder);
        match with_server.read_server_config() {
            Ok(config) => {
                let applied = self.lock_server().apply(config);
                report.needs_restart = applied.needs_restart;
                report.notices.extend(applied.notice);
            }
            Err(error) => report.refused.push(error),
        }
        let reloaded = match folder {
            Ok(folder) => self.reload_content(&folder, &mut report).await,
            Err(error) => Err(error),
        };
        match reloaded {
            Ok(()) => report.applied.push("the shop folder"),
            Err(error) => {
                self.engine.mark_policy_stale();
                report.refused.push(error);
            }
        }
        report
    }

    async fn reload_content(&self, folder: &ShopFolder, report: &mut FolderReload) -> Result<(), HostError> {
        let mut content = ShopContent::read_without_server(folder)?;
        content.server = self.lock_server().config();
        report.notices.extend(content.warnings.iter().cloned().map(Notice::Findings));
        report.notices.extend(self.unapproved_changes(&content));
        let loaded = self.loader.load_shop(&content)?;
        self.engine.reload(loaded.shop).await?;
        report.notices.extend(loaded.notices);
        report.notices.extend(self.keep_policy(&content.policy_text).await);
        content.lock.clone_into(&mut self.lock_pinned());
        Ok(())
    }

    fn lock_pinned(&self) -> MutexGuard<'_, Lock> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says whom a policy that comes into force grants more about, where its approval is no newer than that of
    /// the one in force. It comes into force all the same: who decided what is the controller's to prove, and
    /// a stop or a narrowing beside it must not wait.
    fn unapproved_changes(&self, content: &ShopContent) -> Option<Notice> {
        let old = self.engine.policy().policy;
        let diff = compare_policies((&old, &self.lock_pinned()), (&content.policy, &content.lock));
        if !diff.unapproved {
            return None;
        }
        let mut text = "this policy grants more than the last one, but `approved` was not renewed; ask the controller to approve it:".to_owned();
        for change in diff.changes.iter().filter(|change| change.kind == ChangeKind::WiderReach) {
            text += &format!("\n    {}: {}", change.about, change.message);
        }
        Some(Notice::Warning(text))
    }
}
