//! The record of processing activities (GDPR Art. 30(1), its points (a) to (g) in their order).

use jardin_policy::{
    Policy,
    rules::{Basis, PolicyRules},
};

use super::{named, parties::list_parties, purposes, used};
use crate::{
    page::{Block, Page, Section},
    words::Words,
};

pub(super) fn art30_page(policy: &Policy, words: &Words) -> Page {
    let rules = policy.rules();
    let title = words.pick(
        "Record of processing: product recommendations",
        "Registre des traitements : recommandations de produits",
    );
    let mut page = Page::new(title, words.code());
    page.add(controller_section(rules, words, &policy.revision()));
    page.add(activities_section(rules, words));
    page.add(data_section(rules, words));
    page.add(audit_section(rules, words));
    page.add(list_parties(&rules.record, words));
    page.add(security_section(rules, words));
    page
}

fn controller_section(rules: &PolicyRules, words: &Words, revision: &str) -> Section {
    let mut section = Section::new(words.pick("Controller", "Responsable du traitement"));
    let none = words.not_stated();
    section.list(vec![
        words.pair("", words.pick("Controller", "Responsable"), &rules.controller),
        words.pair("", words.pick("Contact", "Contact"), &rules.contact),
        words.pair(
            "",
            words.pick("Data protection officer", "Délégué à la protection des données"),
            rules.record.dpo.as_deref().unwrap_or(none),
        ),
        words.pair(
            "",
            words.pick("Supervisory authority", "Autorité de contrôle"),
            rules.record.authority.as_deref().unwrap_or(none),
        ),
        words.pair("", words.pick("Policy revision", "Révision de la politique"), revision),
    ]);
    section
}

fn activities_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick("Purposes of the processing", "Finalités du traitement"));
    let head = words.pick(
        "purpose|legal basis|profiling|data|strategies",
        "finalité|base légale|profilage|données|stratégies",
    );
    let rows = purposes(rules).map(|(id, purpose)| {
        let data: Vec<String> = used(rules, id).into_iter().map(|f| named(f, words)).collect();
        let strategies: Vec<String> = super::running(rules, id).map(|rule| rule.name.to_string()).collect();
        let profiling = if purpose.profiling { words.pick("yes", "oui") } else { words.pick("no", "non") };
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

fn data_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Categories of people and of data, and how long they are kept",
        "Catégories de personnes et de données, durées de conservation",
    ));
    let people: Vec<String> = rules.record.people.iter().map(ToString::to_string).collect();
    let people = if people.is_empty() { words.not_stated().to_owned() } else { words.all_of(&people) };
    section.say(words.pair(".", words.pick("People concerned", "Personnes concernées"), people));
    let head = words.pick("data|category|nature|source|kept", "données|catégorie|nature|source|conservation");
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
    let mut section = Section::new(words.pick("The record of decisions", "Le registre des décisions"));
    let Some(audit) = &rules.record.audit else { return section };
    let what = if audit.every_decision {
        words.pick(
            "For each list for which a strategy was handed a value of a person or a visit, or refused to a known person: the hour, the answer's number, the place, the policy's revision and what became of each strategy, under a pseudonym that nobody resolves once the person is erased. No value stands in it.",
            "Pour chaque liste pour laquelle une stratégie a reçu une valeur d'une personne ou d'une visite, ou a été refusée à une personne connue : l'heure, le numéro de la réponse, l'emplacement, la révision de la politique et le sort de chaque stratégie, sous un pseudonyme que nul ne résout une fois la personne effacée. Aucune valeur n'y figure.",
        )
    } else {
        words.pick(
            "For each list for which a strategy was refused to a known person: the hour, the answer's number, the place, the policy's revision and what became of each strategy, under a pseudonym that nobody resolves once the person is erased. No value stands in it.",
            "Pour chaque liste pour laquelle une stratégie a été refusée à une personne connue : l'heure, le numéro de la réponse, l'emplacement, la révision de la politique et le sort de chaque stratégie, sous un pseudonyme que nul ne résout une fois la personne effacée. Aucune valeur n'y figure.",
        )
    };
    section.say(what);
    section.list(vec![
        words.pair(
            "",
            words.pick("Purpose", "Finalité"),
            words.pick(
                "showing that this policy was obeyed (Art. 5(2))",
                "démontrer que cette politique a été respectée (art. 5, § 2)",
            ),
        ),
        words.pair("", words.pick("Legal basis", "Base légale"), words.basis(Basis::LegitimateInterests)),
        words.pair(
            "",
            words.pick("Balancing test", "Mise en balance"),
            audit.balance.as_deref().unwrap_or(words.not_stated()),
        ),
        words.pair("", words.pick("Kept", "Conservation"), words.age(audit.keep)),
    ]);
    section
}

fn security_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Technical and organisational measures (Art. 32)",
        "Mesures techniques et organisationnelles (art. 32)",
    ));
    let mut points = vec![
        words.pick("Each strategy receives only the fields granted to it, in the form granted; every other field does not exist for it.", "Chaque stratégie ne reçoit que les champs accordés, sous la forme accordée ; tout autre champ n'existe pas pour elle.").to_owned(),
        words.pick("Compiled strategies run only if their file is the one that was reviewed.", "Les stratégies compilées ne s'exécutent que si leur fichier est celui qui a été vérifié.").to_owned(),
        words.pick("Profile values and ids are encrypted at rest, each person under a key that her erasure destroys.", "Les valeurs de profil et les identifiants sont chiffrés au repos, sous une clé propre à chaque personne que son effacement détruit.").to_owned(),
        words.pick("What nobody may keep any longer is swept.", "Ce que nul ne peut plus conserver est supprimé.").to_owned(),
    ];
    let advisory = rules
        .strategies
        .values()
        .filter(|r| r.isolation == jardin_policy::rules::Isolation::Process)
        .map(|r| format!("`{}`", r.name));
    let advisory: Vec<String> = advisory.collect();
    if !advisory.is_empty() {
        let label = words
            .pick("Promised by their vendor and not enforced", "Promis par leur fournisseur et non imposé");
        points.push(format!("{label}: {}.", words.all_of(&advisory)));
    }
    section.list(points);
    section
}
