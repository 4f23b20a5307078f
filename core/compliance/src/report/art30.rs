//! The record of processing activities (GDPR Art. 30(1), its points (a) to (g) in their order).

use jardin_policy::{
    Policy,
    rules::{Basis, FieldRule, PolicyRules},
};

use super::{
    named,
    parties::{list_parties, name_recipients, name_transfers},
    purposes, used,
};
use crate::{
    page::{Block, Page, Section},
    words::Words,
};

pub(super) fn art30_page(policy: &Policy, words: &Words) -> Page {
    let rules = policy.rules();
    let title = words.pick(
        "Record of processing: product recommendations",
        "Registre des traitements : recommandations de produits",
        "Verzeichnis von Verarbeitungstätigkeiten: Produktempfehlungen",
    );
    let mut page = Page::new(title, words.code());
    page.add(controller_section(rules, words, &policy.revision()));
    page.add(activities_section(rules, words));
    page.add(register_section(rules, words));
    page.add(data_section(rules, words));
    page.add(audit_section(rules, words));
    page.add(list_parties(&rules.record, words));
    page.add(security_section(rules, words));
    page
}

fn controller_section(rules: &PolicyRules, words: &Words, revision: &str) -> Section {
    let mut section = Section::new(words.pick("Controller", "Responsable du traitement", "Verantwortlicher"));
    let none = words.not_stated();
    section.list(vec![
        words.pair("", words.pick("Controller", "Responsable", "Verantwortlicher"), &rules.controller),
        words.pair("", words.pick("Contact", "Contact", "Kontakt"), &rules.contact),
        words.pair(
            "",
            words.pick(
                "Data protection officer",
                "Délégué à la protection des données",
                "Datenschutzbeauftragter",
            ),
            rules.record.dpo.as_deref().unwrap_or(none),
        ),
        words.pair(
            "",
            words.pick("Supervisory authority", "Autorité de contrôle", "Aufsichtsbehörde"),
            rules.record.authority.as_deref().unwrap_or(none),
        ),
        words.pair(
            "",
            words.pick("Policy revision", "Révision de la politique", "Fassung der Richtlinie"),
            revision,
        ),
    ]);
    section
}

fn activities_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Purposes of the processing",
        "Finalités du traitement",
        "Zwecke der Verarbeitung",
    ));
    let head = words.pick(
        "purpose|legal basis|profiling|data|strategies",
        "finalité|base légale|profilage|données|stratégies",
        "Zweck|Rechtsgrundlage|Profiling|Daten|Strategien",
    );
    let rows = purposes(rules).map(|(id, purpose)| {
        let data: Vec<String> = used(rules, id).into_iter().map(|f| named(f, words)).collect();
        let strategies: Vec<String> = super::running(rules, id).map(|rule| rule.name.to_string()).collect();
        let profiling =
            if purpose.profiling { words.pick("yes", "oui", "ja") } else { words.pick("no", "non", "nein") };
        vec![
            words.own(&purpose.says),
            words.basis(purpose.basis).to_owned(),
            profiling.to_owned(),
            data.join("; "),
            strategies.join(", "),
        ]
    });
    section.blocks.push(Block::Table(head.split('|').map(str::to_owned).collect(), rows.collect()));
    section
}

/// An activity a row, in the columns of the register that the CNIL publishes as its model. What reads nobody is no
/// processing of personal data.
fn register_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "The register in the columns of the CNIL's model",
        "Le registre dans les colonnes du modèle de la CNIL",
        "Das Verzeichnis in den Spalten des Musters der CNIL",
    ));
    let head = words.pick(
        "objective|people concerned|categories of data|sensitive data|retention|recipients|transfers outside the EEA|security",
        "objectif|personnes concernées|catégories de données|données sensibles|durées de conservation|destinataires|transferts hors EEE|sécurité",
        "Ziel|betroffene Personen|Kategorien von Daten|sensible Daten|Aufbewahrung|Empfänger|Übermittlungen außerhalb des EWR|Sicherheit",
    );
    let none = words.pick(
        "none: they cannot be declared",
        "aucune : elles ne peuvent pas être déclarées",
        "keine: Sie können nicht erklärt werden",
    );
    let read = purposes(rules).filter(|(_, purpose)| purpose.basis != Basis::NothingRead);
    let rows = read.map(|(id, purpose)| {
        let fields = used(rules, id);
        let listed = |say: &dyn Fn(&FieldRule) -> String| {
            fields.iter().map(|field| say(field)).collect::<Vec<_>>().join("; ")
        };
        vec![
            words.own(&purpose.says),
            people_concerned(rules, words),
            listed(&|field| words.name(field)),
            none.to_owned(),
            listed(&|field| words.pair("", &words.name(field), words.keep(field.keep, rules))),
            name_recipients(&rules.record, words),
            name_transfers(&rules.record, words),
            words.pick("as below", "voir ci-dessous", "siehe unten").to_owned(),
        ]
    });
    section.blocks.push(Block::Table(head.split('|').map(str::to_owned).collect(), rows.collect()));
    section
}

fn people_concerned(rules: &PolicyRules, words: &Words) -> String {
    let people: Vec<String> = rules.record.people.iter().map(ToString::to_string).collect();
    if people.is_empty() { words.not_stated().to_owned() } else { words.all_of(&people) }
}

fn data_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Categories of people and of data, and how long they are kept",
        "Catégories de personnes et de données, durées de conservation",
        "Kategorien von Personen und Daten, Speicherdauer",
    ));
    let people = people_concerned(rules, words);
    section.say(words.pair(
        ".",
        words.pick("People concerned", "Personnes concernées", "Betroffene Personen"),
        people,
    ));
    let head = words.pick(
        "data|category|nature|source|kept",
        "données|catégorie|nature|source|conservation",
        "Daten|Kategorie|Art|Herkunft|Speicherdauer",
    );
    let stored = rules.fields.iter().filter(|f| f.class.is_personal() && f.derived.is_none());
    let rows = stored.map(|f| {
        let category = f.category.as_deref().unwrap_or(words.not_stated()).to_owned();
        vec![
            named(f, words),
            category,
            words.class(f.class).to_owned(),
            words.source(f).to_owned(),
            words.keep(f.keep, rules),
        ]
    });
    section.blocks.push(Block::Table(head.split('|').map(str::to_owned).collect(), rows.collect()));
    section
}

/// The record of decisions, which is a processing of its own.
fn audit_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "The record of decisions",
        "Le registre des décisions",
        "Das Verzeichnis der Entscheidungen",
    ));
    let Some(audit) = &rules.record.audit else { return section };
    let what = if audit.every_decision {
        words.pick("For each list for which a strategy was handed a value of a person or a visit, or refused to a known person: the hour, the answer's number, the place, the policy's revision and what became of each strategy, under a pseudonym that nobody resolves once the person is erased. No value stands in it.", "Pour chaque liste pour laquelle une stratégie a reçu une valeur d'une personne ou d'une visite, ou a été refusée à une personne connue : l'heure, le numéro de la réponse, l'emplacement, la révision de la politique et le sort de chaque stratégie, sous un pseudonyme que nul ne résout une fois la personne effacée. Aucune valeur n'y figure.", "Je Liste, für die eine Strategie einen Wert einer Person oder eines Besuchs erhielt oder für eine bekannte Person abgelehnt wurde: die Stunde, die Nummer der Antwort, der Platz, die Fassung der Richtlinie und was aus jeder Strategie wurde, unter einem Pseudonym, das niemand auflöst, sobald die Person gelöscht ist. Kein Wert steht darin.")
    } else {
        words.pick("For each list for which a strategy was refused to a known person: the hour, the answer's number, the place, the policy's revision and what became of each strategy, under a pseudonym that nobody resolves once the person is erased. No value stands in it.", "Pour chaque liste pour laquelle une stratégie a été refusée à une personne connue : l'heure, le numéro de la réponse, l'emplacement, la révision de la politique et le sort de chaque stratégie, sous un pseudonyme que nul ne résout une fois la personne effacée. Aucune valeur n'y figure.", "Je Liste, für die eine Strategie für eine bekannte Person abgelehnt wurde: die Stunde, die Nummer der Antwort, der Platz, die Fassung der Richtlinie und was aus jeder Strategie wurde, unter einem Pseudonym, das niemand auflöst, sobald die Person gelöscht ist. Kein Wert steht darin.")
    };
    section.say(what);
    section.list(vec![
        words.pair(
            "",
            words.pick("Purpose", "Finalité", "Zweck"),
            words.pick(
                "showing that this policy was obeyed (Art. 5(2))",
                "démontrer que cette politique a été respectée (art. 5, § 2)",
                "nachweisen, dass diese Richtlinie befolgt wurde (Art. 5 Abs. 2)",
            ),
        ),
        words.pair(
            "",
            words.pick("Legal basis", "Base légale", "Rechtsgrundlage"),
            words.basis(Basis::LegitimateInterests),
        ),
        words.pair(
            "",
            words.pick("Balancing test", "Mise en balance", "Interessenabwägung"),
            audit.balance.as_deref().unwrap_or(words.not_stated()),
        ),
        words.pair("", words.pick("Kept", "Conservation", "Aufbewahrung"), words.age(audit.keep)),
    ]);
    section
}

fn security_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Technical and organisational measures (Art. 32)",
        "Mesures techniques et organisationnelles (art. 32)",
        "Technische und organisatorische Maßnahmen (Art. 32)",
    ));
    let mut points = vec![
        words.pick("Each strategy receives only the fields granted to it, in the form granted; every other field does not exist for it.", "Chaque stratégie ne reçoit que les champs accordés, sous la forme accordée ; tout autre champ n'existe pas pour elle.", "Jede Strategie erhält nur die ihr freigegebenen Felder, in der freigegebenen Form; jedes andere Feld gibt es für sie nicht.").to_owned(),
        words.pick("Compiled strategies run only if their file is the one that was reviewed.", "Les stratégies compilées ne s'exécutent que si leur fichier est celui qui a été vérifié.", "Kompilierte Strategien laufen nur, wenn ihre Datei die geprüfte ist.").to_owned(),
        words.pick("Profile values and ids are encrypted at rest, each person under a key that their erasure destroys.", "Les valeurs de profil et les identifiants sont chiffrés au repos, sous une clé propre à chaque personne que son effacement détruit.", "Profilwerte und Kennungen liegen verschlüsselt, für jede Person unter einem eigenen Schlüssel, den ihre Löschung zerstört.").to_owned(),
        words.pick("What nobody may keep any longer is swept.", "Ce que nul ne peut plus conserver est supprimé.", "Was niemand länger aufbewahren darf, wird entfernt.").to_owned(),
    ];
    let advisory = rules
        .strategies
        .values()
        .filter(|r| r.isolation == jardin_policy::rules::Isolation::Process)
        .map(|r| format!("`{}`", r.name));
    let advisory: Vec<String> = advisory.collect();
    if !advisory.is_empty() {
        let label = words.pick(
            "Promised by their vendor and not enforced",
            "Promis par leur fournisseur et non imposé",
            "Vom Lieferanten zugesagt und nicht erzwungen",
        );
        points.push(format!("{label}: {}.", words.all_of(&advisory)));
    }
    section.list(points);
    section
}
