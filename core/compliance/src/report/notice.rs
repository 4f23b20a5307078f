//! The notice for shoppers (GDPR Art. 13).

use jardin_policy::{
    Language, Policy,
    rules::{Basis, PolicyRules, PurposeId, PurposeRule, StopSignal},
};

use super::{effect::tell_effect, parties::tell_recipients, purposes, used};
use crate::{
    page::{Page, Section},
    words::Words,
};

pub(super) fn notice_page(policy: &Policy, words: &Words) -> Page {
    let rules = policy.rules();
    let mut page = Page::new(
        words.pick(
            "How we choose products for you",
            "Comment nous choisissons des produits pour vous",
            "Wie wir Produkte für Sie auswählen",
        ),
        words.code(),
    );
    page.add(who_section(rules, words));
    for (id, purpose) in purposes(rules) {
        page.add(one(rules, id, purpose, words));
    }
    page.add(audit_section(rules, words));
    page.add(never_section(rules, words));
    page.add(tell_recipients(&rules.record, words));
    page.add(rights_section(rules, words));
    page
}

/// That decisions are recorded, where they are.
fn audit_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick(
        "To show that we keep to this",
        "Pour démontrer que nous nous y tenons",
        "Um zu zeigen, dass wir uns daran halten",
    ));
    let Some(audit) = &rules.record.audit else { return section };
    section.say(words.pick("We record for which lists something of you was used, or was not because you refused it: the hour, the place on the page and the rule, under a pseudonym, and none of your data. It goes with your erasure: nobody can tell afterwards that it was about you.", "Nous enregistrons pour quelles listes quelque chose de vous a servi, ou n'a pas servi parce que vous l'aviez refusé : l'heure, l'emplacement et la règle, sous un pseudonyme, sans aucune de vos données. Après votre effacement, nul ne peut plus dire qu'il s'agissait de vous.", "Wir halten fest, für welche Listen etwas von Ihnen verwendet wurde oder nicht verwendet wurde, weil Sie es abgelehnt haben: die Stunde, den Platz auf der Seite und die Regel, unter einem Pseudonym und ohne Ihre Daten. Nach Ihrer Löschung kann niemand mehr sagen, dass es um Sie ging."));
    section.say(words.pair(".", words.pick("Kept", "Conservé", "Aufbewahrung"), words.age(audit.keep)));
    section.say(words.pair(
        ".",
        words.pick("Legal basis", "Base légale", "Rechtsgrundlage"),
        words.basis(Basis::LegitimateInterests),
    ));
    section
}

fn who_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section =
        Section::new(words.pick("Who answers for it", "Qui en répond", "Wer dafür verantwortlich ist"));
    let write =
        words.pair(".", words.pick("Write to us", "Écrivez-nous", "Schreiben Sie uns"), &rules.contact);
    section.say(format!("{}. {write}", rules.controller));
    if let Some(dpo) = &rules.record.dpo {
        let officer = words.pick(
            "Our data protection officer",
            "Notre délégué à la protection des données",
            "Unser Datenschutzbeauftragter",
        );
        section.say(words.pair(".", officer, dpo));
    }
    section
}

fn one(rules: &PolicyRules, id: PurposeId, purpose: &PurposeRule, words: &Words) -> Section {
    let mut section = Section::new(words.own(&purpose.says));
    if purpose.basis == Basis::NothingRead {
        section.say(words.pick(
            "For this we read nothing about you.",
            "Pour cela, nous ne lisons rien sur vous.",
            "Dafür lesen wir nichts über Sie.",
        ));
        return section;
    }
    let fields: Vec<String> = used(rules, id)
        .iter()
        .map(|f| {
            let kept = words.pick("kept", "conservé", "gespeichert");
            format!("{} ({}), {} {}", words.name(f), words.source(f), kept, words.keep(f.keep, rules))
        })
        .collect();
    section.list(fields);
    section.say(words.pair(
        ".",
        words.pick("Legal basis", "Base légale", "Rechtsgrundlage"),
        words.basis(purpose.basis),
    ));
    if let Some(interest) = &purpose.interest {
        section.say(words.pair(
            "",
            words.pick("Our interest", "Notre intérêt", "Unser Interesse"),
            words.own(interest),
        ));
    }
    if purpose.profiling {
        section.say(words.pick(
            "This is profiling: we guess what may interest you.",
            "Il s'agit de profilage : nous devinons ce qui peut vous intéresser.",
            "Dies ist Profiling: Wir vermuten, was Sie interessieren könnte.",
        ));
    }
    section.say(tell_effect(rules, id, words));
    section.say(stopping(rules, purpose, words));
    section
}

fn stopping(rules: &PolicyRules, purpose: &PurposeRule, words: &Words) -> String {
    let mut ways = Vec::new();
    let consents = purpose.needs.iter().filter_map(|n| rules.consents.get(*n));
    for consent in consents {
        let (lasts, rest) = (words.age(consent.lasts), words.age(consent.rests_for));
        ways.push(match words.language() {
            Language::English => format!("We do it only if you agree; your yes lasts {lasts} and you can withdraw it at any time. What nothing else permits us to keep is erased a day later, and {rest} after a yes that you do not renew."),
            Language::French => format!("Nous ne le faisons que si vous l'acceptez ; votre accord vaut {lasts} et vous pouvez le retirer à tout moment. Ce que rien d'autre ne permet de garder est alors effacé au bout d'un jour, et {rest} après la fin d'un accord que vous ne renouvelez pas."),
            Language::German => format!("Wir tun es nur, wenn Sie einwilligen; Ihr Ja gilt {lasts}, und Sie können es jederzeit widerrufen. Was uns sonst nichts zu behalten erlaubt, wird dann nach einem Tag gelöscht, und {rest} nach dem Ende eines Ja, das Sie nicht erneuern."),
        });
    }
    let questions = purpose.needs.iter().filter_map(|n| rules.consents.get(*n)?.wording.values().next_back());
    ways.extend(questions.map(|question| {
        words.pair("", words.pick("We ask you", "Nous vous demandons", "Wir fragen Sie"), words.own(question))
    }));
    for signal in &purpose.stop_if {
        ways.push(match signal {
            StopSignal::Objection => words
                .pick(
                    "You can object at any time.",
                    "Vous pouvez vous y opposer à tout moment.",
                    "Sie können jederzeit widersprechen.",
                )
                .to_owned(),
            StopSignal::GlobalPrivacyControl => words
                .pick(
                    "The signal Global Privacy Control of your browser stops it.",
                    "Le signal Global Privacy Control de votre navigateur l'arrête.",
                    "Das Signal Global Privacy Control Ihres Browsers beendet es.",
                )
                .to_owned(),
        });
    }
    if let Some(ages) = rules.children.as_ref().and_then(|rule| words.youngest(rule, purpose)) {
        ways.push(match words.language() {
            Language::English => format!("We do not do it for people under {ages}."),
            Language::French => format!("Nous ne le faisons pas pour les moins de {ages}."),
            Language::German => format!("Wir tun es nicht für Personen unter {ages}."),
        });
    }
    ways.join(" ")
}

fn never_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section =
        Section::new(words.pick("What we never do", "Ce que nous ne faisons jamais", "Was wir nie tun"));
    let listed: Vec<String> =
        rules.never.items.iter().flat_map(|(_, values)| values.iter().map(ToString::to_string)).collect();
    if let Some(says) = &rules.never.says {
        section.say(words.own(says));
    } else if !listed.is_empty() {
        section.say(words.pair(
            ".",
            words.pick(
                "Some products are never tied to you: that you looked at or bought one is not even stored for recommendations. They are those of", "Certains produits ne sont jamais rattachés à vous : leur consultation ou leur achat n'est même pas conservé pour les recommandations. Ce sont ceux de", "Einige Produkte werden nie mit Ihnen verknüpft: Dass Sie eines angesehen oder gekauft haben, wird für Empfehlungen nicht einmal gespeichert. Es sind die aus"),
            listed.join(", "),
        ));
    }
    let discreet: Vec<String> =
        rules.discreet.iter().flat_map(|(_, values)| values.iter().map(ToString::to_string)).collect();
    if !discreet.is_empty() {
        section.say(words.pair(
            ".",
            words.pick(
                "What you do with some products counts for recommendations within that visit alone: it is not kept under your name, and nothing is learned from it. They are those of", "Ce que vous faites avec certains produits ne compte pour les recommandations que pendant cette visite : rien n'en est conservé à votre nom, et rien n'en est appris. Ce sont ceux de", "Was Sie mit einigen Produkten tun, zählt für Empfehlungen nur bei diesem Besuch: Es wird nicht unter Ihrem Namen gespeichert, und nichts wird daraus gelernt. Es sind die aus"),
            discreet.join(", "),
        ));
    }
    section.say(words.pick(
        "Nothing here decides a price or whether you may buy.",
        "Rien ici ne décide d'un prix ni de la possibilité d'acheter.",
        "Nichts davon entscheidet über einen Preis oder darüber, ob Sie kaufen können.",
    ));
    section
}

fn rights_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section = Section::new(words.pick("Your rights", "Vos droits", "Ihre Rechte"));
    section.say(words.pick(
        "You may ask for a copy of your data, have it corrected, erased or restricted, and take it elsewhere.", "Vous pouvez demander une copie de vos données, leur rectification, leur effacement, leur limitation ou leur portabilité.", "Sie können Auskunft über Ihre Daten verlangen, sie berichtigen, löschen oder ihre Verarbeitung einschränken lassen und sie mitnehmen."));
    if rules.purposes.iter().any(|p| p.stop_if.contains(&StopSignal::Objection)) {
        section.say(words.pick(
            "You may object; the purposes above say which of them that ends.",
            "Vous pouvez vous opposer ; les finalités ci-dessus disent lesquelles cela arrête.",
            "Sie können widersprechen; bei den Zwecken oben steht, welche davon das beendet.",
        ));
    }
    if !rules.consents.is_empty() {
        section.say(words.pick(
            "You may withdraw a consent without this touching what was done before.",
            "Vous pouvez retirer un consentement sans que cela touche ce qui a été fait auparavant.",
            "Sie können eine Einwilligung widerrufen, ohne dass dies berührt, was zuvor geschah.",
        ));
    }
    let authority = rules.record.authority.as_deref().unwrap_or(words.pick(
        "your supervisory authority",
        "votre autorité de contrôle",
        "Ihre Aufsichtsbehörde",
    ));
    section.say(format!(
        "{} {authority}.",
        words.pick(
            "You may lodge a complaint with",
            "Vous pouvez introduire une réclamation auprès de :",
            "Sie können sich beschweren bei:"
        )
    ));
    section
}
