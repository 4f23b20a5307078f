//! The files of strategies: where each is, what it holds, and whether somebody reviewed it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use jardin_contract::Params;
use jardin_engine::Config;
use jardin_native::{AfterForgetting, NativeError, PluginFile};
use jardin_policy::{
    FileState, Policy, StrategyKind, StrategyName, StrategyRule,
    lock::{Lock, digest},
};
use jardin_script_check::ScriptText;

use crate::{HostError, ShopFolder, SourceText, shop_folder::read_file};

/// The file of one strategy.
#[derive(Debug, Clone)]
pub struct StrategyFile {
    /// What the policy says of the strategy.
    pub rule: Arc<StrategyRule>,
    /// As the policy and policy.lock call the file: a plugin's name, or a script's path in the folder of
    /// scripts.
    pub name: Arc<str>,
    /// Where it is; of a plugin the first place where there is a file.
    path: Result<PathBuf, Arc<[PathBuf]>>,
    /// True where the file lies outside a folder that may be anybody's.
    is_outside: bool,
    /// True where a draft stands for it.
    is_draft: bool,
    /// True for a plugin that came with the program.
    is_shipped: bool,
}

/// A script that is tried in the place of a live one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The live one's name in the policy.
    pub live: Arc<str>,
    /// The file that stands for it.
    pub path: PathBuf,
}

/// The files of all strategies of a policy, in the order of the strategies' names.
#[must_use]
pub fn strategy_files(folder: &ShopFolder, policy: &Policy, draft: Option<&Draft>) -> Vec<StrategyFile> {
    let rules = policy.rules().strategies.values();
    rules.map(|rule| StrategyFile::of_rule(folder, rule, draft)).collect()
}

impl StrategyFile {
    /// The file of a strategy.
    #[must_use]
    pub fn of_rule(folder: &ShopFolder, rule: &Arc<StrategyRule>, draft: Option<&Draft>) -> Self {
        let (name, path, is_draft, is_shipped) = match &rule.kind {
            StrategyKind::Script(name) => {
                let draft = draft.filter(|draft| draft.live == *name);
                let live = || folder.scripts_path().join(&**name);
                (name, Ok(draft.map_or_else(live, |draft| draft.path.clone())), draft.is_some(), false)
            }
            StrategyKind::Plugin(name) => {
                let draft = draft.filter(|draft| draft.live == *name);
                let places = PluginFile::search_paths(name, folder.path(), folder.program());
                let live = || places.iter().find(|place| place.is_file()).cloned();
                let found = draft.map(|draft| draft.path.clone()).or_else(live);
                // the first place is the shop's own folder, where anybody's plugins lie
                let is_shipped =
                    found.as_ref().is_some_and(|found| places.iter().skip(1).any(|place| place == found));
                (name, found.ok_or_else(|| places.into()), draft.is_some(), is_shipped)
            }
        };
        let is_own = |path: &Path| is_draft || folder.may_read(path) || lies_beside(path, folder.program());
        let is_outside = path.as_ref().is_ok_and(|path| !is_own(path));
        let path = path.and_then(|path| if is_outside { Err([path].into()) } else { Ok(path) });
        Self { rule: Arc::clone(rule), name: Arc::clone(name), path, is_outside, is_draft, is_shipped }
    }

    /// True for the file of a script.
    #[must_use]
    pub fn is_script(&self) -> bool {
        matches!(self.rule.kind, StrategyKind::Script(_))
    }

    /// What is done where its plugin was told to forget and server.toml does not say: comparing finds errors, and
    /// only replacing holds against a plugin that lies.
    pub(crate) const fn default_after_forgetting(&self) -> AfterForgetting {
        if self.is_shipped { AfterForgetting::Verify } else { AfterForgetting::Replace }
    }

    /// Where the file is; `None` where there is none.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref().ok().filter(|path| path.is_file())
    }

    /// Every place where a file would count, the first one first.
    #[must_use]
    pub fn places(&self, folder: &ShopFolder) -> Vec<PathBuf> {
        match &self.rule.kind {
            StrategyKind::Script(_) => self.path.iter().cloned().collect(),
            StrategyKind::Plugin(name) => PluginFile::search_paths(name, folder.path(), folder.program()),
        }
    }

    /// The sha256 of its bytes; `None` where there is no file that can be read.
    #[must_use]
    pub fn digest(&self) -> Option<[u8; 32]> {
        self.path().and_then(|path| read_file(path).ok()).map(|bytes| digest(&bytes))
    }

    /// The text of a script.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn script_text(&self) -> Result<SourceText, HostError> {
        match &self.path {
            Ok(path) => SourceText::read(path),
            Err(_) if self.is_outside => Err(HostError::Unusable(format!(
                "the file of `{}` lies outside the shop folder: put it there",
                self.rule.name
            ))),
            Err(_) => Err(HostError::Unusable(format!("the file of `{}` is not a script", self.rule.name))),
        }
    }

    /// The plugin.
    ///
    /// # Errors
    /// Where there is no file, or it is not a plugin that can be loaded here.
    pub fn plugin_file(&self) -> Result<PluginFile, NativeError> {
        let unreadable =
            |path: String, source| NativeError::Read { name: Arc::clone(&self.name), path, source };
        match &self.path {
            Ok(path) => {
                let bytes = read_file(path).map_err(|error| unreadable(path.display().to_string(), error))?;
                PluginFile::from_bytes(&self.name, bytes)
            }
            Err(places) => {
                let shown: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
                Err(unreadable(shown.join("`, `"), std::io::ErrorKind::NotFound.into()))
            }
        }
    }

    /// What is known of the file once its digest is; a script counts as reviewed where the policy does not
    /// pin it, and a draft always.
    #[must_use]
    pub fn state(&self, lock: &Lock, digest: &[u8; 32]) -> FileState {
        if self.is_draft || (self.is_script() && !self.rule.pinned) {
            FileState::Reviewed
        } else {
            lock.state(&self.name, digest)
        }
    }
}

/// True for a file that came with the program, wherever a link in its place leads.
fn lies_beside(path: &Path, program: &Path) -> bool {
    let folder = program.parent().and_then(|folder| folder.canonicalize().ok());
    path.canonicalize().is_ok_and(|path| folder.is_some_and(|folder| path.starts_with(folder)))
}

/// What jardin.toml says around scripts: the reasons that they may give, and their settings.
#[derive(Debug, Clone, Default)]
pub struct ScriptSettings {
    reasons: BTreeSet<Arc<str>>,
    params: BTreeMap<StrategyName, Params>,
    /// What campaigns lay over them.
    laid_over: BTreeMap<StrategyName, Vec<Params>>,
    none: Params,
}

impl ScriptSettings {
    /// Those of a jardin.toml.
    #[must_use]
    pub fn of_config(config: &Config) -> Self {
        let mut laid_over: BTreeMap<StrategyName, Vec<Params>> = BTreeMap::new();
        for (name, params) in config.campaigns.iter().flat_map(|campaign| &campaign.params) {
            laid_over.entry(name.clone()).or_default().push(params.clone());
        }
        Self {
            reasons: config.reasons.keys().cloned().collect(),
            params: config.params.clone(),
            laid_over,
            none: Params::default(),
        }
    }

    /// A text as the script of a strategy.
    #[must_use]
    pub fn script<'a>(&'a self, rule: &'a StrategyRule, source: &'a SourceText) -> ScriptText<'a> {
        ScriptText {
            name: rule.name.as_str(),
            file: &source.file,
            source: &source.text,
            reasons: &self.reasons,
            params: self.params.get(&rule.name).unwrap_or(&self.none),
            laid_over: self.laid_over.get(&rule.name).map_or(&[], Vec::as_slice),
        }
    }
}
