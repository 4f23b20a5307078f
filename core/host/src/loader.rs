//! From the content of a shop folder to strategies that can be asked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jardin_contract::{Clock, Params, Strategy};
use jardin_diagnostics::Report;
use jardin_engine::{LoadedStrategies, LoadedStrategy, Shop};
use jardin_native::{AfterForgetting, NativeError, NativeStrategy, Settings, Spawner};
use jardin_policy::{FileState, StrategyName};
use jardin_script_run::{ScriptPool, ScriptStrategy};

use crate::{
    HostError, Notice, ScriptSettings, ShopContent, ShopFolder, StrategyFile, unreviewed::Unreviewed,
};

/// How long a start waits for workers before it serves without them.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(5);
/// How many threads run scripts.
const SCRIPT_THREADS: usize = 2;

/// Loads strategies; keeps what they share.
pub struct Loader {
    spawner: Spawner,
    pool: ScriptPool,
    clock: Arc<dyn Clock>,
    /// The plugins that were started for the shop as it was loaded last.
    kept: Mutex<BTreeMap<StrategyName, KeptPlugin>>,
}

/// A plugin with what its workers were started for. They stay through a reload for as long as nothing of that
/// changes.
struct KeptPlugin {
    started_for: StartedFor,
    strategy: Arc<dyn Strategy>,
}

#[derive(Clone, PartialEq)]
struct StartedFor {
    /// What the policy says of its strategy.
    grants: Option<[u8; 32]>,
    file: [u8; 32],
    params: Params,
    workers: usize,
    queue: usize,
    after_forgetting: AfterForgetting,
}

/// A shop with its strategies loaded, and what there is to tell about them.
pub(crate) struct LoadedShop {
    pub(crate) shop: Shop,
    pub(crate) notices: Vec<Notice>,
}

impl Loader {
    /// A loader of strategies that are told the time by `clock`; workers are started from the folder's program.
    ///
    /// # Errors
    /// Where this system cannot start workers.
    pub fn new(folder: &ShopFolder, clock: Arc<dyn Clock>) -> Result<Self, HostError> {
        let spawner = Spawner::new(folder.program().to_owned())
            .map_err(|source| HostError::File { what: "workers cannot be started".to_owned(), source })?;
        Ok(Self { spawner, pool: ScriptPool::new(SCRIPT_THREADS), clock, kept: Mutex::default() })
    }

    /// The shop of a folder, with its strategies loaded; workers may still be starting.
    ///
    /// # Errors
    /// Where a script is missing or has errors. A plugin that cannot be loaded costs its strategy and nothing
    /// else; the chain goes on without it.
    pub(crate) fn load_shop(&self, content: &ShopContent) -> Result<LoadedShop, HostError> {
        let settings = ScriptSettings::of_config(&content.config);
        let (mut strategies, mut notices) = (LoadedStrategies::new(), Vec::new());
        let mut findings: Vec<_> = content.findings().cloned().collect();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *kept);
        for file in content.strategy_files() {
            let name = file.rule.name.clone();
            if file.is_script() {
                let (loaded, report) = match self.load_script(content, &file, &settings) {
                    Ok(loaded) => loaded,
                    Err(error) if content.is_held && !is_finish(content, &name) => {
                        let what =
                            format!("`{name}` does not run while the policy waits for its approval: {error}");
                        notices.push(Notice::Warning(what));
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                findings.extend(report.findings.iter().cloned());
                notices.push(Notice::Findings(report));
                strategies.insert(name, loaded);
                continue;
            }
            match self.load_plugin(content, &file, before.get(&name)) {
                Ok((loaded, keep)) => {
                    notices.extend(unreviewed_plugin(&file, loaded.file));
                    kept.extend(keep.map(|keep| (name.clone(), keep)));
                    strategies.insert(name, loaded);
                }
                Err(error) => notices.push(Notice::Warning(with_causes(&error))),
            }
        }
        drop(kept);
        let shop = Shop {
            policy: content.policy.clone(),
            policy_text: Arc::clone(&content.policy_text),
            config: Arc::clone(&content.config),
            strategies,
            findings,
        };
        Ok(LoadedShop { shop, notices })
    }

    fn load_script(
        &self,
        content: &ShopContent,
        file: &StrategyFile,
        settings: &ScriptSettings,
    ) -> Result<(LoadedStrategy, Report), HostError> {
        let source = file.script_text().map_err(|error| {
            error.within(format!("the script of strategy `{}` is not there", file.rule.name))
        })?;
        let script = settings.script(&file.rule, &source);
        let is_finish = is_finish(content, &file.rule.name);
        let lane = if is_finish { self.pool.finish_lane() } else { self.pool.list_lane() };
        let (strategy, report) = ScriptStrategy::load(&script, &content.policy, &self.clock, lane)?;
        let state = file.state(&content.lock, &strategy.info().digest);
        Ok((LoadedStrategy { strategy: Arc::new(strategy), file: state }, report))
    }

    /// With the plugin comes what is needed to keep its workers through the next reload.
    fn load_plugin(
        &self,
        content: &ShopContent,
        file: &StrategyFile,
        before: Option<&KeptPlugin>,
    ) -> Result<(LoadedStrategy, Option<KeptPlugin>), NativeError> {
        let rule = &file.rule;
        let plugin = file.plugin_file()?;
        let state = file.state(&content.lock, &plugin.digest);
        // a file that nobody reviewed is not even started
        if state != FileState::Reviewed {
            let strategy = Arc::new(Unreviewed::new(rule, plugin.digest));
            return Ok((LoadedStrategy { strategy, file: state }, None));
        }
        let started_for = StartedFor {
            grants: content.policy.grant_digest(rule.name.as_str()),
            file: plugin.digest,
            params: content.config.params.get(&rule.name).cloned().unwrap_or_default(),
            workers: content.server.workers,
            queue: content.server.plugin_queue,
            after_forgetting: content
                .server
                .after_forgetting
                .unwrap_or_else(|| file.default_after_forgetting()),
        };
        let strategy = match before.filter(|before| before.started_for == started_for) {
            Some(same) => Arc::clone(&same.strategy),
            None => {
                let settings = Settings {
                    spawner: self.spawner.clone(),
                    clock: Arc::clone(&self.clock),
                    params: started_for.params.clone(),
                    workers: started_for.workers,
                    queue: started_for.queue,
                    after_forgetting: started_for.after_forgetting,
                };
                Arc::new(NativeStrategy::start(plugin, rule, &content.policy, settings)?)
            }
        };
        let kept = KeptPlugin { started_for, strategy: Arc::clone(&strategy) };
        Ok((LoadedStrategy { strategy, file: state }, Some(kept)))
    }
}

/// True for a strategy that is laid over finished lists.
fn is_finish(content: &ShopContent, name: &StrategyName) -> bool {
    content.config.placements.values().any(|placement| placement.finish.as_ref() == Some(name))
}

/// What is told of a plugin whose file nobody reviewed.
fn unreviewed_plugin(file: &StrategyFile, state: FileState) -> Option<Notice> {
    let what = match state {
        FileState::Reviewed => return None,
        FileState::Differs => "is another file than the one in policy.lock",
        FileState::NotPinned => "stands in no policy.lock",
    };
    let (name, strategy) = (&file.name, &file.rule.name);
    Some(Notice::Warning(format!(
        "plugin `{name}` {what}, so `{strategy}` does not run; review it, then run `jardin policy pin`"
    )))
}

/// An error and its causes in one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

/// Waits until every worker is ready or has said why not.
pub(crate) async fn wait_for_workers(strategies: &LoadedStrategies) {
    let settled = |l: &LoadedStrategy| {
        let health = l.strategy.health();
        health.ready || health.note.is_some()
    };
    let all = async {
        while !strategies.values().all(settled) {
            tokio::time::sleep(LOOK).await;
        }
    };
    // whoever is later answers `starting` until it is ready
    let _ = tokio::time::timeout(PATIENCE, all).await;
}
