//! What each strategy is granted, under both policies.

use std::{collections::BTreeSet, sync::Arc};

use jardin_model::FieldPath;
use jardin_policy::{
    StrategyRule,
    rules::{FieldGrant, Isolation, PolicyRules, StrategyName},
};

use super::{
    ChangeKind, Found,
    forms::{Step, longer, step},
};

pub(super) fn compare_strategies(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    let names: BTreeSet<&StrategyName> = old.strategies.keys().chain(new.strategies.keys()).collect();
    for name in names {
        compare_one(name, old, new, found);
    }
}

pub(super) fn compare_one(name: &StrategyName, old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    match (old.strategies.get(name), new.strategies.get(name)) {
        (Some(before), Some(after)) => {
            compare_grants(name, (old, Some(before)), (new, Some(after)), found);
            compare_settings(name, (old, before), (new, after), found);
        }
        (None, Some(after)) => {
            found.add(ChangeKind::CodeChanged, name.as_str(), "a new strategy");
            compare_grants(name, (old, None), (new, Some(after)), found);
        }
        (Some(before), None) => compare_grants(name, (old, Some(before)), (new, None), found),
        (None, None) => {}
    }
}

type Side<'a> = (&'a PolicyRules, Option<&'a Arc<StrategyRule>>);

fn grant<'a>(side: Side<'a>, path: &FieldPath) -> Option<&'a FieldGrant> {
    let id = side.0.by_path.get(path)?;
    side.1?.may_read.iter().find(|g| g.field == *id)
}

fn compare_grants(name: &StrategyName, old: Side<'_>, new: Side<'_>, found: &mut Found) {
    let paths = |side: Side<'_>| -> BTreeSet<FieldPath> {
        let granted = side.1.into_iter().flat_map(|r| &r.may_read);
        granted.filter_map(|g| side.0.field(g.field)).map(|f| f.path.clone()).collect()
    };
    for path in paths(old).union(&paths(new)) {
        match (grant(old, path), grant(new, path)) {
            (None, Some(g)) => found.add(
                ChangeKind::Widened,
                name.as_str(),
                format!("of {}, `{path}` would now be read ({})", found.somebody(name), g.transform),
            ),
            (Some(_), None) => {
                found.add(ChangeKind::Narrowed, name.as_str(), format!("`{path}` would no longer be read"))
            }
            (Some(before), Some(after)) => {
                let message = {
                    let who = found.somebody(name);
                    format!(
                        "of {who}, `{path}` would be read as {} instead of {}",
                        after.transform, before.transform
                    )
                };
                match step(&before.transform, &after.transform) {
                    Step::Same => {}
                    Step::Coarser => found.add(ChangeKind::Narrowed, name.as_str(), message),
                    Step::Finer => found.add(ChangeKind::Widened, name.as_str(), message),
                }
                compare_windows(name, path, before.newest, after.newest, found);
                if before.because.is_some() && after.because.is_none() {
                    found.add(
                        ChangeKind::WeakenedProof,
                        name.as_str(),
                        format!("no reason is given any longer for reading `{path}`"),
                    );
                }
            }
            (None, None) => {}
        }
    }
    compare_learning(name, old, new, found);
}

fn compare_windows(
    name: &StrategyName,
    path: &FieldPath,
    old: Option<jardin_policy::rules::Age>,
    new: Option<jardin_policy::rules::Age>,
    found: &mut Found,
) {
    let far = |age: Option<jardin_policy::rules::Age>| {
        age.map_or("as far back as it is kept".to_owned(), |a| format!("{a} back"))
    };
    if longer(old, new) || longer(new, old) {
        let who = found.somebody(name);
        let message = format!("of {who}, `{path}` would be used {} instead of {}", far(new), far(old));
        found.either(longer(old, new), name.as_str(), message);
    }
}

fn compare_learning(name: &StrategyName, old: Side<'_>, new: Side<'_>, found: &mut Found) {
    let sources = |side: Side<'_>| -> Vec<(FieldPath, Option<jardin_policy::rules::Age>)> {
        let learned = side.1.into_iter().flat_map(|r| &r.may_learn_from);
        learned.filter_map(|l| Some((side.0.field(l.field)?.path.clone(), l.newest))).collect()
    };
    let (before, after) = (sources(old), sources(new));
    for (path, newest) in &after {
        match before.iter().find(|(p, _)| p == path) {
            None => found.add(
                ChangeKind::Widened,
                name.as_str(),
                format!("it would now learn from `{path}` of whoever permits it"),
            ),
            Some((_, old)) => compare_windows(name, path, *old, *newest, found),
        }
    }
    for (path, _) in before.iter().filter(|(path, _)| after.iter().all(|(p, _)| p != path)) {
        found.add(ChangeKind::Narrowed, name.as_str(), format!("it would no longer learn from `{path}`"));
    }
}

fn compare_settings(
    name: &StrategyName,
    old: (&PolicyRules, &StrategyRule),
    new: (&PolicyRules, &StrategyRule),
    found: &mut Found,
) {
    let (before, after) = (old.1, new.1);
    let about = name.as_str();
    if before.kind != after.kind {
        found.add(ChangeKind::CodeChanged, about, "another file would run under this name");
    }
    if before.vendor != after.vendor {
        found.add(ChangeKind::CodeChanged, about, "another vendor supplies it");
    }
    if before.isolation != after.isolation {
        let widens = after.isolation == Isolation::Process;
        found.either(
            widens,
            about,
            if widens {
                "it would leave the sandbox, and its grants become advisory"
            } else {
                "it would enter the sandbox"
            },
        );
    }
    if before.pinned != after.pinned {
        let (kind, message) = if after.pinned {
            (ChangeKind::Narrowed, "its file must now be reviewed")
        } else {
            (ChangeKind::WeakenedProof, "its file need no longer be reviewed")
        };
        found.add(kind, about, message);
    }
    for asked in after.may_ask.iter().filter(|a| !before.may_ask.contains(a)) {
        found.add(ChangeKind::Widened, about, format!("it may now build on the lists of `{asked}`"));
    }
    for asked in before.may_ask.iter().filter(|a| !after.may_ask.contains(a)) {
        found.add(ChangeKind::Narrowed, about, format!("it may no longer build on the lists of `{asked}`"));
    }
    let purpose =
        |rules: &PolicyRules, rule: &StrategyRule| rules.purpose(rule.purpose).map(|p| Arc::clone(&p.name));
    if purpose(old.0, before) != purpose(new.0, after) {
        found.add(ChangeKind::Widened, about, "it would run for another purpose than people were told");
    }
    let learning = |rules: &PolicyRules, rule: &StrategyRule| {
        rule.learning_purpose.and_then(|id| rules.purpose(id)).map(|p| Arc::clone(&p.name))
    };
    if learning(old.0, before) != learning(new.0, after) && !after.may_learn_from.is_empty() {
        found.add(ChangeKind::Widened, about, "it would learn for another purpose than people were told");
    }
    let figures = |r: &StrategyRule| {
        [("time_ms", r.limits.time_ms), ("memory_mb", r.limits.memory_mb), ("results", r.limits.results)]
    };
    for ((key, was), (_, is)) in figures(before).into_iter().zip(figures(after)).filter(|(a, b)| a != b) {
        found.either(is > was, about, format!("its limit `{key}` would be {is} instead of {was}"));
    }
}
