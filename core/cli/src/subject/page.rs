//! A person's export as a page that they can read.

use jardin_compliance::{Block, Page, Section, Words};
use serde_json::{Map, Value};

/// The page of an export.
pub(super) fn draw_person(person: &Value, words: &Words) -> Page {
    let title = words.pick(
        "What this shop keeps of you",
        "Ce que cette boutique garde sur vous",
        "Was dieses Geschäft über Sie speichert",
    );
    let mut page = Page::new(title, words.code());
    let reader = Reader { person, words };
    for section in [
        reader.controller(),
        reader.profile(),
        reader.events(),
        reader.answers(),
        reader.purposes(),
        reader.recipients(),
        reader.learned(),
        reader.rights(),
    ] {
        page.add(section);
    }
    page
}

struct Reader<'a> {
    person: &'a Value,
    words: &'a Words,
}

impl Reader<'_> {
    fn section(&self, english: &str, french: &str, german: &str) -> Section {
        Section::new(self.words.pick(english, french, german))
    }

    fn about(&self, key: &str) -> &Value {
        self.person.get("about").and_then(|about| about.get(key)).unwrap_or(&Value::Null)
    }

    fn controller(&self) -> Section {
        let mut section = self.section("Who answers for it", "Qui en répond", "Wer dafür verantwortlich ist");
        section.list(["controller", "contact", "authority"].map(|key| shown(self.about(key))).to_vec());
        section
    }

    /// A table of what is stored under a key of the export, each row with what it means.
    fn table(&self, head: [(&str, &str, &str); 5], rows: Vec<Vec<String>>) -> Block {
        let head = head.map(|(english, french, german)| self.words.pick(english, french, german).to_owned());
        Block::Table(head.to_vec(), rows)
    }

    fn profile(&self) -> Section {
        let mut section = self.section("Your profile", "Votre profil", "Ihr Profil");
        let rows: Vec<Vec<String>> = entries(self.person.get("fields"))
            .map(|(name, stored)| {
                let means = self.about("fields").get(name).unwrap_or(&Value::Null);
                let of = |key: &str| shown(means.get(key).unwrap_or(&Value::Null));
                vec![
                    name.clone(),
                    shown(value(stored, "value")),
                    shown(value(stored, "stored_at")),
                    of("kept"),
                    of("purposes"),
                ]
            })
            .collect();
        if !rows.is_empty() {
            section.blocks.push(self.table(
                [
                    ("what", "quoi", "was"),
                    ("value", "valeur", "Wert"),
                    ("since", "depuis", "seit"),
                    ("kept for", "gardé", "gespeichert"),
                    ("used for", "utilisé pour", "verwendet für"),
                ],
                rows,
            ));
        }
        section
    }

    fn events(&self) -> Section {
        let mut section =
            self.section("What you did here", "Ce que vous avez fait ici", "Was Sie hier getan haben");
        let events = self.person.get("events").and_then(Value::as_array);
        let rows: Vec<Vec<String>> = events
            .into_iter()
            .flatten()
            .map(|event| {
                let kind = shown(value(event, "type"));
                let means = self.about("events").get(&kind).unwrap_or(&Value::Null);
                let of = |key: &str| shown(means.get(key).unwrap_or(&Value::Null));
                let items = value(event, "items").as_array();
                let items: Vec<String> =
                    items.into_iter().flatten().map(|line| shown(value(line, "item_id"))).collect();
                let at = shown(value(event, "occurred_at"));
                vec![kind.clone(), at, items.join(", "), of("kept"), of("purposes")]
            })
            .collect();
        if !rows.is_empty() {
            section.blocks.push(self.table(
                [
                    ("what", "quoi", "was"),
                    ("when", "quand", "wann"),
                    ("products", "articles", "Artikel"),
                    ("kept for", "gardé", "gespeichert"),
                    ("used for", "utilisé pour", "verwendet für"),
                ],
                rows,
            ));
        }
        section
    }

    /// Answers to questions, and what was switched.
    fn answers(&self) -> Section {
        let mut section =
            self.section("What you decided", "Ce que vous avez décidé", "Was Sie entschieden haben");
        let list = |key: &str| self.person.get(key).and_then(Value::as_array).into_iter().flatten();
        let answer = |entry: &Value| {
            let said = shown(value(entry, "status"));
            format!("{}: {said}, {}", shown(value(entry, "name")), shown(value(entry, "at")))
        };
        let switch = |entry: &Value| {
            let is_on = value(entry, "on").as_bool().unwrap_or_default();
            let said = if is_on {
                self.words.pick("on", "activé", "an")
            } else {
                self.words.pick("off", "désactivé", "aus")
            };
            format!("{}: {said}, {}", shown(value(entry, "name")), shown(value(entry, "at")))
        };
        let since = |key: &str, english: &str, french: &str, german: &str| {
            let at = self.person.get(key)?.get("since")?.as_str()?;
            Some(format!("{}: {at}", self.words.pick(english, french, german)))
        };
        let standing = [
            since("objection", "you object, since", "vous vous opposez, depuis", "Sie widersprechen, seit"),
            since(
                "restriction",
                "use is restricted, since",
                "l'utilisation est limitée, depuis",
                "die Verwendung ist eingeschränkt, seit",
            ),
        ];
        let all = list("consents").map(answer).chain(list("switches").map(switch));
        section.list(all.chain(standing.into_iter().flatten()).collect());
        section
    }

    fn purposes(&self) -> Section {
        let mut section = self.section("What it is used for", "À quoi cela sert", "Wozu es verwendet wird");
        let lines = entries(Some(self.about("purposes"))).map(|(name, purpose)| {
            let interest = value(purpose, "interest").as_str().map(|i| format!(" {i}")).unwrap_or_default();
            let (says, basis) = (shown(value(purpose, "says")), shown(value(purpose, "basis")));
            format!("{name}: {says} ({basis}){interest}")
        });
        section.list(lines.collect());
        section
    }

    fn recipients(&self) -> Section {
        let mut section = self.section("Who receives it", "Qui le reçoit", "Wer es erhält");
        let not_stated = self.words.pick("not stated", "non indiqué", "nicht angegeben");
        for (key, english, french, german) in [
            ("recipients", "Recipients", "Destinataires", "Empfänger"),
            ("transfers", "Outside the EEA", "Hors de l'EEE", "Außerhalb des EWR"),
        ] {
            let parties = self.about(key).as_array().map(|all| {
                let names: Vec<String> = all.iter().map(|party| shown(value(party, "name"))).collect();
                if names.is_empty() {
                    self.words.pick("nobody", "personne", "niemand").to_owned()
                } else {
                    names.join(", ")
                }
            });
            let parties = parties.unwrap_or_else(|| not_stated.to_owned());
            section.say(format!("{}: {parties}", self.words.pick(english, french, german)));
        }
        section
    }

    fn learned(&self) -> Section {
        let mut section =
            self.section("What was learned from it", "Ce qui en a été appris", "Was daraus gelernt wurde");
        let lines = entries(Some(self.about("learned"))).map(|(strategy, count)| {
            let sessions = self.words.pick("sessions of yours", "de vos visites", "Ihrer Besuche");
            format!("{strategy}: {} {sessions}", shown(count))
        });
        section.list(lines.collect());
        section
    }

    fn rights(&self) -> Section {
        let mut section =
            self.section("What you may ask for", "Ce que vous pouvez demander", "Was Sie verlangen können");
        section.say(self.words.pick(
            "You may have this corrected or erased, have its use restricted, object to it, take back what you agreed to, take it to another shop, and complain to the authority named above. Ask the contact named above.",
            "Vous pouvez faire corriger ou effacer ces données, faire limiter leur utilisation, vous y opposer, retirer votre accord, les emporter dans une autre boutique, et vous plaindre à l'autorité nommée ci-dessus. Adressez-vous au contact nommé ci-dessus.",
            "Sie können diese Daten berichtigen oder löschen und ihre Verwendung einschränken lassen, ihr widersprechen, zurücknehmen, wozu Sie eingewilligt haben, die Daten in ein anderes Geschäft mitnehmen und sich bei der oben genannten Behörde beschweren. Wenden Sie sich an die oben genannte Kontaktstelle.",
        ));
        section
    }
}

fn entries(object: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    object.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn value<'a>(of: &'a Value, key: &str) -> &'a Value {
    of.get(key).unwrap_or(&Value::Null)
}

/// A value as people read it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
