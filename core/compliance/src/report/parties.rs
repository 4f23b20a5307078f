//! Who receives data, as the record of processing and the notice tell it: undeclared is not stated.

use jardin_policy::rules::{ForTheRecord, Party, PartyRole, Role};

use crate::{page::Block, page::Section, words::Words};

/// Everybody who receives data: the vendors that see it, then those named as recipients; `None` where neither is
/// stated.
fn all_recipients(record: &ForTheRecord) -> Option<Vec<Party>> {
    let processors = record.vendors.iter().filter(|vendor| vendor.role == Role::Processor);
    let mut all: Vec<Party> = processors
        .map(|vendor| Party {
            name: vendor.name.clone(),
            role: Some(PartyRole::Processor),
            country: None,
            safeguard: None,
            contract: vendor.contract.clone(),
            purpose: None,
        })
        .collect();
    if record.recipients.is_none() && all.is_empty() {
        return None;
    }
    all.extend(record.recipients.iter().flatten().cloned());
    Some(all)
}

/// The names of those who receive data, vendors that see it included.
pub(super) fn name_recipients(record: &ForTheRecord, words: &Words) -> String {
    name_parties(all_recipients(record).as_deref(), words)
}

/// The names of those who receive data outside the EEA.
pub(super) fn name_transfers(record: &ForTheRecord, words: &Words) -> String {
    name_parties(record.transfers.as_deref(), words)
}

fn name_parties(parties: Option<&[Party]>, words: &Words) -> String {
    let names: Vec<String> = parties.into_iter().flatten().map(|party| party.name.to_string()).collect();
    match parties {
        None => words.not_stated().to_owned(),
        Some([]) => words.pick("none", "aucun", "keine").to_owned(),
        Some(_) => words.all_of(&names),
    }
}

/// A table of recipients and one of transfers, or what is stated instead.
pub(super) fn list_parties(record: &ForTheRecord, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Recipients and transfers",
        "Destinataires et transferts",
        "Empfänger und Übermittlungen",
    ));
    let recipients = all_recipients(record);
    let whole = record.recipients.is_some();
    let lists = [
        (words.pick("Recipients", "Destinataires", "Empfänger"), recipients.as_deref()),
        (
            words.pick(
                "Transfers outside the EEA",
                "Transferts hors EEE",
                "Übermittlungen außerhalb des EWR",
            ),
            record.transfers.as_deref(),
        ),
    ];
    for (title, parties) in lists {
        match parties {
            None => section.say(words.pair(".", title, words.not_stated())),
            Some([]) => section.say(words.pair(".", title, words.pick("none", "aucun", "keine"))),
            Some(some) => {
                section.say(words.pair("", title, "").trim_end());
                section.blocks.push(table_of(some, words));
            }
        }
    }
    if !whole && recipients.is_some() {
        let others = words.pick(
            "Recipients other than vendors",
            "Destinataires autres que les fournisseurs",
            "Empfänger außer den Lieferanten",
        );
        section.say(words.pair(".", others, words.not_stated()));
    }
    section
}

fn table_of(parties: &[Party], words: &Words) -> Block {
    let head = words.pick(
        "name|role|for|country|safeguard|contract",
        "nom|rôle|pour|pays|garanties|contrat",
        "Name|Rolle|wofür|Land|Garantien|Vertrag",
    );
    let rows = parties.iter().map(|party| {
        let stated = |text: Option<&str>| text.unwrap_or(words.not_stated()).to_owned();
        vec![
            party.name.to_string(),
            stated(party.role.map(|role| role_in_words(role, words))),
            stated(party.purpose.as_deref()),
            stated(party.country.as_deref()),
            stated(party.safeguard.as_deref()),
            stated(party.contract.as_deref()),
        ]
    });
    Block::Table(head.split('|').map(str::to_owned).collect(), rows.collect())
}

fn role_in_words(role: PartyRole, words: &Words) -> &'static str {
    match role {
        PartyRole::Recipient => words.pick("recipient", "destinataire", "Empfänger"),
        PartyRole::Processor => {
            words.pick("processor (Art. 28)", "sous-traitant (art. 28)", "Auftragsverarbeiter (Art. 28)")
        }
        PartyRole::JointController => words.pick(
            "joint controller (Art. 26)",
            "responsable conjoint (art. 26)",
            "gemeinsam Verantwortlicher (Art. 26)",
        ),
    }
}

/// What shoppers are told of who receives their data.
pub(super) fn tell_recipients(record: &ForTheRecord, words: &Words) -> Section {
    let mut section =
        Section::new(words.pick("Who receives your data", "Qui reçoit vos données", "Wer Ihre Daten erhält"));
    let named = |parties: &[Party]| {
        let all: Vec<String> = parties.iter().map(|party| name_with_details(party, words)).collect();
        words.all_of(&all)
    };
    let who = words.pick("Who receives it", "Qui les reçoit", "Wer sie erhält");
    section.say(match all_recipients(record).as_deref() {
        None => words.pair(".", who, words.not_stated()),
        Some([]) => words.pick("Nobody else.", "Personne d'autre.", "Niemand sonst.").to_owned(),
        Some(some) => format!("{}.", named(some)),
    });
    let abroad = words.pick(
        "Outside the European Economic Area",
        "Hors de l'Espace économique européen",
        "Außerhalb des Europäischen Wirtschaftsraums",
    );
    section.say(match record.transfers.as_deref() {
        None => words.pair(".", abroad, words.not_stated()),
        Some([]) => words
            .pick(
                "It does not leave the European Economic Area.",
                "Elles ne quittent pas l'Espace économique européen.",
                "Sie verlassen den Europäischen Wirtschaftsraum nicht.",
            )
            .to_owned(),
        Some(some) => words.pair(".", abroad, named(some)),
    });
    section
}

/// A name, with the country, the safeguard and what for where they are stated.
fn name_with_details(party: &Party, words: &Words) -> String {
    let labels = [
        (words.pick("for", "pour", "für"), &party.purpose),
        (words.pick("in", "pays", "Land"), &party.country),
        (words.pick("protected by", "garanties", "Garantien"), &party.safeguard),
    ];
    let details: Vec<String> = labels
        .into_iter()
        .filter_map(|(label, text)| Some(format!("{label} {}", text.as_deref()?)))
        .collect();
    if details.is_empty() {
        party.name.to_string()
    } else {
        format!("{} ({})", party.name, details.join(", "))
    }
}
