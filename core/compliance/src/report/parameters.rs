//! The main parameters of the order in which products are shown, and how to change them (what Art. 27 of
//! Regulation (EU) 2022/2065 asks of platforms, offered to every shop).

use jardin_model::Namespace;
use jardin_policy::{
    Policy, StrategyRule,
    rules::{Basis, PolicyRules, StopSignal},
};

use super::{effect::tell_effect, purposes, running};
use crate::{
    page::{Page, Section},
    words::Words,
};

pub(super) fn parameters_page(policy: &Policy, words: &Words) -> Page {
    let rules = policy.rules();
    let mut page = Page::new(
        words.pick(
            "Why you see these products",
            "Pourquoi vous voyez ces produits",
            "Warum Sie diese Produkte sehen",
        ),
        words.code(),
    );
    let mut first = Section::default();
    first.say(words.pick(
        "Each list of products is made by one of the following ways, tried in turn; the first that may run for you is used.", "Chaque liste de produits est établie par l'une des façons suivantes, essayées tour à tour ; la première permise pour vous est retenue.", "Jede Produktliste entsteht auf einem der folgenden Wege, die der Reihe nach versucht werden; der erste, der für Sie zulässig ist, wird genommen."));
    page.add(first);
    for (id, purpose) in purposes(rules) {
        let strategies: Vec<&StrategyRule> = running(rules, id).map(AsRef::as_ref).collect();
        if strategies.is_empty() {
            continue;
        }
        let mut section = Section::new(words.own(&purpose.says));
        section.list(criteria_section(rules, &strategies, words));
        section.say(tell_effect(rules, id, words));
        if purpose.basis == Basis::NothingRead {
            section.say(words.pick(
                "It is the same for everybody.",
                "Elle est la même pour tous.",
                "Sie ist für alle gleich.",
            ));
        }
        if !purpose.needs.is_empty() {
            section.say(words.pick(
                "It is used only if you agreed, and you can change your mind.", "Elle n'est utilisée que si vous l'avez acceptée, et vous pouvez changer d'avis.", "Sie wird nur verwendet, wenn Sie eingewilligt haben, und Sie können es sich anders überlegen."));
        }
        if purpose.stop_if.contains(&StopSignal::Objection) {
            section.say(words.pick(
                "You can object to it.",
                "Vous pouvez vous y opposer.",
                "Sie können ihr widersprechen.",
            ));
        }
        page.add(section);
    }
    page.add(options_section(rules, words));
    page
}

/// What matters, the person first: each field once, by its form.
fn criteria_section(rules: &PolicyRules, strategies: &[&StrategyRule], words: &Words) -> Vec<String> {
    let mut points: Vec<String> = Vec::new();
    for space in [Namespace::Subject, Namespace::Session, Namespace::Context, Namespace::Item] {
        let granted =
            strategies.iter().flat_map(|r| &r.may_read).filter_map(|g| Some((g, rules.field(g.field)?)));
        let of_space: Vec<String> = if space.is_personal() {
            granted
                .filter(|(_, f)| f.path.namespace == space)
                .map(|(g, f)| {
                    let made = f.derived.as_ref().and_then(|d| {
                        Some(words.pair("", &words.name(rules.field(d.from)?), words.form(&d.transform)))
                    });
                    made.unwrap_or_else(|| words.pair("", &words.name(f), words.form(&g.transform)))
                })
                .collect()
        } else {
            // secrets of the shop stay its secrets
            granted
                .filter(|(_, f)| f.path.namespace == space && f.class == jardin_policy::rules::Class::None)
                .map(|(_, f)| f.path.name.replace('_', " "))
                .collect()
        };
        let mut unique: Vec<String> = Vec::new();
        of_space.into_iter().for_each(|one| {
            if !unique.contains(&one) {
                unique.push(one)
            }
        });
        if !unique.is_empty() {
            points.push(format!("{} — {}", words.space(space), unique.join("; ")));
        }
    }
    points
}

fn options_section(rules: &PolicyRules, words: &Words) -> Section {
    let mut section =
        Section::new(words.pick("How to change it", "Comment la modifier", "Wie Sie es ändern"));
    let answers: Vec<String> = rules.consents.iter().map(|c| format!("\u{201c}{}\u{201d}", c.name)).collect();
    if !answers.is_empty() {
        section.say(words.pair(
            ".",
            words.pick("Change your answers to", "Modifiez vos réponses à", "Ändern Sie Ihre Antworten auf"),
            words.all_of(&answers),
        ));
    }
    section.say(words.pick(
        "Whoever is refused all of these ways is shown a list that does not depend on them.",
        "À qui aucune de ces façons n'est permise est montrée une liste qui ne dépend pas de la personne.",
        "Wem keiner dieser Wege offensteht, dem wird eine Liste gezeigt, die nicht von der Person abhängt.",
    ));
    section
}
