//! On what purposes rest, of whom, and of how many people.

use jardin_policy::{
    Language,
    rules::{Basis, ChildRule, PeopleRule, PurposeRule},
};

use super::Words;

impl Words {
    /// The legal ground with its article.
    #[must_use]
    pub const fn basis(&self, basis: Basis) -> &'static str {
        match basis {
            Basis::NothingRead => self.pick(
                "nothing about a person is read",
                "rien n'est lu sur la personne",
                "über die Person wird nichts gelesen",
            ),
            Basis::LegitimateInterests => self.pick(
                "legitimate interests (GDPR Art. 6(1)(f))",
                "intérêts légitimes (RGPD art. 6, § 1, f)",
                "berechtigte Interessen (DSGVO Art. 6 Abs. 1 lit. f)",
            ),
            Basis::Consent => self.pick(
                "consent (GDPR Art. 6(1)(a))",
                "consentement (RGPD art. 6, § 1, a)",
                "Einwilligung (DSGVO Art. 6 Abs. 1 lit. a)",
            ),
            Basis::Contract => self.pick(
                "contract (GDPR Art. 6(1)(b))",
                "contrat (RGPD art. 6, § 1, b)",
                "Vertrag (DSGVO Art. 6 Abs. 1 lit. b)",
            ),
            Basis::LegalObligation => self.pick(
                "legal obligation (GDPR Art. 6(1)(c))",
                "obligation légale (RGPD art. 6, § 1, c)",
                "rechtliche Verpflichtung (DSGVO Art. 6 Abs. 1 lit. c)",
            ),
        }
    }

    /// Whether a purpose profiles, and why not.
    #[must_use]
    pub fn profiling(&self, purpose: &PurposeRule) -> String {
        match (&purpose.profiling_because, purpose.profiling, self.language()) {
            (_, true, _) => self
                .pick(
                    "It is profiling (GDPR Art. 4(4)).",
                    "Il s'agit de profilage (RGPD art. 4, § 4).",
                    "Es ist Profiling (DSGVO Art. 4 Nr. 4).",
                )
                .to_owned(),
            (Some(why), false, Language::English) => format!("It is not profiling: {why}."),
            (Some(why), false, Language::French) => format!("Il ne s'agit pas de profilage : {why}."),
            (Some(why), false, Language::German) => format!("Es ist kein Profiling: {why}."),
            (None, false, _) => self
                .pick("It is not profiling.", "Il ne s'agit pas de profilage.", "Es ist kein Profiling.")
                .to_owned(),
        }
    }

    /// The age under which a purpose does not run, with those of countries; `None` where it runs for everybody.
    #[must_use]
    pub fn youngest(&self, rule: &ChildRule, purpose: &PurposeRule) -> Option<String> {
        let rests_on_consent = purpose.basis == Basis::Consent || !purpose.needs.is_empty();
        let by_country = if rests_on_consent { self.ages_by_country(rule) } else { String::new() };
        let of_consent = rests_on_consent.then_some(rule.consent_from);
        let of_profiling = purpose.profiling.then_some(rule.profiling_from);
        let age = of_consent.max(of_profiling)?;
        let years = self.pick("", " ans", " Jahren");
        Some(format!("{age}{years}{by_country}"))
    }

    /// The ages of consent of countries that raise it, in brackets.
    #[must_use]
    pub fn ages_by_country(&self, rule: &ChildRule) -> String {
        let Some(by) = &rule.by else { return String::new() };
        let listed: Vec<String> = by.ages.iter().map(|(country, age)| format!("{country}: {age}")).collect();
        let elsewhere = self.pick("elsewhere", "ailleurs", "sonst");
        let elsewhere = format!("{elsewhere}: {}", rule.consent_age(None));
        let consent = self.pick("consent:", "consentement :", "Einwilligung:");
        format!(" ({consent} {}, {elsewhere})", listed.join(", "))
    }

    /// Of how many people what is learned is shown, behind a comma; nothing where one is enough.
    #[must_use]
    pub fn least_people(&self, rule: PeopleRule) -> String {
        match rule.at_least {
            1 => String::new(),
            n => {
                let people = self.pick("people or more", "personnes ou plus", "Personen oder mehr");
                format!(", {n} {people}")
            }
        }
    }

    /// Of how many people what is shown must be, and how they are told apart.
    #[must_use]
    pub fn people_counted(&self, rule: PeopleRule) -> String {
        let PeopleRule { at_least, a_person_counts } = rule;
        let Some(counts) = a_person_counts else {
            return self
                .pick(
                    "Visits are counted, whoever made them: what a single person did may be shown.",
                    "Les visites sont comptées, qui que ce soit qui les fasse : ce qu'une seule personne a fait peut être montré.",
                    "Besuche werden gezählt, wer immer sie macht: Was eine einzige Person getan hat, kann gezeigt werden.",
                )
                .to_owned();
        };
        let times = match (counts, self.language()) {
            (1, _) => self.pick("once", "une fois", "einmal").to_owned(),
            (n, Language::English) => format!("{n} times at most"),
            (n, Language::French) => format!("{n} fois au plus"),
            (n, Language::German) => format!("höchstens {n}-mal"),
        };
        match self.language() {
            Language::English => format!(
                "A number that says nothing of the person tells which sessions are one person's. Only what at least {at_least} people did is shown, and each counts {times}."
            ),
            Language::French => format!(
                "Un numéro sans rapport avec la personne dit quelles sessions sont d'une même personne. N'est montré que ce qu'au moins {at_least} personnes ont fait, et chacune compte {times}."
            ),
            Language::German => format!(
                "Eine Nummer, die nichts über die Person sagt, zeigt, welche Besuche von derselben Person sind. Gezeigt wird nur, was mindestens {at_least} Personen getan haben, und jede zählt {times}."
            ),
        }
    }
}
