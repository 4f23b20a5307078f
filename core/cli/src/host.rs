//! Putting a host together: strategies, store, engine.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use jardin_contract::{Clock, Params, Strategy};
use jardin_engine::{Engine, Loaded, Parts, Shop, Strategies};
use jardin_native::{NativeStrategy, PluginFile, Settings, Spawner};
use jardin_policy::{FileState, StrategyKind, StrategyName, StrategyRule};
use jardin_script_check::ScriptText;
use jardin_script_run::{ScriptPool, ScriptStrategy};
use jardin_store_sqlite::{Options, Store};

use super::{
    folder::{Folder, refused},
    print,
};

/// How long a start waits for workers before it serves without them.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(5);

/// What a host runs on.
pub(crate) struct Host {
    pub(crate) engine: Arc<Engine>,
    pub(crate) store: Arc<Store>,
    /// The data folder.
    pub(crate) data: PathBuf,
    loader: Loader,
}

/// Loads strategies; keeps what they share.
pub(crate) struct Loader {
    spawner: Spawner,
    pool: ScriptPool,
    clock: Arc<dyn Clock>,
    /// The plugins that were started for the shop as it was loaded last.
    kept: Mutex<BTreeMap<StrategyName, Kept>>,
}

/// A worker that stays through a reload for as long as nothing that concerns it changes.
struct Kept {
    /// What the policy says of its strategy.
    grants: Option<[u8; 32]>,
    file: [u8; 32],
    params: Params,
    strategy: Arc<dyn Strategy>,
}

impl Host {
    /// Opens the store of `data` and starts the engine of a shop; ready once every worker is, or has failed.
    pub(crate) async fn start(
        folder: &Folder,
        data: &Path,
        clock: Arc<dyn Clock>,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let server = &folder.server;
        let options = Options {
            cache_bytes: server.cache_mb << 20,
            readers: server.readers,
            waiting: server.write_queue,
            master_key: None,
        };
        let store = Arc::new(Store::open(data, options)?);
        let loader = Loader::new(Arc::clone(&clock))?;
        let shop = loader.shop(folder)?;
        wait_for_workers(&shop.strategies).await;
        let parts = Parts { clock, state: Arc::clone(&store) as _, events: Arc::clone(&store) as _, seed };
        let engine = Engine::start(parts, shop)
            .await
            .map_err(|p| anyhow::anyhow!("the engine does not start: {p}"))?;
        Ok(Self { engine: Arc::new(engine), store, data: data.to_owned(), loader })
    }

    /// Takes the state of the folder as it is now, and waits for no worker: what was narrowed or refused acts
    /// on the next request, and until a new worker is ready its strategy is `starting`.
    pub(crate) async fn reload(&self, folder: &Folder) -> anyhow::Result<()> {
        let shop = self.loader.shop(folder)?;
        self.engine.reload(shop).await.map_err(|p| anyhow::anyhow!("{p}"))
    }
}

impl Loader {
    /// A loader of strategies that are told the time by `clock`.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let program = std::env::current_exe()
            .context("the program's own file is not found, which workers are started from")?;
        Ok(Self { spawner: Spawner::new(program)?, pool: ScriptPool::new(2), clock, kept: Mutex::default() })
    }

    /// The shop of a folder, with its strategies loaded; workers may still be starting.
    pub(crate) fn shop(&self, folder: &Folder) -> anyhow::Result<Shop> {
        let mut findings = folder.findings.clone();
        let mut strategies = Strategies::new();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *kept);
        for rule in folder.policy.rules().strategies.values() {
            let params = folder.config.params.get(&rule.name).cloned().unwrap_or_default();
            let loaded = match &rule.kind {
                StrategyKind::Script(file) => {
                    Some(self.script(folder, rule, file, &params, &mut findings)?)
                }
                StrategyKind::Plugin(name) => {
                    self.plugin(folder, rule, name, params, before.get(&rule.name)).map(|(loaded, keep)| {
                        kept.extend(keep.map(|keep| (rule.name.clone(), keep)));
                        loaded
                    })
                }
            };
            strategies.extend(loaded.map(|l| (rule.name.clone(), l)));
        }
        drop(kept);
        Ok(Shop {
            policy: folder.policy.clone(),
            policy_text: Arc::clone(&folder.policy_text),
            config: Arc::clone(&folder.config),
            strategies,
            findings,
        })
    }

    fn script(
        &self,
        folder: &Folder,
        rule: &StrategyRule,
        file: &str,
        params: &Params,
        findings: &mut Vec<jardin_policy::Finding>,
    ) -> anyhow::Result<Loaded> {
        let (shown, source) = folder
            .script(file)
            .with_context(|| format!("the script of strategy `{}` is not there", rule.name))?;
        let reasons: BTreeSet<Arc<str>> = folder.config.reasons.keys().cloned().collect();
        let script =
            ScriptText { name: rule.name.as_str(), file: &shown, source: &source, reasons: &reasons, params };
        let (strategy, report) = ScriptStrategy::load(&script, &folder.policy, &self.clock, &self.pool)
            .map_err(|r| refused(&r))?;
        print::report(&report);
        findings.extend(report.findings);
        let state = if rule.pinned && !folder.is_draft(file) {
            folder.lock.state(file, &strategy.info().digest)
        } else {
            FileState::Reviewed
        };
        Ok(Loaded { strategy: Arc::new(strategy), file: state })
    }

    /// A plugin that cannot be loaded costs its strategy and nothing else; the chain goes on without it. With
    /// it comes what is needed to keep its worker through the next reload.
    fn plugin(
        &self,
        folder: &Folder,
        rule: &Arc<StrategyRule>,
        name: &str,
        params: Params,
        before: Option<&Kept>,
    ) -> Option<(Loaded, Option<Kept>)> {
        let program = std::env::current_exe().unwrap_or_default();
        let start = || {
            let file = PluginFile::find(name, &folder.path, &program)?;
            let state = folder.lock.state(name, &file.digest);
            // a file that nobody reviewed is not even started
            if state != FileState::Reviewed {
                let strategy = Arc::new(Unreviewed::new(rule, file.digest));
                return Ok((Loaded { strategy, file: state }, None));
            }
            let (grants, digest) = (folder.policy.grant_digest(rule.name.as_str()), file.digest);
            if let Some(same) =
                before.filter(|b| b.grants == grants && b.file == digest && b.params == params)
            {
                let strategy = Arc::clone(&same.strategy);
                let kept = Kept { grants, file: digest, params, strategy: Arc::clone(&strategy) };
                return Ok((Loaded { strategy, file: state }, Some(kept)));
            }
            let settings = Settings {
                spawner: self.spawner.clone(),
                clock: Arc::clone(&self.clock),
                params: params.clone(),
                workers: folder.server.workers,
                queue: folder.server.plugin_queue,
            };
            let strategy: Arc<dyn Strategy> =
                Arc::new(NativeStrategy::start(file, rule, &folder.policy, settings)?);
            let kept = Kept { grants, file: digest, params, strategy: Arc::clone(&strategy) };
            Ok::<_, jardin_native::NativeError>((Loaded { strategy, file: state }, Some(kept)))
        };
        match start() {
            Ok((loaded, kept)) => {
                if loaded.file != FileState::Reviewed {
                    let what = if loaded.file == FileState::Differs {
                        "is another file than the one in policy.lock"
                    } else {
                        "stands in no policy.lock"
                    };
                    print::error(&format!(
                        "warning: plugin `{name}` {what}, so `{}` does not run; review it, then run `jardin policy pin`",
                        rule.name
                    ));
                }
                Some((loaded, kept))
            }
            Err(error) => {
                print::error(&format!("warning: {:#}", anyhow::Error::from(error)));
                None
            }
        }
    }
}

/// Waits until every worker is ready or has said why not.
pub(crate) async fn wait_for_workers(strategies: &Strategies) {
    let settled = |l: &Loaded| {
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

/// What stands for a plugin whose file was not reviewed: the policy refuses it before it is ever asked.
struct Unreviewed(jardin_contract::StrategyInfo);

impl Unreviewed {
    fn new(rule: &StrategyRule, digest: [u8; 32]) -> Self {
        Self(jardin_contract::StrategyInfo {
            name: rule.name.clone(),
            kind: jardin_contract::Kind::Plugin,
            digest,
            enforcement: jardin_contract::Enforcement::Sandbox { measures: Vec::new() },
        })
    }
}

#[async_trait::async_trait]
impl Strategy for Unreviewed {
    fn info(&self) -> &jardin_contract::StrategyInfo {
        &self.0
    }

    fn health(&self) -> jardin_contract::Health {
        let note = Some("its file was not reviewed; run `jardin policy pin`".to_owned());
        jardin_contract::Health { ready: false, note, ..jardin_contract::Health::default() }
    }

    async fn sources(
        &self,
        _: &jardin_contract::Ask,
    ) -> Result<jardin_contract::Sources, jardin_contract::Failure> {
        Ok(jardin_contract::Sources::Empty)
    }

    async fn recommend(
        &self,
        _: &jardin_contract::Ask,
        _: &[jardin_model::ItemIndex],
    ) -> Result<jardin_contract::Ranking, jardin_contract::Failure> {
        Err(jardin_contract::Failure::Starting)
    }
}
