//! What the commands read of a shop folder: the policy, its lock, and where both are.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, anyhow};
use jardin_model::Timestamp;
use jardin_policy::{
    Policy,
    document::{Sink, read},
    lock::Lock,
};

use crate::print;

/// A shop folder, by its path.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ShopFolder {
    /// The shop folder
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
}

/// A text with the name by which it is shown.
pub(crate) struct Source {
    pub(crate) file: String,
    pub(crate) text: String,
}

impl ShopFolder {
    /// The policy's text.
    ///
    /// # Errors
    /// Where it cannot be read, or is no UTF-8.
    pub(crate) fn policy_text(&self) -> anyhow::Result<Source> {
        source(&self.folder.join(self.named("policy")?.as_deref().unwrap_or("policy.toml")))
    }

    /// The policy; `None` where it has errors, which are shown.
    ///
    /// # Errors
    /// As [`ShopFolder::policy_text`].
    pub(crate) fn policy(&self) -> anyhow::Result<Option<Policy>> {
        let source = self.policy_text()?;
        Ok(checked(&source))
    }

    /// What was pinned; nothing where there is no lock.
    ///
    /// # Errors
    /// Where policy.lock cannot be read.
    pub(crate) fn lock(&self) -> anyhow::Result<Lock> {
        lock_beside(&self.folder)
    }

    pub(crate) fn lock_path(&self) -> PathBuf {
        self.folder.join("policy.lock")
    }

    /// The folder of scripts.
    ///
    /// # Errors
    /// Where jardin.toml cannot be read.
    pub(crate) fn scripts(&self) -> anyhow::Result<PathBuf> {
        Ok(self.folder.join(self.named("scripts")?.as_deref().unwrap_or("scripts")))
    }

    /// A name that jardin.toml gives under `[shop]`. A folder without that file is taken as it is: a policy
    /// stands by itself.
    fn named(&self, key: &'static str) -> anyhow::Result<Option<String>> {
        let path = self.folder.join("jardin.toml");
        if !path.exists() {
            return Ok(None);
        }
        let source = source(&path)?;
        let sink = Sink::default();
        let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
        let found = read(text, &sink, |root, _| {
            let name = root.get("shop")?.table("[shop]")?.text(key)?;
            Some(name.to_string())
        });
        Ok(found)
    }
}

/// The lock in a folder; an empty one where there is none.
pub(crate) fn lock_beside(folder: &Path) -> anyhow::Result<Lock> {
    let path = folder.join("policy.lock");
    if !path.exists() {
        return Ok(Lock::default());
    }
    let source = source(&path)?;
    Lock::parse(&source.file, &source.text).map_err(|report| {
        print::report(&report);
        anyhow!("`{}` is no lock; write it anew with `jardin policy pin`", source.file)
    })
}

/// The policy of a text, its inline tests not run; `None` where it has errors, which are shown.
pub(crate) fn checked(source: &Source) -> Option<Policy> {
    match Policy::check(&source.file, &source.text) {
        Ok((policy, _)) => Some(policy),
        Err(report) => {
            print::report(&report);
            None
        }
    }
}

/// A file's text.
pub(crate) fn source(path: &Path) -> anyhow::Result<Source> {
    let file = path.display().to_string();
    let bytes = fs::read(path).with_context(|| format!("`{file}` cannot be read"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        anyhow!("`{file}` is not UTF-8: the byte at {at} is no character; save it as UTF-8")
    })?;
    Ok(Source { file, text })
}

/// The program's own clock.
#[expect(clippy::disallowed_methods, reason = "the program reads the clock here and passes it on")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
