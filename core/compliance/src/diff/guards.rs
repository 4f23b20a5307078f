//! The guards that no single person shows: never, children, how long the idle are kept, what is stopped.

use std::{collections::BTreeSet, sync::Arc};

use jardin_model::FieldPath;
use jardin_policy::rules::{ChildRule, FieldId, ListedItems, ListedValues, PolicyRules};

use super::{ChangeKind, Found, purposes::compare_texts};

pub(super) fn compare_guards(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    compare_never(old, new, found);
    compare_discreet(old, new, found);
    compare_children(old, new, found);
    compare_idle(old, new, found);
    compare_stop(old, new, found);
}

fn compare_never(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    found.add_more("never", &new.never.fields, &old.never.fields, |path, removed| {
        if removed {
            format!("`{path}` may be declared again")
        } else {
            format!("`{path}` may not be declared any longer")
        }
    });
    let separators =
        |rules: &PolicyRules| -> BTreeSet<Arc<str>> { rules.never.separators.iter().cloned().collect() };
    found.add_more("never", &separators(new), &separators(old), |separator, removed| {
        if removed {
            format!("categories written with `{separator}` would no longer count as parts of a path")
        } else {
            format!("categories written with `{separator}` would count as parts of a path")
        }
    });
    compare_texts("never", "`says`", old.never.says.as_ref(), new.never.says.as_ref(), found);
    let [was, is] = [old, new].map(|rules| listed_values(rules, &[&rules.never.items]));
    for (path, value) in lifted_values(&was, &is) {
        let message =
            format!("a visitor's purchase of a product with {path} \"{value}\" would now be stored and used");
        found.add(ChangeKind::WiderReach, "never", message);
    }
    for (path, value) in lifted_values(&is, &was) {
        let message = format!("products with {path} \"{value}\" would no longer be tied to anybody");
        found.add(ChangeKind::NarrowerReach, "never", message);
    }
}

/// What is under never counts as discreet as well.
fn compare_discreet(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    let own = |rules: &PolicyRules| listed_values(rules, &[&rules.discreet]);
    let both = |rules: &PolicyRules| listed_values(rules, &[&rules.discreet, &rules.never.items]);
    for (path, value) in lifted_values(&own(old), &both(new)) {
        let message = format!(
            "what a visitor does with a product with {path} \"{value}\" would count beyond the visit"
        );
        found.add(ChangeKind::WiderReach, "discreet", message);
    }
    for (path, value) in lifted_values(&own(new), &both(old)) {
        let message =
            format!("what is done with products with {path} \"{value}\" would count within the visit alone");
        found.add(ChangeKind::NarrowerReach, "discreet", message);
    }
}

/// Values by which products are named, each with its field.
type FieldValues = Vec<(FieldPath, ListedValues)>;

fn listed_values(rules: &PolicyRules, lists: &[&ListedItems]) -> FieldValues {
    let of = lists.iter().flat_map(|items| items.iter());
    of.filter_map(|(id, values)| Some((rules.field(*id)?.path.clone(), values.clone()))).collect()
}

/// The values that are listed in `from` and that nothing covers in `to`: `maternity` covers `maternity/nursing`.
fn lifted_values(from: &FieldValues, to: &FieldValues) -> Vec<(FieldPath, Arc<str>)> {
    let is_covered = |path: &FieldPath, value: &str| {
        to.iter().any(|(other, values)| other == path && values.find_listed(value).is_some())
    };
    let each = from.iter().flat_map(|(path, values)| values.iter().map(move |value| (path, value)));
    each.filter(|(path, value)| !is_covered(path, value))
        .map(|(path, value)| (path.clone(), Arc::clone(value)))
        .collect()
}

fn compare_children(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    let (before, after) = match (&old.children, &new.children) {
        (None, None) => return,
        (Some(_), None) => {
            return found.add(ChangeKind::WiderReach, "children", "nobody would count as a child any longer");
        }
        (None, Some(_)) => {
            return found.add(ChangeKind::NarrowerReach, "children", "children are told apart now");
        }
        (Some(before), Some(after)) => (before, after),
    };
    compare_ages(before, after, found);
    if before.unknown_is_child != after.unknown_is_child {
        let message = if after.unknown_is_child {
            "whose age is unknown would count as a child"
        } else {
            "whose age is unknown would count as an adult"
        };
        found.either(before.unknown_is_child, "children", message);
    }
    let because = |rule: &ChildRule| (!rule.unknown_is_child).then(|| rule.unknown_because.clone()).flatten();
    if !after.unknown_is_child && !before.unknown_is_child {
        let (was, is) = (because(before), because(after));
        let what = "the reason for treating unknown ages as adults";
        found.add_words(ChangeKind::Proof, "children", what, was.as_deref(), is.as_deref());
    }
    let name = |rules: &PolicyRules, id: FieldId| rules.field(id).map(|f| f.path.clone());
    let (was, is) =
        (before.age_from.and_then(|id| name(old, id)), after.age_from.and_then(|id| name(new, id)));
    if is.is_none() && after.unknown_is_child && was.is_some() {
        found.add(
            ChangeKind::NarrowerReach,
            "children",
            "no field tells the age: everybody counts as a child",
        );
    } else if was != is {
        found.either(was.is_some(), "children", "another field tells the age");
    }
    let flags = |rules: &PolicyRules, ids: &[FieldId]| {
        ids.iter().filter_map(|id| name(rules, *id)).collect::<BTreeSet<_>>()
    };
    found.add_more("children", &flags(new, &after.also_if), &flags(old, &before.also_if), |path, removed| {
        if removed {
            format!("a visitor on a page with `{path}` would no longer count as a child")
        } else {
            format!("whoever is on a page with `{path}` counts as a child")
        }
    });
}

fn compare_ages(before: &ChildRule, after: &ChildRule, found: &mut Found) {
    let both = |rule: &ChildRule| (rule.consent_from == rule.profiling_from).then_some(rule.consent_from);
    if let (Some(was), Some(is)) = (both(before), both(after)) {
        if was != is {
            let message = format!("people under {is} instead of {was} count as children");
            found.either(is < was, "children", message);
        }
    } else {
        let ages = [
            ("an answer counts", before.consent_from, after.consent_from),
            ("people are profiled", before.profiling_from, after.profiling_from),
        ];
        for (what, was, is) in ages.into_iter().filter(|(_, was, is)| was != is) {
            found.either(is < was, "children", format!("{what} from {is} years on instead of {was}"));
        }
    }
    let listed = |rule: &ChildRule| rule.by.clone().map(|by| by.ages).unwrap_or_default();
    let (old, new) = (listed(before), listed(after));
    let countries: BTreeSet<&Arc<str>> = old.keys().chain(new.keys()).collect();
    let places = countries
        .into_iter()
        .map(|c| (Some(&**c), format!("in {c}")))
        .chain([(None, "elsewhere".to_owned())]);
    for (country, place) in places {
        let (was, is) = (before.consent_age(country), after.consent_age(country));
        if was != is && old != new {
            let message = format!("{place} an answer counts from {is} years on instead of {was}");
            found.either(is < was, "children", message);
        }
    }
}

fn compare_idle(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    let spans = [
        (old.session_ends_after, new.session_ends_after, "how long a visit may be idle"),
        (old.account_ends_after, new.account_ends_after, "how long an account may be idle"),
    ];
    for (was, is, what) in spans {
        found.add_span("policy", Some(was), Some(is), what);
    }
    if format!("{:?}", old.zone) != format!("{:?}", new.zone) {
        let message = "a birthday would begin at another midnight: the time zone changes";
        found.add(ChangeKind::WiderReach, "policy", message);
    }
    if old.fallback != new.fallback {
        let message = format!(
            "`{}` instead of `{}` would serve those who refused everything",
            new.fallback, old.fallback
        );
        found.add(ChangeKind::Effect, "policy", message);
    }
}

fn compare_stop(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    if old.stop.everything && !new.stop.everything {
        found.add(ChangeKind::WiderReach, "stop", "what was stopped altogether would run again");
    }
    for name in old.stop.strategies.iter().filter(|s| !new.stop.strategies.contains(s)) {
        found.add(ChangeKind::WiderReach, "stop", format!("`{name}` would no longer be stopped"));
    }
    if new.stop.everything && !old.stop.everything {
        found.add(ChangeKind::Effect, "stop", "only the fallback and the finishes would run");
    }
    for name in new.stop.strategies.iter().filter(|s| !old.stop.strategies.contains(s)) {
        found.add(ChangeKind::Effect, "stop", format!("`{name}` would be stopped"));
    }
}
