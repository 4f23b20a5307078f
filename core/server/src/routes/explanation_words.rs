//! The sentences of an explanation in French, German and English.

use jardin_engine::Level;

/// In which language sentences are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    French,
    German,
    English,
}

/// A sentence in French, German and English.
type Sentence = [&'static str; 3];

const POPULAR: Sentence = [
    "Cette liste est la même pour tout le monde. Rien de ce qui vous concerne n'a servi à la faire.",
    "Diese Liste ist für alle gleich. Nichts über Sie wurde dafür verwendet.",
    "This list is the same for everybody. Nothing about you was used for it.",
];
const CONTEXTUAL: Sentence = [
    "Cette liste dépend de la page où elle se trouve. Rien de ce qui vous concerne n'a servi à la faire.",
    "Diese Liste richtet sich nach der Seite, auf der sie steht. Nichts über Sie wurde dafür verwendet.",
    "This list depends on the page that it stands on. Nothing about you was used for it.",
];
const SESSION: Sentence = [
    "Cette liste dépend de ce que vous faites pendant cette visite.",
    "Diese Liste richtet sich nach dem, was Sie bei diesem Besuch tun.",
    "This list depends on what you do in this visit.",
];
const FULL: Sentence = [
    "Cette liste a été faite pour vous, à partir de ce que la boutique garde sur vous.",
    "Diese Liste wurde für Sie gemacht, aus dem, was der Shop über Sie gespeichert hat.",
    "This list was made for you, from what the shop keeps about you.",
];
const NOT_REMEMBERED: Sentence = [
    "Ce qui a décidé de cette liste n'est pas gardé. Voici à partir de quoi une telle liste peut être faite aujourd'hui.",
    "Was über diese Liste entschied, ist nicht gespeichert. Daraus kann eine solche Liste heute gemacht werden.",
    "What decided this list is not kept. This is what such a list may be made of today.",
];
const PAID: Sentence = [
    "Un annonceur a payé cette place.",
    "Ein Werbekunde hat diesen Platz bezahlt.",
    "An advertiser paid for this place.",
];
const NO_REASON: Sentence = [
    "Il vient à son tour dans l'ordre de la liste.",
    "Er ist in der Reihenfolge der Liste an der Reihe.",
    "It comes next in the order of the list.",
];
const NOT_RUN: Sentence = [
    "Cela n'a pas servi à ce moment-là.",
    "Es lief in diesem Augenblick nicht.",
    "It did not run at that moment.",
];

/// Why something did not run, by the fixed word of answers.
const REFUSALS: &[(&str, Sentence)] = &[
    ("consent", CONSENT),
    ("objection", ["Vous vous y êtes opposé.", "Sie haben widersprochen.", "You have objected to it."]),
    ("global-privacy-control", SIGNAL),
    ("restricted", RESTRICTED),
    ("child", CHILD),
    ("switched-off", SWITCHED_OFF),
    ("paused", PAUSED),
    ("stopped", ["La boutique l'a arrêté.", "Der Shop hat es angehalten.", "The shop has stopped it."]),
];
const CONSENT: Sentence = [
    "Vous n'avez pas donné votre accord, ou il ne compte plus.",
    "Sie haben nicht eingewilligt, oder Ihre Einwilligung gilt nicht mehr.",
    "You have not agreed to it, or your yes no longer counts.",
];
const SIGNAL: Sentence = [
    "Votre navigateur indique que vous ne le voulez pas (Global Privacy Control).",
    "Ihr Browser meldet, dass Sie es nicht wollen (Global Privacy Control).",
    "Your browser says that you do not want it (Global Privacy Control).",
];
const RESTRICTED: Sentence = [
    "L'utilisation de vos données est limitée, comme vous l'avez demandé.",
    "Die Verarbeitung Ihrer Daten ist eingeschränkt, wie Sie es verlangt haben.",
    "The use of your data is restricted, as you asked.",
];
const CHILD: Sentence = [
    "On ne le fait pas pour des enfants.",
    "Für Kinder wird das nicht gemacht.",
    "It is not done for children.",
];
const SWITCHED_OFF: Sentence = [
    "Vous avez désactivé les listes faites pour vous.",
    "Sie haben Listen, die für Sie gemacht werden, abgeschaltet.",
    "You switched off lists that are made for you.",
];
const PAUSED: Sentence =
    ["Vous avez mis cette visite en pause.", "Sie haben diesen Besuch pausiert.", "You paused this visit."];

impl Words {
    /// The language of a locale such as `fr-FR`; English where it is none of these.
    pub(super) fn of_locale(locale: Option<&str>) -> Self {
        let language = locale.and_then(|locale| locale.split(['-', '_']).next()).unwrap_or_default();
        if language.eq_ignore_ascii_case("fr") {
            Self::French
        } else if language.eq_ignore_ascii_case("de") {
            Self::German
        } else {
            Self::English
        }
    }

    pub(super) const fn language(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::German => "de",
            Self::English => "en",
        }
    }

    const fn choose(self, [french, german, english]: Sentence) -> &'static str {
        match self {
            Self::French => french,
            Self::German => german,
            Self::English => english,
        }
    }

    /// What a list was made of; `None` where that is not remembered.
    pub(super) const fn of_level(self, level: Option<Level>) -> &'static str {
        self.choose(match level {
            Some(Level::Popular) => POPULAR,
            Some(Level::Contextual) => CONTEXTUAL,
            Some(Level::Session) => SESSION,
            Some(Level::Full) => FULL,
            None => NOT_REMEMBERED,
        })
    }

    /// Why something did not run, by the fixed word of answers.
    pub(super) fn of_refusal(self, why: Option<&str>) -> &'static str {
        let known = REFUSALS.iter().find(|(word, _)| Some(*word) == why);
        self.choose(known.map_or(NOT_RUN, |(_, sentence)| *sentence))
    }

    pub(super) const fn of_paid_place(self) -> &'static str {
        self.choose(PAID)
    }

    pub(super) const fn of_no_reason(self) -> &'static str {
        self.choose(NO_REASON)
    }
}

#[cfg(test)]
mod tests {
    use jardin_policy::Reason;

    use super::*;

    #[test]
    fn every_reason_that_is_somebodys_own_has_a_sentence() {
        for reason in [
            Reason::Stopped,
            Reason::Child,
            Reason::Restricted,
            Reason::Objection,
            Reason::GlobalPrivacyControl,
            Reason::Consent,
            Reason::Paused,
            Reason::SwitchedOff,
        ] {
            for words in [Words::French, Words::German, Words::English] {
                assert_ne!(words.of_refusal(Some(reason.word())), words.of_refusal(None), "{reason}");
            }
        }
    }

    #[test]
    fn a_locale_chooses_its_language() {
        let known = [(Some("fr-CA"), "fr"), (Some("DE"), "de"), (Some("en_GB"), "en"), (Some("es"), "en")];
        for (locale, language) in known.into_iter().chain([(None, "en")]) {
            assert_eq!(Words::of_locale(locale).language(), language);
        }
    }
}
