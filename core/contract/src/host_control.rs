//! What is asked of the running shop as a whole, beside recommendations and data.

use std::sync::Arc;

use async_trait::async_trait;
use jardin_model::Timestamp;
use jardin_policy::Stop;

/// Why the running shop could not do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct ControlError {
    /// What went wrong, in one phrase without values.
    pub what: Arc<str>,
}

/// One finding about a file of the shop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFinding {
    /// The file.
    pub file: Arc<str>,
    /// Where in it, line and column from 1.
    pub at: (usize, usize),
    /// The rule.
    pub code: Arc<str>,
    /// True where the file is not taken because of it.
    pub is_error: bool,
    /// What is wrong.
    pub message: Arc<str>,
    /// What to write instead.
    pub help: Option<Arc<str>>,
}

/// What a check of the shop folder found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderCheck {
    /// In the order of the files.
    pub findings: Vec<FileFinding>,
    /// What could not be checked because something else has errors.
    pub unchecked: Vec<Arc<str>>,
}

/// What a reload of the shop folder did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReloadReport {
    /// What is in force now as the folder says.
    pub applied: Vec<Arc<str>>,
    /// The keys of server.toml that changed and act after a restart.
    pub needs_restart: Vec<Arc<str>>,
    /// Why a part of the folder is not in force: its last good state stays.
    pub refused: Vec<Arc<str>>,
    /// What was found in the files.
    pub findings: Vec<FileFinding>,
}

/// A revision of the policy, the settings and the scripts that came into force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopRevision {
    /// Its name: the beginning of the digest of its files, in hexadecimal digits.
    pub name: Arc<str>,
    /// When it came into force.
    pub at: Timestamp,
    /// Who brought it: `the shop folder` where its files changed, otherwise the name of a key, or `local`.
    pub by: Arc<str>,
    /// The `revision` of its policy.
    pub policy_revision: Arc<str>,
    /// How its policy stood to its approval.
    pub standing: Arc<str>,
    /// The files that were other ones in the revision before.
    pub changed: Vec<Arc<str>>,
}

/// The running shop as a whole. A host implements it; whoever serves it knows nothing else of the host.
#[async_trait]
pub trait HostControl: Send + Sync {
    /// Checks the shop folder as it is now, and takes nothing of it.
    ///
    /// # Errors
    /// Where a file that must be there cannot be read.
    async fn check(&self) -> Result<FolderCheck, ControlError>;

    /// Takes the shop folder as it is now.
    async fn reload(&self) -> ReloadReport;

    /// Switches strategies off and on; durable, and obeyed by answers in flight.
    ///
    /// # Errors
    /// Where one is not declared, or is the fallback.
    async fn stop(&self, everything: bool, strategies: &[&str]) -> Result<Stop, ControlError>;

    /// Every time that a revision came into force, the oldest first.
    ///
    /// # Errors
    /// Where the history cannot be read.
    fn list_history(&self) -> Result<Vec<ShopRevision>, ControlError>;

    /// Brings a revision back, by the beginning of its name. It holds until the folder's content changes to something that
    /// is neither it nor what the folder holds now.
    ///
    /// # Errors
    /// Where there is no such revision, it has another policy and `may_change_policy` is false, its policy was not
    /// approved, or a file of it has errors.
    async fn roll_back(
        &self,
        beginning: &str,
        by: &str,
        may_change_policy: bool,
    ) -> Result<ShopRevision, ControlError>;

    /// Answers a preview: JSON in, JSON out. The policy is the one in force, and the person made up. Without
    /// `may_read_secrets` no draft is tried that reads a secret of the shop.
    ///
    /// # Errors
    /// Where the question is not understood, too many were asked, or the draft has errors.
    async fn preview(&self, question: &[u8], may_read_secrets: bool) -> Result<Vec<u8>, ControlError>;

    /// Answers a command of this same program that needs what the running shop holds: JSON in, JSON out. Which
    /// names there are is the host's and its client's.
    ///
    /// # Errors
    /// Where there is no such name, the question is not understood, or the store fails.
    async fn answer_command(&self, name: &str, question: &[u8]) -> Result<Vec<u8>, ControlError>;
}
