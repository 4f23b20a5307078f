//! What a shop folder says, once it was read whole and no file of it has an error.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jardin_diagnostics::{Finding, Report};
use jardin_engine::Config;
use jardin_policy::{Policy, StrategyRule, lock::Lock};

use crate::{Draft, HostError, ServerConfig, ShopFolder, SourceText, StrategyFile, strategy_files};

/// What a shop folder says.
#[derive(Debug, Clone)]
pub struct ShopContent {
    /// Where it was read.
    pub folder: ShopFolder,
    /// The policy.
    pub policy: Policy,
    /// Its text.
    pub policy_text: Arc<str>,
    /// jardin.toml.
    pub config: Arc<Config>,
    /// Its text.
    pub config_text: Arc<str>,
    /// server.toml.
    pub server: ServerConfig,
    /// policy.lock.
    pub lock: Lock,
    /// The warnings of each file.
    pub warnings: Vec<Report>,
    /// A script that is tried in the place of a live one.
    pub draft: Option<Draft>,
}

impl ShopContent {
    /// Reads a shop folder.
    ///
    /// # Errors
    /// Where a file is missing, and the report of the first one that has errors.
    pub fn read(folder: &ShopFolder) -> Result<Self, HostError> {
        let content = Self::read_without_server(folder)?;
        Ok(Self { server: folder.read_server_config()?, ..content })
    }

    /// The same without server.toml, in whose place its defaults stand.
    ///
    /// # Errors
    /// As [`ShopContent::read`].
    pub fn read_without_server(folder: &ShopFolder) -> Result<Self, HostError> {
        let config_source = folder.config_text().map_err(|error| {
            let what = "is not a shop folder: it needs jardin.toml, policy.toml and, as a rule, scripts";
            error.within(format!("`{}` {what}", folder.path().display()))
        })?;
        folder.names()?;
        let content = Self::of_texts(folder, folder.policy_text()?, config_source)?;
        Ok(Self { lock: folder.read_lock()?, ..content })
    }

    /// The same folder with another policy and another jardin.toml; nothing is pinned, and server.toml is not
    /// read.
    ///
    /// # Errors
    /// The report of the first text that has errors.
    pub fn of_texts(folder: &ShopFolder, policy: SourceText, config: SourceText) -> Result<Self, HostError> {
        let (read_policy, policy_report) = Policy::load(&policy.file, &policy.text)?;
        let (read_config, config_report) = Config::load(&config.file, &config.text, &read_policy)?;
        Ok(Self {
            policy: read_policy,
            policy_text: policy.text.into(),
            config: Arc::new(read_config),
            config_text: config.text.into(),
            server: ServerConfig::default(),
            lock: Lock::default(),
            warnings: vec![policy_report, config_report],
            draft: None,
            folder: folder.clone(),
        })
    }

    /// The findings of all files, which are warnings.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.warnings.iter().flat_map(|report| &report.findings)
    }

    /// The files of all strategies, in the order of the strategies' names.
    #[must_use]
    pub fn strategy_files(&self) -> Vec<StrategyFile> {
        strategy_files(&self.folder, &self.policy, self.draft.as_ref())
    }

    /// The file of one strategy.
    #[must_use]
    pub fn strategy_file(&self, rule: &Arc<StrategyRule>) -> StrategyFile {
        StrategyFile::of_rule(&self.folder, rule, self.draft.as_ref())
    }

    /// The data folder that server.toml names, unless another one is named.
    #[must_use]
    pub fn data_path(&self, named: Option<&Path>) -> PathBuf {
        named.map_or_else(|| self.folder.path().join(&*self.server.store_folder), Path::to_owned)
    }
}
