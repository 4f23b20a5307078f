//! The laws of the language, on random policies and people.

use std::collections::{BTreeMap, BTreeSet};

use jardin_model::{Choice, ChoiceStatus, FieldPath, Namespace, StoredValue, Timestamp, Value};
use jardin_policy::{Access, Decision, Policy, PolicyInForce, Stop, View, ViewValue};

use crate::{
    naive::{Known, Products, Switches},
    random::{self, Dice, person, policy::RandomPolicy},
    support::{Engine, cases},
};

const POLICIES: u64 = 300;
const PEOPLE: usize = 10;

pub struct World {
    pub dice: Dice,
    pub policy: RandomPolicy,
    pub products: Products,
    pub switches: Switches,
    pub engine: Engine,
}

pub fn worlds() -> impl Iterator<Item = World> {
    (0..cases(POLICIES)).map(|seed| {
        let mut dice = Dice::new(0x1a75 ^ (seed << 16));
        let policy = random::policy::policy(&mut dice);
        let products = person::products(&mut dice);
        let switches = person::switches(&mut dice, &policy.strategies);
        let engine = Engine::new(&policy, &products, &switches);
        World { dice, policy, products, switches, engine }
    })
}

impl World {
    pub fn people(&mut self) -> Vec<Known> {
        (0..PEOPLE).map(|_| person::known(&mut self.dice)).collect()
    }

    pub fn view(&self, engine: &Engine, strategy: &str, known: &Known) -> Option<View> {
        match engine.decide(strategy, known) {
            Decision::Run(grant) => {
                Some(grant.view(&engine.profile(known, false), &engine.screened, engine.at(known)))
            }
            Decision::Refused(_) => None,
        }
    }
}

/// Ways to say less: each withdraws, refuses or restricts something.
fn less(dice: &mut Dice, known: &Known) -> Known {
    let mut less = known.clone();
    let now = Timestamp::from_ms(known.now);
    match dice.below(7) {
        0 => less.gpc = true,
        1 => less.objects = true,
        2 => drop(less.says.insert(dice.of(&["yes", "also"]).to_owned(), false)),
        3 => less.tcf = Some(Vec::new()),
        4 => drop(less.modes.insert("m".to_owned(), false)),
        5 => less.record.iter_mut().for_each(|r| r.restricted = Some(now)),
        _ => {
            let withdrawn = Choice {
                status: ChoiceStatus::Withdrawn,
                text_version: "1".into(),
                at: now,
                source: "banner".into(),
            };
            let name = dice.of(&["yes", "also"]);
            less.record
                .iter_mut()
                .for_each(|r| r.choices.entry(name.into()).or_default().push(withdrawn.clone()));
        }
    }
    less
}

#[test]
fn less_consent_never_grants_more() {
    let mut refused = 0;
    for mut world in worlds() {
        for known in world.people() {
            let less = less(&mut world.dice, &known);
            for strategy in &world.policy.strategies {
                let (before, after) =
                    (world.engine.decide(strategy, &known), world.engine.decide(strategy, &less));
                assert!(
                    matches!(before, Decision::Run(_)) || matches!(after, Decision::Refused(_)),
                    "{strategy}"
                );
                refused += usize::from(matches!((before, after), (Decision::Run(_), Decision::Refused(_))));
                assert!(
                    world.engine.may_learn(strategy, &known) || !world.engine.may_learn(strategy, &less),
                    "{strategy} learns"
                );
            }
            let event = person::event(&mut world.dice, known.now);
            let admits = |known| {
                world.engine.policy.admit(
                    event.clone(),
                    &world.engine.flags(known),
                    &world.engine.flags_then(known, event.occurred_at),
                    &world.engine.screened,
                    world.engine.at(known),
                    &world.engine.stop,
                )
            };
            assert!(admits(&known).is_ok() || admits(&less).is_err());
        }
    }
    assert!(refused > 500, "{refused}");
}

/// Of whom no country is known the highest age is asked: to say one never closes anything.
#[test]
fn an_unknown_country_never_grants_more() {
    let mut refused = 0;
    for mut world in worlds() {
        for known in world.people() {
            let mut nowhere = known.clone();
            nowhere.sent.retain(|(path, _)| !path.ends_with(".reader") && !path.ends_with(".front"));
            nowhere.record.iter_mut().for_each(|record| drop(record.fields.remove("reader")));
            for strategy in &world.policy.strategies {
                let decide = |known| matches!(world.engine.decide(strategy, known), Decision::Run(_));
                let (somewhere, anywhere) = (decide(&known), decide(&nowhere));
                assert!(somewhere || !anywhere, "{strategy}");
                refused += usize::from(somewhere && !anywhere);
            }
        }
    }
    assert!(refused > 0, "no country mattered");
}

#[test]
fn a_view_is_within_its_grant() {
    for mut world in worlds() {
        for known in world.people() {
            for strategy in &world.policy.strategies {
                let Some(view) = world.view(&world.engine, strategy, &known) else {
                    continue;
                };
                let rules = world.engine.policy.rules();
                let granted: Vec<&FieldPath> =
                    view.strategy().may_read.iter().map(|g| &rules.field(g.field).unwrap().path).collect();
                assert!(view.values().all(|(path, ..)| granted.contains(&path)));
                assert!(
                    view.columns()
                        .iter()
                        .all(|c| granted.contains(&&FieldPath::new(Namespace::Item, &c.name)))
                );
                for field in rules.fields.iter().filter(|f| !granted.contains(&&f.path)) {
                    assert_eq!(view.get(field.path.namespace, &field.path.name), Access::Denied);
                }
            }
        }
    }
}

#[test]
fn what_is_denied_changes_nothing() {
    let mut changed = 0;
    for mut world in worlds() {
        // the age, and the country by which it counts, decide who runs
        let children = world.engine.policy.rules().children.clone();
        let guards: Vec<_> = children
            .iter()
            .flat_map(|c| c.age_from.into_iter().chain(c.by.iter().flat_map(|by| by.fields.clone())))
            .collect();
        for known in world.people() {
            let Some(record) = &known.record else { continue };
            let names: Vec<_> = record.fields.keys().cloned().collect();
            if names.is_empty() {
                continue;
            }
            let name = world.dice.of(&names);
            let mut other = known.clone();
            let secret =
                StoredValue { value: Value::Text("canary".into()), stored_at: Timestamp::from_ms(known.now) };
            other.record.iter_mut().for_each(|r| drop(r.fields.insert(name.clone(), secret.clone())));
            let rules = world.engine.policy.rules();
            let field = world.engine.policy.field_id(&FieldPath::new(Namespace::Subject, &name));
            if field.is_some_and(|id| guards.contains(&id)) {
                continue;
            }
            for strategy in &world.policy.strategies {
                let rule = world.engine.policy.strategy(strategy).unwrap();
                let made_of = |id| rules.field(id).and_then(|f| f.derived.as_ref()).map(|d| d.from);
                if rule
                    .may_read
                    .iter()
                    .any(|g| Some(g.field) == field || made_of(g.field) == field && field.is_some())
                {
                    continue;
                }
                let both = [&known, &other].map(|k| world.view(&world.engine, strategy, k).map(|v| seen(&v)));
                assert_eq!(both[0], both[1], "{strategy}, {name}");
                changed += 1;
            }
        }
    }
    assert!(changed > 2_000, "{changed}");
}

pub fn seen(view: &View) -> Vec<(String, Option<ViewValue>)> {
    view.values().map(|(path, _, value)| (path.to_string(), value.cloned())).collect()
}

#[test]
fn admitting_twice_changes_nothing() {
    let mut twice = 0;
    for mut world in worlds() {
        for known in world.people() {
            let event = person::event(&mut world.dice, known.now);
            let (policy, flags, at) =
                (&world.engine.policy, world.engine.flags(&known), world.engine.at(&known));
            let then = world.engine.flags_then(&known, event.occurred_at);
            let Ok(once) = policy.admit(event, &flags, &then, &world.engine.screened, at, &world.engine.stop)
            else {
                continue;
            };
            let again = policy
                .admit(once.event().clone(), &flags, &then, &world.engine.screened, at, &world.engine.stop)
                .unwrap();
            assert_eq!((again.event(), again.kept_under()), (once.event(), once.kept_under()));
            assert!(again.redacted().is_empty());
            twice += 1;
            let profile: BTreeMap<_, _> = known
                .record
                .iter()
                .flat_map(|r| r.fields.iter())
                .map(|(n, v)| (n.clone(), v.value.clone()))
                .collect();
            let Ok(once) = policy.admit_profile(profile, world.engine.owner(&known), &world.engine.screened)
            else {
                continue;
            };
            let owner = world.engine.owner(&known);
            let again = policy.admit_profile(once.fields().clone(), owner, &world.engine.screened).unwrap();
            assert_eq!(again.fields(), once.fields());
            assert!(again.redacted().is_empty());
        }
    }
    assert!(twice > 100, "{twice}");
}

#[test]
fn a_never_line_never_widens() {
    let mut narrower = 0;
    for mut world in worlds() {
        let text = &world.policy.text;
        let line = "\"item.category\" = [";
        let text = if text.contains(line) {
            text.replacen(line, &format!("{line}\"tents\", "), 1)
        } else {
            format!("{text}\n[never]\nitems = {{ \"item.category\" = [\"tents\"] }}\n")
        };
        let strategies = world.policy.strategies.clone();
        let policy = RandomPolicy { text, strategies };
        let stricter = Engine::new(&policy, &world.products, &world.switches);
        for index in (0..20).map(jardin_model::ItemIndex) {
            assert!(stricter.screened.is_never(index) || !world.engine.screened.is_never(index));
        }
        for known in world.people() {
            let event = person::event(&mut world.dice, known.now);
            let kept = |e: &Engine| {
                let then = e.flags_then(&known, event.occurred_at);
                let (flags, now) = (e.flags(&known), e.at(&known));
                let admitted = e.policy.admit(event.clone(), &flags, &then, &e.screened, now, &e.stop);
                admitted.map(|admitted| admitted.event().lines.clone()).unwrap_or_default()
            };
            let (loosely, strictly) = (kept(&world.engine), kept(&stricter));
            assert!(strictly.iter().all(|line| loosely.contains(line)));
            narrower += usize::from(strictly.len() < loosely.len());
            for strategy in &policy.strategies {
                let [loose, strict] = [&world.engine, &stricter].map(|e| world.view(e, strategy, &known));
                assert_eq!(loose.is_some(), strict.is_some());
                let (Some(loose), Some(strict)) = (loose, strict) else {
                    continue;
                };
                for ((path, _, a), (_, _, b)) in loose.values().zip(strict.values()) {
                    assert!(is_part(b, a), "{strategy} sees more of {path}");
                }
            }
        }
    }
    assert!(narrower > 10, "{narrower}");
}

/// Whether every product of the one stands in the other.
fn is_part(part: Option<&ViewValue>, whole: Option<&ViewValue>) -> bool {
    match (part, whole) {
        (Some(ViewValue::Items(part)), Some(ViewValue::Items(whole))) => {
            part.iter().all(|i| whole.contains(i))
        }
        (Some(ViewValue::Item(part)), whole) => whole == Some(&ViewValue::Item(*part)),
        (Some(ViewValue::Events(_) | ViewValue::Items(_)), None) => false,
        // of a history with at_most the next event may come in, which the looser policy permits as well
        _ => true,
    }
}

#[test]
fn a_stop_stops() {
    for mut world in worlds() {
        let fallback = world.engine.policy.rules().fallback.clone();
        let everything = Stop { everything: true, strategies: Vec::new() };
        for known in world.people() {
            for rule in world.engine.policy.rules().strategies.values() {
                let flags = world.engine.flags(&known);
                let runs = |stop: &Stop| {
                    let decision = world.engine.policy.decide(
                        &rule.name,
                        &flags,
                        jardin_policy::FileState::Reviewed,
                        stop,
                    );
                    matches!(decision, Decision::Run(_))
                };
                let is_spared =
                    rule.name == fallback || world.switches.finishes.iter().any(|f| f == rule.name.as_str());
                assert!(!runs(&everything) || is_spared, "{}", rule.name);
                let named = Stop { everything: false, strategies: vec![rule.name.clone()] };
                assert!(!runs(&named) || rule.name == fallback, "{}", rule.name);
            }
        }
    }
}

const PSEUDONYMS: &str = include_str!("pseudonyms.toml");

#[test]
fn two_strategies_cannot_join_by_a_pseudonym() {
    let load =
        |secret| Policy::check("p.toml", PSEUDONYMS).unwrap().0.bind(BTreeSet::new(), Some([secret; 32]));
    let told = |policy: &PolicyInForce, strategy: &str, id: &str, at: &str| {
        let at = Timestamp::parse(at).unwrap();
        let mut known = person::known(&mut Dice::new(1));
        known.record = person::someone(at);
        known.id = Some(id.to_owned());
        known.now = at.ms();
        let engine = Engine::of(policy.clone());
        let Decision::Run(grant) = engine.decide(strategy, &known) else { panic!("{strategy} does not run") };
        let view = grant.view(&engine.profile(&known, false), &engine.screened, at);
        match view.get(Namespace::Subject, "id") {
            Access::Value(ViewValue::Text(text)) => text.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let policy = load(1);
    // 1970-01-01 plus 690 periods of 30 days is 2026-09-04
    let first = told(&policy, "one", "ann", "2026-09-04T00:00:00Z");
    assert_eq!(first, told(&policy, "one", "ann", "2026-10-03T23:59:59Z"), "the same within a period");
    assert_ne!(first, told(&policy, "one", "ann", "2026-10-04T00:00:00Z"), "another in the next period");
    assert_ne!(first, told(&policy, "one", "bob", "2026-09-04T00:00:00Z"), "another for another person");
    assert_ne!(first, told(&policy, "two", "ann", "2026-09-04T00:00:00Z"), "another for another strategy");
    assert_ne!(first, told(&load(2), "one", "ann", "2026-09-04T00:00:00Z"), "another under another secret");
    assert!(!first.contains("ann"));
}
