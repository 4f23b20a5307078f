//! An annex to an impact assessment (GDPR Art. 35(7)): what the policy says of operations, necessity and safeguards.

use super::{article, kept, strategies_of};
use crate::{
    Policy,
    tools::sheet::Sheet,
    valid::{Isolation, PurposeId},
};

pub(super) fn sheet(policy: &Policy) -> Sheet {
    let valid = policy.valid();
    let mut sheet = Sheet::new("Annex to the impact assessment: recommendations", "en");
    let dpia = valid.record.dpia.as_deref().unwrap_or("no reference is given");
    sheet.text(format!(
        "Assessment: {dpia}. Generated from the policy, revision {}.",
        policy.revision()
    ));
    sheet.heading("Operations and purposes (a)");
    for (n, purpose) in valid.purposes.iter().enumerate() {
        let names: Vec<&str> = strategies_of(valid, PurposeId(n)).map(|r| r.name.as_str()).collect();
        let profiling = if purpose.profiling { "profiles" } else { "does not profile" };
        let names = if names.is_empty() {
            "no strategy".to_owned()
        } else {
            names.join(", ")
        };
        sheet.text(format!(
            "{}: {}; {profiling}; carried out by {names}.",
            purpose.name,
            article(purpose.basis)
        ));
    }
    sheet.heading("Necessity and proportionality (b)");
    let mut rows = Vec::new();
    for rule in valid.strategies.values() {
        for grant in &rule.may_read {
            let Some(field) = valid.field(grant.field).filter(|f| f.path.namespace.is_personal()) else {
                continue;
            };
            let newest = grant.newest.map_or_else(|| kept(field, valid), |age| age.to_string());
            let because = grant.because.as_deref().unwrap_or("no reason is given").to_owned();
            rows.push(vec![
                rule.name.to_string(),
                field.path.to_string(),
                grant.transform.to_string(),
                newest,
                because,
            ]);
        }
    }
    sheet.table(
        &["strategy", "data", "in which form", "from how long ago", "why it is needed"],
        rows,
    );
    sheet.heading("Safeguards (d)");
    sheet.list(safeguards(policy));
    sheet
}

fn safeguards(policy: &Policy) -> Vec<String> {
    let valid = policy.valid();
    let mut list = Vec::new();
    if let Some(children) = &valid.children {
        let unknown = if children.unknown_is_child {
            "counts as a child"
        } else {
            "counts as an adult"
        };
        list.push(format!(
            "No purpose that profiles or rests on consent runs for somebody under {}; someone of unknown age {unknown}.",
            children.under
        ));
    }
    let never: Vec<String> = valid
        .never
        .items
        .iter()
        .flat_map(|(_, v)| v.iter().map(ToString::to_string))
        .collect();
    if !never.is_empty() {
        list.push(format!(
            "Products that could reveal data of Art. 9 are never tied to a person: {}.",
            never.join(", ")
        ));
    }
    let fields: Vec<String> = valid.never.fields.iter().map(ToString::to_string).collect();
    if !fields.is_empty() {
        list.push(format!("May not even be declared: {}.", fields.join(", ")));
    }
    for consent in &valid.consents {
        list.push(format!(
            "The consent `{}` counts for {} and for the texts {}.",
            consent.name,
            consent.lasts,
            consent.texts.join(", ")
        ));
    }
    let sandboxed = valid.strategies.values().filter(|r| r.isolation == Isolation::Sandbox).count();
    list.push(format!(
        "{sandboxed} of {} strategies are kept by construction from what they are not granted.",
        valid.strategies.len()
    ));
    list.push(format!("{} tests in the policy hold it to what it says.", valid.tests.len()));
    list
}
