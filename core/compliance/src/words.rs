//! The prose of the tools, in English and French. A policy's own texts stand in its own languages.

use std::{fmt, sync::Arc};

use jardin_model::{EventKind, FieldType, Namespace};
use jardin_policy::rules::{Age, Basis, Class, FieldRule, Keep, PolicyRules, PurposeRule, Texts, Transform};

/// A language that the tools speak. Asked for another one they speak English around the policy's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    french: bool,
    /// The language of the policy's texts.
    code: Arc<str>,
    languages: Vec<Arc<str>>,
}

impl Words {
    /// The words for a language of a policy; for one that the policy does not have, those of its first.
    #[must_use]
    pub fn of(language: Option<&str>, rules: &PolicyRules) -> Self {
        let wanted = language.and_then(|l| rules.languages.iter().find(|known| ***known == *l));
        let code = wanted.or_else(|| rules.languages.first()).cloned().unwrap_or_else(|| "en".into());
        Self { french: *code == *"fr", code, languages: rules.languages.clone() }
    }

    /// The language's code, `fr`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// One of two texts, by the language.
    #[must_use]
    pub const fn pick<'t>(&self, english: &'t str, french: &'t str) -> &'t str {
        if self.french { french } else { english }
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
        let text = age.to_string();
        if !self.french {
            return text;
        }
        let (count, unit) = text.split_once(' ').unwrap_or((&text, ""));
        let (one, many) = match unit.trim_end_matches('s') {
            "second" => ("seconde", "secondes"),
            "minute" => ("minute", "minutes"),
            "hour" => ("heure", "heures"),
            "day" => ("jour", "jours"),
            "month" => ("mois", "mois"),
            _ => ("an", "ans"),
        };
        format!("{count} {}", if count == "1" { one } else { many })
    }

    /// How long a field is kept.
    #[must_use]
    pub fn keep(&self, keep: Keep, rules: &PolicyRules) -> String {
        match keep {
            Keep::NotKept => self.pick("not stored", "non conservé").to_owned(),
            Keep::Session => {
                let idle = self.age(rules.session_ends_after);
                if self.french {
                    format!("jusqu'à la fin de la visite ({idle} sans activité)")
                } else {
                    format!("until the visit ends ({idle} without activity)")
                }
            }
            Keep::Account => {
                let idle = self.age(rules.account_ends_after);
                if self.french {
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
        match (basis, self.french) {
            (Basis::NothingRead, false) => "nothing about a person is read",
            (Basis::NothingRead, true) => "rien n'est lu sur la personne",
            (Basis::LegitimateInterests, false) => "legitimate interests (GDPR Art. 6(1)(f))",
            (Basis::LegitimateInterests, true) => "intérêts légitimes (RGPD art. 6, § 1, f)",
            (Basis::Consent, false) => "consent (GDPR Art. 6(1)(a))",
            (Basis::Consent, true) => "consentement (RGPD art. 6, § 1, a)",
        }
    }

    /// How closely a field touches a person.
    #[must_use]
    pub const fn class(&self, class: Class) -> &'static str {
        match (class, self.french) {
            (Class::None, false) => "about nobody",
            (Class::None, true) => "ne concerne personne",
            (Class::Confidential, false) => "a secret of the shop",
            (Class::Confidential, true) => "secret de la boutique",
            (Class::Personal, false) => "personal data",
            (Class::Personal, true) => "donnée personnelle",
            (Class::HighlyPersonal, false) => "highly personal data",
            (Class::HighlyPersonal, true) => "donnée à caractère hautement personnel",
        }
    }

    /// What a field holds.
    #[must_use]
    pub fn holds(&self, field: &FieldRule) -> String {
        if !field.of.is_empty() {
            let kinds: Vec<String> = field.of.iter().map(|k| self.event(*k).to_owned()).collect();
            let of = self.all_of(&kinds);
            return if self.french { format!("historique : {of}") } else { format!("history of {of}") };
        }
        let word = match (field.kind, self.french) {
            (kind, false) => kind.word(),
            (FieldType::Id, true) => "identifiant",
            (FieldType::Text, true) => "texte",
            (FieldType::Texts, true) => "textes",
            (FieldType::Number, true) => "nombre",
            (FieldType::Money, true) => "montant",
            (FieldType::Flag, true) => "oui ou non",
            (FieldType::Choice, true) => "choix",
            (FieldType::Date, true) => "date",
            (FieldType::Time, true) => "instant",
            (FieldType::Item, true) => "produit",
            (FieldType::Items, true) => "produits",
            (FieldType::Events, true) => "historique",
        };
        word.to_owned()
    }

    const fn event(&self, kind: EventKind) -> &'static str {
        match (kind, self.french) {
            (EventKind::ViewItem, false) => "products viewed",
            (EventKind::ViewItem, true) => "produits consultés",
            (EventKind::Purchase, false) => "purchases",
            (EventKind::Purchase, true) => "achats",
            (EventKind::AddToCart, false) => "products put into the basket",
            (EventKind::AddToCart, true) => "produits mis au panier",
            (EventKind::AddToWishlist, false) => "products put on the wish list",
            (EventKind::AddToWishlist, true) => "produits mis en liste d'envies",
            (EventKind::Search, false) => "searches",
            (EventKind::Search, true) => "recherches",
            (EventKind::Rate, false) => "ratings",
            (EventKind::Rate, true) => "notes",
            (kind, _) => kind.word(),
        }
    }

    /// Where a field comes from.
    #[must_use]
    pub fn source(&self, field: &FieldRule) -> &'static str {
        match (field.source.as_deref(), self.french) {
            (Some("given"), false) => "given by the person",
            (Some("given"), true) => "fourni par la personne",
            (Some("observed"), false) => "observed on the site",
            (Some("observed"), true) => "observé sur le site",
            (Some("shop"), false) => "from the shop's own records",
            (Some("shop"), true) => "issu des registres de la boutique",
            (_, false) => "not stated",
            (_, true) => "non précisé",
        }
    }

    /// In which form a field is seen.
    #[must_use]
    pub fn form(&self, form: &Transform, rules: &PolicyRules) -> String {
        let item = |id| rules.field(id).map(|f| f.path.name.to_string()).unwrap_or_default();
        match form {
            Transform::Exact => self.pick("as it is", "telle quelle").to_owned(),
            Transform::Year => self.pick("the year only", "l'année seule").to_owned(),
            Transform::AgeBand { years, from, to } if self.french => {
                format!("l'âge par tranches de {years} ans (moins de {from}, …, {to} et plus)")
            }
            Transform::AgeBand { years, from, to } => {
                format!("the age in bands of {years} years (under {from}, …, {to} and over)")
            }
            Transform::FirstCharacters { n } if self.french => format!("les {n} premiers caractères"),
            Transform::FirstCharacters { n } => format!("the first {n} characters"),
            Transform::Round { to } if self.french => format!("arrondi à {to} près"),
            Transform::Round { to } => format!("rounded to {to}"),
            Transform::Bucket { edges } if self.french => {
                format!("une classe entre les bornes {:?}", edges.borders())
            }
            Transform::Bucket { edges } => format!("a class between the borders {:?}", edges.borders()),
            Transform::Generalise { map } if self.french => format!("généralisé en {} valeurs", told(map)),
            Transform::Generalise { map } => format!("generalised to {} values", told(map)),
            Transform::Top { k, of } if self.french => {
                format!("les {k} valeurs les plus fréquentes de « {} »", item(*of))
            }
            Transform::Top { k, of } => format!("the {k} most frequent values of \"{}\"", item(*of)),
            Transform::Typical { of, edges } if self.french => {
                format!("la médiane de « {} » ramenée à l'une des bornes {:?}", item(*of), edges.borders())
            }
            Transform::Typical { of, edges } => {
                format!("the median of \"{}\" to one of the borders {:?}", item(*of), edges.borders())
            }
            Transform::Count { edges } if self.french => {
                format!("leur nombre, par classes {:?}", edges.borders())
            }
            Transform::Count { edges } => format!("how many, in classes {:?}", edges.borders()),
            Transform::YesOrNo => self.pick("whether it is there", "sa seule présence").to_owned(),
            Transform::Pseudonym { changes_every } if self.french => {
                format!(
                    "un pseudonyme propre à cette stratégie, changé tous les {}",
                    self.age(*changes_every)
                )
            }
            Transform::Pseudonym { changes_every } => {
                format!("a pseudonym of this strategy's own that changes every {}", self.age(*changes_every))
            }
            Transform::Sessions => {
                self.pick("as anonymous sessions", "sous forme de sessions anonymes").to_owned()
            }
        }
    }

    /// Whether a purpose profiles, and why not.
    #[must_use]
    pub fn profiling(&self, purpose: &PurposeRule) -> String {
        match (&purpose.profiling_because, purpose.profiling) {
            (_, true) => self
                .pick("It is profiling (GDPR Art. 4(4)).", "Il s'agit de profilage (RGPD art. 4, § 4).")
                .to_owned(),
            (Some(why), false) if self.french => format!("Il ne s'agit pas de profilage : {why}."),
            (Some(why), false) => format!("It is not profiling: {why}."),
            (None, false) => self.pick("It is not profiling.", "Il ne s'agit pas de profilage.").to_owned(),
        }
    }

    /// What a namespace is about.
    #[must_use]
    pub const fn space(&self, namespace: Namespace) -> &'static str {
        match (namespace, self.french) {
            (Namespace::Subject, false) => "the person",
            (Namespace::Subject, true) => "la personne",
            (Namespace::Session, false) => "this visit",
            (Namespace::Session, true) => "cette visite",
            (Namespace::Context, false) => "the page and the clock",
            (Namespace::Context, true) => "la page et l'heure",
            (Namespace::Item, false) => "the products",
            (Namespace::Item, true) => "les produits",
            (Namespace::Event, false) => "what an event carries",
            (Namespace::Event, true) => "ce que porte un événement",
        }
    }
}

fn told(map: &std::collections::BTreeMap<Arc<str>, Arc<str>>) -> usize {
    map.values().collect::<std::collections::BTreeSet<_>>().len()
}
