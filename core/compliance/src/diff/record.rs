//! Who answers, who advised, who receives, and how it is shown: parties and proof.

use std::{collections::BTreeSet, sync::Arc};

use jardin_policy::{
    lock::{Lock, hex},
    rules::{Advice, Age, Approver, AuditRule, ForTheRecord, Party, PolicyRules, Role, Vendor},
};

use super::{ChangeKind, Found, wording::describe_change};

pub(super) fn compare_record(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    compare_responsible(old, new, found);
    compare_recipients(&old.record, &new.record, found);
    compare_vendors(&old.record.vendors, &new.record.vendors, found);
    compare_decision(&old.record, &new.record, found);
    compare_approvers(&old.record.approvers, &new.record.approvers, found);
    compare_advice(old.record.dpo_advice.as_ref(), new.record.dpo_advice.as_ref(), found);
    compare_audit(old.record.audit.as_ref(), new.record.audit.as_ref(), found);
    compare_tests(old, new, found);
}

/// Who answers, where people write and complain, in which languages they are told.
fn compare_responsible(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    let (before, after) = (&old.record, &new.record);
    let named = [
        (ChangeKind::Parties, "the controller", Some(&old.controller), Some(&new.controller)),
        (ChangeKind::Text, "where people write", Some(&old.contact), Some(&new.contact)),
        (ChangeKind::Parties, "the data protection officer", before.dpo.as_ref(), after.dpo.as_ref()),
        (ChangeKind::Text, "the supervisory authority", before.authority.as_ref(), after.authority.as_ref()),
    ];
    for (kind, what, was, is) in named {
        let kind = if was.is_some() && is.is_none() { ChangeKind::Proof } else { kind };
        found.add_words(kind, "policy", what, was.map(|text| &**text), is.map(|text| &**text));
    }
    for language in old.languages.iter().filter(|l| !new.languages.contains(l)) {
        let message = format!("people would no longer be told in `{language}`");
        found.add(ChangeKind::Text, "policy", message);
    }
    for language in new.languages.iter().filter(|l| !old.languages.contains(l)) {
        found.add(ChangeKind::Text, "policy", format!("people would be told in `{language}` as well"));
    }
}

fn compare_recipients(before: &ForTheRecord, after: &ForTheRecord, found: &mut Found) {
    let lists = [
        (before.recipients.as_deref(), after.recipients.as_deref(), "receive data"),
        (before.transfers.as_deref(), after.transfers.as_deref(), "be sent data, outside the EEA"),
    ];
    for (old, new, does) in lists {
        compare_parties((old.unwrap_or_default(), new.unwrap_or_default()), does, found);
        if old.is_some() != new.is_some() {
            let stated = if new.is_some() { "now stated" } else { "no longer stated" };
            let message = format!("who else would {does} is {stated}");
            found.add(ChangeKind::Parties, "record", message);
        }
    }
    let names = |list: &[Arc<str>]| list.iter().cloned().collect::<BTreeSet<_>>();
    found.add_more("record", &names(&before.people), &names(&after.people), |name, added| {
        format!("data of {name} would {} be processed", if added { "now" } else { "no longer" })
    });
}

fn compare_parties((old, new): (&[Party], &[Party]), does: &str, found: &mut Found) {
    for party in new {
        let Some(was) = old.iter().find(|other| other.name == party.name) else {
            found.add(ChangeKind::Parties, "record", format!("{} would now {does}", party.name));
            continue;
        };
        let role = |party: &Party| party.role.map(|role| Arc::from(role.word()));
        let facts = [
            ("role", role(was), role(party)),
            ("country", was.country.clone(), party.country.clone()),
            ("safeguard", was.safeguard.clone(), party.safeguard.clone()),
            ("contract", was.contract.clone(), party.contract.clone()),
            ("purpose", was.purpose.clone(), party.purpose.clone()),
        ];
        for (what, was, is) in facts {
            let what = format!("{}'s {what}", party.name);
            found.add_words(ChangeKind::Parties, "record", &what, was.as_deref(), is.as_deref());
        }
    }
    for gone in old.iter().filter(|party| new.iter().all(|other| other.name != party.name)) {
        found.add(ChangeKind::Parties, "record", format!("{} would no longer {does}", gone.name));
    }
}

fn compare_vendors(before: &[Vendor], after: &[Vendor], found: &mut Found) {
    let role = |vendor: &Vendor| match vendor.role {
        Role::Supplier => "supplier",
        Role::Processor => "processor",
    };
    for vendor in after {
        let about = format!("vendor {}", vendor.key);
        let Some(was) = before.iter().find(|v| v.key == vendor.key) else {
            let message = format!("{} is a new {}", vendor.name, role(vendor));
            found.add(ChangeKind::Parties, about, message);
            continue;
        };
        found.add_words(ChangeKind::Parties, &about, "its name", Some(&was.name), Some(&vendor.name));
        found.add_words(ChangeKind::Parties, &about, "its role", Some(role(was)), Some(role(vendor)));
        let is_gone = was.contract.is_some() && vendor.contract.is_none();
        let kind = if is_gone { ChangeKind::Proof } else { ChangeKind::Parties };
        let (old, new) = (was.contract.as_deref(), vendor.contract.as_deref());
        found.add_words(kind, &about, "its contract", old, new);
    }
    for gone in before.iter().filter(|v| after.iter().all(|other| other.key != v.key)) {
        let message = format!("{} would no longer be named", gone.name);
        found.add(ChangeKind::Parties, format!("vendor {}", gone.key), message);
    }
}

/// The controller's decision and the impact assessment.
fn compare_decision(before: &ForTheRecord, after: &ForTheRecord, found: &mut Found) {
    let (was, is) = (before.dpia.as_deref(), after.dpia.as_deref());
    found.add_words(ChangeKind::Proof, "policy", "the impact assessment", was, is);
    let (Some(was), Some(is)) = (&before.approved, &after.approved) else {
        if before.approved.is_some() {
            found.add(ChangeKind::Proof, "policy", "no approval is named any longer");
        }
        return;
    };
    if is.on < was.on {
        let message = format!("it would be approved on {} instead of {}: set back", is.on, was.on);
        found.add(ChangeKind::Proof, "policy", message);
    }
    found.add_words(ChangeKind::Proof, "policy", "who approves", Some(&was.by), Some(&is.by));
    let is_put_off = was.review_by.is_some_and(|by| is.review_by.is_none_or(|later| later > by));
    if is_put_off && is.on <= was.on {
        found.add(ChangeKind::Proof, "policy", "the review is put off without a new approval");
    }
}

/// Whose signed approval counts.
fn compare_approvers(before: &[Approver], after: &[Approver], found: &mut Found) {
    for approver in after {
        let message = match before.iter().find(|was| was.name == approver.name) {
            None => format!("{} would approve it from now on", approver.name),
            Some(was) if was.key != approver.key => format!("{} would sign with another key", approver.name),
            Some(_) => continue,
        };
        found.add(ChangeKind::Proof, "policy", message);
    }
    for gone in before.iter().filter(|was| after.iter().all(|is| is.name != was.name)) {
        found.add(ChangeKind::Proof, "policy", format!("{} would no longer approve it", gone.name));
    }
}

/// What the officer says. A newer advice may have another reference; what it says is told.
fn compare_advice(before: Option<&Advice>, after: Option<&Advice>, found: &mut Found) {
    let (Some(was), Some(is)) = (before, after) else {
        let message = match (before, after) {
            (Some(_), None) => "no advice of the officer is named any longer".to_owned(),
            (None, Some(is)) => format!("the officer's advice is named now: “{}”", is.says),
            _ => return,
        };
        return found.add(ChangeKind::Proof, "policy", message);
    };
    found.add_words(ChangeKind::Proof, "policy", "the officer's advice", Some(&was.says), Some(&is.says));
    let is_older = is.on < was.on;
    if is_older || was.reference != is.reference && was.on == is.on {
        let reference = |advice: &Advice| advice.reference.as_deref().unwrap_or("no reference").to_owned();
        let change = describe_change(&reference(was), &reference(is));
        let what = if is_older { "an older advice of the officer" } else { "another advice of one day" };
        found.add(ChangeKind::Proof, "policy", format!("{what}: {change}"));
    }
}

fn compare_audit(old: Option<&AuditRule>, new: Option<&AuditRule>, found: &mut Found) {
    let (Some(before), Some(after)) = (old, new) else {
        if old.is_some() {
            found.add(ChangeKind::Proof, "audit", "no decision would be recorded any longer");
        } else if new.is_some() {
            found.add(ChangeKind::WiderReach, "audit", "decisions about people would be recorded");
        }
        return;
    };
    if before.every_decision != after.every_decision {
        let message = if after.every_decision {
            "every decision would be recorded"
        } else {
            "only refusals would be recorded"
        };
        found.add(ChangeKind::Proof, "audit", message);
    }
    let (was, is) = (before.balance.as_deref(), after.balance.as_deref());
    found.add_words(ChangeKind::Proof, "audit", "the balancing test", was, is);
    for (what, was, is) in
        [("entries", Some(before.keep), Some(after.keep)), ("proofs", before.keep_proofs, after.keep_proofs)]
    {
        let days = |age: Option<Age>| age.map_or(0.0, Age::approximate_days);
        if days(is) < days(was) {
            found.add(ChangeKind::Proof, "audit", format!("{what} would be kept for a shorter time"));
        } else if days(is) > days(was) {
            let message = format!("{what} about people would be kept for a longer time");
            found.add(ChangeKind::WiderReach, "audit", message);
        }
    }
}

fn compare_tests(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    for test in &old.tests {
        // fields are numbered by their place, so that a test is compared by its name and its own words
        match new.tests.iter().find(|t| t.name == test.name) {
            None => found.add(ChangeKind::Proof, "tests", format!("the test \"{}\" is gone", test.name)),
            Some(now) if now.canonical_text(new) != test.canonical_text(old) => found.add(
                ChangeKind::Proof,
                "tests",
                format!("the test \"{}\" says something else", test.name),
            ),
            Some(_) => {}
        }
    }
}

/// Files that are no longer those that were reviewed.
pub(super) fn compare_locks(old: &Lock, new: &Lock, found: &mut Found) {
    let mut changed = |text: String| found.add(ChangeKind::Effect, "policy.lock", text);
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
        let message = format!("`{name}` is not reviewed any longer and does not run");
        found.add(ChangeKind::Effect, "policy.lock", message);
    }
}

fn short(digest: &[u8; 32]) -> String {
    hex(digest).chars().take(12).collect()
}
