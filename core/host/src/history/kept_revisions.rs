//! The revisions that the data folder keeps: one folder each, and a log with a line each time that one came into force.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jardin_contract::ShopRevision;
use jardin_model::Timestamp;
use jardin_policy::lock::hex;
use serde_json::{Value, json};

use super::ContentFiles;
use crate::{HostError, ShopFolder};

/// How many digits of its digest name a revision.
const NAME_DIGITS: usize = 32;
/// How many lines of the log count; the files of a revision that stands in none of them are removed.
const MAX_LINES: usize = 200;

/// The revisions of a data folder.
#[derive(Debug, Clone)]
pub(crate) struct KeptRevisions {
    path: PathBuf,
}

/// Who brought a revision, when, and how its policy stood to its approval.
pub(crate) struct BroughtBy<'a> {
    pub(crate) at: Timestamp,
    pub(crate) by: &'a str,
    pub(crate) standing: &'a str,
}

/// Where the revisions of a data folder lie.
#[must_use]
pub fn history_path(data: &Path) -> PathBuf {
    data.join("history")
}

impl KeptRevisions {
    pub(crate) fn of_data(data: &Path) -> Self {
        Self { path: history_path(data) }
    }

    /// The name of a revision with these files.
    pub(crate) fn name_of(files: &ContentFiles) -> String {
        hex(&files.digest()).chars().take(NAME_DIGITS).collect()
    }

    /// Where the files of a revision are.
    pub(crate) fn folder_of(&self, revision: &str) -> PathBuf {
        self.path.join(revision)
    }

    /// Keeps what the folder holds as the revision that came into force; does nothing where it is the last one.
    ///
    /// # Errors
    /// Where a file cannot be read or written, or lies outside the folder.
    pub(crate) fn keep(&self, folder: &ShopFolder, brought: &BroughtBy<'_>) -> Result<(), HostError> {
        let files = ContentFiles::read(folder)?;
        let name = Self::name_of(&files);
        let mut revisions = self.read_log()?;
        let last = revisions.last();
        if last.is_some_and(|last| *last.name == *name) {
            return Ok(());
        }
        let changed = last.map_or_else(Vec::new, |last| self.differing_places(&files, &last.name, folder));
        let revision = ShopRevision {
            name: name.as_str().into(),
            at: brought.at,
            by: brought.by.into(),
            policy_revision: super::content_files::policy_revision(folder).into(),
            standing: brought.standing.into(),
            changed: changed.into_iter().map(Into::into).collect(),
        };
        self.write_files(&name, &files).and_then(|()| self.append_line(&revision)).map_err(unwritable)?;
        revisions.push(revision);
        self.forget_older(&revisions);
        Ok(())
    }

    /// Every time that a revision came into force, the oldest first.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub(crate) fn read_log(&self) -> Result<Vec<ShopRevision>, HostError> {
        let path = self.log_path();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(HostError::unreadable(&path.display().to_string(), error)),
        };
        // the last line may have been cut off by a crash: it came into force and is read anew at the next change
        let revisions: Vec<_> =
            text.lines().filter_map(|line| revision_of_json(&serde_json::from_str(line).ok()?)).collect();
        let first = revisions.len().saturating_sub(MAX_LINES);
        Ok(revisions.into_iter().skip(first).collect())
    }

    /// The revision whose name begins so.
    ///
    /// # Errors
    /// Where none or more than one does, with the names that there are.
    pub(crate) fn find(&self, beginning: &str) -> Result<ShopRevision, HostError> {
        let revisions = self.read_log()?;
        let found: Vec<_> =
            revisions.iter().filter(|revision| revision.name.starts_with(beginning)).collect();
        let names: BTreeSet<_> = found.iter().map(|revision| &revision.name).collect();
        match (found.last(), names.len()) {
            (Some(last), 1) if !beginning.is_empty() => Ok((*last).clone()),
            (_, 0) => Err(HostError::Unusable(format!(
                "no revision of the history is called `{beginning}`; `jardin history` lists them{}",
                list_names(&revisions)
            ))),
            _ => Err(HostError::Unusable(format!(
                "more than one revision begins with `{beginning}`; write more of its name{}",
                list_names(&revisions)
            ))),
        }
    }

    fn log_path(&self) -> PathBuf {
        self.path.join("log.jsonl")
    }

    fn differing_places(&self, files: &ContentFiles, last: &str, folder: &ShopFolder) -> Vec<String> {
        let kept = folder.with_texts_of(self.folder_of(last)).and_then(|kept| ContentFiles::read(&kept));
        kept.map(|kept| files.differing_places(&kept)).unwrap_or_default()
    }

    /// Writes the files of a revision beside, then under its name: all of them or none.
    fn write_files(&self, name: &str, files: &ContentFiles) -> io::Result<()> {
        let to = self.folder_of(name);
        if to.exists() {
            return Ok(());
        }
        let aside = self.path.join(format!("{name}.new"));
        if aside.exists() {
            fs::remove_dir_all(&aside)?;
        }
        fs::create_dir_all(&aside)?;
        files.write_to(&aside)?;
        fs::rename(&aside, &to)?;
        File::open(&self.path)?.sync_all()
    }

    fn append_line(&self, revision: &ShopRevision) -> io::Result<()> {
        let path = self.log_path();
        let is_cut = fs::read(&path).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
        let mut log = OpenOptions::new().create(true).append(true).open(path)?;
        let begin = if is_cut { "\n" } else { "" };
        writeln!(log, "{begin}{}", revision_as_json(revision))?;
        log.sync_all()
    }

    /// Removes the files of revisions that no line names any more; what cannot be removed stays.
    fn forget_older(&self, revisions: &[ShopRevision]) {
        let first = revisions.len().saturating_sub(MAX_LINES);
        let named: BTreeSet<&str> = revisions.iter().skip(first).map(|revision| &*revision.name).collect();
        for revision in revisions.iter().take(first).filter(|revision| !named.contains(&*revision.name)) {
            drop(fs::remove_dir_all(self.folder_of(&revision.name)));
        }
    }
}

/// Every time that a revision came into force on a data folder, the oldest first.
///
/// # Errors
/// Where the history is there and cannot be read.
pub fn read_history(data: &Path) -> Result<Vec<ShopRevision>, HostError> {
    KeptRevisions::of_data(data).read_log()
}

/// Whether a text is the name of a revision, and so of a folder beside the log.
pub(crate) fn is_revision_name(text: &str) -> bool {
    text.len() == NAME_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn list_names(revisions: &[ShopRevision]) -> String {
    let names: Vec<String> =
        revisions.iter().rev().take(5).map(|revision| format!("`{}`", revision.name)).collect();
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}

fn unwritable(source: io::Error) -> HostError {
    let what =
        "the history cannot be written: this change could not be taken back by `jardin rollback`".to_owned();
    HostError::File { what, source }
}

pub(crate) fn revision_as_json(revision: &ShopRevision) -> Value {
    json!({
        "revision": &*revision.name,
        "at": revision.at.to_string(),
        "by": &*revision.by,
        "policy_revision": &*revision.policy_revision,
        "approval": &*revision.standing,
        "changed": revision.changed.iter().map(|place| &**place).collect::<Vec<_>>(),
    })
}

pub(crate) fn revision_of_json(json: &Value) -> Option<ShopRevision> {
    let text = |key: &str| json.get(key)?.as_str();
    let changed = json.get("changed")?.as_array()?.iter().filter_map(Value::as_str);
    Some(ShopRevision {
        name: text("revision").filter(|name| is_revision_name(name))?.into(),
        at: Timestamp::parse(text("at")?).ok()?,
        by: text("by")?.into(),
        policy_revision: text("policy_revision")?.into(),
        standing: text("approval")?.into(),
        changed: changed.map(Into::into).collect(),
    })
}
