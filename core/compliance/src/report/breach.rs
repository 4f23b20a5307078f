//! What a leak of a shop's files touches, for the notification of a breach (GDPR Art. 33(3), its points (a) to (d) in their
//! order). What only the controller knows is named as such and left open.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::Timestamp;
use jardin_policy::{
    Language, Policy,
    rules::{Class, FieldRule, PolicyRules},
};

use super::{named, parties::list_parties};
use crate::{
    page::{Block, Page, Section},
    words::Words,
};

/// What stood in the files of a shop, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TouchedData {
    /// Of how many people anything is stored.
    pub people: u64,
    /// Of how many of them something was stored or happened in the span.
    pub people_in_span: u64,
    /// How many people have a value of each profile field, by its name.
    pub fields: BTreeMap<Arc<str>, u64>,
    /// How many people have a history of each kind of event, by its word, and of how many events.
    pub histories: BTreeMap<Arc<str>, (u64, u64)>,
    /// How many people answered a consent question.
    pub people_with_answers: u64,
    /// How many people object, or have their data restricted.
    pub people_with_refusals: u64,
}

/// What is known of a breach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachFacts {
    /// The span in which the files may have been copied.
    pub span: (Timestamp, Timestamp),
    /// What stands in the files.
    pub touched: TouchedData,
    /// How many people were erased since the span began: they stood in the files then.
    pub erased_since: u64,
    /// Whether the master key lies in the data folder.
    pub key_beside_data: bool,
    /// What was done in the span by whom and how often, as the audit recorded it: looks at people and copies.
    pub looks: Vec<(Arc<str>, Arc<str>, u64)>,
}

/// Writes the report of a breach in a language of the policy, its first where none is named.
#[must_use]
pub fn write_breach_report(policy: &Policy, facts: &BreachFacts, language: Option<&str>) -> Page {
    let rules = policy.rules();
    let words = Words::of(language, rules);
    let title = words.pick("Personal data breach: what a leak of these files touches (GDPR Art. 33)", "Violation de données : ce que touche une fuite de ces fichiers (RGPD art. 33)", "Verletzung des Schutzes personenbezogener Daten: was ein Abfluss dieser Dateien berührt (DSGVO Art. 33)");
    let mut page = Page::new(title, words.code());
    page.add(span_section(facts, &words));
    page.add(data_section(rules, facts, &words));
    page.add(looks_section(facts, &words));
    page.add(contact_section(rules, &words));
    page.add(consequences_section(rules, facts, &words));
    page.add(measures_section(facts, &words));
    page.add(list_parties(&rules.record, &words));
    page.add(open_section(&words));
    page
}

fn span_section(facts: &BreachFacts, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Nature of the breach, and how many people it concerns (point a)",
        "Nature de la violation et nombre de personnes concernées (point a)",
        "Art der Verletzung und Zahl der betroffenen Personen (Buchstabe a)",
    ));
    let (from, to) = facts.span;
    section.list(vec![
        words.pair(
            "",
            words.pick(
                "The files may have been copied",
                "Les fichiers ont pu être copiés",
                "Die Dateien können kopiert worden sein",
            ),
            match words.language() {
                Language::French => format!("entre {from} et {to}"),
                Language::German => format!("zwischen {from} und {to}"),
                Language::English => format!("between {from} and {to}"),
            },
        ),
        words.pair(
            "",
            words.pick(
                "People of whom something stands in them",
                "Personnes qui y figurent",
                "Personen, von denen etwas darin steht",
            ),
            facts.touched.people,
        ),
        words.pair(
            "",
            words.pick(
                "Of these, people for whom something came or happened in that span",
                "Parmi elles, personnes pour qui quelque chose s'est passé dans cet intervalle",
                "Davon Personen, für die in dieser Zeit etwas eintraf oder geschah",
            ),
            facts.touched.people_in_span,
        ),
        words.pair(
            "",
            words.pick(
                "People erased since the span began, who stood in them then",
                "Personnes effacées depuis le début de l'intervalle, qui y figuraient alors",
                "Seit Beginn dieser Zeit gelöschte Personen, die damals darin standen",
            ),
            facts.erased_since,
        ),
    ]);
    section
}

fn data_section(rules: &PolicyRules, facts: &BreachFacts, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Categories of data and of records",
        "Catégories de données et d'enregistrements",
        "Kategorien von Daten und Datensätzen",
    ));
    let head = words.pick(
        "data|category|nature|people|records",
        "données|catégorie|nature|personnes|enregistrements",
        "Daten|Kategorie|Art|Personen|Datensätze",
    );
    let stored = rules.fields.iter().filter(|field| field.class.is_personal() && field.derived.is_none());
    let rows = stored.filter_map(|field| {
        let (people, records) = count_of(field, &facts.touched)?;
        let category = field.category.as_deref().unwrap_or(words.not_stated()).to_owned();
        let class = words.class(field.class).to_owned();
        Some(vec![named(field, words), category, class, people.to_string(), records.to_string()])
    });
    section.blocks.push(Block::Table(head.split('|').map(str::to_owned).collect(), rows.collect()));
    section.list(vec![
        words.pair(
            "",
            words.pick(
                "People with an answer to a consent question",
                "Personnes ayant répondu à une question de consentement",
                "Personen mit einer Antwort auf eine Einwilligungsfrage",
            ),
            facts.touched.people_with_answers,
        ),
        words.pair(
            "",
            words.pick(
                "People with an objection or a restriction",
                "Personnes ayant une opposition ou une limitation",
                "Personen mit einem Widerspruch oder einer Einschränkung",
            ),
            facts.touched.people_with_refusals,
        ),
    ]);
    section
}

/// How many people a field is stored of, and in how many records; `None` where it is stored of nobody.
fn count_of(field: &FieldRule, touched: &TouchedData) -> Option<(u64, u64)> {
    if field.of.is_empty() {
        let people = *touched.fields.get(&field.path.name)?;
        return Some((people, people));
    }
    let kinds = field.of.iter().filter_map(|kind| touched.histories.get(kind.word()));
    // who has two kinds of events is counted for the larger one: at least so many people
    kinds.copied().reduce(|(people, events), (more, others)| (people.max(more), events + others))
}

fn looks_section(facts: &BreachFacts, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Looks at people and copies in that span, as the audit recorded them",
        "Consultations et copies dans cet intervalle, selon le registre",
        "Einsichten in Personen und Kopien in dieser Zeit, wie das Protokoll sie festhielt",
    ));
    if facts.looks.is_empty() {
        section.say(words.pick(
            "None was recorded.",
            "Aucune n'a été enregistrée.",
            "Keine wurde festgehalten.",
        ));
        return section;
    }
    let head = words.pick("act|by|times", "acte|par|fois", "Vorgang|durch|Anzahl");
    let rows =
        facts.looks.iter().map(|(act, by, times)| vec![act.to_string(), by.to_string(), times.to_string()]);
    section.blocks.push(Block::Table(head.split('|').map(str::to_owned).collect(), rows.collect()));
    section
}

fn contact_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Contact (point b)",
        "Point de contact (point b)",
        "Anlaufstelle (Buchstabe b)",
    ));
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
    ]);
    section
}

fn consequences_section(rules: &PolicyRules, facts: &BreachFacts, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Likely consequences (point c)",
        "Conséquences probables (point c)",
        "Wahrscheinliche Folgen (Buchstabe c)",
    ));
    section.say(words.pick("Without the master key the files name nobody: ids and profile values are ciphertext under a key of each person's own, and events, consents and times stand under random numbers.", "Sans la clé maîtresse, les fichiers ne nomment personne : identifiants et valeurs de profil sont chiffrés sous une clé propre à chaque personne ; événements, consentements et dates figurent sous des numéros aléatoires.", "Ohne den Hauptschlüssel benennen die Dateien niemanden: Kennungen und Profilwerte sind unter einem eigenen Schlüssel jeder Person verschlüsselt, und Ereignisse, Einwilligungen und Zeiten stehen unter Zufallszahlen."));
    section.say(words.pick("With the master key everything in the table above is read, under the ids that the shop uses: what people looked at and bought, and what they told.", "Avec la clé maîtresse, tout ce que liste le tableau ci-dessus se lit, sous les identifiants de la boutique : ce que les personnes ont consulté et acheté, et ce qu'elles ont indiqué.", "Mit dem Hauptschlüssel ist alles aus der Tabelle oben lesbar, unter den Kennungen des Shops: was Personen ansahen und kauften und was sie angaben."));
    section.say(if facts.key_beside_data {
        words.pick("The master key lies in the data folder: whoever copied the whole folder has it.", "La clé maîtresse se trouve dans le dossier de données : qui a copié tout le dossier la détient.", "Der Hauptschlüssel liegt im Datenordner: Wer den ganzen Ordner kopiert hat, hat ihn.")
    } else {
        words.pick("The master key does not lie in the data folder: whoever copied the folder alone does not have it (Art. 34(3)(a)).", "La clé maîtresse ne se trouve pas dans le dossier de données : qui n'a copié que le dossier ne la détient pas (art. 34, § 3, a).", "Der Hauptschlüssel liegt nicht im Datenordner: Wer nur den Ordner kopiert hat, hat ihn nicht (Art. 34 Abs. 3 Buchst. a).")
    });
    let high: Vec<String> = rules
        .fields
        .iter()
        .filter(|field| field.class == Class::HighlyPersonal && count_of(field, &facts.touched).is_some())
        .map(|field| named(field, words))
        .collect();
    if !high.is_empty() {
        let label = words.pick(
            "Harmful in the wrong hands",
            "Préjudiciable en de mauvaises mains",
            "In falschen Händen schädlich",
        );
        section.say(words.pair(".", label, words.all_of(&high)));
    }
    section
}

fn measures_section(facts: &BreachFacts, words: &Words) -> Section {
    let mut section =
        Section::new(words.pick("Measures (point d)", "Mesures (point d)", "Maßnahmen (Buchstabe d)"));
    let mut points = vec![
        words.pick("`jardin key rotate-master` wraps every key anew: a copy of the files from then on is not opened by a master key that leaked. A copy from before still is.", "`jardin key rotate-master` enveloppe toutes les clés à neuf : une copie ultérieure des fichiers ne s'ouvre pas avec une clé maîtresse qui a fui. Une copie antérieure, si.", "`jardin key rotate-master` verpackt alle Schlüssel neu: Eine spätere Kopie der Dateien lässt sich mit einem abgeflossenen Hauptschlüssel nicht öffnen. Eine frühere schon."),
        words.pick("`jardin key revoke` takes back the keys of programs, and `--tokens-before` the tokens of pages.", "`jardin key revoke` retire les clés des programmes, et `--tokens-before` les jetons des pages.", "`jardin key revoke` nimmt die Schlüssel von Programmen zurück, und mit `--tokens-before` die Token von Seiten."),
        words.pick("Whoever is erased from now on is not erased from the copy.", "Qui est effacé désormais ne l'est pas de la copie.", "Wer von nun an gelöscht wird, ist es nicht in der Kopie."),
        words.pick("`jardin audit verify` with a checkpoint from outside says whether the record of who looked at whom was rewritten.", "`jardin audit verify`, avec un point de contrôle extérieur, dit si le registre des consultations a été réécrit.", "`jardin audit verify` sagt mit einem Prüfpunkt von außen, ob das Protokoll der Einsichten umgeschrieben wurde."),
    ];
    if facts.key_beside_data {
        points.push(words.pick(
            "`[store] master_key` gives the master key a place outside the data folder.",
            "`[store] master_key` donne à la clé maîtresse une place hors du dossier de données.",
            "`[store] master_key` gibt dem Hauptschlüssel einen Ort außerhalb des Datenordners.",
        ));
    }
    section.list(points.into_iter().map(str::to_owned).collect());
    section
}

fn open_section(words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "What only the controller can state",
        "Ce que seul le responsable peut préciser",
        "Was nur der Verantwortliche angeben kann",
    ));
    let points = [
        words.pick("What happened, and when it was noticed: the notification is due within 72 hours of that (Art. 33(1))", "Ce qui s'est passé et quand cela a été constaté : la notification est due dans les 72 heures (art. 33, § 1)", "Was geschah und wann es bemerkt wurde: Die Meldung ist binnen 72 Stunden danach fällig (Art. 33 Abs. 1)"),
        words.pick("Why it comes later, if it does (Art. 33(1))", "Les motifs d'un éventuel retard (art. 33, § 1)", "Gegebenenfalls die Gründe der Verzögerung (Art. 33 Abs. 1)"),
        words.pick("Whether the master key was copied", "Si la clé maîtresse a été copiée", "Ob der Hauptschlüssel kopiert wurde"),
        words.pick("Whether the people concerned are to be told (Art. 34)", "Si les personnes concernées doivent être informées (art. 34)", "Ob die betroffenen Personen zu benachrichtigen sind (Art. 34)"),
        words.pick("What was done about it", "Ce qui a été fait pour y remédier", "Was dagegen unternommen wurde"),
    ];
    section.list(points.iter().map(|point| words.pair("", point, words.not_stated())).collect());
    section
}
