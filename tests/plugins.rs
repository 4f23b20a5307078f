//! Shipped plugins in their workers, asked through the contract of every strategy.

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use jardin_contract::{
    Clock, Deadline, Failure, FixedClock, Params, Ranking, Seed, Strategy, StrategyRequest,
};
use jardin_model::{Catalogue, Item, ItemChange, ItemId, ItemIndex, Timestamp, Value};
use jardin_native::{AfterForgetting, NativeStrategy, PluginFile, Settings, Spawner};
use jardin_policy::{Decision, FileState, Policy, Profile, ScreenedCatalogue, Signals, Stop, View};

use crate::support::shop_window;

const FIELDS: &str = r#"
popularity = { type = "number", class = "none" }
"#;
const STRATEGIES: &str = r#"
[strategies.popular-now]
plugin = "popular"
purpose = "shop-window"
limits = { time_ms = 2000, memory_mb = 61 }
may_read = { "item.sku" = "exact", "item.popularity" = "exact" }
"#;

pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_jardin"))
}

fn screened(policy: &Policy, items: &[(&str, f64)]) -> Arc<ScreenedCatalogue> {
    let item = |(id, popularity): &(&str, f64)| {
        let id = ItemId::new(id).unwrap();
        Item { id, fields: [("popularity".into(), Value::Number(*popularity))].into() }
    };
    Arc::new(policy.screen(Catalogue::of_items(policy.schema(), items.iter().map(item)), None))
}

fn view(policy: &Policy, screened: &Arc<ScreenedCatalogue>, now: Timestamp) -> Arc<View> {
    let name = &policy.rules().fallback;
    let flags = policy.flags(None, &Signals::default(), now);
    match policy.clone().bind(BTreeSet::new(), None).decide(
        name,
        &flags,
        FileState::Reviewed,
        &Stop::default(),
    ) {
        Decision::Run(grant) => Arc::new(grant.view(&Profile::default(), screened, now)),
        Decision::Refused(reason) => panic!("refused: {reason}"),
    }
}

pub async fn ready(strategy: &NativeStrategy) {
    for _ in 0..500 {
        if strategy.health().ready {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the worker is not ready: {:?}", strategy.health());
}

fn start(policy: &Policy, clock: &Arc<FixedClock>, file: PluginFile) -> NativeStrategy {
    let settings = Settings {
        spawner: Spawner::new(program().to_owned()).unwrap(),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        params: Params::default(),
        workers: 1,
        queue: 64,
        after_forgetting: AfterForgetting::Trust,
    };
    let rule = policy.strategy(policy.rules().fallback.as_str()).unwrap();
    NativeStrategy::start(file, rule, policy, settings).unwrap()
}

fn ask(view: Arc<View>, clock: &FixedClock) -> StrategyRequest {
    let deadline = Deadline::after(clock, Duration::from_secs(5));
    StrategyRequest { view, params: Params::default(), limit: 10, seed: Seed(1), deadline, explain: false }
}

fn items(ranking: Ranking) -> Vec<ItemIndex> {
    let Ranking::Picks(mut picks) = ranking else { panic!("a plugin gives picks") };
    picks.sort_by(|a, b| b.score.total_cmp(&a.score));
    picks.into_iter().map(|p| p.item).collect()
}

#[tokio::test]
async fn a_shipped_plugin_answers_from_its_worker_and_survives_its_death() {
    let (policy, _) = Policy::load("policy.toml", &shop_window(FIELDS, STRATEGIES))
        .unwrap_or_else(|r| panic!("{}", r.rendered()));
    let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
    let clock = Arc::new(FixedClock::at(now));
    let file = PluginFile::find("popular", Path::new("/nowhere"), program()).unwrap();
    let strategy = start(&policy, &clock, file);
    ready(&strategy).await;
    let shelf_one = screened(&policy, &[("a", 1.0), ("b", 9.0), ("c", 5.0)]);
    let answer = strategy.recommend(&ask(view(&policy, &shelf_one, now), &clock), &[]).await.unwrap();
    assert_eq!(items(answer), [ItemIndex(1), ItemIndex(2), ItemIndex(0)]);

    // a change of the catalogue is told before the next request
    let changed =
        shelf_one.catalogue().with_changes(&[(ItemIndex(1), ItemChange::Remove(ItemId::new("b").unwrap()))]);
    let shelf_two = Arc::new(policy.screen(changed, Some(&shelf_one)));
    let answer = strategy.recommend(&ask(view(&policy, &shelf_two, now), &clock), &[]).await.unwrap();
    assert_eq!(items(answer), [ItemIndex(2), ItemIndex(0)]);

    // the worker is a direct child of this process
    let children =
        std::fs::read_to_string(format!("/proc/{}/task/{}/children", std::process::id(), std::process::id()))
            .unwrap_or_default();
    let workers: Vec<u32> = worker_children();
    assert!(!workers.is_empty(), "{children}");
    // SAFETY is not needed: the kill goes through the shell's own command, to a process that this test
    // started
    for pid in workers {
        assert!(
            std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success()
        );
    }
    let asked = ask(view(&policy, &shelf_two, now), &clock);
    let mut again = strategy.recommend(&asked, &[]).await;
    for _ in 0..500 {
        match again {
            Ok(_) => break,
            Err(Failure::Starting | Failure::Died { .. }) => {}
            Err(other) => panic!("{other}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        again = strategy.recommend(&asked, &[]).await;
    }
    assert_eq!(items(again.unwrap()), [ItemIndex(2), ItemIndex(0)]);
    assert_eq!(strategy.health().counters["deaths"], 1);
}

/// The workers among this process's children that may take as much memory as no other test's: tests run side
/// by side in one process.
fn worker_children() -> Vec<u32> {
    let me = std::process::id();
    let is_ours = |pid: &u32| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let command = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        status.lines().any(|l| l == format!("PPid:\t{me}"))
            && command.ends_with(format!("\0worker\0{}\0", 61 << 20).as_bytes())
    };
    let pids = std::fs::read_dir("/proc").unwrap().filter_map(|e| e.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(is_ours).collect()
}
