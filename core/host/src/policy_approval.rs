//! Whether a policy that is to come into force was approved, and what acts where it was not.

use std::{path::Path, sync::Arc};

use jardin_compliance::{ChangeKind, compare_policies};
use jardin_engine::{ApprovalShown, Config};
use jardin_model::Timestamp;
use jardin_policy::{Policy, lock::Lock, rules::Approver};

use crate::{HostError, ShopContent, SourceText, Unapproved, last_policy::LastPolicy};

/// The policy that was in force whole, with the lock beside it.
pub(crate) struct WholePolicy {
    pub(crate) policy: Policy,
    pub(crate) lock: Lock,
}

/// What is to be done with a policy.
pub(crate) enum Verdict {
    /// It comes into force; `awaited` is what reaches further and nobody approved.
    Taken { standing: &'static str, awaited: Vec<String> },
    /// It waits for somebody's approval; its narrowings act.
    Held(Vec<String>),
}

impl Verdict {
    /// As health shows it.
    pub(crate) fn shown(&self) -> ApprovalShown {
        match self {
            Self::Taken { standing, .. } => ApprovalShown { standing, ..ApprovalShown::default() },
            Self::Held(lines) => {
                ApprovalShown { standing: "awaited", waiting: lines.clone(), ..ApprovalShown::default() }
            }
        }
    }
}

/// Judges the policy of a folder against the one that was in force before it; `None` where there was none.
///
/// # Errors
/// Where policy.approved cannot be read, an approval lies in the future, or nobody approved a shop's first policy
/// although it says who may.
pub(crate) fn judge_policy(
    content: &ShopContent,
    before: Option<&WholePolicy>,
    now: Timestamp,
) -> Result<Verdict, HostError> {
    let policy = &content.policy;
    refuse_future_approval(content, now)?;
    let approvers = whose_approval_counts(policy, before);
    let file = content.folder.read_approvals(now)?;
    let taken = |standing| Ok(Verdict::Taken { standing, awaited: Vec::new() });
    if file.find_approval(policy.digest(), approvers).is_some() {
        return taken(if approvers.is_empty() { "recorded" } else { "signed" });
    }
    let is_refused = match content.server.unapproved {
        Some(unapproved) => unapproved == Unapproved::Refuse,
        None => !approvers.is_empty(),
    };
    let Some(before) = before else {
        return if approvers.is_empty() || !is_refused {
            taken("first start")
        } else {
            Err(unsigned_first())
        };
    };
    if before.policy.digest() == policy.digest() {
        return taken("not needed");
    }
    let (lines, is_stated) = awaited_changes(before, content);
    if lines.is_empty() {
        return taken("not needed");
    }
    match (is_refused, is_stated && approvers.is_empty()) {
        (true, _) => Ok(Verdict::Held(lines)),
        (false, true) => taken("stated"),
        (false, false) => Ok(Verdict::Taken { standing: "missing", awaited: lines }),
    }
}

/// Those of the policy in force: a new one cannot name its own. Where it names nobody, those of the new one.
fn whose_approval_counts<'a>(policy: &'a Policy, before: Option<&'a WholePolicy>) -> &'a [Approver] {
    let known = before.map(|before| &*before.policy.rules().record.approvers);
    known.filter(|known| !known.is_empty()).unwrap_or(&policy.rules().record.approvers)
}

/// Whether a signature alone approves a policy, as those would approve it who approve the one in force.
pub(crate) fn needs_signature(policy: &Policy, in_force: &WholePolicy) -> bool {
    !whose_approval_counts(policy, Some(in_force)).is_empty()
}

/// What reaches further than before, and whether the policy itself states a newer approval.
fn awaited_changes(before: &WholePolicy, content: &ShopContent) -> (Vec<String>, bool) {
    let diff = compare_policies((&before.policy, &before.lock), (&content.policy, &content.lock));
    let wider = diff.changes.iter().filter(|change| change.kind == ChangeKind::WiderReach);
    let mut lines: Vec<String> =
        wider.map(|change| format!("{}: {}", change.about, change.message)).collect();
    let approvers = |policy: &Policy| policy.rules().record.approvers.clone();
    let known = approvers(&before.policy);
    if !known.is_empty() && known != approvers(&content.policy) {
        lines.push("policy: others would approve than do now".to_owned());
    }
    (lines, !diff.unapproved)
}

/// A change of the file never goes back to an older revision: whoever wants one back says so by `jardin rollback`.
pub(crate) fn refuse_older_revision(policy: &Policy, in_force: &WholePolicy) -> Result<(), HostError> {
    let (new, last) = (policy.rules(), in_force.policy.rules());
    if new.revised_on() >= last.revised_on() {
        return Ok(());
    }
    let (new, last) = (&new.revision, &last.revision);
    Err(HostError::Unusable(format!(
        "`revision` goes back from `{last}` to `{new}`: give the change a newer one, or bring the older policy back by `jardin rollback`"
    )))
}

fn refuse_future_approval(content: &ShopContent, now: Timestamp) -> Result<(), HostError> {
    let Some(finding) = content.policy.dated_ahead(now) else { return Ok(()) };
    let place = content.policy.place(finding.span);
    Err(HostError::Unusable(format!("{place}: {}", finding.message)))
}

fn unsigned_first() -> HostError {
    HostError::Unusable(
        "the policy names who approves it, and nobody has; one of them runs `jardin policy approve --key FILE`"
            .to_owned(),
    )
}

/// The content of a folder whose policy waits: what both the policy in force and the new one permit. Where jardin.toml
/// names what the new one alone declares, the jardin.toml that was in force last stands for it.
///
/// # Errors
/// The report of jardin.toml, where neither can be taken.
pub(crate) fn held_content(
    content: &ShopContent,
    in_force: &WholePolicy,
    in_force_text: &str,
    last_config: Option<SourceText>,
) -> Result<ShopContent, HostError> {
    let policy = in_force.policy.meet(&content.policy);
    let named = content.folder.config_text()?;
    let (config, config_text) = match (Config::load(&named.file, &named.text, &policy), last_config) {
        (Ok((config, _)), _) => (config, named.text),
        (Err(report), None) => return Err(report.into()),
        (Err(report), Some(last)) => match Config::load(&last.file, &last.text, &policy) {
            Ok((config, _)) => (config, last.text),
            Err(_) => return Err(report.into()),
        },
    };
    Ok(ShopContent {
        policy,
        policy_text: in_force_text.into(),
        config: config.into(),
        config_text: config_text.into(),
        is_held: true,
        ..content.clone()
    })
}

/// The policy that was in force last. One that cannot be read any more is an error: a shop that has one is not new, and what
/// its folder says now must not be taken for a first policy.
pub(crate) fn check_kept(text: &SourceText) -> Result<Policy, HostError> {
    let unread = "the policy that was in force last, kept in the data folder, cannot be read; put it right, or remove it so that \
                  the one of the folder is taken as the first";
    text.check_policy().map_err(|error| error.within(unread))
}

/// What somebody approves who approves the policy of a folder.
#[derive(Debug, Clone)]
pub struct AwaitedApproval {
    /// What reaches further than the policy that is in force, one line each; nothing where there is none yet.
    pub reach: Vec<Arc<str>>,
    /// Whose signed approval counts; where there is nobody, any record does.
    pub approvers: Vec<Approver>,
}

impl ShopContent {
    /// What an approval of this policy would approve; `data` is the data folder where it is not the one of server.toml.
    ///
    /// # Errors
    /// Where the policy that is in force cannot be read.
    pub fn awaited_approval(&self, data: Option<&Path>) -> Result<AwaitedApproval, HostError> {
        let last = LastPolicy::of_data(&self.data_path(data)).read()?;
        let before = last.as_ref().map(check_kept).transpose()?;
        let before = before.map(|policy| WholePolicy { policy, lock: self.lock.clone() });
        let lines = before.as_ref().map(|before| awaited_changes(before, self).0).unwrap_or_default();
        Ok(AwaitedApproval {
            reach: lines.into_iter().map(Arc::from).collect(),
            approvers: whose_approval_counts(&self.policy, before.as_ref()).to_vec(),
        })
    }
}
