//! What each strategy is granted, under both policies.

use std::{collections::BTreeSet, sync::Arc};

use jardin_model::FieldPath;
use jardin_policy::{
    StrategyRule,
    rules::{Class, FieldGrant, Isolation, PolicyRules, StrategyName},
};

use super::{
    ChangeKind, Found,
    forms::{Step, describe_step, longer, step},
    people_counted::compare_people_counted,
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
            found.add(ChangeKind::Effect, name.as_str(), "a new strategy");
            compare_grants(name, (old, None), (new, Some(after)), found);
        }
        (Some(before), None) => {
            found.add(ChangeKind::Effect, name.as_str(), "it would be gone");
            compare_grants(name, (old, Some(before)), (new, None), found);
        }
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
            (None, Some(_)) | (Some(_), None) if is_about_nobody(path, old.0, new.0) => {
                let now = if grant(new, path).is_some() { "now" } else { "no longer" };
                found.add(ChangeKind::Effect, name.as_str(), format!("`{path}` would {now} be read"));
            }
            (None, Some(g)) => found.add(
                ChangeKind::WiderReach,
                name.as_str(),
                format!("{}`{path}` would now be read ({})", of_whom(name, path, found), g.transform),
            ),
            (Some(_), None) => found.add(
                ChangeKind::NarrowerReach,
                name.as_str(),
                format!("`{path}` would no longer be read"),
            ),
            (Some(before), Some(after)) => {
                let reaches = !is_about_nobody(path, old.0, new.0);
                compare_grant(name, path, (before, after), reaches, found);
            }
            (None, None) => {}
        }
    }
    compare_learning(name, old, new, found);
}

/// True for a field of class none of the catalogue or the page, under both policies.
fn is_about_nobody(path: &FieldPath, old: &PolicyRules, new: &PolicyRules) -> bool {
    let declared = [old, new].map(|rules| rules.declared(path.namespace, &path.name));
    !path.namespace.is_personal() && declared.into_iter().flatten().all(|f| f.class == Class::None)
}

/// Somebody of whom a field is read, before the sentence that says so.
fn of_whom(name: &StrategyName, path: &FieldPath, found: &Found) -> String {
    if path.namespace.is_personal() { format!("of {}, ", found.somebody(name)) } else { String::new() }
}

fn compare_grant(
    name: &StrategyName,
    path: &FieldPath,
    (before, after): (&FieldGrant, &FieldGrant),
    reaches: bool,
    found: &mut Found,
) {
    let step = step(&before.transform, &after.transform);
    if step != Step::Same {
        let who = of_whom(name, path, found);
        let form = describe_step(&before.transform, &after.transform);
        let kind = match step {
            _ if !reaches => ChangeKind::Effect,
            Step::Finer => ChangeKind::WiderReach,
            _ => ChangeKind::NarrowerReach,
        };
        found.add(kind, name.as_str(), format!("{who}`{path}` would be read as {form}"));
    }
    compare_windows(name, path, before.newest, after.newest, found);
    if before.may_hide != after.may_hide {
        let may = if after.may_hide { "hide products too" } else { "change the order alone" };
        let message = format!("{}`{path}` may {may}", of_whom(name, path, found));
        // what of somebody decided an order would decide what they are not shown: their data does more
        found.either(after.may_hide, name.as_str(), message);
    }
    let (was, is) = (before.because.as_deref(), after.because.as_deref());
    found.add_words(ChangeKind::Proof, name.as_str(), &format!("why `{path}` is read"), was, is);
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
                ChangeKind::WiderReach,
                name.as_str(),
                format!("it would now learn from `{path}` of whoever permits it"),
            ),
            Some((_, old)) => compare_windows(name, path, *old, *newest, found),
        }
    }
    for (path, _) in before.iter().filter(|(path, _)| after.iter().all(|(p, _)| p != path)) {
        found.add(
            ChangeKind::NarrowerReach,
            name.as_str(),
            format!("it would no longer learn from `{path}`"),
        );
    }
    let learning = |side: Side<'_>| side.1.filter(|rule| !rule.may_learn_from.is_empty()).map(|r| r.people);
    if let Some(after) = learning(new) {
        compare_people_counted(name, learning(old), after, found);
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
        found.add(ChangeKind::Effect, about, "another file would run under this name");
    }
    if before.vendor != after.vendor {
        let name = |vendor: &Option<Arc<str>>| vendor.clone().unwrap_or_else(|| "nobody".into());
        let message =
            format!("`{}` instead of `{}` would supply it", name(&after.vendor), name(&before.vendor));
        found.add(ChangeKind::Parties, about, message);
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
            (ChangeKind::NarrowerReach, "its file must now be reviewed")
        } else {
            (ChangeKind::Proof, "its file need no longer be reviewed")
        };
        found.add(kind, about, message);
    }
    for asked in after.may_ask.iter().filter(|a| !before.may_ask.contains(a)) {
        found.add(ChangeKind::WiderReach, about, format!("it may now build on the lists of `{asked}`"));
    }
    for asked in before.may_ask.iter().filter(|a| !after.may_ask.contains(a)) {
        found.add(
            ChangeKind::NarrowerReach,
            about,
            format!("it may no longer build on the lists of `{asked}`"),
        );
    }
    let purpose =
        |rules: &PolicyRules, rule: &StrategyRule| rules.purpose(rule.purpose).map(|p| Arc::clone(&p.name));
    if purpose(old.0, before) != purpose(new.0, after) {
        let is_personal = old.0.reads_a_person(before) || new.0.reads_a_person(after);
        let kind = if is_personal { ChangeKind::WiderReach } else { ChangeKind::Text };
        found.add(kind, about, "it would run for another purpose than people were told");
    }
    let learning = |rules: &PolicyRules, rule: &StrategyRule| {
        rule.learning_purpose.and_then(|id| rules.purpose(id)).map(|p| Arc::clone(&p.name))
    };
    if learning(old.0, before) != learning(new.0, after) && !after.may_learn_from.is_empty() {
        found.add(ChangeKind::WiderReach, about, "it would learn for another purpose than people were told");
    }
    let figures = |r: &StrategyRule| {
        [("time_ms", r.limits.time_ms), ("memory_mb", r.limits.memory_mb), ("results", r.limits.results)]
    };
    for ((key, was), (_, is)) in figures(before).into_iter().zip(figures(after)).filter(|(a, b)| a != b) {
        let message = format!("its limit `{key}` would be {is} instead of {was}");
        found.add(ChangeKind::Effect, about, message);
    }
}
