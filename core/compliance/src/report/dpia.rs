//! The annex to an impact assessment (GDPR Art. 35(7)): what is done, why so much and no more, which risks
//! are met by what, who advised.

use jardin_policy::{
    Language, Policy, StrategyRule,
    rules::{ChildRule, Class, Isolation, PolicyRules, PurposeRule},
};

use super::{purposes, used};
use crate::{
    draw_matrix,
    page::{Block, Page, Section},
    words::Words,
};

pub(super) fn dpia_page(policy: &Policy, words: &Words) -> Page {
    let rules = policy.rules();
    let mut page = Page::new(
        words.pick(
            "Annex to the impact assessment: product recommendations",
            "Annexe à l'analyse d'impact : recommandations de produits",
            "Anlage zur Datenschutz-Folgenabschätzung: Produktempfehlungen",
        ),
        words.code(),
    );
    page.add(references_section(policy, words));
    for (id, purpose) in purposes(rules) {
        page.add(need_section(rules, purpose, used(rules, id).len(), words));
    }
    page.add(proportion_section(rules, words));
    page.add(measures_section(rules, words));
    page.add(evidence_section(policy, words));
    for section in draw_matrix(policy, Some(words.code())).sections {
        page.add(section);
    }
    page
}

fn references_section(policy: &Policy, words: &Words) -> Section {
    let record = &policy.rules().record;
    let mut section = Section::new(words.pick("References", "Références", "Verweise"));
    let none = words.not_stated();
    let mut points = vec![
        words.pair(
            "",
            words.pick("Impact assessment", "Analyse d'impact", "Folgenabschätzung"),
            record.dpia.as_deref().unwrap_or(none),
        ),
        words.pair(
            "",
            words.pick("Policy revision", "Révision de la politique", "Fassung der Richtlinie"),
            policy.revision(),
        ),
    ];
    let decided = words.pick("Decided by", "Décidé par", "Entschieden von");
    if record.approved.is_none() {
        points.push(words.pair("", decided, none));
    }
    if let Some(approved) = &record.approved {
        points.push(format!("{decided} {}, {}", approved.by, approved.on));
        points.extend(approved.review_by.map(|by| {
            format!("{}: {by}", words.pick("To be reviewed by", "À revoir avant le", "Zu überprüfen bis"))
        }));
    }
    let of_officer = words.pick(
        "Advice of the officer (Art. 35(2))",
        "Avis du délégué (art. 35, § 2)",
        "Rat des Datenschutzbeauftragten (Art. 35 Abs. 2)",
    );
    points.push(match &record.dpo_advice {
        Some(advice) => {
            let reference = advice.reference.as_deref().unwrap_or(none);
            let on = advice.on.map(|on| format!(", {on}")).unwrap_or_default();
            words.pair("", of_officer, format!("{} ({reference}{on})", advice.says))
        }
        None => words.pair("", of_officer, none),
    });
    section.list(points);
    section
}

fn need_section(rules: &PolicyRules, purpose: &PurposeRule, fields: usize, words: &Words) -> Section {
    let mut section = Section::new(words.own(&purpose.says));
    section.say(format!(
        "{}: {}. {}",
        words.pick("Legal basis", "Base légale", "Rechtsgrundlage"),
        words.basis(purpose.basis),
        words.profiling(purpose)
    ));
    let is_of = |id| rules.purpose(id).is_some_and(|p| p.name == purpose.name);
    let strategies: Vec<String> = rules
        .strategies
        .values()
        .filter(|r| is_of(r.purpose) || r.learning_purpose.is_some_and(is_of))
        .map(|r| format!("`{}`", r.name))
        .collect();
    let carried_out = words.all_of(&strategies);
    section.say(match words.language() {
        Language::English => format!("Carried out by {carried_out}; {fields} personal data used."),
        Language::French => {
            format!("Mise en œuvre par {carried_out} ; {fields} données personnelles utilisées.")
        }
        Language::German => {
            format!("Ausgeführt von {carried_out}; genutzte personenbezogene Daten: {fields}.")
        }
    });
    section
}

/// Each personal grant with what the form leaves out, and the reason given.
fn proportion_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Necessity and proportion: each access to personal data",
        "Nécessité et proportionnalité : chaque accès à une donnée personnelle",
        "Notwendigkeit und Verhältnismäßigkeit: jeder Zugriff auf personenbezogene Daten",
    ));
    let head = words.pick(
        "strategy|data|form|window|effect|reason given",
        "stratégie|donnée|forme|fenêtre|effet|raison donnée",
        "Strategie|Daten|Form|Zeitraum|Wirkung|Begründung",
    );
    let rows = rules.strategies.values().flat_map(|rule| {
        let personal = rule
            .may_read
            .iter()
            .filter_map(|g| Some((g, rules.field(g.field)?)))
            .filter(|(_, f)| f.class.is_personal());
        personal.map(|(g, f)| {
            let window = g.newest.or_else(|| f.derived.as_ref().and_then(|d| d.newest));
            vec![
                advisory(rule, words),
                f.path.to_string(),
                words.form(f.derived.as_ref().map_or(&g.transform, |d| &d.transform)),
                window.map_or_else(|| "—".to_owned(), |age| words.age(age)),
                words.describe_effect(g.may_hide).to_owned(),
                g.because.as_deref().unwrap_or(words.not_stated()).to_owned(),
            ]
        })
    });
    section.blocks.push(Block::Table(head.split('|').map(str::to_owned).collect(), rows.collect()));
    section
}

fn advisory(rule: &StrategyRule, words: &Words) -> String {
    let note = if rule.isolation == Isolation::Process {
        words.pick(" (advisory)", " (indicatif)", " (zugesagt)")
    } else {
        ""
    };
    format!("{}{note}", rule.name)
}

fn measures_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section =
        Section::new(words.pick("Risks and what meets them", "Risques et mesures", "Risiken und Abhilfe"));
    let head = words.pick("risk|measure", "risque|mesure", "Risiko|Maßnahme");
    let mut rows: Vec<[String; 2]> = vec![
        [
            words
                .pick(
                    "A strategy learns more of a person than it needs", "Une stratégie apprend d'une personne plus que nécessaire", "Eine Strategie erfährt von einer Person mehr als nötig")
                .to_owned(),
            words
                .pick(
                    "Only granted fields exist for it, in the form granted; a read of another one discards the answer", "Seuls existent pour elle les champs accordés, sous la forme accordée ; lire un autre champ fait rejeter la réponse", "Für sie gibt es nur freigegebene Felder, in der freigegebenen Form; wer ein anderes liest, dessen Antwort wird verworfen")
                .to_owned(),
        ],
        [
            words
                .pick("Data serves another purpose", "Des données servent une autre finalité", "Daten dienen einem anderen Zweck")
                .to_owned(),
            words
                .pick(
                    "Each strategy runs for one purpose; refused means not run; learning has a purpose of its own", "Chaque stratégie sert une seule finalité ; refusé signifie non exécuté ; l'apprentissage a sa propre finalité", "Jede Strategie dient einem einzigen Zweck; abgelehnt heißt nicht ausgeführt; das Lernen hat einen eigenen Zweck")
                .to_owned(),
        ],
        [
            words
                .pick("A shop changes its policy unnoticed", "La politique est modifiée à l'insu de tous", "Die Richtlinie wird unbemerkt geändert")
                .to_owned(),
            words
                .pick(
                    "What widens is told with a person it concerns, and needs a newer approval", "Tout élargissement est signalé avec une personne concernée, et exige une approbation plus récente", "Was weiter reicht, wird mit einer betroffenen Person gemeldet und braucht eine neuere Freigabe")
                .to_owned(),
        ],
    ];
    if let Some(children) = &rules.children {
        rows.push([
            words
                .pick(
                    "Children are profiled",
                    "Des enfants sont profilés",
                    "Von Kindern werden Profile gebildet",
                )
                .to_owned(),
            ages_in_words(children, words) + &unknown_age(children, words),
        ]);
    }
    if !rules.never.items.is_empty() {
        rows.push([
            words
                .pick(
                    "What a person keeps to themselves is inferred from their purchases", "Ce qu'une personne garde pour elle est déduit de ses achats", "Was eine Person für sich behält, wird aus ihren Einkäufen erschlossen")
                .to_owned(),
            words
                .pick(
                    "What happens with products of `[never]` is not stored, and they are never recommended on the ground of a person", "Ce qui touche aux produits de `[never]` n'est pas conservé, et ils ne sont jamais recommandés en raison d'une personne", "Was mit Produkten aus `[never]` geschieht, wird nicht gespeichert, und sie werden nie einer Person wegen empfohlen")
                .to_owned(),
        ]);
    }
    if !rules.discreet.is_empty() {
        rows.push([
            words
                .pick(
                    "What a person looked at in one visit is shown in another", "Ce qu'une personne a regardé lors d'une visite apparaît lors d'une autre", "Was eine Person bei einem Besuch angesehen hat, erscheint bei einem anderen")
                .to_owned(),
            words
                .pick(
                    "What is done with products of `[discreet]` counts within that visit alone: it is not stored under a person, and nothing is learned from it", "Ce qui est fait avec les produits de `[discreet]` ne compte que pendant cette visite : rien n'en est conservé sous une personne, et rien n'en est appris", "Was mit Produkten aus `[discreet]` geschieht, zählt nur bei diesem Besuch: Es wird nicht unter einer Person gespeichert, und nichts wird daraus gelernt")
                .to_owned(),
        ]);
    }
    if rules.fields.iter().any(|f| f.class == Class::HighlyPersonal) {
        rows.push([
            words
                .pick(
                    "Highly personal data is exposed", "Des données hautement personnelles sont exposées", "Höchstpersönliche Daten liegen offen")
                .to_owned(),
            words
                .pick(
                    "See the forms above: none leaves its strategy as it is unless the table says so", "Voir les formes ci-dessus : aucune ne parvient telle quelle à une stratégie, sauf mention au tableau", "Siehe die Formen oben: Keines erreicht eine Strategie unverändert, außer wo die Tabelle es sagt")
                .to_owned(),
        ]);
    }
    section.blocks.push(Block::Table(
        head.split('|').map(str::to_owned).collect(),
        rows.into_iter().map(Vec::from).collect(),
    ));
    section
}

/// The policy's own tests with what came of them.
fn evidence_section(policy: &Policy, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Evidence: what the policy itself tests, at every load",
        "Preuves : ce que la politique vérifie elle-même, à chaque chargement",
        "Nachweise: was die Richtlinie bei jedem Laden selbst prüft",
    ));
    let outcomes = policy.run_tests();
    section.list(
        outcomes
            .iter()
            .map(|o| {
                let result = if o.failures.is_empty() {
                    words.pick("holds", "vérifié", "erfüllt")
                } else {
                    words.pick("FAILS", "ÉCHOUE", "VERLETZT")
                };
                format!("{} — {result}", o.name)
            })
            .collect(),
    );
    section
}

/// Below which ages nothing profiles, and nothing rests on consent.
fn ages_in_words(children: &ChildRule, words: &Words) -> String {
    let (profiling, consent) = (children.profiling_from, children.consent_from);
    let countries = words.ages_by_country(children);
    match (words.language(), profiling == consent) {
        (Language::English, true) => {
            format!("Nothing that profiles or rests on consent runs under {profiling}{countries}")
        }
        (Language::English, false) => format!(
            "Nothing that profiles runs under {profiling}, and nothing that rests on consent under {consent}{countries}"
        ),
        (Language::French, true) => {
            format!(
                "Rien de ce qui profile ou repose sur un consentement ne s'exécute en dessous de {profiling} ans{countries}"
            )
        }
        (Language::French, false) => format!(
            "Rien de ce qui profile ne s'exécute en dessous de {profiling} ans, ni rien de ce qui repose sur un consentement en dessous de {consent} ans{countries}"
        ),
        (Language::German, true) => {
            format!(
                "Nichts, was Profile bildet oder auf einer Einwilligung beruht, läuft unter {profiling} Jahren{countries}"
            )
        }
        (Language::German, false) => format!(
            "Nichts, was Profile bildet, läuft unter {profiling} Jahren, und nichts, was auf einer Einwilligung beruht, unter {consent} Jahren{countries}"
        ),
    }
}

/// What is done about the many whose age is unknown, and why.
fn unknown_age(children: &ChildRule, words: &Words) -> String {
    let told = if children.unknown_is_child {
        words.pick(
            "; whose age is unknown counts as a child",
            "; un âge inconnu compte comme celui d'un enfant",
            "; ein unbekanntes Alter gilt als das eines Kindes",
        )
    } else {
        words.pick(
            "; whose age is unknown counts as an adult",
            "; un âge inconnu compte comme celui d'un adulte",
            "; ein unbekanntes Alter gilt als das eines Erwachsenen",
        )
    };
    let because = children.unknown_because.as_deref().filter(|_| !children.unknown_is_child);
    because.map_or_else(|| told.to_owned(), |because| words.pair("", told, because))
}
