//! What is found in a shop folder, file by file.

use anyhow::Context as _;
use jardin_engine::{Config, ServerConfig, ShopFiles};
use jardin_policy::{Policy, Report};
use jardin_script_check::FunctionRuns;

use super::scripts;
use crate::{
    folder::text,
    policy::{
        check::not_pinned,
        reading::over_granted,
        shop::{ShopFolder, now},
    },
};

/// One file with what was found in it.
pub(crate) struct CheckedFile {
    pub(crate) report: Report,
    /// How the functions of a script run; empty for other files, and for a script with errors.
    pub(crate) functions: Vec<FunctionRuns>,
}

impl CheckedFile {
    pub(crate) const fn of(report: Report) -> Self {
        Self { report, functions: Vec::new() }
    }
}

/// A shop folder that was checked.
pub(crate) struct Checked {
    /// The folder, as it is shown.
    pub(crate) folder: String,
    pub(crate) files: Vec<CheckedFile>,
    /// What could not be checked because something else has errors.
    pub(crate) unchecked: Vec<String>,
}

impl Checked {
    /// Checks a shop folder; a file that has errors hides only what depends on it.
    ///
    /// # Errors
    /// Where a file that must be there cannot be read.
    pub(crate) fn of(shop: &ShopFolder) -> anyhow::Result<Self> {
        let path = &shop.folder;
        let mut checked =
            Self { folder: path.display().to_string(), files: Vec::new(), unchecked: Vec::new() };
        let (config_file, config_text) = text(path, "jardin.toml").with_context(|| {
            format!("`{}` is no shop folder: it needs jardin.toml and policy.toml", path.display())
        })?;
        let files = match ShopFiles::peek(&config_file, &config_text) {
            Ok(files) => files,
            Err(report) => {
                checked.add(report);
                checked.unchecked.push("the policy and the scripts, since jardin.toml cannot be read".into());
                return Ok(checked);
            }
        };
        let policy = checked.policy(shop, &files)?;
        match policy {
            Some(policy) => {
                let config = checked.split(Config::load(&config_file, &config_text, &policy));
                match config {
                    Some(config) => {
                        let policy = policy.with_finishes(config.finishes());
                        scripts::check(&mut checked, path, &files, &policy, &config)?;
                    }
                    None => checked.unchecked.push("the scripts, since jardin.toml has errors".into()),
                }
            }
            None => checked.unchecked.push("jardin.toml and the scripts, since the policy has errors".into()),
        }
        checked.server(shop)?;
        Ok(checked)
    }

    fn policy(&mut self, shop: &ShopFolder, files: &ShopFiles) -> anyhow::Result<Option<Policy>> {
        let (file, source) = text(&shop.folder, &files.policy)?;
        let Some(policy) = self.split(Policy::load(&file, &source)) else {
            return Ok(None);
        };
        let lock = shop.lock()?;
        let unpinned = not_pinned(&policy, &lock, shop)?;
        let overdue = policy.overdue(now());
        let over = over_granted(shop, &policy)?;
        if let Some(of_policy) = self.files.last_mut() {
            of_policy.report.findings.extend(unpinned);
            of_policy.report.findings.extend(overdue);
            of_policy.report.findings.extend(over);
            of_policy.report.findings.sort_by_key(|f| (f.span, f.code));
        }
        Ok(Some(policy))
    }

    fn server(&mut self, shop: &ShopFolder) -> anyhow::Result<()> {
        if shop.folder.join("server.toml").exists() {
            let (file, source) = text(&shop.folder, "server.toml")?;
            match ServerConfig::load(&file, &source) {
                Ok(_) => self.add(Report::new(&file, &source)),
                Err(report) => self.add(report),
            }
        }
        Ok(())
    }

    /// Keeps the report of a file; gives what was read, where there was no error.
    fn split<T>(&mut self, read: Result<(T, Report), Report>) -> Option<T> {
        let (value, report) = match read {
            Ok((value, report)) => (Some(value), report),
            Err(report) => (None, report),
        };
        self.add(report);
        value
    }

    pub(super) fn add(&mut self, report: Report) {
        self.files.push(CheckedFile::of(report));
    }

    /// How many errors there are in all files.
    pub(crate) fn errors(&self) -> usize {
        self.files.iter().map(|f| f.report.errors().count()).sum()
    }

    /// How many warnings there are in all files.
    pub(crate) fn warnings(&self) -> usize {
        self.files.iter().map(|f| f.report.warnings().count()).sum()
    }
}
