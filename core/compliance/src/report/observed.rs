//! Granted, read by the file, seen in operation: side by side, and what of it nobody needs (GDPR Art.
//! 5(1)(c)).

use std::collections::{BTreeMap, BTreeSet};

use jardin_model::FieldPath;
use jardin_policy::{
    ENOUGH_DAYS, ENOUGH_RUNS, Language, ObservedReads, Policy, ReadCount, StrategyName, StrategyRule,
    rules::{FieldGrant, FieldRule},
};

use crate::{
    over_grants::matters,
    page::{Block, Page, Section},
    words::Words,
};

/// What is known of the file of a strategy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileReads {
    /// Its sha256.
    pub digest: [u8; 32],
    /// The fields that it is proved or declared to read; `None` where nothing is proved.
    pub reads: Option<BTreeSet<FieldPath>>,
}

/// Sets what is granted beside what the files read and what was observed.
#[must_use]
pub fn write_observed_report(
    policy: &Policy,
    files: &BTreeMap<StrategyName, FileReads>,
    observed: &ObservedReads,
    language: Option<&str>,
) -> Page {
    let words = Words::of(language, policy.rules());
    let title = words.pick(
        "What is granted, and what is really read",
        "Ce qui est permis, et ce qui est réellement lu",
        "Was freigegeben ist und was wirklich gelesen wird",
    );
    let mut page = Page::new(format!("{title}: {}", policy.revision()), words.code());
    page.add(how(&words));
    let mut over = Section::new(words.pick(
        "Granted and never read",
        "Permis et jamais lu",
        "Freigegeben und nie gelesen",
    ));
    let mut points = Vec::new();
    for rule in policy.rules().strategies.values() {
        let about = About { policy, rule, file: files.get(&rule.name), observed, words: &words };
        page.add(about.section());
        points.extend(about.over_grants());
    }
    if points.is_empty() {
        over.say(words.pick(
            "Nothing: each granted field of a person, a visit or a secret of the shop is read, or a reason is given for it.", "Rien : chaque champ permis d'une personne, d'une visite ou secret de la boutique est lu, ou un motif est donné.", "Nichts: Jedes freigegebene Feld einer Person, eines Besuchs oder eines Geschäftsgeheimnisses wird gelesen oder ist begründet."));
    }
    over.list(points);
    page.add(over);
    page
}

fn how(words: &Words) -> Section {
    let mut section = Section::default();
    section.say(match words.language() {
        Language::English => format!(
            "\u{201c}The file\u{201d} says what the file reads, as proved of a script or declared by a plugin (nothing else is sent to it). \u{201c}Observed\u{201d} counts the runs in which the field was granted and read, without a person or a value. A field that was granted in {ENOUGH_RUNS} runs over {ENOUGH_DAYS} days and not read is not needed."
        ),
        Language::French => format!(
            "« Le fichier » dit ce que le fichier lit selon la preuve (script) ou sa déclaration (greffon : rien d'autre ne lui est envoyé). « Observé » compte les exécutions où le champ était permis et lu, sans personne ni valeur. Un champ permis pendant {ENOUGH_RUNS} exécutions et {ENOUGH_DAYS} jours sans être lu n'est pas nécessaire."
        ),
        Language::German => format!(
            "„Die Datei“ sagt, was die Datei liest: bei einem Skript bewiesen, bei einem Plugin erklärt (anderes wird ihm nicht gesendet). „Beobachtet“ zählt die Ausführungen, in denen das Feld freigegeben war und gelesen wurde, ohne Person und ohne Wert. Ein Feld, das in {ENOUGH_RUNS} Ausführungen über {ENOUGH_DAYS} Tage freigegeben war und nicht gelesen wurde, ist nicht nötig."
        ),
    });
    section
}

/// One strategy.
struct About<'a> {
    policy: &'a Policy,
    rule: &'a StrategyRule,
    file: Option<&'a FileReads>,
    observed: &'a ObservedReads,
    words: &'a Words,
}

impl<'a> About<'a> {
    /// What it is granted that is to be needed.
    fn grants(&self) -> impl Iterator<Item = (&'a FieldGrant, &'a FieldRule)> {
        let rules = self.policy.rules();
        let granted = self.rule.may_read.iter().filter_map(|g| Some((g, rules.field(g.field)?)));
        granted.filter(|(_, field)| matters(field.path.namespace.is_personal(), field.class))
    }

    fn seen(&self, field: &FieldRule) -> Option<ReadCount> {
        self.observed.of(self.rule.name.as_str(), &self.file?.digest, &field.path)
    }

    /// Whether its file reads a field; `None` where that is not known.
    fn is_read(&self, field: &FieldRule) -> Option<bool> {
        Some(self.file?.reads.as_ref()?.contains(&field.path))
    }

    fn section(&self) -> Section {
        let words = self.words;
        let mut section = Section::new(format!("`{}`", self.rule.name));
        let rows: Vec<Vec<String>> = self.grants().map(|(grant, field)| self.row(grant, field)).collect();
        if rows.is_empty() {
            section.say(words.pick(
                "Is granted nothing of a person, a visit or the shop's secrets.",
                "Rien ne lui est permis d'une personne, d'une visite ni des secrets de la boutique.",
                "Ihr ist nichts von einer Person, einem Besuch oder den Geschäftsgeheimnissen freigegeben.",
            ));
        } else {
            let head = [
                words.pick("field", "champ", "Feld"),
                words.pick("granted", "permis", "freigegeben"),
                words.pick("the file", "le fichier", "die Datei"),
                words.pick("observed", "observé", "beobachtet"),
            ];
            section.blocks.push(Block::Table(head.map(str::to_owned).to_vec(), rows));
        }
        section
    }

    fn row(&self, grant: &FieldGrant, field: &FieldRule) -> Vec<String> {
        let words = self.words;
        let file = match self.is_read(field) {
            None => words.pick("not known", "non connu", "nicht bekannt"),
            Some(true) => words.pick("reads it", "le lit", "liest es"),
            Some(false) => words.pick("never reads it", "ne le lit jamais", "liest es nie"),
        };
        let observed = self.seen(field).map_or_else(
            || words.pick("no run yet", "aucune exécution", "noch keine Ausführung").to_owned(),
            |seen| self.count_in_words(seen),
        );
        vec![field.path.to_string(), words.form(&grant.transform), file.to_owned(), observed]
    }

    fn count_in_words(&self, seen: ReadCount) -> String {
        let ReadCount { read, granted, .. } = seen;
        let (since, last) = (self.day(seen.since), self.day(seen.last));
        match self.words.language() {
            Language::English => format!("read in {read} of {granted} runs, {since} to {last}"),
            Language::French => format!("lu dans {read} exécutions sur {granted}, du {since} au {last}"),
            Language::German => format!("in {read} von {granted} Ausführungen gelesen, {since} bis {last}"),
        }
    }

    fn day(&self, at: jardin_model::Timestamp) -> String {
        self.policy.rules().zone.day(at).map(|day| day.to_string()).unwrap_or_default()
    }

    /// Each grant that is not needed: in words, with the reason given for it where there is one.
    fn over_grants(&self) -> Vec<String> {
        let words = self.words;
        let point = |(grant, field): (&FieldGrant, &FieldRule)| {
            let by_file = self.is_read(field) == Some(false);
            let by_runs = self.seen(field).is_some_and(|seen| seen.is_never_read());
            let why = match (by_file, by_runs) {
                (true, true) => words.pick(
                    "no line of its file reads it, nor did any run",
                    "aucune ligne de son fichier ne le lit, ni aucune exécution",
                    "keine Zeile ihrer Datei liest es, und keine Ausführung hat es getan",
                ),
                (true, false) => words.pick(
                    "no line of its file reads it",
                    "aucune ligne de son fichier ne le lit",
                    "keine Zeile ihrer Datei liest es",
                ),
                (false, true) => words.pick(
                    "no run read it",
                    "aucune exécution ne l'a lu",
                    "keine Ausführung hat es gelesen",
                ),
                (false, false) => return None,
            };
            let what = format!("`{}`, `{}` ({})", self.rule.name, field.path, self.policy.place(grant.span));
            let told = words.pair("", &what, why);
            Some(match &grant.because {
                Some(because) => {
                    format!(
                        "{told}; {}",
                        words.pair(
                            "",
                            words.pick("kept because", "maintenu car", "beibehalten, weil"),
                            because
                        )
                    )
                }
                None => told,
            })
        };
        self.grants().filter_map(point).collect()
    }
}
