//! What a strategy reads, learns from and builds on, and what it never sees.

use jardin_model::Namespace;
use jardin_policy::{
    Language,
    rules::{Class, Derived, FieldGrant, Keep},
};

use super::About;
use crate::{asked_strategies::asked_strategies, page::Section};

impl About<'_> {
    pub(super) fn reads(&self) -> Section {
        let mut section = Section::new(self.words.pick(
            "What it may read of a person and their visit",
            "Ce qu'elle peut lire de la personne et de sa visite",
            "Was sie von der Person und ihrem Besuch lesen darf",
        ));
        let personal = self
            .rule
            .may_read
            .iter()
            .filter(|g| self.rules.field(g.field).is_some_and(|f| f.class.is_personal()));
        let points: Vec<String> = personal.filter_map(|g| self.grant(g)).collect();
        if points.is_empty() {
            section.say(self.words.pick("Nothing.", "Rien.", "Nichts."));
        }
        section.list(points);
        section
    }

    fn grant(&self, grant: &FieldGrant) -> Option<String> {
        let (words, field) = (self.words, self.rules.field(grant.field)?);
        let mut text = format!("`{}` ({})", field.path, words.holds(field));
        if let Some(Derived { from, transform, newest }) = &field.derived {
            let source = self.rules.field(*from)?;
            let made = words.pick("made of", "tiré de", "gebildet aus");
            text +=
                &format!(", {made} {}", words.pair("", &format!("`{}`", source.path), words.form(transform)));
            text += &self.window(*newest);
        }
        let seen = words.pick("seen as", "vu sous la forme", "sichtbar als");
        text += &format!(", {}", words.pair("", seen, words.form(&grant.transform)));
        text += &self.window(grant.newest);
        text += &format!("; {}; {}", words.class(field.class), self.kept(field.keep));
        text += &format!("; {}", words.source(field));
        text += &format!("; {}", words.describe_effect(grant.may_hide));
        if let Some(because) = &grant.because {
            text += &format!("; {}", words.pair("", words.pick("because", "parce que", "weil"), because));
        }
        Some(text + ".")
    }

    fn kept(&self, keep: Keep) -> String {
        let words = self.words;
        words.pair("", words.pick("kept", "conservé", "gespeichert"), words.keep(keep, self.rules))
    }

    fn window(&self, newest: Option<jardin_policy::rules::Age>) -> String {
        newest
            .map(|age| {
                format!(
                    ", {} {}",
                    self.words.pick("of the last", "sur les derniers", "der letzten"),
                    self.words.age(age)
                )
            })
            .unwrap_or_default()
    }

    pub(super) fn products(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick(
            "What it may read of products and of the page",
            "Ce qu'elle peut lire des produits et de la page",
            "Was sie von den Produkten und von der Seite lesen darf",
        ));
        let of = |space, class: Option<Class>| -> Vec<String> {
            let fields = self.rule.may_read.iter().filter_map(|g| self.rules.field(g.field));
            let wanted = fields.filter(|f| f.path.namespace == space && class.is_none_or(|c| f.class == c));
            wanted.map(|f| format!("`{}`", f.path)).collect()
        };
        let (products, secrets, page) = (
            of(Namespace::Item, Some(Class::None)),
            of(Namespace::Item, Some(Class::Confidential)),
            of(Namespace::Context, None),
        );
        if !products.is_empty() {
            section.say(words.pair(
                ".",
                words.pick("Of products", "Des produits", "Von den Produkten"),
                words.all_of(&products),
            ));
        }
        if !secrets.is_empty() {
            let never = words.pick(
                "secrets of the shop, which never leave over HTTP",
                "secrets de la boutique, qui ne sortent jamais par HTTP",
                "Geschäftsgeheimnisse, die nie über HTTP hinausgehen",
            );
            section.say(format!("{} ({never}).", words.all_of(&secrets)));
        }
        if !page.is_empty() {
            section.say(words.pair(
                ".",
                words.pick(
                    "Of the page and the clock, never stored",
                    "De la page et de l'heure, jamais conservées",
                    "Von der Seite und der Uhrzeit, nie gespeichert",
                ),
                words.all_of(&page),
            ));
        }
        section
    }

    pub(super) fn learns(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick(
            "What it may learn from",
            "Ce dont elle peut apprendre",
            "Woraus sie lernen darf",
        ));
        let purpose = self.rule.learning_purpose.unwrap_or(self.rule.purpose);
        let Some(purpose) = self.rules.purpose(purpose).filter(|_| !self.rule.may_learn_from.is_empty())
        else {
            return section;
        };
        let histories: Vec<String> = self
            .rule
            .may_learn_from
            .iter()
            .filter_map(|l| {
                let field = self.rules.field(l.field)?;
                Some(format!("`{}`{}; {}", field.path, self.window(l.newest), self.kept(field.keep)))
            })
            .collect();
        section.list(histories);
        let told = words.quoted(&words.own(&purpose.says));
        let basis = words.basis(purpose.basis);
        section.say(match words.language() {
            Language::English => format!("Only as sessions without a name, for the purpose {told} ({basis}), and only where that purpose was permitted at the time of the event and still is. What is no longer permitted is forgotten."),
            Language::French => format!("Uniquement sous forme de sessions sans nom, pour la finalité {told} ({basis}), et seulement là où cette finalité était permise au moment de l'événement et l'est encore. Ce qui n'est plus permis est oublié."),
            Language::German => format!("Nur als Besuche ohne Namen, für den Zweck {told} ({basis}), und nur wo dieser Zweck zur Zeit des Ereignisses zulässig war und es noch ist. Was nicht mehr zulässig ist, wird vergessen."),
        });
        section.say(words.people_counted(self.rule.people));
        section
    }

    /// All on whose lists it builds, theirs included.
    pub(super) fn asks(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick(
            "On whose lists it builds",
            "Sur les listes de qui elle s'appuie",
            "Auf wessen Listen sie aufbaut",
        ));
        let points = asked_strategies(self.rules, &self.rule.name)
            .iter()
            .filter_map(|name| self.rules.strategies.get(name))
            .map(|asked| {
                let personal = asked
                    .may_read
                    .iter()
                    .filter_map(|g| self.rules.field(g.field))
                    .filter(|f| f.class.is_personal());
                let reads: Vec<String> = personal.map(|f| format!("`{}`", f.path)).collect();
                let reads = if reads.is_empty() {
                    words
                        .pick("nothing about a person", "rien sur la personne", "nichts über eine Person")
                        .to_owned()
                } else {
                    words.all_of(&reads)
                };
                format!(
                    "`{}`, {} {reads}; {}",
                    asked.name,
                    words.pick("which reads", "qui lit", "liest"),
                    words.pick(
                        "its own purpose decides whether it runs",
                        "sa propre finalité décide si elle s'exécute",
                        "ihr eigener Zweck entscheidet, ob sie läuft"
                    )
                )
            })
            .collect();
        section.list(points);
        section
    }

    pub(super) fn does_not_see(&self) -> Section {
        let words = self.words;
        let mut section =
            Section::new(words.pick("What it never sees", "Ce qu'elle ne voit jamais", "Was sie nie sieht"));
        let granted = |id: usize| self.rule.may_read.iter().any(|g| g.field.0 == id);
        let fields =
            self.rules.fields.iter().enumerate().filter(|(id, f)| {
                !granted(*id) && f.class.is_personal() && f.path.namespace != Namespace::Event
            });
        let hidden: Vec<String> = fields.map(|(_, f)| format!("`{}`", f.path)).collect();
        if !hidden.is_empty() {
            section.say(words.pair(
                ".",
                words.pick("Declared and denied to it", "Déclarés et refusés", "Erklärt und ihr verwehrt"),
                words.all_of(&hidden),
            ));
        }
        let never = words.pick(
            "Products tied to a person that could tell of health, belief or sex life (GDPR Art. 9)", "Les produits rattachés à une personne qui pourraient révéler santé, convictions ou vie sexuelle (RGPD art. 9)", "Mit einer Person verknüpfte Produkte, die auf Gesundheit, Überzeugung oder Sexualleben schließen lassen (DSGVO Art. 9)");
        let discreet = words.pick(
            "What was done in another visit with products of",
            "Ce qui a été fait lors d'une autre visite avec les produits de",
            "Was bei einem anderen Besuch mit diesen Produkten geschah",
        );
        let lists = [(never, &self.rules.never.items), (discreet, &self.rules.discreet)];
        for (says, items) in lists.into_iter().filter(|_| self.rules.reads_a_person(self.rule)) {
            let values = items.iter().flat_map(|(_, values)| values.iter());
            let values: Vec<String> = values.map(|v| words.quoted(v)).collect();
            if !values.is_empty() {
                section.say(words.pair(".", says, words.all_of(&values)));
            }
        }
        section
    }
}
