//! Edits of who is granted what.

use jardin_policy::{FigureKind, TRANSFORMS};

use super::{edits::Edits, tree::Tree};

impl Edits<'_> {
    pub(super) fn widen_strategies(&mut self) {
        let personal: Vec<String> = ["subject", "session"]
            .iter()
            .flat_map(|space| {
                self.keys(&["fields", space]).into_iter().map(move |name| format!("{space}.{name}"))
            })
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
            self.files(&name);
            self.set(&at("pinned"), "its file is no longer reviewed", Tree::Word("false".to_owned()));
            for limit in ["time_ms", "memory_mb", "results"] {
                self.scale(&["strategies", &name, "limits", limit], 1.5, "a limit is raised");
            }
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

    /// Which file runs, who supplies it, and for which purpose.
    fn files(&mut self, strategy: &str) {
        let at = |key| ["strategies", strategy, key];
        self.set(&at("plugin"), "another plugin runs", Tree::text("another"));
        self.set(&at("script"), "another script runs", Tree::text("another.rhai"));
        self.remove(&at("vendor"), "nobody says who supplies it");
        let now = self.text(&at("purpose")).unwrap_or_default().to_owned();
        let mut looser = self.keys(&["purposes"]);
        looser.retain(|purpose| self.is_looser(purpose, &now));
        for purpose in &looser {
            self.set(&at("purpose"), "it runs for a purpose that refuses less", Tree::text(purpose));
        }
    }

    /// True where a purpose refuses nobody whom the other takes, and somebody less.
    fn is_looser(&self, purpose: &str, than: &str) -> bool {
        let refuses = |name: &str| -> Vec<Tree> {
            let lists = ["needs", "stop_if"]
                .map(|key| self.of.at(&["purposes", name, key]).map_or(&[][..], Tree::list));
            let profiles =
                self.of.at(&["purposes", name, "profiling"]).filter(|p| **p == Tree::Word("true".to_owned()));
            let reads =
                self.text(&["purposes", name, "basis"]).filter(|b| *b != "nothing about a person is read");
            let words = profiles.cloned().into_iter().chain(reads.map(|_| Tree::text("restriction")));
            lists.concat().into_iter().chain(words).collect()
        };
        let (loose, strict) = (refuses(purpose), refuses(than));
        loose.len() < strict.len() && loose.iter().all(|one| strict.contains(one))
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
        self.set(&at("as"), "the form tells more", Tree::text("exact"));
        let word = granted.get("as").and_then(Tree::as_text);
        let kind = TRANSFORMS.iter().find(|kind| Some(kind.word) == word);
        for figure in kind.into_iter().flat_map(|kind| kind.figures) {
            self.refine(&at(figure.key), figure.kind);
        }
        self.remove(&at("because"), "no reason is given");
        if granted.get("as").is_some() {
            let hiding = self.of.with(&at("may"), Tree::text("order and hide"));
            self.add(&at("may"), "it hides products too", hiding);
        }
        self.stretch(&at("newest"), true, "it reaches further back");
        self.remove(&at("newest"), "it reaches back for ever");
    }

    /// A figure of a form changed so that the form tells more.
    fn refine(&mut self, path: &[&str; 5], kind: FigureKind) {
        match kind {
            FigureKind::Whole { tells_more, .. } => self.scale(path, tells_more, "the form is finer"),
            FigureKind::Above0 => self.scale(path, 0.5, "the form is finer"),
            FigureKind::Span => self.stretch(path, true, "the form lasts longer"),
            FigureKind::ItemField => self.set(path, "the form tells of another field", Tree::text("sku")),
            FigureKind::Borders => {
                let mut edges = vec![Tree::Word("-1".to_owned())];
                edges.extend(self.of.at(path).map(|l| l.list().to_vec()).unwrap_or_default());
                self.set(path, "the form is finer", Tree::List(edges));
            }
            FigureKind::Map => {
                let choices = self.of.at(path).map(|m| m.entries().to_vec()).unwrap_or_default();
                let told_as_one = |told: &Tree| choices.iter().filter(|(_, t)| t == told).count() > 1;
                for (choice, _) in choices.iter().filter(|(_, told)| told_as_one(told)) {
                    let path = [&path[..], &[&**choice]].concat();
                    self.add(&path, "a choice is told apart", self.of.with(&path, Tree::text(choice)));
                }
            }
        }
    }

    fn learning(&mut self, strategy: &str, personal: &[String]) {
        let is_history = |f: &&String| {
            f.split_once('.').is_some_and(|(s, n)| self.text(&["fields", s, n, "type"]) == Some("events"))
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
        self.change_people(strategy);
        self.remove(
            &["strategies", strategy, "learning_purpose"],
            "it learns for the purpose that it runs for",
        );
    }

    /// Of how many people what was learned must be, and how often one of them counts.
    fn change_people(&mut self, strategy: &str) {
        let at = |key| ["strategies", strategy, "may_learn_from", key];
        if !self.has(&["strategies", strategy, "may_learn_from"]) {
            return;
        }
        let one = Tree::Word("1".to_owned());
        self.add(
            &at("at_least_people"),
            "what one person did is shown",
            self.of.with(&at("at_least_people"), one),
        );
        let many = Tree::Word("1000".to_owned());
        self.add(
            &at("a_person_counts"),
            "one person counts a thousand times",
            self.of.with(&at("a_person_counts"), many),
        );
    }
}
