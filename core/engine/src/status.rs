//! What is in force, as merchants, compliance and operations see it.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::{Enforcement, Health, StateStore};
use jardin_policy::{
    FileState, StrategyKind, StrategyRule,
    lock::hex,
    rules::{Age, FieldId, PurposeId},
};

use crate::{
    api::{
        AccessShown, ApprovalShown, HealthShown, PlacementShown, PolicyShown, StrategyHealth, StrategyShown,
    },
    clock_watch::ClockWatch,
    counters::{Counters, UNKNOWN_ITEMS},
    in_force::InForce,
    recommend::Fallbacks,
    stop_switch::StopSwitch,
    store_trouble::StoreTrouble,
    world::World,
};

/// Shows what is in force and how it is doing.
pub(crate) struct StatusBoard {
    pub(crate) state: Arc<dyn StateStore>,
    pub(crate) in_force: Arc<InForce>,
    pub(crate) stop: Arc<StopSwitch>,
    pub(crate) fallbacks: Arc<Fallbacks>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) clock_watch: Arc<ClockWatch>,
    pub(crate) trouble: Arc<StoreTrouble>,
}

impl StatusBoard {
    pub(crate) fn placements(&self) -> Vec<PlacementShown> {
        let world = self.in_force.world();
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
    pub(crate) fn strategies(&self) -> Vec<StrategyShown> {
        let world = self.in_force.world();
        world.policy.rules().strategies.values().map(|rule| self.show_strategy(&world, rule)).collect()
    }

    pub(crate) fn policy(&self) -> PolicyShown {
        let world = self.in_force.world();
        PolicyShown {
            revision: Arc::clone(&world.revision),
            text: Arc::clone(&world.policy_text),
            policy: world.policy.policy().clone(),
        }
    }

    pub(crate) fn health(&self) -> HealthShown {
        let world = self.in_force.world();
        let rules = world.policy.rules().strategies.values();
        HealthShown {
            ready: self.fallbacks.is_ready(&world),
            policy_revision: Arc::clone(&world.revision),
            policy_stale: self.in_force.is_policy_stale(),
            approval: ApprovalShown::clone(&self.in_force.approval()),
            clock_stepped_back: self.clock_watch.has_stepped_back(),
            warnings: [
                self.stop.stop_warnings(),
                self.state.store_warnings(),
                self.clock_watch.warning().into_iter().collect(),
            ]
            .concat(),
            strategies: rules.map(|rule| self.strategy_health(&world, rule)).collect(),
            not_enforced_yet: world.not_enforced_yet.to_vec(),
            notes: self.notes(),
            counters: self.counters.overall_counts(),
        }
    }

    /// What is wrong, in words.
    fn notes(&self) -> Vec<&'static str> {
        let unknown = self.counters.overall_counts().contains_key(UNKNOWN_ITEMS).then_some(
            "events, pages or baskets name items that the catalogue does not have (counter `unknown-items`): do they use \
             the ids of the catalogue?",
        );
        self.trouble.last().into_iter().chain(unknown).collect()
    }

    fn show_strategy(&self, world: &World, rule: &StrategyRule) -> StrategyShown {
        let rules = world.policy.rules();
        let loaded = world.loaded_strategy(&rule.name);
        let info = loaded.map(|l| l.strategy.info());
        let purpose = |id: PurposeId| rules.purpose(id).map(|p| Arc::clone(&p.name));
        let field = |id: FieldId| rules.field(id).map(|f| f.path.to_string()).unwrap_or_default();
        let reads =
            rule.may_read.iter().map(|g| show_access(field(g.field), g.transform.to_string(), g.newest));
        let form = match rule.people.at_least {
            1 => "sessions".to_owned(),
            n => format!("sessions, of {n} people or more"),
        };
        let learns = rule.may_learn_from.iter().map(|l| show_access(field(l.field), form.clone(), l.newest));
        StrategyShown {
            name: rule.name.clone(),
            kind: match rule.kind {
                StrategyKind::Plugin(_) => "plugin",
                StrategyKind::Script(_) => "script",
            },
            digest: info.map(|i| hex(&i.digest)),
            file: loaded.map(|l| file_word(l.file)),
            purpose: purpose(rule.purpose).unwrap_or_default(),
            learning_purpose: rule.learning_purpose.and_then(purpose),
            may_read: reads.collect(),
            may_learn_from: learns.collect(),
            may_ask: rule.may_ask.clone(),
            enforcement: info.map(|i| i.enforcement.word()),
            measures: match info.map(|i| &i.enforcement) {
                Some(Enforcement::Sandbox { measures }) => measures.clone(),
                _ => Vec::new(),
            },
            stopped: rule.name != rules.fallback && self.stop.is_stopped(world, &rule.name),
        }
    }

    fn strategy_health(&self, world: &World, rule: &StrategyRule) -> StrategyHealth {
        let loaded = world.loaded_strategy(&rule.name);
        let unpinned = loaded.is_some_and(|l| l.file != FileState::Reviewed);
        let health = loaded.map_or_else(
            || Health { note: Some("its file was not found".to_owned()), ..Health::default() },
            |l| l.strategy.health(),
        );
        let mut counters: BTreeMap<&'static str, u64> = self.counters.strategy_counts(&rule.name);
        for (name, n) in health.counters {
            *counters.entry(name).or_default() += n;
        }
        StrategyHealth {
            name: rule.name.clone(),
            ready: health.ready && !unpinned,
            note: if unpinned {
                Some("its file is not the one that was reviewed".to_owned())
            } else {
                health
                    .note
                    .or_else(|| self.counters.last_failure(&rule.name).map(|what| format!("last: {what}")))
            },
            enforcement: loaded.map(|l| l.strategy.info().enforcement.word()),
            counters,
        }
    }
}

fn show_access(field: String, form: String, newest: Option<Age>) -> AccessShown {
    AccessShown { field, form, newest: newest.map(|age| age.to_string()) }
}

const fn file_word(state: FileState) -> &'static str {
    match state {
        FileState::Reviewed => "reviewed",
        FileState::NotPinned => "not-pinned",
        FileState::Differs => "differs",
    }
}
