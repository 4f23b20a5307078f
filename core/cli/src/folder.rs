//! A shop folder: jardin.toml, policy.toml, policy.lock, server.toml.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, anyhow};
use jardin_engine::{Config, ServerConfig, ShopFiles};
use jardin_policy::{Finding, Policy, Report, lock::Lock};

use super::print;

/// A shop folder that has been read and checked.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) files: ShopFiles,
    pub(crate) policy: Policy,
    pub(crate) policy_text: Arc<str>,
    pub(crate) config: Arc<Config>,
    pub(crate) server: ServerConfig,
    pub(crate) lock: Lock,
    /// Warnings of all files.
    pub(crate) findings: Vec<Finding>,
    /// A script that is tried in the place of a live one, by the live one's name.
    pub(crate) draft: Option<(String, PathBuf)>,
}

impl Folder {
    /// Reads a shop folder; shows every finding.
    ///
    /// # Errors
    /// Where a file is missing or has an error.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        Self::reading(path, print::report)
    }

    /// As [`Folder::read`], but shows errors only: for commands that are not about the folder as a whole.
    ///
    /// # Errors
    /// As [`Folder::read`].
    pub(crate) fn quietly(path: &Path) -> anyhow::Result<Self> {
        Self::reading(path, |_| {})
    }

    fn reading(path: &Path, show: fn(&Report)) -> anyhow::Result<Self> {
        let (config_file, config_text) = text(path, "jardin.toml").with_context(|| {
            format!(
                "`{}` is no shop folder: it needs jardin.toml, policy.toml and, as a rule, scripts",
                path.display()
            )
        })?;
        let files = ShopFiles::peek(&config_file, &config_text).map_err(|r| refused(&r))?;
        let (policy_file, policy_text) = text(path, &files.policy)?;
        let (policy, policy_report) = Policy::load(&policy_file, &policy_text).map_err(|r| refused(&r))?;
        show(&policy_report);
        let (config, config_report) =
            Config::load(&config_file, &config_text, &policy).map_err(|r| refused(&r))?;
        show(&config_report);
        let policy = policy.with_finishes(config.finishes());
        Ok(Self {
            server: server(path)?,
            lock: lock(path)?,
            files,
            policy,
            policy_text: policy_text.into(),
            config: Arc::new(config),
            findings: policy_report.findings.into_iter().chain(config_report.findings).collect(),
            path: path.to_owned(),
            draft: None,
        })
    }

    /// The name, as errors show it, and the text of a script.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(crate) fn script(&self, file: &str) -> anyhow::Result<(String, String)> {
        match &self.draft {
            // joining an absolute path gives that path, and a relative one is the caller's own
            Some((live, draft)) if live == file => text(Path::new(""), &draft.display().to_string()),
            _ => text(&self.path.join(&*self.files.scripts), file),
        }
    }

    /// True where a draft stands for this script.
    pub(crate) fn is_draft(&self, file: &str) -> bool {
        self.draft.as_ref().is_some_and(|(live, _)| live == file)
    }
}

/// Shows a report of errors; the error says only that there was one.
pub(crate) fn refused(report: &Report) -> anyhow::Error {
    print::report(report);
    let count = report.errors().count();
    anyhow!("`{}` has {count} error{}", report.file, if count == 1 { "" } else { "s" })
}

/// The name, as errors show it, and the text of a file of the folder.
pub(crate) fn text(folder: &Path, name: &str) -> anyhow::Result<(String, String)> {
    let path = folder.join(name);
    let shown = path.display().to_string();
    let bytes = fs::read(&path).with_context(|| format!("`{shown}` cannot be read"))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        anyhow!(
            "`{shown}` is not UTF-8: the byte at {} is no character; save it as UTF-8",
            e.utf8_error().valid_up_to()
        )
    })?;
    Ok((shown, text))
}

/// server.toml of a folder; its defaults where there is none.
///
/// # Errors
/// Where it has errors, which are shown.
pub(crate) fn server(path: &Path) -> anyhow::Result<ServerConfig> {
    if !path.join("server.toml").exists() {
        return Ok(ServerConfig::default());
    }
    let (file, text) = text(path, "server.toml")?;
    ServerConfig::load(&file, &text).map_err(|r| refused(&r))
}

/// policy.lock of a folder; an empty one where there is none.
///
/// # Errors
/// Where it is no lock.
pub(crate) fn lock(path: &Path) -> anyhow::Result<Lock> {
    if !path.join("policy.lock").exists() {
        return Ok(Lock::default());
    }
    let (file, text) = text(path, "policy.lock")?;
    Lock::parse(&file, &text).map_err(|r| refused(&r))
}
