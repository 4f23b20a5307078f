//! What a shop folder says, once it was read whole and no file of it has an error.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jardin_diagnostics::{Finding, Report};
use jardin_engine::Config;
use jardin_policy::{Policy, StrategyRule, lock::Lock};

use crate::{
    Draft, HostError, ServerConfig, ShopFolder, SourceText, StrategyFile, history::RolledBack,
    last_policy::LastPolicy, strategy_files,
};

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
    /// Why the folder's own policy is not in force, where the last one that was stands in its place.
    pub refused: Option<Arc<HostError>>,
    /// True where the folder's policy waits for its approval, and what it and the one in force both permit stands in
    /// its place: a script that reads more is left out.
    pub is_held: bool,
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

    /// Reads a shop folder that is to be served, or the revision that was brought back in its place. Where its policy cannot be taken, the one that was in force last in the
    /// data folder stands in its place, and `refused` says why; `data` is that folder where it is not the one of
    /// server.toml.
    ///
    /// # Errors
    /// As [`ShopContent::read`], where no policy was in force yet, or that one cannot be taken either.
    pub fn read_for_start(folder: &ShopFolder, data: Option<&Path>) -> Result<Self, HostError> {
        let read = || {
            let data = folder.data_path(data)?;
            match RolledBack::in_place_of(folder, &data) {
                Some(back) => Self::read(&back.folder(folder, &data)?),
                None => Self::read(folder),
            }
        };
        let refused = match read() {
            Ok(content) => return Ok(content),
            Err(error) => error,
        };
        let server = folder.read_server_config()?;
        let kept = LastPolicy::of_data(&data_path(folder, &server, data));
        let configs = [folder.config_text().ok(), kept.read_config()];
        let content = kept.read()?.and_then(|last| {
            configs.into_iter().flatten().find_map(|config| Self::of_texts(folder, last.clone(), config).ok())
        });
        let (Some(content), Ok(lock)) = (content, folder.read_lock()) else { return Err(refused) };
        Ok(Self { server, lock, refused: Some(Arc::new(refused)), ..content })
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
            refused: None,
            is_held: false,
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
        data_path(&self.folder, &self.server, named)
    }
}

pub(crate) fn data_path(folder: &ShopFolder, server: &ServerConfig, named: Option<&Path>) -> PathBuf {
    named.map_or_else(|| folder.path().join(&*server.store_folder), Path::to_owned)
}
