//! What fields hold, where they come from, and how long they are kept.

use jardin_model::{EventKind, FieldType, Namespace};
use jardin_policy::{
    Language,
    rules::{Class, FieldRule, Keep, PolicyRules},
};

use super::Words;

impl Words {
    /// What shoppers call a field: by its category where that is well known, else by its name.
    #[must_use]
    pub fn name(&self, field: &FieldRule) -> String {
        if !field.of.is_empty() {
            return self.holds(field);
        }
        let category = field.category.as_deref().and_then(|c| c.rsplit('.').next()).unwrap_or_default();
        match (category, &*field.path.name) {
            ("date_of_birth", _) | (_, "birth_date") => {
                self.pick("date of birth", "date de naissance", "Geburtsdatum")
            }
            ("postal_code", _) | (_, "postcode") => self.pick("postal code", "code postal", "Postleitzahl"),
            ("unique_id", _) => self.pick("customer number", "numéro de client", "Kundennummer"),
            ("email", _) => self.pick("e-mail address", "adresse électronique", "E-Mail-Adresse"),
            (_, "basket") => self.pick("basket", "panier", "Warenkorb"),
            (_, name) => return name.replace('_', " "),
        }
        .to_owned()
    }

    /// How long a field is kept.
    #[must_use]
    pub fn keep(&self, keep: Keep, rules: &PolicyRules) -> String {
        match keep {
            Keep::NotKept => self.pick("not stored", "non conservé", "nicht gespeichert").to_owned(),
            Keep::Session => {
                let idle = self.age(rules.session_ends_after);
                match self.language() {
                    Language::English => format!("until the visit ends ({idle} without activity)"),
                    Language::French => format!("jusqu'à la fin de la visite ({idle} sans activité)"),
                    Language::German => format!("bis zum Ende des Besuchs ({idle} ohne Aktivität)"),
                }
            }
            Keep::Account => {
                let idle = self.age(rules.account_ends_after);
                match self.language() {
                    Language::English => format!("until the account ends ({idle} without activity)"),
                    Language::French => format!("jusqu'à la fin du compte ({idle} sans activité)"),
                    Language::German => format!("bis zum Ende des Kontos ({idle} ohne Aktivität)"),
                }
            }
            Keep::For(age) => self.age(age),
        }
    }

    /// How closely a field touches a person.
    #[must_use]
    pub const fn class(&self, class: Class) -> &'static str {
        match class {
            Class::None => self.pick("about nobody", "ne concerne personne", "betrifft niemanden"),
            Class::Confidential => {
                self.pick("a secret of the shop", "secret de la boutique", "Geschäftsgeheimnis")
            }
            Class::Personal => self.pick("personal data", "donnée personnelle", "personenbezogene Daten"),
            Class::HighlyPersonal => self.pick(
                "highly personal data",
                "donnée à caractère hautement personnel",
                "höchstpersönliche Daten",
            ),
        }
    }

    /// What a field holds.
    #[must_use]
    pub fn holds(&self, field: &FieldRule) -> String {
        if !field.of.is_empty() {
            let kinds: Vec<String> = field.of.iter().map(|k| self.event(*k).to_owned()).collect();
            let of = self.all_of(&kinds);
            return match self.language() {
                Language::English => format!("history of {of}"),
                Language::French => format!("historique : {of}"),
                Language::German => format!("Verlauf: {of}"),
            };
        }
        match field.kind {
            FieldType::Id => self.pick(field.kind.word(), "identifiant", "Kennung"),
            FieldType::Text => self.pick(field.kind.word(), "texte", "Text"),
            FieldType::Texts => self.pick(field.kind.word(), "textes", "Texte"),
            FieldType::Number => self.pick(field.kind.word(), "nombre", "Zahl"),
            FieldType::Money => self.pick(field.kind.word(), "montant", "Betrag"),
            FieldType::Flag => self.pick(field.kind.word(), "oui ou non", "ja oder nein"),
            FieldType::Choice => self.pick(field.kind.word(), "choix", "Auswahl"),
            FieldType::Date => self.pick(field.kind.word(), "date", "Datum"),
            FieldType::Time => self.pick(field.kind.word(), "instant", "Zeitpunkt"),
            FieldType::Item => self.pick(field.kind.word(), "produit", "Produkt"),
            FieldType::Items => self.pick(field.kind.word(), "produits", "Produkte"),
            FieldType::Events => self.pick(field.kind.word(), "historique", "Verlauf"),
        }
        .to_owned()
    }

    const fn event(&self, kind: EventKind) -> &'static str {
        match kind {
            EventKind::ViewItem => self.pick("products viewed", "produits consultés", "angesehene Produkte"),
            EventKind::ViewItemList => self.pick("lists viewed", "listes consultées", "angesehene Listen"),
            EventKind::SelectItem => {
                self.pick("products clicked", "produits cliqués", "angeklickte Produkte")
            }
            EventKind::AddToCart => self.pick(
                "products put into the basket",
                "produits mis au panier",
                "in den Warenkorb gelegte Produkte",
            ),
            EventKind::RemoveFromCart => self.pick(
                "products taken out of the basket",
                "produits retirés du panier",
                "aus dem Warenkorb genommene Produkte",
            ),
            EventKind::AddToWishlist => self.pick(
                "products put on the wish list",
                "produits mis en liste d'envies",
                "auf die Wunschliste gesetzte Produkte",
            ),
            EventKind::BeginCheckout => {
                self.pick("checkouts begun", "commandes commencées", "begonnene Bestellungen")
            }
            EventKind::Purchase => self.pick("purchases", "achats", "Käufe"),
            EventKind::Refund => self.pick("returns", "retours", "Rücksendungen"),
            EventKind::Search => self.pick("searches", "recherches", "Suchen"),
            EventKind::Rate => self.pick("ratings", "notes", "Bewertungen"),
            EventKind::Dismiss => self.pick(
                "products marked \u{201c}not for me\u{201d}",
                "produits marqués « pas pour moi »",
                "mit „nichts für mich“ markierte Produkte",
            ),
            EventKind::Useful => self.pick(
                "products marked as useful",
                "produits marqués utiles",
                "als nützlich markierte Produkte",
            ),
        }
    }

    /// Where a field comes from.
    #[must_use]
    pub fn source(&self, field: &FieldRule) -> &'static str {
        match field.source.as_deref() {
            Some("given") => {
                self.pick("given by the person", "fourni par la personne", "von der Person angegeben")
            }
            Some("observed") => {
                self.pick("observed on the site", "observé sur le site", "auf der Website beobachtet")
            }
            Some("shop") => self.pick(
                "from the shop's own records",
                "issu des registres de la boutique",
                "aus den Unterlagen des Shops",
            ),
            _ => self.not_stated(),
        }
    }

    /// What a namespace is about.
    #[must_use]
    pub const fn space(&self, namespace: Namespace) -> &'static str {
        match namespace {
            Namespace::Subject => self.pick("the person", "la personne", "die Person"),
            Namespace::Session => self.pick("this visit", "cette visite", "dieser Besuch"),
            Namespace::Context => {
                self.pick("the page and the clock", "la page et l'heure", "die Seite und die Uhrzeit")
            }
            Namespace::Item => self.pick("the products", "les produits", "die Produkte"),
            Namespace::Event => {
                self.pick("what an event carries", "ce que porte un événement", "was ein Ereignis mitbringt")
            }
        }
    }
}
