//! The laws of what is kept: what is discreet, and what has no ground any longer.

use jardin_policy::KeptUnder;

use crate::{
    laws::{seen, worlds},
    random::{person, policy::RandomPolicy},
    support::Engine,
};

/// What nothing permits to keep is not permitted by time passing.
#[test]
fn what_is_groundless_stays_so() {
    let (mut groundless, mut values, mut kept) = (0, 0, 0);
    for mut world in worlds().filter(|world| world.engine.policy.rules().children.is_none()) {
        for mut known in world.people() {
            let (gone, untold) = world.engine.groundless(&known);
            groundless += gone.len();
            values += untold.len();
            kept += known.record.iter().map(|r| r.events.len()).sum::<usize>() - gone.len();
            for days in [1, 1, 30, 200] {
                known.now += days * 86_400_000;
                let (later, untold_later) = world.engine.groundless(&known);
                assert!(gone.iter().all(|sequence| later.contains(sequence)));
                assert!(untold.iter().all(|name| untold_later.contains(name)));
            }
        }
    }
    assert!(groundless > 500 && kept > 100, "{groundless} groundless, {kept} kept");
    assert!(values > 100, "{values} values");
}

/// What somebody did with discreet products in another visit is as if they had not.
#[test]
fn what_was_discreet_changes_no_later_visit() {
    let mut changed = 0;
    for mut world in worlds() {
        for known in world.people() {
            let screened = &world.engine.screened;
            let mut other = known.clone();
            for event in other.record.iter_mut().flat_map(|record| &mut record.events) {
                let lines = event.lines.iter().filter(|line| !screened.is_discreet(line.item));
                event.lines = lines.copied().collect();
            }
            other.record.iter_mut().for_each(|record| record.events.retain(|e| !e.lines.is_empty()));
            if other.record == known.record {
                continue;
            }
            for strategy in &world.policy.strategies {
                let both = [&known, &other].map(|k| world.view(&world.engine, strategy, k).map(|v| seen(&v)));
                assert_eq!(both[0], both[1], "{strategy}");
                changed += usize::from(both[0].iter().flatten().any(|(_, value)| value.is_some()));
            }
        }
    }
    assert!(changed > 300, "{changed}");
}

#[test]
fn a_discreet_line_never_widens() {
    let mut narrower = 0;
    for mut world in worlds() {
        let text = &world.policy.text;
        let line = "[discreet]\nitems = { \"item.category\" = [";
        let text = if text.contains(line) {
            text.replacen(line, &format!("{line}\"tents\", "), 1)
        } else {
            format!("{text}\n[discreet]\nitems = {{ \"item.category\" = [\"tents\"] }}\n")
        };
        let policy = RandomPolicy { text, strategies: world.policy.strategies.clone() };
        let stricter = Engine::new(&policy, &world.products, &world.switches);
        for known in world.people() {
            let event = person::event(&mut world.dice, known.now);
            let kept = |e: &Engine| {
                let then = e.flags_then(&known, event.occurred_at);
                let (flags, now) = (e.flags(&known), e.at(&known));
                e.policy.admit(event.clone(), &flags, &then, &e.screened, now, &e.stop)
            };
            let lines = |e: &Engine, keeper| match kept(e) {
                Ok(admitted) if admitted.kept_under() == keeper => admitted.event().lines.clone(),
                _ => Vec::new(),
            };
            let [loosely, strictly] = [&world.engine, &stricter].map(|e| lines(e, KeptUnder::Subject));
            assert!(strictly.iter().all(|line| loosely.contains(line)));
            narrower += usize::from(strictly.len() < loosely.len());
            assert!(kept(&world.engine).is_ok() || kept(&stricter).is_err());
        }
    }
    assert!(narrower > 10, "{narrower}");
}
