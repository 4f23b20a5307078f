//! Every strategy of the demo shop, native or script, passes one conformance kit.

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use jardin_contract::{
    Clock, Deadline, Params, Seed, Strategy, StrategyRequest, SystemClock, conformance::find_breaches,
};
use jardin_model::{ItemIndex, Timestamp};
use jardin_native::{AfterForgetting, NativeStrategy, PluginFile, Settings, Spawner};
use jardin_policy::{
    Decision, FileState, Flags, Policy, Profile, ScreenedCatalogue, Signals, Stop, StrategyKind, StrategyRule,
};
use jardin_script_check::ScriptText;
use jardin_script_run::{ScriptPool, ScriptStrategy};

use crate::{plugins::program, support::example};

/// The demo shop with its items on the shelf.
struct Demo {
    policy: Policy,
    config: jardin_engine::Config,
    screened: Arc<ScreenedCatalogue>,
    clock: Arc<dyn Clock>,
    now: Timestamp,
}

fn demo() -> Demo {
    let text = |name: &str| std::fs::read_to_string(example("shop").join(name)).unwrap();
    let (policy, _) =
        Policy::load("policy.toml", &text("policy.toml")).unwrap_or_else(|r| panic!("{}", r.rendered()));
    let (config, _) = jardin_engine::Config::load("jardin.toml", &text("jardin.toml"), &policy)
        .unwrap_or_else(|r| panic!("{}", r.rendered()));
    let text = text("items.jsonl");
    let items = text.lines().filter_map(|line| {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = jardin_model::ItemId::new(json["item_id"].as_str()?).ok()?;
        let category = jardin_model::Value::Text(json["fields"]["category"].as_str()?.into());
        let price = jardin_model::Value::Money(json["fields"]["price"].as_str()?.parse().ok()?);
        let stock = jardin_model::Value::Flag(json["fields"]["in_stock"].as_bool()?);
        let fields =
            [("category".into(), category), ("price".into(), price), ("in_stock".into(), stock)].into();
        let item = policy.admit_item(jardin_model::Item { id, fields }, None, &[]).ok()?;
        Some(item.into_parts().0)
    });
    let screened = Arc::new(policy.screen(jardin_model::Catalogue::of_items(policy.schema(), items), None));
    Demo {
        policy,
        config,
        screened,
        clock: Arc::new(SystemClock),
        now: Timestamp::parse("2026-11-20T10:00:00Z").unwrap(),
    }
}

impl Demo {
    /// Questions for nobody known, with and without a page.
    fn asks(&self, rule: &StrategyRule) -> Vec<(StrategyRequest, Vec<ItemIndex>)> {
        let record = everything_agreed(&self.policy, self.now);
        let flags: Flags = self.policy.flags(Some(&record), &Signals::default(), self.now);
        let Decision::Run(grant) = self.policy.clone().bind(BTreeSet::new(), None).decide(
            &rule.name,
            &flags,
            FileState::Reviewed,
            &Stop::default(),
        ) else {
            panic!("`{}` does not run for somebody who agreed to everything", rule.name);
        };
        let page = self.policy.field_id(&"context.page_item".parse().unwrap()).unwrap();
        let tent = jardin_model::Value::Item(jardin_model::ItemId::new("TEN-103").unwrap());
        let candidates: Vec<ItemIndex> = (0..150).map(ItemIndex).collect();
        [Vec::new(), vec![(page, tent)]]
            .into_iter()
            .map(|sent| {
                let profile = Profile { subject: Some(Arc::new(record.clone())), sent, ..Profile::default() };
                let ask = StrategyRequest {
                    view: Arc::new(grant.view(&profile, &self.screened, self.now)),
                    params: self.config.params_for(rule.name.as_str(), "home", self.now),
                    limit: 10,
                    seed: Seed(7),
                    deadline: Deadline::after(&*self.clock, Duration::from_secs(10)),
                    explain: true,
                };
                (ask, candidates.clone())
            })
            .collect()
    }

    async fn load(&self, rule: &Arc<StrategyRule>, spawner: &Spawner) -> Box<dyn Strategy> {
        match &rule.kind {
            StrategyKind::Script(file) => {
                let source = std::fs::read_to_string(example("shop").join("scripts").join(&**file)).unwrap();
                let reasons: BTreeSet<_> = self.config.reasons.keys().cloned().collect();
                let params = self.config.params.get(&rule.name).cloned().unwrap_or_default();
                let campaigns = self.config.campaigns.iter();
                let laid_over: Vec<Params> =
                    campaigns.filter_map(|campaign| campaign.params.get(&rule.name).cloned()).collect();
                let text = ScriptText {
                    name: rule.name.as_str(),
                    file,
                    source: &source,
                    reasons: &reasons,
                    params: &params,
                    laid_over: &laid_over,
                };
                let loaded =
                    ScriptStrategy::load(&text, &self.policy, &self.clock, ScriptPool::new(2).list_lane());
                Box::new(loaded.unwrap_or_else(|r| panic!("{}", r.rendered())).0)
            }
            StrategyKind::Plugin(name) => {
                let file = PluginFile::find(name, Path::new("/nowhere"), program()).unwrap();
                let settings = Settings {
                    spawner: spawner.clone(),
                    clock: Arc::clone(&self.clock),
                    params: Params::default(),
                    workers: 1,
                    queue: 64,
                    after_forgetting: AfterForgetting::Trust,
                };
                let strategy = NativeStrategy::start(file, rule, &self.policy, settings).unwrap();
                crate::plugins::ready(&strategy).await;
                Box::new(strategy)
            }
        }
    }
}

fn everything_agreed(policy: &Policy, now: Timestamp) -> jardin_model::SubjectRecord {
    let choice = |text: &Arc<str>| jardin_model::Choice {
        status: jardin_model::ChoiceStatus::Granted,
        text_version: Arc::clone(text),
        at: now.plus_ms(-1000),
        source: "test".into(),
    };
    let choices = policy
        .rules()
        .consents
        .iter()
        .map(|c| (Arc::clone(&c.name), c.texts.iter().take(1).map(choice).collect()))
        .collect();
    jardin_model::SubjectRecord {
        person: jardin_model::PersonNumber(1),
        fields: std::collections::BTreeMap::new(),
        events: Vec::new(),
        choices,
        objected: None,
        restricted: None,
        last_seen: now,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shipped_strategy_conforms() {
    let demo = demo();
    let spawner = Spawner::new(program().to_owned()).unwrap();
    let (mut plugins, mut scripts) = (0, 0);
    for rule in demo.policy.rules().strategies.values() {
        match rule.kind {
            StrategyKind::Plugin(_) => plugins += 1,
            StrategyKind::Script(_) => scripts += 1,
        }
        let strategy = demo.load(rule, &spawner).await;
        let found = find_breaches(&*strategy, &demo.asks(rule)).await;
        assert!(found.is_empty(), "`{}`: {found:#?}", rule.name);
    }
    assert!(plugins >= 2 && scripts >= 4);
}
