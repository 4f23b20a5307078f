//! Enumeration: who runs for whom, who learns from whom, under both policies.

use std::collections::BTreeSet;

use jardin_policy::{
    Decision, FileState, Flags, Policy, PolicyInForce, Reason, Stop, StrategyName, rules::PolicyRules,
};

use super::{
    ChangeKind, Found,
    people::{Cause, Somebody, everybody, noon},
};

pub(super) fn compare_runs(old: &Policy, new: &Policy, found: &mut Found) {
    let at = noon(old, new);
    let people: Vec<(Somebody, Flags, Flags)> = everybody(old.rules(), new.rules())
        .into_iter()
        .map(|who| {
            let (before, after) = (who.flags(old, at), who.flags(new, at));
            (who, before, after)
        })
        .collect();
    // what differs is the policy and not the shop: none of them has a finish or a secret
    let [old_bound, new_bound] = [old, new].map(|policy| policy.clone().bind(BTreeSet::new(), None));
    let names: BTreeSet<&StrategyName> =
        old.rules().strategies.keys().chain(new.rules().strategies.keys()).collect();
    for name in names {
        // one example of each cause, unless the plainest people, who come first, already show it
        let mut told: BTreeSet<(ChangeKind, &str, Cause)> = BTreeSet::new();
        let mut tell = |kind, what, cause| {
            let is_shown =
                [Cause::Nothing, Cause::Consent].iter().any(|plain| told.contains(&(kind, what, *plain)));
            !is_shown && told.insert((kind, what, cause))
        };
        let concerns_people = [old, new].iter().any(|policy| reads_or_learns(policy.rules(), name));
        let kind = |widens| match widens {
            _ if !concerns_people => ChangeKind::Effect,
            true => ChangeKind::WiderReach,
            false => ChangeKind::NarrowerReach,
        };
        for (who, before, after) in &people {
            let [ran, runs] = [(&old_bound, before), (&new_bound, after)]
                .map(|(policy, flags)| refusal(policy, name, flags));
            if runs.is_none() || ran.is_none() {
                found.runs_for.entry(name.clone()).or_insert_with(|| who.in_words());
            }
            let [learned, learns] =
                [(&old_bound, before), (&new_bound, after)].map(|(p, flags)| may_learn(p, name, flags));
            let what = what(new, old, name);
            if ran.is_some() != runs.is_some() && tell(kind(runs.is_none()), "runs", who.cause()) {
                let message = match runs {
                    None => format!("{} would now be {what} by `{name}`", who.in_words()),
                    Some(reason) => {
                        format!("{} would no longer be {what} by `{name}` ({reason})", who.in_words())
                    }
                };
                found.add(kind(runs.is_none()), name.as_str(), message);
            }
            if learned != learns && tell(kind(learns), "learns", who.cause()) {
                let now = if learns { "now" } else { "no longer" };
                found.add(
                    kind(learns),
                    name.as_str(),
                    format!("{} would {now} be learned from by `{name}`", who.in_words()),
                );
            }
        }
    }
}

/// Whether a strategy reads or learns anything of a person. One that does not reaches nobody, whomever it serves.
fn reads_or_learns(rules: &PolicyRules, name: &StrategyName) -> bool {
    rules
        .strategies
        .get(name)
        .is_some_and(|rule| rules.reads_a_person(rule) || !rule.may_learn_from.is_empty())
}

/// Why a strategy does not run; a strategy that a policy lacks does not run.
fn refusal(policy: &PolicyInForce, name: &StrategyName, flags: &Flags) -> Option<Reason> {
    match policy.decide(name, flags, FileState::Reviewed, &Stop::default()) {
        Decision::Run(_) => None,
        Decision::Refused(reason) => Some(reason),
    }
}

fn may_learn(policy: &PolicyInForce, name: &StrategyName, flags: &Flags) -> bool {
    let learns = policy.strategy(name.as_str()).is_some_and(|rule| !rule.may_learn_from.is_empty());
    learns && policy.may_learn(name, flags)
}

/// What a strategy does to a person, in one word.
fn what(new: &Policy, old: &Policy, name: &StrategyName) -> &'static str {
    let policy = if new.strategy(name.as_str()).is_some() { new } else { old };
    let rule = policy.strategy(name.as_str());
    let profiles = rule.and_then(|r| policy.rules().purpose(r.purpose)).is_some_and(|p| p.profiling);
    if profiles { "profiled" } else { "served" }
}
