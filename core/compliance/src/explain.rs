//! What one strategy may read, in which form, of whom, why, and until when: prose for a record of processing.

use jardin_model::Namespace;
use jardin_policy::{
    Policy, StrategyKind, StrategyRule,
    rules::{Basis, Class, Derived, FieldGrant, Isolation, Keep, PolicyRules, PurposeRule, Role, StopSignal},
};

use super::{
    asked_strategies::asked_strategies,
    page::{Page, Section},
    words::Words,
};

/// Explains a strategy in a language of the policy, its first where none is named; `None` where the policy
/// has no such strategy.
#[must_use]
pub fn explain_strategy(policy: &Policy, strategy: &str, language: Option<&str>) -> Option<Page> {
    let rules = policy.rules();
    let rule = rules.strategies.get(strategy)?;
    let purpose = rules.purpose(rule.purpose)?;
    let words = Words::of(language, rules);
    let title = match words.pick("en", "fr") {
        "fr" => format!("Ce que fait la stratégie `{}`", rule.name),
        _ => format!("What the strategy `{}` does", rule.name),
    };
    let about = About { rules, rule, purpose, words: &words };
    let mut page = Page::new(title, words.code());
    page.add(about.what_it_is());
    page.add(about.why());
    page.add(about.of_whom());
    page.add(about.reads());
    page.add(about.products());
    page.add(about.learns());
    page.add(about.asks());
    page.add(about.does_not_see());
    Some(page)
}

struct About<'a> {
    rules: &'a PolicyRules,
    rule: &'a StrategyRule,
    purpose: &'a PurposeRule,
    words: &'a Words,
}

impl About<'_> {
    const fn french(&self) -> bool {
        matches!(self.words.pick("e", "f").as_bytes(), b"f")
    }

    fn what_it_is(&self) -> Section {
        let mut section = Section::new(self.words.pick("What it is", "Ce qu'elle est"));
        let kind = match (&self.rule.kind, self.french()) {
            (StrategyKind::Plugin(file), false) => {
                format!(
                    "It is a compiled program, `{file}`; its file must be the one whose digest stands in policy.lock."
                )
            }
            (StrategyKind::Plugin(file), true) => {
                format!(
                    "C'est un programme compilé, `{file}` ; son fichier doit être celui dont l'empreinte figure dans policy.lock."
                )
            }
            (StrategyKind::Script(file), false) => format!("It is a script of the shop, `{file}`."),
            (StrategyKind::Script(file), true) => format!("C'est un script de la boutique, `{file}`."),
        };
        section.say(kind);
        let vendor = self
            .rule
            .vendor
            .as_ref()
            .and_then(|key| self.rules.record.vendors.iter().find(|v| v.key == *key));
        if let Some(vendor) = vendor {
            let contract = vendor.contract.as_deref().unwrap_or("—");
            section.say(match (vendor.role, self.french()) {
                (Role::Supplier, false) => {
                    format!("It is supplied by {} (contract {contract}), who sees no data.", vendor.name)
                }
                (Role::Supplier, true) => format!(
                    "Elle est fournie par {} (contrat {contract}), qui n'a accès à aucune donnée.",
                    vendor.name
                ),
                (Role::Processor, false) => format!(
                    "It is run by {}, a processor under contract {contract} (GDPR Art. 28).",
                    vendor.name
                ),
                (Role::Processor, true) => format!(
                    "Elle est exécutée par {}, sous-traitant au titre du contrat {contract} (RGPD art. 28).",
                    vendor.name
                ),
            });
        }
        let enforced = match (&self.rule.kind, self.rule.isolation) {
            (StrategyKind::Plugin(_), Isolation::Process) => self.words.pick(
                "It runs outside the sandbox: what is said below about its access is advisory, promised by its vendor and not enforced.",
                "Elle s'exécute hors du bac à sable : ce qui est dit ci-dessous de ses accès est indicatif, promis par son fournisseur et non imposé.",
            ),
            _ => self.words.pick(
                "What is said below about its access is enforced by the host: what is not granted does not exist for it.",
                "Ce qui est dit ci-dessous de ses accès est imposé par l'hôte : ce qui n'est pas accordé n'existe pas pour elle.",
            ),
        };
        section.say(enforced);
        section
    }

    fn why(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick("Why", "Pourquoi"));
        section.say(
            format!("{} : « {} »", words.pick("Purpose", "Finalité"), words.own(&self.purpose.says))
                .replace(" : « ", words.pick(": \u{201c}", " : « "))
                .replace(" »", words.pick("\u{201d}", " »")),
        );
        section.say(words.pair(
            ".",
            words.pick("Legal basis", "Base légale"),
            words.basis(self.purpose.basis),
        ));
        section.say(words.profiling(self.purpose));
        if let Some(interest) = &self.purpose.interest {
            let balance = self.purpose.balance.as_deref().unwrap_or("—");
            let label = words.pick("The interest pursued", "L'intérêt poursuivi");
            let test = words.pick("balancing test", "test de mise en balance");
            section.say(format!("{label}: {} ({test} {balance})", words.own(interest)));
        }
        let consents = self.purpose.needs.iter().filter_map(|n| self.rules.consents.get(*n));
        section.list(consents.map(|c| {
            let (texts, lasts, rest) = (c.texts.join(", "), words.age(c.lasts), words.age(c.rests_for));
            if self.french() {
                format!("Consentement « {} » (texte {texts}), valable {lasts} ; sans réponse, expiré, d'un autre texte ou retiré, il manque. Ce qui n'a plus d'autre fondement est effacé un jour après un refus, et {rest} après une expiration.", c.name)
            } else {
                format!("Consent \"{}\" (text {texts}), which lasts {lasts}; unanswered, expired, of another text or withdrawn it is missing. What nothing else permits is erased a day after a no, and {rest} after it has expired.", c.name)
            }
        }).collect());
        section
    }

    fn of_whom(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick("Of whom", "Pour qui"));
        if self.purpose.basis == Basis::NothingRead {
            section.say(words.pick(
                "It runs for everybody alike, also for those who refused everything, and reads nothing about them.",
                "Elle s'exécute pour tous de la même façon, y compris pour qui a tout refusé, et ne lit rien à leur sujet.",
            ));
            return section;
        }
        section.say(words.pick(
            "It does not run, and nothing is read, for anybody",
            "Elle ne s'exécute pas, et rien n'est lu, pour une personne",
        ));
        let mut points = Vec::new();
        if let Some((children, ages)) =
            self.rules.children.as_ref().and_then(|rule| Some((rule, words.youngest(rule, self.purpose)?)))
        {
            let unknown = match (children.unknown_is_child, self.french()) {
                (true, false) => "; whose age is unknown counts as a child",
                (true, true) => " ; un âge inconnu vaut minorité",
                (false, false) => "; whose age is unknown counts as an adult",
                (false, true) => " ; un âge inconnu vaut majorité",
            };
            points.push(format!("{} {ages}{unknown}", words.pick("who is under", "de moins de")));
        }
        points.push(
            words
                .pick(
                    "whose data is under restriction (GDPR Art. 18)",
                    "dont le traitement est limité (RGPD art. 18)",
                )
                .to_owned(),
        );
        for signal in &self.purpose.stop_if {
            points.push(match signal {
                StopSignal::Objection => {
                    words.pick("who objected (GDPR Art. 21)", "qui s'y est opposée (RGPD art. 21)").to_owned()
                }
                StopSignal::GlobalPrivacyControl => words
                    .pick(
                        "whose browser sends Global Privacy Control",
                        "dont le navigateur envoie Global Privacy Control",
                    )
                    .to_owned(),
            });
        }
        if !self.purpose.needs.is_empty() {
            points.push(words.pick("whose consent is missing", "dont le consentement manque").to_owned());
        }
        section.list(points);
        section
    }

    fn reads(&self) -> Section {
        let mut section = Section::new(self.words.pick(
            "What it may read of a person and her visit",
            "Ce qu'elle peut lire de la personne et de sa visite",
        ));
        let personal = self
            .rule
            .may_read
            .iter()
            .filter(|g| self.rules.field(g.field).is_some_and(|f| f.class.is_personal()));
        let points: Vec<String> = personal.filter_map(|g| self.grant(g)).collect();
        if points.is_empty() {
            section.say(self.words.pick("Nothing.", "Rien."));
        }
        section.list(points);
        section
    }

    fn grant(&self, grant: &FieldGrant) -> Option<String> {
        let (words, field) = (self.words, self.rules.field(grant.field)?);
        let mut text = format!("`{}` ({})", field.path, words.holds(field));
        if let Some(Derived { from, transform, newest }) = &field.derived {
            let source = self.rules.field(*from)?;
            let made = words.pick("made of", "tiré de");
            text +=
                &format!(", {made} {}", words.pair("", &format!("`{}`", source.path), words.form(transform)));
            text += &self.window(*newest);
        }
        let seen = words.pick("seen as", "vu sous la forme");
        text += &format!(", {}", words.pair("", seen, words.form(&grant.transform)));
        text += &self.window(grant.newest);
        text += &format!("; {}; {}", words.class(field.class), self.kept(field.keep));
        text += &format!("; {}", words.source(field));
        text += &format!("; {}", words.describe_effect(grant.may_hide));
        if let Some(because) = &grant.because {
            text += &format!("; {}", words.pair("", words.pick("because", "parce que"), because));
        }
        Some(text + ".")
    }

    fn kept(&self, keep: Keep) -> String {
        let words = self.words;
        words.pair("", words.pick("kept", "conservé"), words.keep(keep, self.rules))
    }

    fn window(&self, newest: Option<jardin_policy::rules::Age>) -> String {
        newest
            .map(|age| {
                format!(", {} {}", self.words.pick("of the last", "sur les derniers"), self.words.age(age))
            })
            .unwrap_or_default()
    }

    fn products(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick(
            "What it may read of products and of the page",
            "Ce qu'elle peut lire des produits et de la page",
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
            section.say(words.pair(".", words.pick("Of products", "Des produits"), words.all_of(&products)));
        }
        if !secrets.is_empty() {
            let never = words.pick(
                "secrets of the shop, which never leave over HTTP",
                "secrets de la boutique, qui ne sortent jamais par HTTP",
            );
            section.say(format!("{} ({never}).", words.all_of(&secrets)));
        }
        if !page.is_empty() {
            section.say(words.pair(
                ".",
                words.pick(
                    "Of the page and the clock, never stored",
                    "De la page et de l'heure, jamais conservées",
                ),
                words.all_of(&page),
            ));
        }
        section
    }

    fn learns(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick("What it may learn from", "Ce dont elle peut apprendre"));
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
        let told = words.own(&purpose.says);
        section.say(if self.french() {
            format!("Uniquement sous forme de sessions sans nom, pour la finalité « {told} » ({}), et seulement là où cette finalité était permise au moment de l'événement et l'est encore. Ce qui n'est plus permis est oublié.", words.basis(purpose.basis))
        } else {
            format!("Only as sessions without a name, for the purpose \u{201c}{told}\u{201d} ({}), and only where that purpose was permitted at the time of the event and still is. What is no longer permitted is forgotten.", words.basis(purpose.basis))
        });
        section.say(words.people_counted(self.rule.people));
        section
    }

    /// All on whose lists it builds, theirs included.
    fn asks(&self) -> Section {
        let words = self.words;
        let mut section =
            Section::new(words.pick("On whose lists it builds", "Sur les listes de qui elle s'appuie"));
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
                    words.pick("nothing about a person", "rien sur la personne").to_owned()
                } else {
                    words.all_of(&reads)
                };
                format!(
                    "`{}`, {} {reads}; {}",
                    asked.name,
                    words.pick("which reads", "qui lit"),
                    words.pick(
                        "its own purpose decides whether it runs",
                        "sa propre finalité décide si elle s'exécute"
                    )
                )
            })
            .collect();
        section.list(points);
        section
    }

    fn does_not_see(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick("What it never sees", "Ce qu'elle ne voit jamais"));
        let granted = |id: usize| self.rule.may_read.iter().any(|g| g.field.0 == id);
        let fields =
            self.rules.fields.iter().enumerate().filter(|(id, f)| {
                !granted(*id) && f.class.is_personal() && f.path.namespace != Namespace::Event
            });
        let hidden: Vec<String> = fields.map(|(_, f)| format!("`{}`", f.path)).collect();
        if !hidden.is_empty() {
            section.say(words.pair(
                ".",
                words.pick("Declared and denied to it", "Déclarés et refusés"),
                words.all_of(&hidden),
            ));
        }
        let never = words.pick(
            "Products tied to a person that could tell of health, belief or sex life (GDPR Art. 9)",
            "Les produits rattachés à une personne qui pourraient révéler santé, convictions ou vie sexuelle (RGPD art. 9)",
        );
        let discreet = words.pick(
            "What was done in another visit with products of",
            "Ce qui a été fait lors d'une autre visite avec les produits de",
        );
        let lists = [(never, &self.rules.never.items), (discreet, &self.rules.discreet)];
        for (says, items) in lists.into_iter().filter(|_| self.rules.reads_a_person(self.rule)) {
            let values = items.iter().flat_map(|(_, values)| values.iter());
            let values: Vec<String> = values.map(|v| format!("\u{201c}{v}\u{201d}")).collect();
            if !values.is_empty() {
                section.say(words.pair(".", says, words.all_of(&values)));
            }
        }
        section
    }
}
