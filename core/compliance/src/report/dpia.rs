//! The annex to an impact assessment (GDPR Art. 35(7)): what is done, why so much and no more, which risks
//! are met by what, who advised.

use jardin_policy::{
    Policy, StrategyRule,
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
    let mut section = Section::new(words.pick("References", "Références"));
    let none = words.not_stated();
    let mut points = vec![
        words.pair(
            "",
            words.pick("Impact assessment", "Analyse d'impact"),
            record.dpia.as_deref().unwrap_or(none),
        ),
        words.pair("", words.pick("Policy revision", "Révision de la politique"), policy.revision()),
    ];
    let decided = words.pick("Decided by", "Décidé par");
    if record.approved.is_none() {
        points.push(words.pair("", decided, none));
    }
    if let Some(approved) = &record.approved {
        points.push(format!("{decided} {}, {}", approved.by, approved.on));
        points.extend(
            approved
                .review_by
                .map(|by| format!("{}: {by}", words.pick("To be reviewed by", "À revoir avant le"))),
        );
    }
    let of_officer = words.pick("Advice of the officer (Art. 35(2))", "Avis du délégué (art. 35, § 2)");
    points.push(match &record.dpo_advice {
        Some(advice) => {
            let reference = advice.reference.as_deref().unwrap_or(none);
            words.pair("", of_officer, format!("{} ({reference})", advice.says))
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
        words.pick("Legal basis", "Base légale"),
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
    section.say(match words.pick("en", "fr") {
        "fr" => format!(
            "Mise en œuvre par {} ; {fields} données personnelles utilisées.",
            words.all_of(&strategies)
        ),
        _ => format!("Carried out by {}; {fields} personal data used.", words.all_of(&strategies)),
    });
    section
}

/// Each personal grant with what the form leaves out, and the reason given.
fn proportion_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "Necessity and proportion: each access to personal data",
        "Nécessité et proportionnalité : chaque accès à une donnée personnelle",
    ));
    let head = words.pick(
        "strategy|data|form|window|effect|reason given",
        "stratégie|donnée|forme|fenêtre|effet|raison donnée",
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
    let note =
        if rule.isolation == Isolation::Process { words.pick(" (advisory)", " (indicatif)") } else { "" };
    format!("{}{note}", rule.name)
}

fn measures_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick("Risks and what meets them", "Risques et mesures"));
    let head = words.pick("risk|measure", "risque|mesure");
    let mut rows: Vec<[String; 2]> = vec![
        [
            words
                .pick(
                    "A strategy learns more of a person than it needs",
                    "Une stratégie apprend d'une personne plus que nécessaire",
                )
                .to_owned(),
            words
                .pick(
                    "Only granted fields exist for it, in the form granted; a read of another one discards the answer",
                    "Seuls existent pour elle les champs accordés, sous la forme accordée ; lire un autre champ fait rejeter la réponse",
                )
                .to_owned(),
        ],
        [
            words
                .pick("Data serves another purpose", "Des données servent une autre finalité")
                .to_owned(),
            words
                .pick(
                    "Each strategy runs for one purpose; refused means not run; learning has a purpose of its own",
                    "Chaque stratégie sert une seule finalité ; refusé signifie non exécuté ; l'apprentissage a sa propre finalité",
                )
                .to_owned(),
        ],
        [
            words
                .pick("A shop changes its policy unnoticed", "La politique est modifiée à l'insu de tous")
                .to_owned(),
            words
                .pick(
                    "What widens is told with a person it concerns, and needs a newer approval",
                    "Tout élargissement est signalé avec une personne concernée, et exige une approbation plus récente",
                )
                .to_owned(),
        ],
    ];
    if let Some(children) = &rules.children {
        rows.push([
            words.pick("Children are profiled", "Des enfants sont profilés").to_owned(),
            match words.pick("en", "fr") {
                "fr" if children.consent_from == children.profiling_from => format!(
                    "Rien de ce qui profile ou repose sur un consentement ne s'exécute en dessous de {} ans",
                    children.profiling_from
                ),
                "fr" => format!(
                    "Rien de ce qui profile ne s'exécute en dessous de {} ans, ni rien de ce qui repose sur un consentement en dessous de {} ans{}",
                    children.profiling_from,
                    children.consent_from,
                    words.ages_by_country(children)
                ),
                _ if children.consent_from == children.profiling_from => {
                    format!("Nothing that profiles or rests on consent runs under {}", children.profiling_from)
                }
                _ => format!(
                    "Nothing that profiles runs under {}, and nothing that rests on consent under {}{}",
                    children.profiling_from,
                    children.consent_from,
                    words.ages_by_country(children)
                ),
            } + &unknown_age(children, words),
        ]);
    }
    if !rules.never.items.is_empty() {
        rows.push([
            words
                .pick(
                    "What a person keeps to themselves is inferred from their purchases",
                    "Ce qu'une personne garde pour elle est déduit de ses achats",
                )
                .to_owned(),
            words
                .pick(
                    "What happens with products of `[never]` is not stored, and they are never recommended on the ground of a person",
                    "Ce qui touche aux produits de `[never]` n'est pas conservé, et ils ne sont jamais recommandés en raison d'une personne",
                )
                .to_owned(),
        ]);
    }
    if !rules.discreet.is_empty() {
        rows.push([
            words
                .pick(
                    "What a person looked at in one visit is shown in another",
                    "Ce qu'une personne a regardé lors d'une visite apparaît lors d'une autre",
                )
                .to_owned(),
            words
                .pick(
                    "What is done with products of `[discreet]` counts within that visit alone: it is not stored under a person, and nothing is learned from it",
                    "Ce qui est fait avec les produits de `[discreet]` ne compte que pendant cette visite : rien n'en est conservé sous une personne, et rien n'en est appris",
                )
                .to_owned(),
        ]);
    }
    if rules.fields.iter().any(|f| f.class == Class::HighlyPersonal) {
        rows.push([
            words
                .pick(
                    "Highly personal data is exposed",
                    "Des données hautement personnelles sont exposées",
                )
                .to_owned(),
            words
                .pick(
                    "See the forms above: none leaves its strategy as it is unless the table says so",
                    "Voir les formes ci-dessus : aucune ne parvient telle quelle à une stratégie, sauf mention au tableau",
                )
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
    ));
    let outcomes = policy.run_tests();
    section.list(
        outcomes
            .iter()
            .map(|o| {
                let result = if o.failures.is_empty() {
                    words.pick("holds", "vérifié")
                } else {
                    words.pick("FAILS", "ÉCHOUE")
                };
                format!("{} — {result}", o.name)
            })
            .collect(),
    );
    section
}

/// What is done about the many whose age is unknown, and why.
fn unknown_age(children: &ChildRule, words: &Words) -> String {
    let told = match (children.unknown_is_child, words.pick("en", "fr")) {
        (true, "fr") => "; un âge inconnu compte comme celui d'un enfant".to_owned(),
        (true, _) => "; whose age is unknown counts as a child".to_owned(),
        (false, "fr") => "; un âge inconnu compte comme celui d'un adulte".to_owned(),
        (false, _) => "; whose age is unknown counts as an adult".to_owned(),
    };
    let because = children.unknown_because.as_deref().filter(|_| !children.unknown_is_child);
    because.map_or(told.clone(), |because| words.pair("", &told, because))
}
