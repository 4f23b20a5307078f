//! The policy that was in force last, kept in the data folder: with it a start goes on whose policy file is broken.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::{HostError, SourceText};

/// The policy that was in force last.
pub(crate) struct LastPolicy {
    path: PathBuf,
}

impl LastPolicy {
    /// That of a data folder.
    pub(crate) fn of_data(data: &Path) -> Self {
        Self { path: data.join("policy-in-force.toml") }
    }

    /// Its text; `None` where none was in force yet.
    pub(crate) fn read(&self) -> Result<Option<SourceText>, HostError> {
        if self.path.exists() { SourceText::read(&self.path).map(Some) } else { Ok(None) }
    }

    /// Keeps the policy that came into force, whole or not at all.
    pub(crate) fn keep(&self, text: &str) -> Result<(), HostError> {
        if fs::read(&self.path).is_ok_and(|kept| kept == text.as_bytes()) {
            return Ok(());
        }
        self.write(text).map_err(|source| {
            let what = format!(
                "`{}` cannot be written: a start with a broken policy would fail",
                self.path.display()
            );
            HostError::File { what, source }
        })
    }

    fn write(&self, text: &str) -> io::Result<()> {
        let aside = self.path.with_extension("new");
        let mut file = File::create(&aside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&aside, &self.path)
    }
}
