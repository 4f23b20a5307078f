//! Edits that widen, generated over every key of the language: each makes somebody's data more used, longer, more closely, or less provable.

use super::tree::Tree;

/// One edit of a policy.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    /// Which key it is about, `strategies.for-you.may_read`.
    pub(super) key: String,
    /// What it does.
    pub(super) does: String,
    pub(super) tree: Tree,
}

impl Edit {
    /// Whether a test of the policy can see it: what runs, is read, stored or learned. What is on record, how long an account may be idle,
    /// which limits hold and what is declared without being granted shows in the diff alone.
    pub(super) fn shows_in_a_test(&self) -> bool {
        let parts: Vec<&str> = self.key.split('.').collect();
        let last = parts.last().copied().unwrap_or_default();
        match parts.as_slice() {
            ["policy" | "vendors" | "audit" | "test" | "defaults", ..] | ["fields", _] => false,
            ["fields", "item", ..] => false,
            ["fields", ..] => matches!(last, "newest" | "k" | "at_most" | "keep"),
            ["strategies", ..] => !matches!(last, "isolation" | "pinned" | "may_ask" | "results" | "learning_purpose"),
            _ => true,
        }
    }
}

struct Edits<'a> {
    of: &'a Tree,
    edits: Vec<Edit>,
}

pub(super) fn all(of: &Tree) -> Vec<Edit> {
    let mut edits = Edits { of, edits: Vec::new() };
    edits.policy();
    edits.fields();
    edits.consents();
    edits.purposes();
    edits.never();
    edits.children();
    edits.strategies();
    edits.stop();
    edits.audit();
    edits.tests();
    edits.edits
}

impl Edits<'_> {
    fn add(&mut self, key: &[&str], does: &str, tree: Tree) {
        if tree != *self.of {
            self.edits.push(Edit {
                key: key.join("."),
                does: does.to_owned(),
                tree,
            });
        }
    }

    fn keys(&self, path: &[&str]) -> Vec<String> {
        self.of
            .at(path)
            .map(|t| t.entries().iter().map(|(k, _)| k.clone()).collect())
            .unwrap_or_default()
    }

    fn has(&self, path: &[&str]) -> bool {
        self.of.at(path).is_some()
    }

    fn text(&self, path: &[&str]) -> Option<&str> {
        self.of.at(path)?.as_text()
    }

    fn set(&mut self, path: &[&str], does: &str, value: Tree) {
        if self.has(path) {
            self.add(path, does, self.of.with(path, value));
        }
    }

    fn remove(&mut self, path: &[&str], does: &str) {
        if self.has(path) {
            self.add(path, does, self.of.without(path));
        }
    }

    /// Each value of a list taken away.
    fn remove_each(&mut self, path: &[&str], does: &str) {
        for index in 0..self.of.at(path).map_or(0, |l| l.list().len()) {
            self.add(path, does, self.of.without_item(path, index));
        }
    }

    fn append(&mut self, path: &[&str], does: &str, value: Tree) {
        self.add(path, does, self.of.with_item(path, value));
    }

    /// A number times a factor, at least one away.
    fn scale(&mut self, path: &[&str], factor: f64, does: &str) {
        if let Some(n) = self.of.at(path).and_then(Tree::as_number) {
            let scaled = (n * factor).floor();
            let moved = if (scaled - n).abs() < 1.0 {
                n + (factor - 1.0).signum()
            } else {
                scaled
            };
            self.set(path, does, Tree::Word(format!("{moved}")));
        }
    }

    /// A span of time times two, or half of it.
    fn stretch(&mut self, path: &[&str], longer: bool, does: &str) {
        let Some((count, unit)) = self.text(path).and_then(|t| t.split_once(' ')) else {
            return;
        };
        let Ok(count) = count.parse::<u32>() else { return };
        let changed = if longer { count * 2 } else { count / 2 };
        let value = if changed == 0 {
            "1 minutes".to_owned()
        } else {
            format!("{changed} {unit}")
        };
        self.set(path, does, Tree::text(&value));
    }

    fn policy(&mut self) {
        self.stretch(&["policy", "ends_after_idle", "session"], true, "a visit lasts twice as long");
        self.stretch(&["policy", "ends_after_idle", "account"], true, "an account lasts twice as long");
        self.set(
            &["policy", "time_zone"],
            "birthdays begin elsewhere",
            Tree::text("Pacific/Honolulu"),
        );
        self.append(
            &["policy", "record", "recipients"],
            "somebody else receives data",
            Tree::text("a data broker"),
        );
        self.append(&["policy", "record", "transfers"], "data leaves the EEA", Tree::text("elsewhere"));
        for key in ["dpo", "dpo_advice", "approved", "dpia"] {
            self.remove(&["policy", key], "a proof is gone");
        }
        self.set(
            &["policy", "approved", "review_by"],
            "the review is put off",
            Tree::Word("2099-01-01".to_owned()),
        );
        for vendor in self.keys(&["vendors"]) {
            self.set(&["vendors", &vendor, "role"], "a supplier sees data", Tree::text("processor"));
            self.remove(&["vendors", &vendor, "contract"], "no contract is named");
        }
    }

    fn fields(&mut self) {
        for space in ["subject", "session"] {
            for name in self.keys(&["fields", space]) {
                let path = ["fields", space, &*name];
                let at = |key| [path[0], path[1], path[2], key];
                self.set(
                    &at("keep"),
                    "it is kept longer",
                    Tree::text(if space == "subject" { "10 years" } else { "90 days" }),
                );
                self.stretch(&at("newest"), true, "a derived field reaches further back");
                self.remove(&at("newest"), "a derived field reaches back for ever");
                self.scale(&at("at_most"), 2.0, "more events are read");
                self.scale(&at("k"), 2.0, "a derived field tells more");
                if self.text(&at("class")) == Some("highly personal") {
                    self.set(&at("class"), "it counts as less", Tree::text("personal"));
                }
                if self.has(&at("of")) && self.text(&at("type")) == Some("events") {
                    self.append(&at("of"), "another kind of event is kept", Tree::text("rate"));
                }
            }
            let new = [
                ("type", "text"),
                ("class", "personal"),
                ("keep", if space == "subject" { "account" } else { "session" }),
            ];
            let new = Tree::Table(new.map(|(k, v)| (k.to_owned(), Tree::text(v))).to_vec());
            self.add(
                &["fields", space],
                "another field is collected",
                self.of.with(&["fields", space, "collected_too"], new),
            );
        }
        for name in self.keys(&["fields", "item"]) {
            if self.text(&["fields", "item", &name, "class"]) == Some("confidential") {
                self.set(&["fields", "item", &name, "class"], "a secret may leave", Tree::text("none"));
            }
            self.scale(
                &["fields", "item", &name, "at_least_people"],
                0.1,
                "a count is told of fewer people",
            );
        }
        let of_event = [("type", "text"), ("class", "personal")]
            .map(|(k, v)| (k.to_owned(), Tree::text(v)))
            .to_vec();
        self.add(
            &["fields", "event"],
            "events keep more",
            self.of.with(&["fields", "event", "note_of_the_till"], Tree::Table(of_event)),
        );
    }

    fn consents(&mut self) {
        for name in self.keys(&["consents"]) {
            let at = |key| ["consents", &*name, key];
            let older = self.older_text(&name);
            self.append(&at("texts"), "an older question counts", Tree::text(&older));
            self.set(&at("lasts"), "a yes lasts longer", Tree::text("5 years"));
            self.remove(&at("signals"), "signals no longer refuse");
            self.remove(&["consents", &name, "signals", "consent_mode"], "consent mode no longer refuses");
            self.remove_each(
                &["consents", &name, "signals", "tcf_publisher_purposes"],
                "a TCF purpose no longer refuses",
            );
        }
    }

    /// A version of the question that does not count: one that a test speaks of, where there is one.
    fn older_text(&self, consent: &str) -> String {
        let listed = self.of.at(&["consents", consent, "texts"]).map(Tree::list).unwrap_or_default();
        let tests = self.of.at(&["test"]).map(Tree::list).unwrap_or_default();
        let named = tests
            .iter()
            .filter_map(|t| t.at(&["given", "consent_text"]))
            .find(|text| !listed.contains(text));
        named.and_then(Tree::as_text).unwrap_or("1999-01").to_owned()
    }

    fn purposes(&mut self) {
        for name in self.keys(&["purposes"]) {
            let at = |key| ["purposes", &*name, key];
            self.remove_each(&at("needs"), "a consent is no longer needed");
            self.remove_each(&at("stop_if"), "a signal no longer stops it");
            if self.text(&at("basis")) == Some("consent") {
                let interest = self.of.at(&at("says")).cloned().unwrap_or(Tree::Table(Vec::new()));
                let free = self
                    .of
                    .with(&at("basis"), Tree::text("legitimate interests"))
                    .with(&at("needs"), Tree::List(Vec::new()));
                let free = free
                    .with(&at("interest"), interest)
                    .with(&at("balance"), Tree::text("LIA"))
                    .with(&at("device"), Tree::text("nothing"));
                self.add(&at("basis"), "it no longer rests on consent", free);
            }
            if self.of.at(&at("profiling")) == Some(&Tree::Word("true".to_owned())) {
                let denied = self
                    .of
                    .with(&at("profiling"), Tree::Word("false".to_owned()))
                    .with(&at("profiling_because"), Tree::text("no"));
                self.add(&at("profiling"), "profiling is denied", denied);
            }
        }
    }

    fn never(&mut self) {
        self.remove_each(&["never", "fields"], "a field may be declared again");
        for key in self.keys(&["never", "items"]) {
            self.remove_each(&["never", "items", &key], "products are tied to people again");
        }
        self.remove(&["never", "items"], "products are tied to people again");
    }

    fn children(&mut self) {
        self.scale(&["children", "under"], 0.8, "older children are profiled");
        self.remove(&["children"], "children are profiled");
        self.remove_each(&["children", "also_if"], "a page for children no longer makes one");
        self.remove(&["children", "age_from"], "nobody's age is known");
        self.set(&["children", "unknown_age"], "the unknown are adults", Tree::text("adult"));
    }

    fn strategies(&mut self) {
        let personal: Vec<String> = ["subject", "session"]
            .iter()
            .flat_map(|space| self.keys(&["fields", space]).into_iter().map(move |name| format!("{space}.{name}")))
            .collect();
        for name in self.keys(&["strategies"]) {
            for field in &personal {
                self.grant(&name, field);
            }
            self.learning(&name, &personal);
            let at = |key| ["strategies", &*name, key];
            if self.has(&at("plugin")) {
                self.add(
                    &at("isolation"),
                    "it leaves the sandbox",
                    self.of.with(&at("isolation"), Tree::text("process")),
                );
            }
            self.set(&at("pinned"), "its file is no longer reviewed", Tree::Word("false".to_owned()));
            self.scale(&["strategies", &name, "limits", "results"], 2.0, "a limit is raised");
            for other in self.keys(&["strategies"]) {
                let asks = self.of.at(&at("may_ask")).is_some_and(|l| l.list().contains(&Tree::text(&other)));
                if other != name && !asks {
                    self.append(&at("may_ask"), "it builds on another's lists", Tree::text(&other));
                    break;
                }
            }
        }
        for group in self.keys(&["groups"]) {
            for field in personal.iter().take(1) {
                self.append(&["groups", &group], "a group grants a personal field", Tree::text(field));
            }
        }
        for key in ["time_ms", "memory_mb", "results"] {
            self.scale(&["defaults", "limits", key], 2.0, "a limit is raised");
        }
    }

    fn grant(&mut self, strategy: &str, field: &str) {
        let path = ["strategies", strategy, "may_read", field];
        let Some(granted) = self.of.at(&path).cloned() else {
            self.add(&path, "it reads another field", self.of.with(&path, Tree::text("exact")));
            return;
        };
        if granted.as_text() != Some("exact") && granted.get("as").and_then(Tree::as_text) != Some("exact") {
            self.set(&path, "the form is gone", Tree::text("exact"));
        }
        let at = |key| [path[0], path[1], path[2], path[3], key];
        for (key, factor) in [("n", 2.0), ("k", 2.0), ("years", 0.5), ("to", 0.5)] {
            self.scale(&at(key), factor, "the form is finer");
        }
        if self.has(&at("edges")) {
            let mut edges = vec![Tree::Word("-1".to_owned())];
            edges.extend(self.of.at(&at("edges")).map(|l| l.list().to_vec()).unwrap_or_default());
            self.set(&at("edges"), "the form is finer", Tree::List(edges));
        }
        self.stretch(&at("newest"), true, "it reaches further back");
        self.remove(&at("newest"), "it reaches back for ever");
        self.stretch(&at("changes_every"), true, "a pseudonym lasts longer");
    }

    fn learning(&mut self, strategy: &str, personal: &[String]) {
        let is_history = |f: &&String| {
            f.split_once('.')
                .is_some_and(|(s, n)| self.text(&["fields", s, n, "type"]) == Some("events"))
        };
        let histories: Vec<&String> = personal.iter().filter(is_history).collect();
        for field in histories {
            let path = ["strategies", strategy, "may_learn_from", field];
            if self.has(&path) {
                self.stretch(
                    &["strategies", strategy, "may_learn_from", field, "newest"],
                    true,
                    "it learns from further back",
                );
                self.remove(
                    &["strategies", strategy, "may_learn_from", field, "newest"],
                    "it learns from ever back",
                );
            } else {
                let feed = Tree::Table(vec![("as".to_owned(), Tree::text("sessions"))]);
                self.add(&path, "it learns from another history", self.of.with(&path, feed));
            }
        }
        self.remove(
            &["strategies", strategy, "learning_purpose"],
            "it learns for the purpose that it runs for",
        );
    }

    fn stop(&mut self) {
        self.set(&["stop", "everything"], "what was stopped runs", Tree::Word("false".to_owned()));
        self.remove_each(&["stop", "strategies"], "a stopped strategy runs");
    }

    fn audit(&mut self) {
        self.stretch(&["audit", "keep"], false, "the audit is kept for less time");
        self.stretch(&["audit", "keep_proofs"], false, "proofs are kept for less time");
        self.set(&["audit", "record"], "only refusals are recorded", Tree::text("refusals"));
        self.remove(&["audit"], "nothing is recorded");
    }

    fn tests(&mut self) {
        self.remove_each(&["test"], "a test is gone");
    }
}
