//! Edits that widen, generated over every key of the language: each makes somebody's data more used, longer,
//! more closely, or less provable.

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
    /// Whether a test of the policy can see it: what runs, is read, stored or learned. What is on record, how
    /// long an account may be idle, which limits hold and what is declared without being granted shows in the
    /// diff alone.
    pub(super) fn shows_in_a_test(&self) -> bool {
        let parts: Vec<&str> = self.key.split('.').collect();
        let last = parts.last().copied().unwrap_or_default();
        match parts.as_slice() {
            ["policy" | "vendors" | "audit" | "test" | "defaults" | "restraint", ..] | ["fields", _] => false,
            ["fields", "item", ..] => false,
            // a test gives events of the kinds that are listed
            ["fields", ..]
                if last == "of" && self.tree.at(&parts).is_some_and(|of| !of.list().is_empty()) =>
            {
                false
            }
            ["fields", ..] => {
                matches!(last, "newest" | "k" | "at_most" | "keep" | "as" | "of" | "edges" | "from")
            }
            ["purposes", ..] => !matches!(
                last,
                "device" | "says" | "profiling_because" | "interest" | "balance" | "profiling"
            ),
            ["consents", ..] => {
                !matches!(last, "rests_for" | "ask_again_after") && !parts.contains(&"wording")
            }
            ["children", last] if *last == "unknown_because" => false,
            ["strategies", ..] => !matches!(
                last,
                "isolation"
                    | "pinned"
                    | "may"
                    | "may_ask"
                    | "time_ms"
                    | "memory_mb"
                    | "results"
                    | "learning_purpose"
                    | "at_least_people"
                    | "a_person_counts"
                    | "plugin"
                    | "script"
                    | "vendor"
                    | "because"
            ),
            _ => true,
        }
    }
}

pub(super) struct Edits<'a> {
    pub(super) of: &'a Tree,
    edits: Vec<Edit>,
}

pub(super) fn all(of: &Tree) -> Vec<Edit> {
    let mut edits = Edits { of, edits: Vec::new() };
    edits.widen_policy();
    edits.widen_fields();
    edits.widen_consents();
    edits.widen_purposes();
    edits.widen_never();
    edits.widen_children();
    edits.widen_restraint();
    edits.widen_strategies();
    edits.widen_audit();
    edits.widen_tests();
    edits.edits
}

impl Edits<'_> {
    pub(super) fn add(&mut self, key: &[&str], does: &str, tree: Tree) {
        if tree != *self.of {
            self.edits.push(Edit { key: key.join("."), does: does.to_owned(), tree });
        }
    }

    pub(super) fn keys(&self, path: &[&str]) -> Vec<String> {
        self.of.at(path).map(|t| t.entries().iter().map(|(k, _)| k.clone()).collect()).unwrap_or_default()
    }

    pub(super) fn has(&self, path: &[&str]) -> bool {
        self.of.at(path).is_some()
    }

    pub(super) fn text(&self, path: &[&str]) -> Option<&str> {
        self.of.at(path)?.as_text()
    }

    pub(super) fn set(&mut self, path: &[&str], does: &str, value: Tree) {
        if self.has(path) {
            self.add(path, does, self.of.with(path, value));
        }
    }

    pub(super) fn remove(&mut self, path: &[&str], does: &str) {
        if self.has(path) {
            self.add(path, does, self.of.without(path));
        }
    }

    /// Each value of a list taken away.
    pub(super) fn remove_each(&mut self, path: &[&str], does: &str) {
        for index in 0..self.of.at(path).map_or(0, |l| l.list().len()) {
            self.add(path, does, self.of.without_item(path, index));
        }
    }

    pub(super) fn append(&mut self, path: &[&str], does: &str, value: Tree) {
        self.add(path, does, self.of.with_item(path, value));
    }

    /// A number times a factor, at least one away.
    pub(super) fn scale(&mut self, path: &[&str], factor: f64, does: &str) {
        if let Some(n) = self.of.at(path).and_then(Tree::as_number) {
            let scaled = (n * factor).floor();
            let moved = if (scaled - n).abs() < 1.0 { n + (factor - 1.0).signum() } else { scaled };
            self.set(path, does, Tree::Word(format!("{moved}")));
        }
    }

    /// A span of time times two, or half of it.
    pub(super) fn stretch(&mut self, path: &[&str], longer: bool, does: &str) {
        let Some((count, unit)) = self.text(path).and_then(|t| t.split_once(' ')) else {
            return;
        };
        let Ok(count) = count.parse::<u32>() else { return };
        let changed = if longer { count * 2 } else { count / 2 };
        let value = if changed == 0 { "1 minutes".to_owned() } else { format!("{changed} {unit}") };
        self.set(path, does, Tree::text(&value));
    }

    fn widen_policy(&mut self) {
        self.stretch(&["policy", "ends_after_idle", "session"], true, "a visit lasts twice as long");
        self.stretch(&["policy", "ends_after_idle", "account"], true, "an account lasts twice as long");
        self.set(&["policy", "time_zone"], "birthdays begin elsewhere", Tree::text("Pacific/Honolulu"));
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
            Tree::Word("9999-12-31".to_owned()),
        );
        for strategy in self.keys(&["strategies"]) {
            self.set(&["policy", "fallback"], "another list serves those who refused", Tree::text(&strategy));
        }
        self.remove_each(&["policy", "languages"], "people are told in fewer languages");
        self.append(&["policy", "record", "people"], "data of others is processed", Tree::text("employees"));
        self.remove(&["policy", "record", "authority"], "nobody is told where to complain");
        for vendor in self.keys(&["vendors"]) {
            self.set(&["vendors", &vendor, "role"], "a supplier sees data", Tree::text("processor"));
            self.remove(&["vendors", &vendor, "contract"], "no contract is named");
        }
    }

    fn widen_fields(&mut self) {
        for space in ["subject", "session"] {
            for name in self.keys(&["fields", space]) {
                let path = ["fields", space, &*name];
                let at = |key| [path[0], path[1], path[2], key];
                if self.text(&at("keep")).is_some_and(|k| k == "session" || k == "account") {
                    let longer = if space == "subject" { "100 years" } else { "90 days" };
                    self.set(&at("keep"), "it is kept longer", Tree::text(longer));
                }
                self.stretch(&at("keep"), true, "it is kept longer");
                self.made_of(&path);
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
        for space in ["subject", "context"] {
            for name in self.keys(&["fields", space]) {
                self.append(
                    &["fields", space, &name, "choices"],
                    "a choice tells more",
                    Tree::text("something_else"),
                );
            }
        }
        for name in self.keys(&["fields", "item"]) {
            self.counted(&name);
            if self.text(&["fields", "item", &name, "class"]) == Some("confidential") {
                self.set(&["fields", "item", &name, "class"], "a secret may leave", Tree::text("none"));
            }
            self.scale(&["fields", "item", &name, "at_least_people"], 0.1, "a count is told of fewer people");
        }
        let of_event =
            [("type", "text"), ("class", "personal")].map(|(k, v)| (k.to_owned(), Tree::text(v))).to_vec();
        self.add(
            &["fields", "event"],
            "events keep more",
            self.of.with(&["fields", "event", "note_of_the_till"], Tree::Table(of_event)),
        );
    }

    /// What a derived field is made of, and how.
    fn made_of(&mut self, path: &[&str; 3]) {
        let at = |key| [path[0], path[1], path[2], key];
        if self.text(&at("from")).is_none() {
            return;
        }
        for (key, value) in [("as", "top"), ("of", "sku")] {
            self.set(&at(key), "a derived field tells something else", Tree::text(value));
        }
        if let Some(Tree::List(edges)) = self.of.at(&at("edges")) {
            let finer = edges.iter().cloned().chain([Tree::Word("100000".to_owned())]);
            self.set(&at("edges"), "a derived field is finer", Tree::List(finer.collect()));
        }
        for other in self.keys(&["fields", path[1]]) {
            let other_path = format!("{}.{other}", path[1]);
            if self.text(&["fields", path[1], &other, "type"]) == Some("events") {
                self.set(&at("from"), "a derived field is made of another", Tree::text(&other_path));
            }
        }
    }

    /// What is counted over people.
    fn counted(&mut self, name: &str) {
        let at = |key| ["fields", "item", name, key];
        if !self.has(&at("derived_from")) {
            return;
        }
        for space in ["subject", "session"] {
            for other in self.keys(&["fields", space]) {
                let is_history = self.text(&["fields", space, &other, "type"]) == Some("events");
                let path = Tree::text(&format!("{space}.{other}"));
                if is_history && !self.of.at(&at("derived_from")).is_some_and(|l| l.list().contains(&path)) {
                    self.append(&at("derived_from"), "another history is counted", path);
                }
            }
        }
        for purpose in self.keys(&["purposes"]) {
            self.set(&at("purpose"), "people are counted for another purpose", Tree::text(&purpose));
        }
    }

    fn widen_purposes(&mut self) {
        for name in self.keys(&["purposes"]) {
            let at = |key| ["purposes", &*name, key];
            self.remove_each(&at("needs"), "a consent is no longer needed");
            self.remove_each(&at("stop_if"), "a signal no longer stops it");
            self.set(&at("device"), "the device is read without a consent", Tree::text("nothing"));
            for key in ["says", "profiling_because", "interest", "balance", "device"] {
                self.remove(&at(key), "a reason is gone");
            }
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

    fn widen_never(&mut self) {
        self.remove_each(&["never", "fields"], "a field may be declared again");
        self.remove_each(&["never", "separators"], "categories written so are no path any longer");
        for key in self.keys(&["never", "items"]) {
            self.remove_each(&["never", "items", &key], "products are tied to people again");
        }
        self.remove(&["never", "items"], "products are tied to people again");
        for key in self.keys(&["discreet", "items"]) {
            self.remove_each(&["discreet", "items", &key], "products count beyond the visit again");
        }
        self.remove(&["discreet"], "products count beyond the visit again");
    }

    fn widen_children(&mut self) {
        for key in ["under", "consent_from", "profiling_from"] {
            self.scale(&["children", key], 0.8, "younger people are used");
        }
        for field in self.keys(&["children", "by"]) {
            for country in self.keys(&["children", "by", &field]) {
                self.scale(&["children", "by", &field, &country], 0.8, "a country's age is lower");
            }
        }
        self.remove(&["children", "by"], "no country raises the age");
        self.remove(&["children"], "children are profiled");
        self.remove_each(&["children", "also_if"], "a page for children no longer makes one");
        self.remove(&["children", "age_from"], "nobody's age is known");
        self.remove(&["children", "unknown_because"], "no reason is given for the unknown");
        self.set(&["children", "unknown_age"], "the unknown are adults", Tree::text("adult"));
    }

    fn widen_restraint(&mut self) {
        let at = |key| ["restraint", key];
        self.scale(&["restraint", "shown_at_most", "times"], 2.0, "a product is shown more often");
        self.set(&at("personal_share_at_most"), "more of a list is personal", Tree::Word("0.99".to_owned()));
        self.set(&at("dismissed"), "what nobody wants comes back", Tree::Word("false".to_owned()));
        self.stretch(&["restraint", "after_purchase", "rest"], false, "what was bought comes back sooner");
        if self.has(&at("shown_at_most")) {
            let unless = ["restraint", "shown_at_most", "unless"];
            self.add(&unless, "what was clicked comes back", self.of.with(&unless, Tree::text("clicked")));
        }
        let flags = self.keys(&["fields", "item"]);
        let is_flag = |name: &&String| self.text(&["fields", "item", name, "type"]) == Some("flag");
        let flags: Vec<String> = flags.iter().filter(is_flag).map(|name| format!("item.{name}")).collect();
        for flag in flags {
            let unless = ["restraint", "after_purchase", "unless"];
            self.set(&unless, "other products come back", Tree::text(&flag));
        }
        for key in ["shown_at_most", "dismissed", "personal_share_at_most", "after_purchase"] {
            self.remove(&at(key), "nothing holds it back any longer");
        }
        self.remove(&["restraint"], "nothing holds lists back any longer");
    }

    fn widen_audit(&mut self) {
        self.stretch(&["audit", "keep"], false, "the audit is kept for less time");
        self.stretch(&["audit", "keep_proofs"], false, "proofs are kept for less time");
        self.set(&["audit", "record"], "only refusals are recorded", Tree::text("refusals"));
        for key in ["basis", "person", "when_full"] {
            self.set(&["audit", key], "the audit says something else", Tree::text("no"));
        }
        self.remove(&["audit", "balance"], "the audit rests on nothing");
        self.remove(&["audit"], "nothing is recorded");
    }

    fn widen_tests(&mut self) {
        self.remove_each(&["test"], "a test is gone");
        let tests = self.of.at(&["test"]).map(|l| l.list().to_vec()).unwrap_or_default();
        for (index, test) in tests.iter().enumerate() {
            for part in ["given", "expect"] {
                let keys = test.get(part).map(Tree::entries).unwrap_or_default();
                // what says nothing can be left out
                let says = |value: &Tree| {
                    *value != Tree::List(Vec::new()) && *value != Tree::Word("false".to_owned())
                };
                for (key, _) in keys.iter().filter(|(_, value)| part == "expect" || says(value)) {
                    let mut weaker = tests.clone();
                    if let Some(one) = weaker.get_mut(index) {
                        *one = one.without(&[part, key]);
                    }
                    self.add(
                        &["test", part, key],
                        "a test asks for less",
                        self.of.with(&["test"], Tree::List(weaker)),
                    );
                }
            }
        }
    }
}
