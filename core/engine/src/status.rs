//! What is in force, as merchants, compliance and operations see it.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

use jardin_contract::{Enforcement, Health};
use jardin_policy::{
    FileState, StrategyKind, StrategyRule,
    lock::hex,
    rules::{FieldId, PurposeId},
};

use crate::{
    AccessShown, HealthShown, PlacementShown, StrategyHealth, StrategyShown, inner::Inner,
    recommend::clock_stepped_back, world::World,
};

/// The placements.
pub(crate) fn placements(world: &World) -> Vec<PlacementShown> {
    let shown = world.config.placements.values().map(|p| PlacementShown {
        name: Arc::clone(&p.name),
        title: p.title.0.clone(),
        chain: p.chain.clone(),
        finish: p.finish.clone(),
        limit: p.limit,
        leave_out: p.leave_out.iter().map(|l| l.word()).collect(),
    });
    shown.collect()
}

/// The strategies of the policy with what each may read.
pub(crate) fn strategies(inner: &Inner, world: &World) -> Vec<StrategyShown> {
    world.policy.rules().strategies.values().map(|rule| strategy(inner, world, rule)).collect()
}

fn strategy(inner: &Inner, world: &World, rule: &StrategyRule) -> StrategyShown {
    let valid = world.policy.rules();
    let loaded = world.loaded(&rule.name);
    let info = loaded.map(|l| l.strategy.info());
    let purpose = |id: PurposeId| valid.purpose(id).map(|p| Arc::clone(&p.name));
    let field = |id: FieldId| valid.field(id).map(|f| f.path.to_string()).unwrap_or_default();
    StrategyShown {
        name: rule.name.clone(),
        kind: match rule.kind {
            StrategyKind::Plugin(_) => "plugin",
            StrategyKind::Script(_) => "script",
        },
        digest: info.map(|i| hex(&i.digest)),
        file: loaded.map(|l| file(l.file)),
        purpose: purpose(rule.purpose).unwrap_or_default(),
        learning_purpose: rule.learning_purpose.and_then(purpose),
        may_read: rule
            .may_read
            .iter()
            .map(|g| access(field(g.field), g.transform.to_string(), g.newest))
            .collect(),
        may_learn_from: rule
            .may_learn_from
            .iter()
            .map(|l| access(field(l.field), "sessions".to_owned(), l.newest))
            .collect(),
        may_ask: rule.may_ask.clone(),
        enforcement: info.map(|i| i.enforcement.word()),
        measures: match info.map(|i| &i.enforcement) {
            Some(Enforcement::Sandbox { measures }) => measures.clone(),
            _ => Vec::new(),
        },
        stopped: rule.name != valid.fallback && inner.is_stopped(world, &rule.name),
    }
}

fn access(field: String, form: String, newest: Option<jardin_policy::rules::Age>) -> AccessShown {
    AccessShown { field, form, newest: newest.map(|age| age.to_string()) }
}

const fn file(state: FileState) -> &'static str {
    match state {
        FileState::Reviewed => "reviewed",
        FileState::NotPinned => "not-pinned",
        FileState::Differs => "differs",
    }
}

/// How everything is doing.
pub(crate) fn health(inner: &Inner) -> HealthShown {
    let world = inner.world();
    let mut counters = inner.counters.of(None);
    counters.insert("requests", inner.requests.load(Ordering::Relaxed));
    HealthShown {
        ready: inner.fallbacks.is_ready(&world),
        policy_revision: Arc::clone(&world.revision),
        policy_stale: inner.policy_stale.load(Ordering::Relaxed),
        clock_stepped_back: clock_stepped_back(&*inner.parts.state, inner.parts.clock.now()),
        strategies: world
            .policy
            .rules()
            .strategies
            .values()
            .map(|rule| of_strategy(inner, &world, rule))
            .collect(),
        not_enforced_yet: world.not_enforced_yet.to_vec(),
        counters,
    }
}

fn of_strategy(inner: &Inner, world: &World, rule: &StrategyRule) -> StrategyHealth {
    let loaded = world.loaded(&rule.name);
    let unpinned = loaded.is_some_and(|l| l.file != FileState::Reviewed);
    let health = loaded.map_or_else(
        || Health { note: Some("its file was not found".to_owned()), ..Health::default() },
        |l| l.strategy.health(),
    );
    let mut counters: BTreeMap<&'static str, u64> = inner.counters.of(Some(&rule.name));
    for (name, n) in health.counters {
        *counters.entry(name).or_default() += n;
    }
    StrategyHealth {
        name: rule.name.clone(),
        ready: health.ready && !unpinned,
        note: if unpinned {
            Some("its file is not the one that was reviewed".to_owned())
        } else {
            health.note
        },
        enforcement: loaded.map(|l| l.strategy.info().enforcement.word()),
        counters,
    }
}
