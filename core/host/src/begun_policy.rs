//! The policy with which a shop starts: that of its folder, or what it and the one before it both permit.

use std::path::Path;

use jardin_engine::ApprovalShown;
use jardin_model::Timestamp;

use crate::{
    HostError, Notice, ShopContent,
    last_policy::LastPolicy,
    policy_approval::{Verdict, WholePolicy, check_kept, held_content, judge_policy},
};

/// The policy with which a shop starts.
pub(crate) struct BegunPolicy {
    /// What stands in the place of the folder's content, where its policy waits for an approval.
    pub(crate) held: Option<ShopContent>,
    /// The policy that came into force whole, last.
    pub(crate) whole: WholePolicy,
    pub(crate) shown: ApprovalShown,
    pub(crate) notice: Option<Notice>,
}

impl BegunPolicy {
    /// Judges the policy of a folder by the one that the data folder kept.
    ///
    /// # Errors
    /// As [`judge_policy`] and [`held_content`].
    pub(crate) fn of_start(content: &ShopContent, data: &Path, now: Timestamp) -> Result<Self, HostError> {
        let of_folder = || WholePolicy { policy: content.policy.clone(), lock: content.lock.clone() };
        if content.refused.is_some() {
            // it is the one that was kept
            let shown = ApprovalShown::default();
            return Ok(Self { held: None, whole: of_folder(), shown, notice: None });
        }
        let kept = LastPolicy::of_data(data);
        let last = kept.read()?.map(|text| Ok::<_, HostError>((check_kept(&text)?, text))).transpose()?;
        let before = last.map(|(policy, text)| (WholePolicy { policy, lock: content.lock.clone() }, text));
        let verdict = judge_policy(content, before.as_ref().map(|(whole, _)| whole), now)?;
        let (shown, notice) = (verdict.shown(), describe_verdict(&verdict));
        match (verdict, before) {
            (Verdict::Held(_), Some((whole, text))) => {
                let held = held_content(content, &whole, &text.text, kept.read_config())?;
                Ok(Self { held: Some(held), whole, shown, notice })
            }
            _ => Ok(Self { held: None, whole: of_folder(), shown, notice }),
        }
    }

    /// What is loaded.
    pub(crate) fn content<'a>(&'a self, of_folder: &'a ShopContent) -> &'a ShopContent {
        self.held.as_ref().unwrap_or(of_folder)
    }
}

/// What there is to tell of a policy that reaches further.
pub(crate) fn describe_verdict(verdict: &Verdict) -> Option<Notice> {
    let (head, lines) = match verdict {
        Verdict::Taken { awaited, .. } if awaited.is_empty() => return None,
        Verdict::Taken { awaited, .. } => (
            "this policy grants more than the last one, but `approved` was not renewed; ask the controller to approve it:",
            awaited,
        ),
        Verdict::Held(lines) => (
            "the policy waits for its approval, and until then acts only where it permits less; `jardin policy approve` approves:",
            lines,
        ),
    };
    let lines: String = lines.iter().map(|line| format!("\n    {line}")).collect();
    Some(Notice::Warning(format!("{head}{lines}")))
}
