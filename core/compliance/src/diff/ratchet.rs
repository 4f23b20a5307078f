//! The ratchet: guards that no single person shows.

use std::{collections::BTreeSet, sync::Arc};

use jardin_policy::{
    lock::{Lock, hex},
    rules::{Age, AuditRule, ChildRule, ConsentRule, FieldId, PolicyRules, PurposeRule, Role},
};

use super::{ChangeKind, Found, forms::longer};

pub(super) fn compare_rest(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    compare_never(old, new, found);
    compare_children(old, new, found);
    compare_purposes(old, new, found);
    compare_consents(old, new, found);
    compare_idle(old, new, found);
    compare_audit(old.record.audit.as_ref(), new.record.audit.as_ref(), found);
    compare_record(old, new, found);
    compare_tests(old, new, found);
}

/// Both ways of a set of names, where more is wider.
pub(super) fn more<T: Ord>(
    about: &str,
    old: &BTreeSet<T>,
    new: &BTreeSet<T>,
    found: &mut Found,
    say: impl Fn(&T, bool) -> String,
) {
    new.difference(old).for_each(|one| found.add(ChangeKind::Widened, about, say(one, true)));
    old.difference(new).for_each(|one| found.add(ChangeKind::Narrowed, about, say(one, false)));
}

/// A span of time that reaches further, or less far.
pub(super) fn span(about: &str, old: Option<Age>, new: Option<Age>, found: &mut Found, what: &str) {
    let shown = |age: Option<Age>| age.map_or("for ever".to_owned(), |a| a.to_string());
    if longer(old, new) || longer(new, old) {
        found.either(
            longer(old, new),
            about,
            format!("{what} would be {} instead of {}", shown(new), shown(old)),
        );
    }
}

fn compare_never(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    more("never", &new.never.fields, &old.never.fields, found, |path, removed| {
        if removed {
            format!("`{path}` may be declared again")
        } else {
            format!("`{path}` may not be declared any longer")
        }
    });
    let separators =
        |rules: &PolicyRules| -> BTreeSet<Arc<str>> { rules.never.separators.iter().cloned().collect() };
    more("never", &separators(new), &separators(old), found, |separator, removed| {
        if removed {
            format!("categories written with `{separator}` would no longer count as parts of a path")
        } else {
            format!("categories written with `{separator}` would count as parts of a path")
        }
    });
    let items = |rules: &PolicyRules| -> BTreeSet<(String, Arc<str>)> {
        let listed = rules.never.items.iter().flat_map(|(id, values)| {
            let path = rules.field(*id).map(|f| f.path.to_string()).unwrap_or_default();
            values.iter().map(move |v| (path.clone(), Arc::clone(v)))
        });
        listed.collect()
    };
    more("never", &items(new), &items(old), found, |(path, value), removed| {
        if removed {
            format!("a visitor's purchase of a product with {path} \"{value}\" would now be stored and used")
        } else {
            format!("products with {path} \"{value}\" would no longer be tied to anybody")
        }
    });
}

fn compare_children(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    let (before, after) = match (&old.children, &new.children) {
        (None, None) => return,
        (Some(_), None) => {
            return found.add(ChangeKind::Widened, "children", "nobody would count as a child any longer");
        }
        (None, Some(_)) => return found.add(ChangeKind::Narrowed, "children", "children are told apart now"),
        (Some(before), Some(after)) => (before, after),
    };
    if before.under != after.under {
        let message = format!("people under {} instead of {} count as children", after.under, before.under);
        found.either(after.under < before.under, "children", message);
    }
    if before.unknown_is_child != after.unknown_is_child {
        let message = if after.unknown_is_child {
            "whose age is unknown would count as a child"
        } else {
            "whose age is unknown would count as an adult"
        };
        found.either(before.unknown_is_child, "children", message);
    }
    let because = |rule: &ChildRule| (!rule.unknown_is_child).then(|| rule.unknown_because.clone()).flatten();
    if !after.unknown_is_child {
        compare_proof(
            "children",
            "reason for treating unknown ages as adults",
            because(before).as_ref(),
            because(after).as_ref(),
            found,
        );
    }
    let name = |rules: &PolicyRules, id: FieldId| rules.field(id).map(|f| f.path.clone());
    let (was, is) =
        (before.age_from.and_then(|id| name(old, id)), after.age_from.and_then(|id| name(new, id)));
    if was != is {
        found.either(was.is_some(), "children", "another field tells the age");
    }
    let flags = |rules: &PolicyRules, ids: &[FieldId]| {
        ids.iter().filter_map(|id| name(rules, *id)).collect::<BTreeSet<_>>()
    };
    more("children", &flags(new, &after.also_if), &flags(old, &before.also_if), found, |path, removed| {
        if removed {
            format!("a visitor on a page with `{path}` would no longer count as a child")
        } else {
            format!("whoever is on a page with `{path}` counts as a child")
        }
    });
}

fn compare_purposes(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    for after in &new.purposes {
        let Some(before) = old.purposes.iter().find(|p| p.name == after.name) else {
            continue;
        };
        let about = format!("purpose {}", after.name);
        if before.basis != after.basis {
            found.add(
                ChangeKind::Widened,
                &*about,
                format!("it would rest on {} instead of {}", after.basis.word(), before.basis.word()),
            );
        }
        if before.profiling != after.profiling {
            let message = if after.profiling {
                "it would profile people"
            } else {
                "what it does would no longer count as profiling"
            };
            found.add(ChangeKind::Widened, &*about, message);
        }
        let needs = |rules: &PolicyRules, p: &PurposeRule| {
            p.needs
                .iter()
                .filter_map(|n| rules.consents.get(*n))
                .map(|c| Arc::clone(&c.name))
                .collect::<BTreeSet<_>>()
        };
        more(&about, &needs(new, after), &needs(old, before), found, |name, removed| {
            if removed {
                format!("a visitor who refused {name} would no longer be left out")
            } else {
                format!("it would need consent to {name} as well")
            }
        });
        let stops = |p: &PurposeRule| p.stop_if.iter().map(|s| s.word()).collect::<BTreeSet<_>>();
        more(&about, &stops(after), &stops(before), found, |signal, removed| {
            if removed {
                format!("a visitor's {signal} would no longer stop it")
            } else {
                format!("{signal} would stop it")
            }
        });
        compare_device(&about, before.device.as_deref(), after.device.as_deref(), found);
        compare_proof(&about, "balancing test", before.balance.as_ref(), after.balance.as_ref(), found);
    }
}

/// What is said of the shopper's device: reading it asks for a consent, so that saying less of it proves
/// less.
fn compare_device(about: &str, old: Option<&str>, new: Option<&str>, found: &mut Found) {
    match (old, new) {
        (old, new) if old == new => {}
        (_, Some("consent")) => {
            found.add(ChangeKind::Widened, about, "the shopper's device would be read for it")
        }
        (Some("consent"), _) => found.add(
            ChangeKind::WeakenedProof,
            about,
            "it would no longer be said that reading the shopper's device needs a consent",
        ),
        (Some(_), None) => found.add(
            ChangeKind::WeakenedProof,
            about,
            "it would no longer be said that nothing is read from the shopper's device",
        ),
        _ => {}
    }
}

/// A reference that is gone.
fn compare_proof<T>(about: &str, what: &str, old: Option<&T>, new: Option<&T>, found: &mut Found) {
    if old.is_some() && new.is_none() {
        found.add(ChangeKind::WeakenedProof, about, format!("no {what} is named any longer"));
    }
}

fn compare_consents(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    for after in &new.consents {
        let Some(before) = old.consents.iter().find(|c| c.name == after.name) else {
            continue;
        };
        let about = format!("consent {}", after.name);
        let texts = |c: &ConsentRule| c.texts.iter().cloned().collect::<BTreeSet<_>>();
        more(&about, &texts(before), &texts(after), found, |text, added| {
            format!("a yes to text {text} would {} count", if added { "now" } else { "no longer" })
        });
        span(&about, Some(before.lasts), Some(after.lasts), found, "how long a yes counts");
        let tcf = |c: &ConsentRule| {
            c.signals.iter().flat_map(|s| s.tcf_publisher_purposes.iter().copied()).collect::<BTreeSet<_>>()
        };
        more(&about, &tcf(after), &tcf(before), found, |purpose, removed| {
            format!(
                "a TCF string without publisher purpose {purpose} would {} refuse",
                if removed { "no longer" } else { "now" }
            )
        });
        let mode = |c: &ConsentRule| {
            c.signals.iter().filter_map(|s| s.consent_mode.clone()).collect::<BTreeSet<_>>()
        };
        more(&about, &mode(after), &mode(before), found, |key, removed| {
            format!("consent mode `{key}` would {} refuse", if removed { "no longer" } else { "now" })
        });
    }
}

fn compare_idle(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    span(
        "policy",
        Some(old.session_ends_after),
        Some(new.session_ends_after),
        found,
        "how long a visit may be idle",
    );
    span(
        "policy",
        Some(old.account_ends_after),
        Some(new.account_ends_after),
        found,
        "how long an account may be idle",
    );
    if format!("{:?}", old.zone) != format!("{:?}", new.zone) {
        found.add(
            ChangeKind::Widened,
            "policy",
            "a birthday would begin at another midnight: the time zone changes",
        );
    }
    if old.fallback != new.fallback {
        found.add(
            ChangeKind::CodeChanged,
            "policy",
            format!(
                "`{}` instead of `{}` would serve those who refused everything",
                new.fallback, old.fallback
            ),
        );
    }
    if old.stop.everything && !new.stop.everything {
        found.add(ChangeKind::Widened, "stop", "what was stopped altogether would run again");
    }
    for name in old.stop.strategies.iter().filter(|s| !new.stop.strategies.contains(s)) {
        found.add(ChangeKind::Widened, "stop", format!("`{name}` would no longer be stopped"));
    }
}

fn compare_audit(old: Option<&AuditRule>, new: Option<&AuditRule>, found: &mut Found) {
    let (Some(before), Some(after)) = (old, new) else {
        if old.is_some() {
            found.add(ChangeKind::WeakenedProof, "audit", "no decision would be recorded any longer");
        }
        return;
    };
    if before.every_decision && !after.every_decision {
        found.add(ChangeKind::WeakenedProof, "audit", "only refusals would be recorded");
    }
    for (what, was, is) in
        [("entries", Some(before.keep), Some(after.keep)), ("proofs", before.keep_proofs, after.keep_proofs)]
    {
        let days = |age: Option<Age>| age.map_or(0.0, Age::approximate_days);
        if days(is) < days(was) {
            found.add(ChangeKind::WeakenedProof, "audit", format!("{what} would be kept for a shorter time"));
        } else if days(is) > days(was) {
            found.add(
                ChangeKind::Widened,
                "audit",
                format!("{what} about people would be kept for a longer time"),
            );
        }
    }
}

fn compare_record(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    let (before, after) = (&old.record, &new.record);
    let names = |list: &[Arc<str>]| list.iter().cloned().collect::<BTreeSet<_>>();
    more("record", &names(&before.recipients), &names(&after.recipients), found, |name, added| {
        format!("{name} would {} receive data", if added { "now" } else { "no longer" })
    });
    more("record", &names(&before.transfers), &names(&after.transfers), found, |name, added| {
        format!("data would {} go to {name}, outside the EEA", if added { "now" } else { "no longer" })
    });
    more("record", &names(&before.people), &names(&after.people), found, |name, added| {
        format!("data of {name} would {} be processed", if added { "now" } else { "no longer" })
    });
    compare_proof("policy", "approval", before.approved.as_ref(), after.approved.as_ref(), found);
    let review = |r: &jardin_policy::rules::ForTheRecord| r.approved.as_ref().and_then(|a| a.review_by);
    if review(before).is_some()
        && review(after).is_none_or(|by| Some(by) > review(before))
        && before.approved.as_ref().map(|a| a.on) == after.approved.as_ref().map(|a| a.on)
    {
        found.add(ChangeKind::WeakenedProof, "policy", "the review is put off without a new approval");
    }
    compare_proof(
        "policy",
        "advice of the officer",
        before.dpo_advice.as_ref(),
        after.dpo_advice.as_ref(),
        found,
    );
    compare_proof("policy", "impact assessment", before.dpia.as_ref(), after.dpia.as_ref(), found);
    compare_proof("policy", "data protection officer", before.dpo.as_ref(), after.dpo.as_ref(), found);
    compare_proof(
        "policy",
        "supervisory authority",
        before.authority.as_ref(),
        after.authority.as_ref(),
        found,
    );
    for language in old.languages.iter().filter(|l| !new.languages.contains(l)) {
        found.add(
            ChangeKind::WeakenedProof,
            "policy",
            format!("people would no longer be told in `{language}`"),
        );
    }
    for vendor in &after.vendors {
        let was = before.vendors.iter().find(|v| v.key == vendor.key);
        let about = format!("vendor {}", vendor.key);
        match was {
            None => found.add(ChangeKind::CodeChanged, about, format!("{} is a new vendor", vendor.name)),
            Some(was) if was.role != vendor.role => {
                found.either(vendor.role == Role::Processor, about, "whether it sees data changes")
            }
            Some(was) => {
                compare_proof(&about, "contract", was.contract.as_ref(), vendor.contract.as_ref(), found)
            }
        }
    }
}

fn compare_tests(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    for test in &old.tests {
        // fields are numbered by their place, so that a test is compared by its name and its own words
        match new.tests.iter().find(|t| t.name == test.name) {
            None => {
                found.add(ChangeKind::WeakenedProof, "tests", format!("the test \"{}\" is gone", test.name))
            }
            Some(now) if now.canonical_text(new) != test.canonical_text(old) => found.add(
                ChangeKind::WeakenedProof,
                "tests",
                format!("the test \"{}\" says something else", test.name),
            ),
            Some(_) => {}
        }
    }
}

/// Files that are no longer those that were reviewed.
pub(super) fn compare_locks(old: &Lock, new: &Lock, found: &mut Found) {
    let mut changed = |text: String| found.add(ChangeKind::CodeChanged, "policy.lock", text);
    for (name, digest) in new.files() {
        match old.files().find(|(n, _)| *n == name) {
            None => changed(format!("`{name}` was reviewed for the first time ({})", short(digest))),
            Some((_, was)) if was != digest => {
                let digests = format!("{} instead of {}", short(digest), short(was));
                changed(format!("`{name}` is another file than before ({digests})"));
            }
            Some(_) => {}
        }
    }
    for (name, _) in old.files().filter(|(name, _)| new.files().all(|(n, _)| n != *name)) {
        found.add(
            ChangeKind::Narrowed,
            "policy.lock",
            format!("`{name}` is not reviewed any longer and does not run"),
        );
    }
}

fn short(digest: &[u8; 32]) -> String {
    hex(digest).chars().take(12).collect()
}
