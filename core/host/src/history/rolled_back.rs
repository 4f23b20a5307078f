//! Which revision stands in the place of what the folder holds.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{ContentFiles, KeptRevisions, kept_revisions::is_revision_name};
use crate::{HostError, ShopFolder};

/// A rollback that holds until the folder's content is something that is neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RolledBack {
    /// The revision in force.
    pub(crate) to: String,
    /// The revision that the folder held.
    pub(crate) instead_of: String,
}

impl RolledBack {
    /// What is written in a data folder; `None` where nothing was rolled back. A file that cannot be understood is none:
    /// then the folder's own content acts, as its owner wrote it.
    pub(crate) fn read(data: &Path) -> Option<Self> {
        let json: Value = serde_json::from_slice(&fs::read(rolled_back_path(data)).ok()?).ok()?;
        let text = |key: &str| json.get(key)?.as_str().map(str::to_owned);
        let named = Self { to: text("to")?, instead_of: text("instead_of")? };
        is_revision_name(&named.to).then_some(named)
    }

    /// The rollback that stands in the place of what a folder holds now.
    pub(crate) fn in_place_of(folder: &ShopFolder, data: &Path) -> Option<Self> {
        let rolled_back = Self::read(data)?;
        let held = KeptRevisions::name_of(&ContentFiles::read(folder).ok()?);
        (held == rolled_back.instead_of).then_some(rolled_back)
    }

    /// The folder whose texts are those of the revision.
    ///
    /// # Errors
    /// Where its files are not there any more, or not as they were kept.
    pub(crate) fn folder(&self, live: &ShopFolder, data: &Path) -> Result<ShopFolder, HostError> {
        let folder = live.with_texts_of(KeptRevisions::of_data(data).folder_of(&self.to))?;
        if KeptRevisions::name_of(&ContentFiles::read(&folder)?) == self.to {
            Ok(folder)
        } else {
            Err(HostError::Unusable(format!(
                "the files of the revision `{}` are not as they were kept",
                self.to
            )))
        }
    }

    /// Writes it down, whole or not at all.
    ///
    /// # Errors
    /// Where the disk fails.
    pub(crate) fn write(&self, data: &Path) -> Result<(), HostError> {
        let (path, aside) = (rolled_back_path(data), data.join("rolled-back.json.new"));
        let write = || {
            let mut file = File::create(&aside)?;
            writeln!(file, "{}", json!({"to": self.to, "instead_of": self.instead_of}))?;
            file.sync_all()?;
            fs::rename(&aside, &path)
        };
        write().map_err(|source| HostError::File {
            what: "the rollback cannot be written down, so that nothing has changed".to_owned(),
            source,
        })
    }

    /// The folder's own content acts from now on.
    ///
    /// # Errors
    /// Where the disk fails.
    pub(crate) fn lift(data: &Path) -> Result<(), HostError> {
        match fs::remove_file(rolled_back_path(data)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(HostError::File { what: "the rollback cannot be ended".to_owned(), source: error })
            }
            _ => Ok(()),
        }
    }
}

fn rolled_back_path(data: &Path) -> PathBuf {
    data.join("rolled-back.json")
}
