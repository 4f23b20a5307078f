//! The prose of the tools, in English and French. A policy's own texts stand in its own languages.

use std::{fmt, sync::Arc};

use jardin_model::{EventKind, FieldType, Namespace};
use jardin_policy::{
    Language, Transform,
    rules::{Age, Basis, ChildRule, Class, FieldRule, Keep, PeopleRule, PolicyRules, PurposeRule, Texts},
};

/// A language that the tools speak. Asked for another one they speak English around the policy's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    language: Language,
    /// The language of the policy's texts.
    code: Arc<str>,
    languages: Vec<Arc<str>>,
}

impl Words {
    /// The words for a language of a policy; where it has not the one that is asked for, those of its first that the
    /// tools speak.
    #[must_use]
    pub fn of(language: Option<&str>, rules: &PolicyRules) -> Self {
        let wanted = language.and_then(|l| rules.languages.iter().find(|known| ***known == *l));
        let spoken = || rules.languages.iter().find(|code| Language::is_spoken(code));
        let code = wanted.or_else(spoken).or(rules.languages.first()).cloned().unwrap_or_else(|| "en".into());
        Self { language: Language::from_code(&code), code, languages: rules.languages.clone() }
    }

    /// The language's code, `fr`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What a field of a person may do to a list.
    #[must_use]
    pub(crate) const fn describe_effect(&self, may_hide: bool) -> &'static str {
        if may_hide {
            self.pick(
                "it may change the order and leave products out",
                "peut changer l'ordre et retirer des produits",
            )
        } else {
            self.pick("it may change the order alone", "ne peut changer que l'ordre")
        }
    }

    /// One of two texts, by the language.
    #[must_use]
    pub const fn pick<'t>(&self, english: &'t str, french: &'t str) -> &'t str {
        self.language.pick(english, french)
    }

    /// The policy's own text.
    #[must_use]
    pub fn own(&self, texts: &Texts) -> String {
        texts.for_locale(Some(&self.code), &self.languages).map(ToString::to_string).unwrap_or_default()
    }

    /// A label with its value, the colon set as the language does.
    #[must_use]
    pub fn pair(&self, end: &str, label: &str, value: impl fmt::Display) -> String {
        format!("{label}{}{value}{end}", self.pick(": ", " : "))
    }

    /// Of how many people what is learned is shown, behind a comma; nothing where one is enough.
    #[must_use]
    pub fn least_people(&self, rule: PeopleRule) -> String {
        match rule.at_least {
            1 => String::new(),
            n => format!(", {n} {}", self.pick("people or more", "personnes ou plus")),
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
                )
                .to_owned();
        };
        let times = match (counts, self.language) {
            (1, Language::French) => "une fois".to_owned(),
            (n, Language::French) => format!("{n} fois au plus"),
            (1, Language::English) => "once".to_owned(),
            (n, Language::English) => format!("{n} times at most"),
        };
        match self.language {
            Language::French => format!(
                "Un numéro sans rapport avec la personne dit quelles sessions sont d'une même personne. N'est montré que ce qu'au moins {at_least} personnes ont fait, et chacune compte {times}."
            ),
            Language::English => format!(
                "A number that says nothing of the person tells which sessions are one person's. Only what at least {at_least} people did is shown, and each counts {times}."
            ),
        }
    }

    /// What shoppers call a field: by its category where that is well known, else by its name.
    #[must_use]
    pub fn name(&self, field: &FieldRule) -> String {
        if !field.of.is_empty() {
            return self.holds(field);
        }
        let category = field.category.as_deref().and_then(|c| c.rsplit('.').next()).unwrap_or_default();
        let known = match (category, &*field.path.name) {
            ("date_of_birth", _) => ("date of birth", "date de naissance"),
            ("postal_code", _) => ("postal code", "code postal"),
            ("unique_id", _) => ("customer number", "numéro de client"),
            ("email", _) => ("e-mail address", "adresse électronique"),
            (_, "basket") => ("basket", "panier"),
            (_, name) => return name.replace('_', " "),
        };
        self.pick(known.0, known.1).to_owned()
    }

    /// `a, b and c`.
    #[must_use]
    pub fn all_of(&self, parts: &[String]) -> String {
        match parts {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.pick("and", "et")),
        }
    }

    /// A span of time.
    #[must_use]
    pub fn age(&self, age: Age) -> String {
        self.language.span_of_time(age)
    }

    /// How long a field is kept.
    #[must_use]
    pub fn keep(&self, keep: Keep, rules: &PolicyRules) -> String {
        match keep {
            Keep::NotKept => self.pick("not stored", "non conservé").to_owned(),
            Keep::Session => {
                let idle = self.age(rules.session_ends_after);
                if self.language == Language::French {
                    format!("jusqu'à la fin de la visite ({idle} sans activité)")
                } else {
                    format!("until the visit ends ({idle} without activity)")
                }
            }
            Keep::Account => {
                let idle = self.age(rules.account_ends_after);
                if self.language == Language::French {
                    format!("jusqu'à la fin du compte ({idle} sans activité)")
                } else {
                    format!("until the account ends ({idle} without activity)")
                }
            }
            Keep::For(age) => self.age(age),
        }
    }

    /// The legal ground with its article.
    #[must_use]
    pub const fn basis(&self, basis: Basis) -> &'static str {
        match (basis, self.language) {
            (Basis::NothingRead, Language::English) => "nothing about a person is read",
            (Basis::NothingRead, Language::French) => "rien n'est lu sur la personne",
            (Basis::LegitimateInterests, Language::English) => "legitimate interests (GDPR Art. 6(1)(f))",
            (Basis::LegitimateInterests, Language::French) => "intérêts légitimes (RGPD art. 6, § 1, f)",
            (Basis::Consent, Language::English) => "consent (GDPR Art. 6(1)(a))",
            (Basis::Consent, Language::French) => "consentement (RGPD art. 6, § 1, a)",
            (Basis::Contract, Language::English) => "contract (GDPR Art. 6(1)(b))",
            (Basis::Contract, Language::French) => "contrat (RGPD art. 6, § 1, b)",
            (Basis::LegalObligation, Language::English) => "legal obligation (GDPR Art. 6(1)(c))",
            (Basis::LegalObligation, Language::French) => "obligation légale (RGPD art. 6, § 1, c)",
        }
    }

    /// How closely a field touches a person.
    #[must_use]
    pub const fn class(&self, class: Class) -> &'static str {
        match (class, self.language) {
            (Class::None, Language::English) => "about nobody",
            (Class::None, Language::French) => "ne concerne personne",
            (Class::Confidential, Language::English) => "a secret of the shop",
            (Class::Confidential, Language::French) => "secret de la boutique",
            (Class::Personal, Language::English) => "personal data",
            (Class::Personal, Language::French) => "donnée personnelle",
            (Class::HighlyPersonal, Language::English) => "highly personal data",
            (Class::HighlyPersonal, Language::French) => "donnée à caractère hautement personnel",
        }
    }

    /// What a field holds.
    #[must_use]
    pub fn holds(&self, field: &FieldRule) -> String {
        if !field.of.is_empty() {
            let kinds: Vec<String> = field.of.iter().map(|k| self.event(*k).to_owned()).collect();
            let of = self.all_of(&kinds);
            return if self.language == Language::French {
                format!("historique : {of}")
            } else {
                format!("history of {of}")
            };
        }
        let word = match (field.kind, self.language) {
            (kind, Language::English) => kind.word(),
            (FieldType::Id, Language::French) => "identifiant",
            (FieldType::Text, Language::French) => "texte",
            (FieldType::Texts, Language::French) => "textes",
            (FieldType::Number, Language::French) => "nombre",
            (FieldType::Money, Language::French) => "montant",
            (FieldType::Flag, Language::French) => "oui ou non",
            (FieldType::Choice, Language::French) => "choix",
            (FieldType::Date, Language::French) => "date",
            (FieldType::Time, Language::French) => "instant",
            (FieldType::Item, Language::French) => "produit",
            (FieldType::Items, Language::French) => "produits",
            (FieldType::Events, Language::French) => "historique",
        };
        word.to_owned()
    }

    const fn event(&self, kind: EventKind) -> &'static str {
        match (kind, self.language) {
            (EventKind::ViewItem, Language::English) => "products viewed",
            (EventKind::ViewItem, Language::French) => "produits consultés",
            (EventKind::Purchase, Language::English) => "purchases",
            (EventKind::Purchase, Language::French) => "achats",
            (EventKind::AddToCart, Language::English) => "products put into the basket",
            (EventKind::AddToCart, Language::French) => "produits mis au panier",
            (EventKind::AddToWishlist, Language::English) => "products put on the wish list",
            (EventKind::AddToWishlist, Language::French) => "produits mis en liste d'envies",
            (EventKind::Search, Language::English) => "searches",
            (EventKind::Search, Language::French) => "recherches",
            (EventKind::Rate, Language::English) => "ratings",
            (EventKind::Rate, Language::French) => "notes",
            (kind, _) => kind.word(),
        }
    }

    /// Where a field comes from.
    #[must_use]
    pub fn source(&self, field: &FieldRule) -> &'static str {
        match (field.source.as_deref(), self.language) {
            (Some("given"), Language::English) => "given by the person",
            (Some("given"), Language::French) => "fourni par la personne",
            (Some("observed"), Language::English) => "observed on the site",
            (Some("observed"), Language::French) => "observé sur le site",
            (Some("shop"), Language::English) => "from the shop's own records",
            (Some("shop"), Language::French) => "issu des registres de la boutique",
            _ => self.not_stated(),
        }
    }

    /// In which form a field is seen.
    #[must_use]
    pub fn form(&self, form: &Transform) -> String {
        form.describe_in(self.language)
    }

    /// Whether a purpose profiles, and why not.
    #[must_use]
    pub fn profiling(&self, purpose: &PurposeRule) -> String {
        match (&purpose.profiling_because, purpose.profiling) {
            (_, true) => self
                .pick("It is profiling (GDPR Art. 4(4)).", "Il s'agit de profilage (RGPD art. 4, § 4).")
                .to_owned(),
            (Some(why), false) if self.language == Language::French => {
                format!("Il ne s'agit pas de profilage : {why}.")
            }
            (Some(why), false) => format!("It is not profiling: {why}."),
            (None, false) => self.pick("It is not profiling.", "Il ne s'agit pas de profilage.").to_owned(),
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
        let years = self.pick("", " ans");
        Some(format!("{age}{years}{by_country}"))
    }

    /// The ages of consent of countries that raise it, in brackets.
    #[must_use]
    pub fn ages_by_country(&self, rule: &ChildRule) -> String {
        let Some(by) = &rule.by else { return String::new() };
        let listed: Vec<String> = by.ages.iter().map(|(country, age)| format!("{country}: {age}")).collect();
        let elsewhere = format!("{}: {}", self.pick("elsewhere", "ailleurs"), rule.consent_age(None));
        format!(" ({} {}, {elsewhere})", self.pick("consent:", "consentement :"), listed.join(", "))
    }

    /// What is said of what nobody declared.
    #[must_use]
    pub const fn not_stated(&self) -> &'static str {
        self.pick("not stated", "non précisé")
    }

    /// What a namespace is about.
    #[must_use]
    pub const fn space(&self, namespace: Namespace) -> &'static str {
        match (namespace, self.language) {
            (Namespace::Subject, Language::English) => "the person",
            (Namespace::Subject, Language::French) => "la personne",
            (Namespace::Session, Language::English) => "this visit",
            (Namespace::Session, Language::French) => "cette visite",
            (Namespace::Context, Language::English) => "the page and the clock",
            (Namespace::Context, Language::French) => "la page et l'heure",
            (Namespace::Item, Language::English) => "the products",
            (Namespace::Item, Language::French) => "les produits",
            (Namespace::Event, Language::English) => "what an event carries",
            (Namespace::Event, Language::French) => "ce que porte un événement",
        }
    }
}
