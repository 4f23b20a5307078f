//! What follows from the parts together: who may be granted what, and what nobody needs.

use std::collections::BTreeSet;

use jardin_diagnostics::{FindingSink, Span};
use jardin_model::{FieldPath, Namespace};

use crate::{
    codes::{
        AGE_ENDS_FIRST, BASIS_FOR_LISTS, FALLBACK_READS_PERSON, MISSING_DPIA, PERSONAL_WITHOUT_BASIS,
        PROFILING_UNSTATED, UNKNOWN_STRATEGY, UNUSED_FIELD,
    },
    rules::{Basis, ChildRule, FieldId, FieldRule, Keep, PolicyRules, PurposeId, StrategyName, StrategyRule},
    transforms::Transform,
};

pub(super) fn check_lawful(rules: &PolicyRules, fallback: Span, sink: &FindingSink) {
    fallback_is_known(rules, fallback, sink);
    for rule in rules.strategies.values() {
        personal_grants(rules, rule, sink);
    }
    counts_have_a_basis(rules, sink);
    lists_have_a_basis(rules, sink);
    age_outlasts(rules, sink);
    profiling_is_stated(rules, sink);
    assessment_is_named(rules, sink);
    unused(rules, sink);
}

fn fallback_is_known(rules: &PolicyRules, span: Span, sink: &FindingSink) {
    if !rules.strategies.contains_key(&rules.fallback) {
        let known = rules.strategies.keys().map(StrategyName::as_str);
        sink.add_unknown(UNKNOWN_STRATEGY, span, "strategy", rules.fallback.as_str(), known);
    }
}

fn is_personal(rules: &PolicyRules, id: FieldId) -> Option<&FieldRule> {
    rules.field(id).filter(|f| f.path.namespace.is_personal())
}

fn personal_grants(rules: &PolicyRules, rule: &StrategyRule, sink: &FindingSink) {
    let nothing_read = rules.purpose(rule.purpose).filter(|p| p.basis == Basis::NothingRead);
    let read = rule.may_read.iter().map(|g| (g.field, g.span));
    for (field, span) in read.filter_map(|(id, span)| Some((is_personal(rules, id)?, span))) {
        if rule.name == rules.fallback {
            let help = "remove the grant, or name another fallback".to_owned();
            sink.add(
                FALLBACK_READS_PERSON,
                span,
                format!("the fallback `{}` is granted `{}`", rule.name, field.path),
                Some(help),
            );
        } else if let Some(purpose) = nothing_read {
            let message = format!(
                "purpose `{}` reads nothing about a person, and `{}` is granted `{}`",
                purpose.name, rule.name, field.path
            );
            sink.add(
                PERSONAL_WITHOUT_BASIS,
                span,
                message,
                Some("remove the grant, or choose another purpose".to_owned()),
            );
        }
    }
    let learning = rule.learning_purpose.unwrap_or(rule.purpose);
    if let Some(purpose) = rules.purpose(learning).filter(|p| p.basis == Basis::NothingRead)
        && let Some(learn) = rule.may_learn_from.first()
    {
        let message = format!(
            "purpose `{}` reads nothing about a person, and `{}` learns from people under it",
            purpose.name, rule.name
        );
        sink.add(PERSONAL_WITHOUT_BASIS, learn.span, message, Some("name a `learning_purpose`".to_owned()));
    }
}

/// A count over people reads their histories, whoever is shown it.
fn counts_have_a_basis(rules: &PolicyRules, sink: &FindingSink) {
    for field in &rules.fields {
        let purpose = field.popularity.as_ref().and_then(|p| rules.purpose(p.purpose));
        if let Some(purpose) = purpose.filter(|p| p.basis == Basis::NothingRead) {
            let message = format!(
                "purpose `{}` reads nothing about a person, and `{}` is counted over people under it",
                purpose.name, field.path
            );
            let help = "name a purpose that may read histories".to_owned();
            sink.add(PERSONAL_WITHOUT_BASIS, field.span, message, Some(help));
        }
    }
}

/// What changes lists rests neither on a contract nor on a law.
fn lists_have_a_basis(rules: &PolicyRules, sink: &FindingSink) {
    let of_strategies = rules.strategies.values().flat_map(|rule| {
        let purposes = [Some(rule.purpose), rule.learning_purpose];
        purposes.into_iter().flatten().map(move |purpose| (purpose, rule.span, rule.name.to_string()))
    });
    let counted = rules
        .fields
        .iter()
        .filter_map(|f| Some((f.popularity.as_ref()?.purpose, f.span, f.path.to_string())));
    for (purpose, span, user) in of_strategies.chain(counted) {
        let Some(purpose) = rules.purpose(purpose).filter(|p| p.basis.bears_no_list()) else { continue };
        let message = format!(
            "`{user}` changes lists, and purpose `{}` rests on \"{}\"",
            purpose.name,
            purpose.basis.word()
        );
        let help = "give it a purpose that rests on consent or on legitimate interests".to_owned();
        sink.add(BASIS_FOR_LISTS, span, message, Some(help));
    }
}

/// The age is kept at least as long as whatever is used of adults alone.
fn age_outlasts(rules: &PolicyRules, sink: &FindingSink) {
    let Some(age) = rules.children.as_ref().and_then(|c| c.age_from).and_then(|id| rules.field(id)) else {
        return;
    };
    let days = |field: &FieldRule| match field.keep {
        Keep::NotKept => 0.0,
        Keep::Session => rules.session_ends_after.approximate_days(),
        Keep::Account => f64::INFINITY,
        Keep::For(age) => age.approximate_days(),
    };
    let outlives = |field: &&FieldRule| field.path.namespace == Namespace::Subject && days(field) > days(age);
    if let Some(field) = used_of_adults(rules).into_iter().filter_map(|id| rules.field(id)).find(outlives) {
        let message = format!("`{}` tells who is a child, and `{}` is kept for longer", age.path, field.path);
        let help = "write `keep = \"account\"`, or keep the other for less long".to_owned();
        sink.add(AGE_ENDS_FIRST, age.span, message, Some(help));
    }
}

/// What purposes use that do not run for a child: what a derived field is made of stands for it.
fn used_of_adults(rules: &PolicyRules) -> BTreeSet<FieldId> {
    let of_adults = |id: PurposeId| {
        rules.purpose(id).is_some_and(|p| p.profiling || p.basis == Basis::Consent || !p.needs.is_empty())
    };
    let mut used: BTreeSet<FieldId> = BTreeSet::new();
    for rule in rules.strategies.values() {
        if of_adults(rule.purpose) {
            used.extend(rule.may_read.iter().map(|grant| grant.field));
        }
        if of_adults(rule.learning_purpose.unwrap_or(rule.purpose)) {
            used.extend(rule.may_learn_from.iter().map(|learn| learn.field));
        }
    }
    let counted = rules.fields.iter().filter_map(|field| field.popularity.as_ref());
    used.extend(counted.filter(|p| of_adults(p.purpose)).flat_map(|p| p.from.iter().copied()));
    let source = |id: FieldId| rules.field(id).and_then(|f| f.derived.as_ref()).map_or(id, |d| d.from);
    used.into_iter().map(source).collect()
}

/// Profiling calls for an impact assessment, or for the reason why none is needed (GDPR Art. 35).
fn assessment_is_named(rules: &PolicyRules, sink: &FindingSink) {
    if let Some(purpose) = rules.purposes.iter().find(|p| p.profiling).filter(|_| rules.record.dpia.is_none())
    {
        let message =
            format!("purpose `{}` profiles, and the policy names no impact assessment", purpose.name);
        let help = "write `dpia = \"…\"` under [policy]: its reference, or \"not needed: why\"".to_owned();
        sink.add(MISSING_DPIA, purpose.span, message, Some(help));
    }
}

fn profiling_is_stated(rules: &PolicyRules, sink: &FindingSink) {
    let mut personal: BTreeSet<PurposeId> = BTreeSet::new();
    for rule in rules.strategies.values() {
        if rule.may_read.iter().any(|g| is_personal(rules, g.field).is_some()) {
            personal.insert(rule.purpose);
        }
        if !rule.may_learn_from.is_empty() {
            personal.insert(rule.learning_purpose.unwrap_or(rule.purpose));
        }
    }
    personal.extend(rules.fields.iter().filter_map(|f| f.popularity.as_ref()).map(|p| p.purpose));
    for purpose in personal
        .into_iter()
        .filter_map(|id| rules.purpose(id))
        .filter(|p| !p.profiling && p.profiling_because.is_none())
    {
        let message = format!(
            "purpose `{}` reads personal data and neither profiles nor says why it does not",
            purpose.name
        );
        let help = "write `profiling = true`, or `profiling_because = \"…\"`".to_owned();
        sink.add(PROFILING_UNSTATED, purpose.span, message, Some(help));
    }
}

/// Fields that nobody is granted and that the engine does not need itself.
fn unused(rules: &PolicyRules, sink: &FindingSink) {
    // a grant that could not be read may be the one
    if sink.has_errors() {
        return;
    }
    let mut used: BTreeSet<FieldId> = BTreeSet::new();
    let looked_up = |t: &Transform| {
        let name = t.item_field()?;
        rules.by_path.get(&FieldPath::new(Namespace::Item, name)).copied()
    };
    for rule in rules.strategies.values() {
        used.extend(rule.may_read.iter().flat_map(|g| [Some(g.field), looked_up(&g.transform)]).flatten());
        used.extend(rule.may_learn_from.iter().map(|l| l.field));
    }
    for field in &rules.fields {
        if let Some(derived) = &field.derived {
            used.extend([Some(derived.from), looked_up(&derived.transform)].into_iter().flatten());
        }
        used.extend(field.popularity.iter().flat_map(|p| p.from.iter().copied()));
    }
    used.extend(rules.never.items.iter().chain(rules.discreet.iter()).map(|(id, _)| *id));
    let of_children = |c: &ChildRule| {
        let countries = c.by.iter().flat_map(|by| &by.fields);
        c.age_from.iter().chain(&c.also_if).chain(countries).copied().collect::<Vec<_>>()
    };
    used.extend(rules.children.iter().flat_map(of_children));
    used.extend(rules.restraint.after_purchase.and_then(|rests| rests.unless));
    for (id, field) in rules.fields.iter().enumerate() {
        let needed =
            field.always || (field.path.namespace == Namespace::Subject && &*field.path.name == "id");
        let of_event = field.path.namespace == Namespace::Event;
        if !needed && !of_event && !used.contains(&FieldId(id)) {
            let help = "grant it to a strategy that needs it, or stop collecting it".to_owned();
            sink.add(
                UNUSED_FIELD,
                field.span,
                format!("`{}` is declared and granted to nobody", field.path),
                Some(help),
            );
        }
    }
}
