//! What is declared: which fields exist, how closely they touch a person, how long they are kept, how they
//! are made.

use std::{collections::BTreeSet, sync::Arc};

use jardin_policy::rules::{Age, Class, FieldId, FieldRule, Keep, PolicyRules};

use super::{
    ChangeKind, Found,
    forms::{Step, describe_step, step},
};

pub(super) fn compare_fields(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    for field in &new.fields {
        match old.declared(field.path.namespace, &field.path.name) {
            None if field.class.is_personal() => found.add(
                ChangeKind::WiderReach,
                field.path.to_string(),
                format!("it would now be stored of everybody who has it ({})", field.class),
            ),
            None => {
                found.add(ChangeKind::Effect, field.path.to_string(), "it is declared now, and about nobody")
            }
            Some(before) => compare_field((old, before), (new, field), found),
        }
    }
    for field in old.fields.iter().filter(|f| new.declared(f.path.namespace, &f.path.name).is_none()) {
        let about = field.path.to_string();
        if field.class.is_personal() {
            found.add(ChangeKind::NarrowerReach, about, "it would no longer be stored");
        } else {
            found.add(ChangeKind::Effect, about, "it would no longer be declared");
        }
    }
}

fn compare_field(old: (&PolicyRules, &FieldRule), new: (&PolicyRules, &FieldRule), found: &mut Found) {
    let (before, after) = (old.1, new.1);
    let about = after.path.to_string();
    compare_nature(&about, before, after, found);
    found.add_span(&about, kept(old.0, before.keep), kept(new.0, after.keep), "the time that it is kept");
    let kinds = |f: &FieldRule| f.of.iter().map(|k| k.word()).collect::<BTreeSet<_>>();
    found.add_more(&about, &kinds(before), &kinds(after), |kind, added| {
        format!("events of type {kind} would {} be kept in it", if added { "now" } else { "no longer" })
    });
    if before.at_most != after.at_most {
        let message =
            format!("{} events of it would be read at most instead of {}", after.at_most, before.at_most);
        found.either(after.at_most > before.at_most, &*about, message);
    }
    if before.always != after.always {
        let message =
            if after.always { "a product without it would be refused" } else { "a product may lack it" };
        found.add(ChangeKind::Effect, &*about, message);
    }
    for (what, was, is) in
        [("its source", &before.source, &after.source), ("its category", &before.category, &after.category)]
    {
        found.add_words(ChangeKind::Text, &about, what, was.as_deref(), is.as_deref());
    }
    compare_derived(old, new, &about, found);
    compare_counts(old, new, &about, found);
}

/// How closely it touches a person, and what it can hold. What a field about nobody holds reaches nobody.
fn compare_nature(about: &str, before: &FieldRule, after: &FieldRule, found: &mut Found) {
    if before.class != after.class {
        let message = format!("it would count as {} instead of {}", after.class, before.class);
        found.either(after.class < before.class, about, message);
    }
    let of_nobody = before.class == Class::None && after.class == Class::None;
    let wider = if of_nobody { ChangeKind::Effect } else { ChangeKind::WiderReach };
    let narrower = if of_nobody { ChangeKind::Effect } else { ChangeKind::NarrowerReach };
    if before.kind != after.kind {
        found.add(wider, about, format!("it would hold {} instead of {}", after.kind, before.kind));
    }
    if before.from_clock != after.from_clock {
        let filled = if after.from_clock { "the clock" } else { "the request" };
        found.add(ChangeKind::Effect, about, format!("{filled} would fill it"));
    }
    for choice in after.choices.iter().filter(|choice| !before.choices.contains(choice)) {
        found.add(wider, about, format!("it may now be \"{choice}\""));
    }
    for choice in before.choices.iter().filter(|choice| !after.choices.contains(choice)) {
        found.add(narrower, about, format!("it may no longer be \"{choice}\""));
    }
}

/// How long a field is kept; `None` is for ever, and what is not kept counts as nothing.
fn kept(rules: &PolicyRules, keep: Keep) -> Option<Age> {
    Some(match keep {
        Keep::NotKept => Age::Ms(0),
        Keep::Session => rules.session_ends_after,
        Keep::Account => rules.account_ends_after,
        Keep::For(age) => age,
    })
}

fn compare_derived(
    old: (&PolicyRules, &FieldRule),
    new: (&PolicyRules, &FieldRule),
    about: &str,
    found: &mut Found,
) {
    let (Some(before), Some(after)) = (&old.1.derived, &new.1.derived) else {
        if old.1.derived.is_some() != new.1.derived.is_some() {
            found.add(ChangeKind::WiderReach, about, "it would come from elsewhere");
        }
        return;
    };
    let source = |rules: &PolicyRules, id: FieldId| rules.field(id).map(|f| f.path.clone());
    if source(old.0, before.from) != source(new.0, after.from) {
        found.add(ChangeKind::WiderReach, about, "it would be made of another field");
    }
    let step = step(&before.transform, &after.transform);
    if step != Step::Same {
        let message = format!("it would be told as {}", describe_step(&before.transform, &after.transform));
        found.either(step == Step::Finer, about, message);
    }
    found.add_span(about, before.newest, after.newest, "how far back it reaches");
}

fn compare_counts(
    old: (&PolicyRules, &FieldRule),
    new: (&PolicyRules, &FieldRule),
    about: &str,
    found: &mut Found,
) {
    let (before, after) = match (&old.1.popularity, &new.1.popularity) {
        (None, None) => return,
        (Some(before), Some(after)) => (before, after),
        (None, Some(_)) => {
            return found.add(ChangeKind::WiderReach, about, "people would now be counted for it");
        }
        (Some(before), None) => {
            let message = format!(
                "it would no longer be counted here, so that no number of people ({}) stands before it is told",
                before.at_least_people
            );
            return found.add(ChangeKind::WiderReach, about, message);
        }
    };
    if before.at_least_people != after.at_least_people {
        let message = format!(
            "it would be told from {} people on instead of {}",
            after.at_least_people, before.at_least_people
        );
        found.either(after.at_least_people < before.at_least_people, about, message);
    }
    let purpose = |rules: &PolicyRules, rule: &jardin_policy::rules::PopularityRule| {
        rules.purpose(rule.purpose).map(|p| Arc::clone(&p.name))
    };
    if purpose(old.0, before) != purpose(new.0, after) {
        found.add(ChangeKind::WiderReach, about, "people would be counted for another purpose");
    }
    let from = |rules: &PolicyRules, ids: &[FieldId]| {
        ids.iter().filter_map(|id| rules.field(*id)).map(|f| f.path.clone()).collect::<BTreeSet<_>>()
    };
    found.add_more(about, &from(old.0, &before.from), &from(new.0, &after.from), |path, added| {
        format!("`{path}` would {} be counted", if added { "now" } else { "no longer" })
    });
}
