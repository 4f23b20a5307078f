//! What people are asked and told, and what rests on it: purposes, consents, reasons.

use std::{collections::BTreeSet, sync::Arc};

use jardin_policy::rules::{Age, ConsentRule, PolicyRules, PurposeRule, Texts};

use super::{ChangeKind, Found, wording::describe_change};

pub(super) fn compare_purposes(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    for after in &new.purposes {
        let about = format!("purpose {}", after.name);
        match old.purposes.iter().find(|p| p.name == after.name) {
            Some(before) => {
                compare_ground(&about, (old, before), (new, after), found);
                compare_reasons(&about, before, after, found);
            }
            None => found.add(ChangeKind::Text, about, "people would be told of a new purpose"),
        }
    }
    for gone in old.purposes.iter().filter(|p| new.purposes.iter().all(|other| other.name != p.name)) {
        let about = format!("purpose {}", gone.name);
        found.add(ChangeKind::Text, about, "people would no longer be told of it");
    }
    for after in &new.consents {
        let about = format!("consent {}", after.name);
        match old.consents.iter().find(|c| c.name == after.name) {
            Some(before) => {
                compare_consent(&about, before, after, found);
                compare_asking(&about, before, after, found);
            }
            None => found.add(ChangeKind::Text, about, "people would be asked a new question"),
        }
    }
    for gone in old.consents.iter().filter(|c| new.consents.iter().all(|other| other.name != c.name)) {
        let about = format!("consent {}", gone.name);
        found.add(ChangeKind::Text, about, "people would no longer be asked it");
    }
    compare_told_reasons(old, new, found);
}

/// On what a purpose rests, and what stops it.
fn compare_ground(
    about: &str,
    old: (&PolicyRules, &PurposeRule),
    new: (&PolicyRules, &PurposeRule),
    found: &mut Found,
) {
    let (before, after) = (old.1, new.1);
    if before.basis != after.basis {
        let message = format!("it would rest on {} instead of {}", after.basis.word(), before.basis.word());
        found.add(ChangeKind::WiderReach, about, message);
    }
    if before.profiling != after.profiling {
        let message = if after.profiling {
            "it would profile people"
        } else {
            "what it does would no longer count as profiling"
        };
        found.add(ChangeKind::WiderReach, about, message);
    }
    let needs = |rules: &PolicyRules, p: &PurposeRule| {
        let names = p.needs.iter().filter_map(|n| rules.consents.get(*n)).map(|c| Arc::clone(&c.name));
        names.collect::<BTreeSet<_>>()
    };
    found.add_more(about, &needs(new.0, after), &needs(old.0, before), |name, removed| {
        if removed {
            format!("a visitor who refused {name} would no longer be left out")
        } else {
            format!("it would need consent to {name} as well")
        }
    });
    let stops = |p: &PurposeRule| p.stop_if.iter().map(|s| s.word()).collect::<BTreeSet<_>>();
    found.add_more(about, &stops(after), &stops(before), |signal, removed| {
        if removed {
            format!("a visitor's {signal} would no longer stop it")
        } else {
            format!("{signal} would stop it")
        }
    });
    compare_device(about, before.device.as_deref(), after.device.as_deref(), found);
}

/// What is said of the shopper's device: reading it asks for a consent, so that saying less of it proves
/// less.
fn compare_device(about: &str, old: Option<&str>, new: Option<&str>, found: &mut Found) {
    match (old, new) {
        (old, new) if old == new => {}
        (_, Some("consent")) => {
            found.add(ChangeKind::WiderReach, about, "the shopper's device would be read for it")
        }
        (Some("consent"), _) => found.add(
            ChangeKind::Proof,
            about,
            "it would no longer be said that reading the shopper's device needs a consent",
        ),
        (Some(_), None) => found.add(
            ChangeKind::Proof,
            about,
            "it would no longer be said that nothing is read from the shopper's device",
        ),
        _ => found.add(ChangeKind::Text, about, "it would be said that nothing is read from the device"),
    }
}

/// What people are told of a purpose, and what is on record for it.
fn compare_reasons(about: &str, before: &PurposeRule, after: &PurposeRule, found: &mut Found) {
    compare_texts(about, "`says`", Some(&before.says), Some(&after.says), found);
    compare_texts(about, "the interest", before.interest.as_ref(), after.interest.as_ref(), found);
    let (was, is) = (before.profiling_because.as_deref(), after.profiling_because.as_deref());
    found.add_words(ChangeKind::Proof, about, "why it is not profiling", was, is);
    let (was, is) = (before.balance.as_deref(), after.balance.as_deref());
    found.add_words(ChangeKind::Proof, about, "the balancing test", was, is);
}

fn compare_consent(about: &str, before: &ConsentRule, after: &ConsentRule, found: &mut Found) {
    let texts = |c: &ConsentRule| c.texts.iter().cloned().collect::<BTreeSet<_>>();
    found.add_more(about, &texts(before), &texts(after), |text, added| {
        format!("a yes to text {text} would {} count", if added { "now" } else { "no longer" })
    });
    found.add_span(about, Some(before.lasts), Some(after.lasts), "how long a yes counts");
    let tcf = |c: &ConsentRule| {
        c.signals.iter().flat_map(|s| s.tcf_publisher_purposes.iter().copied()).collect::<BTreeSet<_>>()
    };
    found.add_more(about, &tcf(after), &tcf(before), |purpose, removed| {
        format!(
            "a TCF string without publisher purpose {purpose} would {} refuse",
            if removed { "no longer" } else { "now" }
        )
    });
    let mode =
        |c: &ConsentRule| c.signals.iter().filter_map(|s| s.consent_mode.clone()).collect::<BTreeSet<_>>();
    found.add_more(about, &mode(after), &mode(before), |key, removed| {
        format!("consent mode `{key}` would {} refuse", if removed { "no longer" } else { "now" })
    });
}

/// What a shopper may be told about themselves.
/// What is kept after a yes has ended, when people are asked again, and in which words.
fn compare_asking(about: &str, before: &ConsentRule, after: &ConsentRule, found: &mut Found) {
    let rest = "how long what rested on a yes is kept";
    found.add_span(about, Some(before.rests_for), Some(after.rests_for), rest);
    let (was, is) = (before.ask_again_after, after.ask_again_after);
    if was != is {
        let told =
            |span: Option<Age>| span.map_or_else(|| "at once".to_owned(), |span| format!("after {span}"));
        let message = format!("whoever said no would be asked again {} instead of {}", told(is), told(was));
        found.add(ChangeKind::Text, about, message);
    }
    for version in before.wording.keys().chain(after.wording.keys()).collect::<BTreeSet<_>>() {
        let name = format!("the wording of `{version}`");
        let wording = |rule: &ConsentRule| rule.wording.get(version).cloned();
        compare_texts(about, &name, wording(before).as_ref(), wording(after).as_ref(), found);
    }
}

fn compare_told_reasons(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    let codes: BTreeSet<&Arc<str>> = old.reasons.keys().chain(new.reasons.keys()).collect();
    for code in codes {
        let about = format!("reason {code}");
        compare_texts(&about, "its text", old.reasons.get(code), new.reasons.get(code), found);
    }
}

/// A text for people, in each of its languages.
pub(super) fn compare_texts(
    about: &str,
    what: &str,
    old: Option<&Texts>,
    new: Option<&Texts>,
    found: &mut Found,
) {
    let none = Texts::default();
    let (old, new) = (old.unwrap_or(&none), new.unwrap_or(&none));
    let languages: BTreeSet<&Arc<str>> = old.0.keys().chain(new.0.keys()).collect();
    for language in languages {
        let of = |texts: &Texts| texts.0.get(language).cloned().unwrap_or_default();
        if of(old) != of(new) {
            let change = describe_change(&of(old), &of(new));
            found.add(ChangeKind::Text, about, format!("{what} ({language}): {change}"));
        }
    }
}
