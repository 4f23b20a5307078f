//! What one strategy may read, in which form, of whom, why, and until when: prose for a record of processing.

mod reads;

use jardin_policy::{
    Language, Policy, StrategyKind, StrategyRule,
    rules::{Basis, Isolation, PolicyRules, PurposeRule, Role, StopSignal, Vendor},
};

use super::{
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
    let title = match words.language() {
        Language::English => format!("What the strategy `{}` does", rule.name),
        Language::French => format!("Ce que fait la stratégie `{}`", rule.name),
        Language::German => format!("Was die Strategie `{}` tut", rule.name),
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
    fn what_it_is(&self) -> Section {
        let mut section = Section::new(self.words.pick("What it is", "Ce qu'elle est", "Was sie ist"));
        let kind = match (&self.rule.kind, self.words.language()) {
            (StrategyKind::Plugin(file), Language::English) => {
                format!(
                    "It is a compiled program, `{file}`; its file must be the one whose digest stands in policy.lock."
                )
            }
            (StrategyKind::Plugin(file), Language::French) => {
                format!(
                    "C'est un programme compilé, `{file}` ; son fichier doit être celui dont l'empreinte figure dans policy.lock."
                )
            }
            (StrategyKind::Plugin(file), Language::German) => {
                format!(
                    "Sie ist ein kompiliertes Programm, `{file}`; seine Datei muss die sein, deren Prüfsumme in policy.lock steht."
                )
            }
            (StrategyKind::Script(file), Language::English) => {
                format!("It is a script of the shop, `{file}`.")
            }
            (StrategyKind::Script(file), Language::French) => {
                format!("C'est un script de la boutique, `{file}`.")
            }
            (StrategyKind::Script(file), Language::German) => {
                format!("Sie ist ein Skript des Shops, `{file}`.")
            }
        };
        section.say(kind);
        let vendor = self
            .rule
            .vendor
            .as_ref()
            .and_then(|key| self.rules.record.vendors.iter().find(|v| v.key == *key));
        if let Some(vendor) = vendor {
            let contract = vendor.contract.as_deref().unwrap_or("—");
            section.say(describe_vendor(vendor, contract, self.words.language()));
        }
        let enforced = match (&self.rule.kind, self.rule.isolation) {
            (StrategyKind::Plugin(_), Isolation::Process) => self.words.pick(
                "It runs outside the sandbox: what is said below about its access is advisory, promised by its vendor and not enforced.", "Elle s'exécute hors du bac à sable : ce qui est dit ci-dessous de ses accès est indicatif, promis par son fournisseur et non imposé.", "Sie läuft außerhalb der Sandbox: Was unten über ihre Zugriffe steht, ist von ihrem Lieferanten zugesagt und wird nicht erzwungen."),
            _ => self.words.pick(
                "What is said below about its access is enforced by the host: what is not granted does not exist for it.", "Ce qui est dit ci-dessous de ses accès est imposé par l'hôte : ce qui n'est pas accordé n'existe pas pour elle.", "Was unten über ihre Zugriffe steht, setzt der Host durch: Was nicht freigegeben ist, gibt es für sie nicht."),
        };
        section.say(enforced);
        section
    }

    fn why(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick("Why", "Pourquoi", "Wozu"));
        let told = words.quoted(&words.own(&self.purpose.says));
        section.say(words.pair("", words.pick("Purpose", "Finalité", "Zweck"), told));
        section.say(words.pair(
            ".",
            words.pick("Legal basis", "Base légale", "Rechtsgrundlage"),
            words.basis(self.purpose.basis),
        ));
        section.say(words.profiling(self.purpose));
        if let Some(interest) = &self.purpose.interest {
            let balance = self.purpose.balance.as_deref().unwrap_or("—");
            let label = words.pick("The interest pursued", "L'intérêt poursuivi", "Das verfolgte Interesse");
            let test = words.pick("balancing test", "test de mise en balance", "Interessenabwägung");
            section.say(format!("{label}: {} ({test} {balance})", words.own(interest)));
        }
        let consents = self.purpose.needs.iter().filter_map(|n| self.rules.consents.get(*n));
        section.list(consents.map(|c| {
            let (texts, lasts, rest) = (c.texts.join(", "), words.age(c.lasts), words.age(c.rests_for));
            match words.language() {
                Language::English => format!("Consent \"{}\" (text {texts}), which lasts {lasts}; unanswered, expired, of another text or withdrawn it is missing. What nothing else permits is erased a day after a no, and {rest} after it has expired.", c.name),
                Language::French => format!("Consentement « {} » (texte {texts}), valable {lasts} ; sans réponse, expiré, d'un autre texte ou retiré, il manque. Ce qui n'a plus d'autre fondement est effacé un jour après un refus, et {rest} après une expiration.", c.name),
                Language::German => format!("Einwilligung „{}“ (Text {texts}), gültig {lasts}; ohne Antwort, abgelaufen, zu einem anderen Text oder widerrufen fehlt sie. Was sonst nichts erlaubt, wird einen Tag nach einem Nein gelöscht, und {rest} nach dem Ablauf.", c.name),
            }
        }).collect());
        section
    }

    fn of_whom(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(words.pick("Of whom", "Pour qui", "Für wen"));
        if self.purpose.basis == Basis::NothingRead {
            section.say(words.pick(
                "It runs for everybody alike, also for those who refused everything, and reads nothing about them.", "Elle s'exécute pour tous de la même façon, y compris pour qui a tout refusé, et ne lit rien à leur sujet.", "Sie läuft für alle gleich, auch für die, die alles abgelehnt haben, und liest nichts über sie."));
            return section;
        }
        section.say(words.pick(
            "It does not run, and nothing is read, for anybody",
            "Elle ne s'exécute pas, et rien n'est lu, pour une personne",
            "Sie läuft nicht, und nichts wird gelesen, für Personen,",
        ));
        let mut points = Vec::new();
        if let Some((children, ages)) =
            self.rules.children.as_ref().and_then(|rule| Some((rule, words.youngest(rule, self.purpose)?)))
        {
            let unknown = if children.unknown_is_child {
                words.pick(
                    "; whose age is unknown counts as a child",
                    " ; un âge inconnu vaut minorité",
                    "; ein unbekanntes Alter gilt als das eines Kindes",
                )
            } else {
                words.pick(
                    "; whose age is unknown counts as an adult",
                    " ; un âge inconnu vaut majorité",
                    "; ein unbekanntes Alter gilt als das eines Erwachsenen",
                )
            };
            points.push(format!(
                "{} {ages}{unknown}",
                words.pick("who is under", "de moins de", "die jünger sind als")
            ));
        }
        points.push(
            words
                .pick(
                    "whose data is under restriction (GDPR Art. 18)",
                    "dont le traitement est limité (RGPD art. 18)",
                    "deren Verarbeitung eingeschränkt ist (DSGVO Art. 18)",
                )
                .to_owned(),
        );
        for signal in &self.purpose.stop_if {
            points.push(match signal {
                StopSignal::Objection => words
                    .pick(
                        "who objected (GDPR Art. 21)",
                        "qui s'y est opposée (RGPD art. 21)",
                        "die widersprochen haben (DSGVO Art. 21)",
                    )
                    .to_owned(),
                StopSignal::GlobalPrivacyControl => words
                    .pick(
                        "whose browser sends Global Privacy Control",
                        "dont le navigateur envoie Global Privacy Control",
                        "deren Browser Global Privacy Control sendet",
                    )
                    .to_owned(),
            });
        }
        if !self.purpose.needs.is_empty() {
            points.push(
                words
                    .pick(
                        "whose consent is missing",
                        "dont le consentement manque",
                        "deren Einwilligung fehlt",
                    )
                    .to_owned(),
            );
        }
        section.list(points);
        section
    }
}

/// What a vendor is to the shop, in a sentence.
fn describe_vendor(vendor: &Vendor, contract: &str, language: Language) -> String {
    let name = &vendor.name;
    match (vendor.role, language) {
        (Role::Supplier, Language::English) => {
            format!("It is supplied by {name} (contract {contract}), who sees no data.")
        }
        (Role::Supplier, Language::French) => {
            format!("Elle est fournie par {name} (contrat {contract}), qui n'a accès à aucune donnée.")
        }
        (Role::Supplier, Language::German) => {
            format!("Sie wird von {name} geliefert (Vertrag {contract}), der keine Daten sieht.")
        }
        (Role::Processor, Language::English) => {
            format!("It is run by {name}, a processor under contract {contract} (GDPR Art. 28).")
        }
        (Role::Processor, Language::French) => {
            format!(
                "Elle est exécutée par {name}, sous-traitant au titre du contrat {contract} (RGPD art. 28)."
            )
        }
        (Role::Processor, Language::German) => {
            format!(
                "Sie wird von {name} ausgeführt, Auftragsverarbeiter nach Vertrag {contract} (DSGVO Art. 28)."
            )
        }
    }
}
