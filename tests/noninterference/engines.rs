//! Two engines in this process, with scripts and plugins, one clock and one seed.

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use jardin_contract::{Clock, FixedClock, Strategy};
use jardin_engine::{Config, Engine, EngineParts, LoadedStrategies, LoadedStrategy, Shop};
use jardin_model::Timestamp;
use jardin_native::{AfterForgetting, NativeStrategy, PluginFile, Settings, Spawner};
use jardin_policy::{FileState, Policy, StrategyKind, StrategyRule};
use jardin_script_check::ScriptText;
use jardin_script_run::{ScriptPool, ScriptStrategy};
use jardin_store_sqlite::{Options, SqliteStore};

use super::new_store;
use crate::support::copy_folder;

/// Two engines that were told the same.
pub struct Pair {
    pub engines: [Arc<Engine>; 2],
    pub policy: Policy,
    pub config: Arc<Config>,
    clock: Arc<FixedClock>,
}

impl Pair {
    /// Starts both on the files of a shop and copies of one new store.
    pub async fn open(shop: &Path, data: &Path, now: &str) -> Self {
        let clock = Arc::new(FixedClock::at(Timestamp::parse(now).unwrap()));
        let store = new_store(data);
        let [one, other] = ["a", "b"].map(|name| data.join(name));
        copy_folder(&store, &one);
        copy_folder(&store, &other);
        let (first, second) = (start(shop, &one, &clock).await, start(shop, &other, &clock).await);
        Self { engines: [Arc::new(first.0), Arc::new(second.0)], policy: first.1, config: first.2, clock }
    }

    /// Lets time pass, and both do what is due then.
    pub async fn pass(&self, span_ms: i64) {
        self.clock.set(self.clock.now().plus_ms(span_ms));
        for engine in &self.engines {
            engine.tick().await;
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

async fn start(folder: &Path, data: &Path, clock: &Arc<FixedClock>) -> (Engine, Policy, Arc<Config>) {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let policy_text = text("policy.toml");
    let (policy, _) =
        Policy::load("policy.toml", &policy_text).unwrap_or_else(|r| panic!("{}", r.rendered()));
    let (config, _) = Config::load("jardin.toml", &text("jardin.toml"), &policy)
        .unwrap_or_else(|r| panic!("{}", r.rendered()));
    let strategies = load(folder, &policy, &config, clock).await;
    let store = Arc::new(SqliteStore::open(data, Options::default()).unwrap());
    let (config, parts) = (
        Arc::new(config),
        EngineParts {
            longest_rest_ms: jardin_engine::LONGEST_REST_MS,
            clock: Arc::clone(clock) as _,
            state: Arc::clone(&store) as _,
            events: store,
            seed: 7,
        },
    );
    let shop = Shop {
        policy: policy.clone(),
        policy_text: policy_text.into(),
        config: Arc::clone(&config),
        strategies,
        findings: Vec::new(),
    };
    (Engine::start(parts, shop).await.unwrap(), policy, config)
}

async fn load(folder: &Path, policy: &Policy, config: &Config, clock: &Arc<FixedClock>) -> LoadedStrategies {
    let program = Path::new(env!("CARGO_BIN_EXE_jardin"));
    let (spawner, pool) = (Spawner::new(program.to_owned()).unwrap(), ScriptPool::new(2));
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    let reasons: BTreeSet<Arc<str>> = config.reasons.keys().cloned().collect();
    let one = |rule: &Arc<StrategyRule>| -> Arc<dyn Strategy> {
        let params = config.params.get(&rule.name).cloned().unwrap_or_default();
        match &rule.kind {
            StrategyKind::Script(file) => {
                let source = std::fs::read_to_string(folder.join("scripts").join(&**file)).unwrap();
                let campaigns = config.campaigns.iter();
                let laid_over: Vec<_> =
                    campaigns.filter_map(|campaign| campaign.params.get(&rule.name).cloned()).collect();
                let text = ScriptText {
                    name: rule.name.as_str(),
                    file,
                    source: &source,
                    reasons: &reasons,
                    params: &params,
                    laid_over: &laid_over,
                };
                let loaded = ScriptStrategy::load(&text, policy, &clock, pool.list_lane());
                Arc::new(loaded.unwrap_or_else(|r| panic!("{}", r.rendered())).0)
            }
            StrategyKind::Plugin(name) => {
                let settings = Settings {
                    spawner: spawner.clone(),
                    clock: Arc::clone(&clock),
                    params,
                    workers: 1,
                    queue: 64,
                    after_forgetting: AfterForgetting::Trust,
                };
                Arc::new(
                    NativeStrategy::start(
                        PluginFile::find(name, folder, program).unwrap(),
                        rule,
                        policy,
                        settings,
                    )
                    .unwrap(),
                )
            }
        }
    };
    let file = FileState::Reviewed;
    let all = policy.rules().strategies.values();
    let strategies: LoadedStrategies =
        all.map(|rule| (rule.name.clone(), LoadedStrategy { strategy: one(rule), file })).collect();
    while !strategies.values().all(|l| l.strategy.health().ready) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    strategies
}
