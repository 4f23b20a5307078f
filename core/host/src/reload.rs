//! Taking a changed shop folder: what is in force afterwards, what needs a restart, and what stays as it was.

use std::sync::{MutexGuard, PoisonError};

use jardin_engine::ApprovalShown;

use crate::{
    Host, HostError, Notice, ShopContent, ShopFolder,
    begun_policy::describe_verdict,
    history::{BroughtBy, KeptRevisions, RolledBack},
    last_policy::LastPolicy,
    loader::with_causes,
    policy_approval::{Verdict, WholePolicy, held_content, judge_policy, refuse_older_revision},
};

/// Who brings what stands in the folder's files.
pub(crate) const FOLDER: &str = "the shop folder";

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
                report.notices.extend(applied.notices);
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
        self.audit.record_reload(self.clock.now(), report.refused.is_empty());
        report
    }

    async fn reload_content(&self, folder: &ShopFolder, report: &mut FolderReload) -> Result<(), HostError> {
        let rolled_back = RolledBack::in_place_of(folder, &self.data);
        let texts = rolled_back.as_ref().map(|back| back.folder(folder, &self.data)).transpose()?;
        let mut content = ShopContent::read_without_server(texts.as_ref().unwrap_or(folder))?;
        content.server = self.lock_server().config();
        if rolled_back.is_none() {
            refuse_older_revision(&content.policy, &self.lock_whole())?;
        }
        report.notices.extend(content.warnings.iter().cloned().map(Notice::Findings));
        let (verdict, held) = self.judge_content(&content)?;
        let loaded = self.loader.load_shop(held.as_ref().unwrap_or(&content))?;
        if rolled_back.is_some() {
            self.obey_file_stop(folder).await;
        }
        self.engine.reload(loaded.shop).await?;
        report.notices.extend(loaded.notices);
        report.notices.extend(describe_verdict(&verdict));
        if held.is_some() {
            self.engine.show_approval(verdict.shown());
            self.engine.follow_file_stop(None).await;
            return Err(HostError::Unusable("the policy waits for its approval".to_owned()));
        }
        if rolled_back.is_none() {
            RolledBack::lift(&self.data)?;
        }
        report.notices.extend(self.put_in_force(content, folder, FOLDER, verdict.shown()).await);
        Ok(())
    }

    /// What was loaded is in force: keeps it for the next start, and in the history. `live` is the folder as it is, whose
    /// stop is obeyed even where another revision stands in its place.
    pub(crate) async fn put_in_force(
        &self,
        content: ShopContent,
        live: &ShopFolder,
        by: &str,
        shown: ApprovalShown,
    ) -> Vec<Notice> {
        let back = RolledBack::in_place_of(live, &self.data);
        let mut notices = Vec::from_iter(self.keep_policy(&content, back.is_none()).await);
        let brought = BroughtBy { at: self.clock.now(), by, standing: shown.standing };
        let kept = KeptRevisions::of_data(&self.data).keep(&content.folder, &brought);
        notices.extend(kept.err().map(|error| Notice::Warning(with_causes(&error))));
        self.engine.show_approval(ApprovalShown { rolled_back_to: back.map(|back| back.to.into()), ..shown });
        *self.lock_whole() = WholePolicy { policy: content.policy, lock: content.lock };
        notices
    }

    /// Whether the policy of a folder was approved, and what stands in its place where it waits.
    fn judge_content(&self, content: &ShopContent) -> Result<(Verdict, Option<ShopContent>), HostError> {
        let whole = self.lock_whole();
        let verdict = judge_policy(content, Some(&whole), self.clock.now())?;
        let held = match &verdict {
            Verdict::Held(_) => {
                let text = self.engine.policy().text;
                let last_config = LastPolicy::of_data(&self.data).read_config();
                Some(held_content(content, &whole, &text, last_config)?)
            }
            Verdict::Taken { .. } => None,
        };
        Ok((verdict, held))
    }

    pub(crate) fn lock_whole(&self) -> MutexGuard<'_, WholePolicy> {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
