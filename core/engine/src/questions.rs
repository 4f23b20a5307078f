//! The questions of the policy in force, as a banner shows them. They depend on nobody.

use std::sync::Arc;

use jardin_policy::{
    Language,
    rules::{ConsentRule, PolicyRules, Texts},
};

use crate::api::{PermittedPurpose, QuestionShown, QuestionsShown};

/// Every question in the language of a locale such as `fr-FR`, else in the policy's first.
pub(crate) fn show_questions(rules: &PolicyRules, locale: Option<&str>) -> QuestionsShown {
    let spoken = locale.and_then(|locale| {
        let language = locale.split(['-', '_']).next().unwrap_or(locale);
        rules.languages.iter().find(|known| known.eq_ignore_ascii_case(language))
    });
    let language = spoken.or(rules.languages.first());
    let told = |texts: &Texts| texts.for_locale(language.map(AsRef::as_ref), &rules.languages).cloned();
    let show = |(number, rule): (usize, &ConsentRule)| {
        let needing = rules.purposes.iter().filter(|purpose| purpose.needs.contains(&number));
        let permits = needing.map(|purpose| PermittedPurpose {
            name: Arc::clone(&purpose.name),
            says: told(&purpose.says).unwrap_or_default(),
            profiling: purpose.profiling,
        });
        let text_version = rule.texts.last().cloned().unwrap_or_default();
        let words = Language::from_code(language.map_or("en", AsRef::as_ref));
        QuestionShown {
            name: Arc::clone(&rule.name),
            wording: rule.wording.get(&text_version).and_then(told),
            text_version,
            permits: permits.collect(),
            lasts: words.span_of_time(rule.lasts),
            ask_again_after: rule.ask_again_after.map(|after| words.span_of_time(after)),
        }
    };
    QuestionsShown {
        controller: Arc::clone(&rules.controller),
        contact: Arc::clone(&rules.contact),
        language: language.cloned(),
        questions: rules.consents.iter().enumerate().map(show).collect(),
    }
}
