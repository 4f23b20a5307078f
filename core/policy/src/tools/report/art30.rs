//! The record of processing activities (GDPR Art. 30(1)).

use super::{article, data_of, kept};
use crate::{
    Policy,
    tools::sheet::Sheet,
    valid::{Isolation, PurposeId, Role},
};

pub(super) fn sheet(policy: &Policy) -> Sheet {
    let valid = policy.valid();
    let record = &valid.record;
    let mut sheet = Sheet::new("Record of processing: recommendations", "en");
    sheet.text(format!("Generated from the policy, revision {}.", policy.revision()));
    let or_none = |list: &[std::sync::Arc<str>]| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    let mut who = vec![
        format!("Controller: {}", valid.controller),
        format!("Contact: {}", valid.contact),
        format!("People concerned: {}", or_none(&record.people)),
        format!("Recipients: {}", or_none(&record.recipients)),
        format!("Transfers outside the EEA: {}", or_none(&record.transfers)),
    ];
    who.extend(record.dpo.iter().map(|dpo| format!("Data protection officer: {dpo}")));
    who.extend(record.authority.iter().map(|a| format!("Supervisory authority: {a}")));
    sheet.heading("Who answers (a, c, d, e)");
    sheet.list(who);
    sheet.heading("Purposes (b)");
    let purposes = valid.purposes.iter().enumerate().map(|(n, purpose)| {
        let data: Vec<String> = data_of(valid, PurposeId(n))
            .iter()
            .map(|(f, form)| format!("{} ({form})", f.path))
            .collect();
        let profiling = if purpose.profiling {
            "yes".to_owned()
        } else {
            purpose
                .profiling_because
                .as_deref()
                .map_or_else(|| "no".to_owned(), |b| format!("no: {b}"))
        };
        vec![
            purpose.name.to_string(),
            purpose
                .says
                .for_locale(Some("en"), &valid.languages)
                .map(ToString::to_string)
                .unwrap_or_default(),
            article(purpose.basis).to_owned() + &purpose.balance.as_ref().map(|b| format!(", {b}")).unwrap_or_default(),
            profiling,
            if data.is_empty() { "none".to_owned() } else { data.join("; ") },
        ]
    });
    sheet.table(
        &["purpose", "what people are told", "legal basis", "profiling", "data used"],
        purposes.collect(),
    );
    sheet.heading("Data and time limits (c, f)");
    let fields = valid
        .fields
        .iter()
        .filter(|f| f.path.namespace.is_personal() && f.derived.is_none())
        .map(|field| {
            let or_dash = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or("–").to_owned();
            vec![
                field.path.to_string(),
                field.class.to_string(),
                or_dash(&field.source),
                or_dash(&field.category),
                kept(field, valid),
            ]
        });
    sheet.table(&["data", "class", "source", "category", "kept for"], fields.collect());
    processors(policy, &mut sheet);
    sheet
}

fn processors(policy: &Policy, sheet: &mut Sheet) {
    let valid = policy.valid();
    if !valid.record.vendors.is_empty() {
        sheet.heading("Suppliers and processors (d)");
        let vendors = valid.record.vendors.iter().map(|v| {
            let role = if v.role == Role::Supplier {
                "supplier, sees no data"
            } else {
                "processor, Art. 28"
            };
            vec![v.name.to_string(), role.to_owned(), v.contract.as_deref().unwrap_or("–").to_owned()]
        });
        sheet.table(&["name", "role", "contract"], vendors.collect());
    }
    sheet.heading("Security (g)");
    let advisory: Vec<&str> = valid
        .strategies
        .values()
        .filter(|r| r.isolation == Isolation::Process)
        .map(|r| r.name.as_str())
        .collect();
    let mut measures = vec![
        "Ids and profile values are encrypted under a key of the person's own; erasing destroys the key.".to_owned(),
        "A strategy receives the granted fields only: scripts by construction, plugins in a process under seccomp and Landlock.".to_owned(),
    ];
    if !advisory.is_empty() {
        measures.push(format!(
            "Advisory only, by `isolation = \"process\"`: the grants of {}.",
            advisory.join(", ")
        ));
    }
    sheet.list(measures);
}
