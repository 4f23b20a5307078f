//! The policy that was in force last, kept in the data folder with the jardin.toml beside it: with it a start goes on
//! whose policy file is broken, or waits for its approval.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::{HostError, SourceText};

/// The policy that was in force last.
pub(crate) struct LastPolicy {
    path: PathBuf,
    config_path: PathBuf,
}

impl LastPolicy {
    /// That of a data folder.
    pub(crate) fn of_data(data: &Path) -> Self {
        Self { path: data.join("policy-in-force.toml"), config_path: data.join("jardin-in-force.toml") }
    }

    /// Its text; `None` where none was in force yet.
    pub(crate) fn read(&self) -> Result<Option<SourceText>, HostError> {
        if self.path.exists() { SourceText::read(&self.path).map(Some) } else { Ok(None) }
    }

    /// The jardin.toml beside it; `None` where none is kept.
    pub(crate) fn read_config(&self) -> Option<SourceText> {
        SourceText::read(&self.config_path).ok()
    }

    /// Keeps the policy that came into force and the jardin.toml beside it, each whole or not at all.
    pub(crate) fn keep(&self, policy: &str, config: &str) -> Result<(), HostError> {
        keep_text(&self.config_path, config)?;
        keep_text(&self.path, policy)
    }
}

fn keep_text(path: &Path, text: &str) -> Result<(), HostError> {
    if fs::read(path).is_ok_and(|kept| kept == text.as_bytes()) {
        return Ok(());
    }
    write_text(path, text).map_err(|source| {
        let what = format!("`{}` cannot be written: a start with a broken policy would fail", path.display());
        HostError::File { what, source }
    })
}

fn write_text(path: &Path, text: &str) -> io::Result<()> {
    let aside = path.with_extension("new");
    let mut file = File::create(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&aside, path)
}
