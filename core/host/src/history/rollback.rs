//! Bringing a revision back.

use jardin_contract::ShopRevision;
use jardin_engine::ApprovalShown;

use super::{ContentFiles, KeptRevisions, RolledBack};
use crate::{
    Host, HostError, ShopContent, ShopFolder,
    policy_approval::{Verdict, judge_policy, needs_signature},
};

impl Host {
    /// Puts a revision of the history in force, by the beginning of its name, until the folder's content changes to
    /// something that is neither it nor what it holds now. Where it has another policy than the one in force,
    /// `may_change_policy` must be true.
    ///
    /// # Errors
    /// Where there is no such revision, its policy needs an approval that it does not have, a file of it has errors, or
    /// the disk fails; then nothing has changed.
    pub async fn roll_back(
        &self,
        beginning: &str,
        by: &str,
        may_change_policy: bool,
    ) -> Result<ShopRevision, HostError> {
        let _one_at_a_time = self.reloading.lock().await;
        let kept = KeptRevisions::of_data(&self.data);
        let revision = kept.find(beginning)?;
        let live = ShopFolder::open(self.folder.path(), self.folder.program())?;
        let folder = live.with_texts_of(kept.folder_of(&revision.name))?;
        if KeptRevisions::name_of(&ContentFiles::read(&folder)?) != *revision.name {
            return Err(HostError::Unusable(format!(
                "the files of `{}` are not as they were kept",
                revision.name
            )));
        }
        let mut content = ShopContent::read_without_server(&folder)?;
        content.server = self.lock_server().config();
        if !may_change_policy && !self.is_policy_in_force(&content) {
            return Err(HostError::Unusable(format!(
                "`{}` has another policy than the one in force, or other files pinned; whoever brings it back needs the role compliance",
                revision.name
            )));
        }
        let shown = self.refuse_unapproved(&content, &revision)?;
        let loaded = self.loader.load_shop(&content)?;
        let before = RolledBack::read(&self.data);
        let held = KeptRevisions::name_of(&ContentFiles::read(&live)?);
        if held == *revision.name {
            RolledBack::lift(&self.data)?;
        } else {
            RolledBack { to: revision.name.to_string(), instead_of: held }.write(&self.data)?;
        }
        // before it acts: what the folder stops starts for no moment
        self.obey_file_stop(&live).await;
        if let Err(problem) = self.engine.reload(loaded.shop).await {
            before.map_or_else(|| RolledBack::lift(&self.data), |before| before.write(&self.data))?;
            return Err(problem.into());
        }
        self.put_in_force(content, &live, by, shown).await;
        Ok(revision)
    }

    /// True of the policy that is in force with the files that are pinned beside it.
    fn is_policy_in_force(&self, content: &ShopContent) -> bool {
        let whole = self.lock_whole();
        content.policy.digest() == whole.policy.digest() && content.lock == whole.lock
    }

    /// A policy that was in force whole needs no new approval, unless approvals are signed: then a signature alone counts,
    /// and what a data folder says of the past does not.
    fn refuse_unapproved(
        &self,
        content: &ShopContent,
        revision: &ShopRevision,
    ) -> Result<ApprovalShown, HostError> {
        let whole = self.lock_whole();
        if &*revision.standing != "missing" && !needs_signature(&content.policy, &whole) {
            return Ok(ApprovalShown { standing: "approved before", ..ApprovalShown::default() });
        }
        match judge_policy(content, Some(&whole), self.clock.now())? {
            verdict @ Verdict::Taken { .. } => Ok(verdict.shown()),
            Verdict::Held(lines) => Err(HostError::Unusable(format!(
                "the policy of `{}` reaches further than the one in force and was not approved: {}",
                revision.name,
                lines.join("; ")
            ))),
        }
    }
}
