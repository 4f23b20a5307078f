//! What is declared: which fields exist, how closely they touch a person, how long they are kept, how they
//! are made.

use std::{collections::BTreeSet, sync::Arc};

use jardin_policy::rules::{Age, Class, FieldId, FieldRule, Keep, PolicyRules};

use super::{
    ChangeKind, Found,
    forms::{Step, step},
    ratchet::{more, span},
};

pub(super) fn compare_fields(old: &PolicyRules, new: &PolicyRules, found: &mut Found) {
    for field in &new.fields {
        match old.declared(field.path.namespace, &field.path.name) {
            None if field.class != Class::None => found.add(
                ChangeKind::Widened,
                field.path.to_string(),
                format!("it would now be stored of everybody who has it ({})", field.class),
            ),
            None => found.add(
                ChangeKind::Narrowed,
                field.path.to_string(),
                "it is declared now, and about nobody",
            ),
            Some(before) => compare_field((old, before), (new, field), found),
        }
    }
    for field in old.fields.iter().filter(|f| new.declared(f.path.namespace, &f.path.name).is_none()) {
        found.add(ChangeKind::Narrowed, field.path.to_string(), "it would no longer be stored");
    }
}

fn compare_field(old: (&PolicyRules, &FieldRule), new: (&PolicyRules, &FieldRule), found: &mut Found) {
    let (before, after) = (old.1, new.1);
    let about = after.path.to_string();
    if before.class != after.class {
        found.either(
            after.class < before.class,
            &*about,
            format!("it would count as {} instead of {}", after.class, before.class),
        );
    }
    if before.kind != after.kind {
        found.add(
            ChangeKind::Widened,
            &*about,
            format!("it would hold {} instead of {}", after.kind, before.kind),
        );
    }
    span(&about, kept(old.0, before.keep), kept(new.0, after.keep), found, "the time that it is kept");
    let kinds = |f: &FieldRule| f.of.iter().map(|k| k.word()).collect::<BTreeSet<_>>();
    more(&about, &kinds(before), &kinds(after), found, |kind, added| {
        format!("events of type {kind} would {} be kept in it", if added { "now" } else { "no longer" })
    });
    if before.at_most != after.at_most {
        found.either(
            after.at_most > before.at_most,
            &*about,
            format!("{} events of it would be read at most instead of {}", after.at_most, before.at_most),
        );
    }
    if before.always != after.always {
        found.either(before.always, &*about, "whether a product must have it changes");
    }
    let choices = |f: &FieldRule| f.choices.iter().cloned().collect::<BTreeSet<_>>();
    more(&about, &choices(before), &choices(after), found, |choice, added| {
        format!("it may {} be \"{choice}\"", if added { "now" } else { "no longer" })
    });
    compare_derived(old, new, &about, found);
    compare_counts(old, new, &about, found);
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
            found.add(ChangeKind::Widened, about, "it would come from elsewhere");
        }
        return;
    };
    let source = |rules: &PolicyRules, id: FieldId| rules.field(id).map(|f| f.path.clone());
    if source(old.0, before.from) != source(new.0, after.from) {
        found.add(ChangeKind::Widened, about, "it would be made of another field");
    }
    match step(&before.transform, &after.transform) {
        Step::Same => {}
        Step::Coarser => found.add(
            ChangeKind::Narrowed,
            about,
            format!("it would be told as {} instead of {}", after.transform, before.transform),
        ),
        Step::Finer => found.add(
            ChangeKind::Widened,
            about,
            format!("it would be told as {} instead of {}", after.transform, before.transform),
        ),
    }
    span(about, before.newest, after.newest, found, "how far back it reaches");
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
        (before, _) => {
            return found.either(before.is_none(), about, "whether it is counted over people changes");
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
        found.add(ChangeKind::Widened, about, "people would be counted for another purpose");
    }
    let from = |rules: &PolicyRules, ids: &[FieldId]| {
        ids.iter().filter_map(|id| rules.field(*id)).map(|f| f.path.clone()).collect::<BTreeSet<_>>()
    };
    more(about, &from(old.0, &before.from), &from(new.0, &after.from), found, |path, added| {
        format!("`{path}` would {} be counted", if added { "now" } else { "no longer" })
    });
}
