//! Random policies, as texts.

use super::Dice;

/// A field that a policy may declare: its path, its type and the rest of its declaration.
const FIELDS: [(&str, &str, &str); 22] = [
    ("subject.id", "id", ""),
    ("subject.birth_date", "date", ""),
    ("subject.postcode", "text", ""),
    ("subject.genres", "texts", ""),
    ("subject.points", "number", ""),
    ("subject.spent", "money", ""),
    ("subject.member", "flag", ""),
    ("subject.reader", "choice", r#", choices = ["a", "b", "c"]"#),
    ("subject.joined", "time", ""),
    ("subject.favourite", "item", ""),
    ("subject.wished", "items", ""),
    ("subject.viewed", "events", r#", of = ["view_item", "add_to_cart"], at_most = 3"#),
    ("subject.purchases", "events", r#", of = ["purchase"]"#),
    ("session.basket", "items", ""),
    ("session.note", "text", ""),
    ("session.seen", "events", r#", of = ["view_item", "search"]"#),
    ("context.front", "choice", r#", choices = ["a", "b", "c"]"#),
    ("context.reader", "choice", r#", choices = ["a", "b", "c"]"#),
    ("context.page_item", "item", ""),
    ("context.kids", "flag", ""),
    ("context.hour", "number", r#", from = "clock""#),
    ("context.today", "date", r#", from = "clock""#),
];

pub struct RandomPolicy {
    pub text: String,
    pub strategies: Vec<String>,
}

struct Writer<'d> {
    dice: &'d mut Dice,
    text: String,
    /// Declared fields with their type as granted.
    fields: Vec<(String, &'static str)>,
}

/// A valid policy.
pub fn policy(dice: &mut Dice) -> RandomPolicy {
    let mut writer = Writer { dice, text: String::new(), fields: Vec::new() };
    writer.head();
    writer.fields();
    writer.consents_and_purposes();
    writer.never_and_children();
    let strategies = writer.strategies();
    writer.stop(&strategies);
    RandomPolicy { text: writer.text, strategies }
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn head(&mut self) {
        let zone = self.dice.of(&["UTC", "Europe/Paris"]);
        let session = self.dice.of(&["30 minutes", "2 hours"]);
        let account = self.dice.of(&["60 days", "6 months", "24 months"]);
        self.line(
            "language = 1\n[policy]\ncontroller = \"A shop\"\ncontact = \"a@shop.example\"\nlanguages = [\"en\"]\nfallback = \"window\"",
        );
        self.line("revision = \"2026-11-20.1\"\ndpia = \"D\"");
        self.line(&format!(
            "time_zone = \"{zone}\"\nends_after_idle = {{ session = \"{session}\", account = \"{account}\" }}"
        ));
    }

    fn fields(&mut self) {
        // nothing that is used of adults alone outlasts the age
        let of_age = self.dice.of(&["account", "1 year"]);
        for (path, kind, rest) in FIELDS {
            if !self.dice.percent(75) {
                continue;
            }
            let (space, name) = path.split_once('.').unwrap();
            let keep = match (space, kind) {
                ("subject", "date") => Some(of_age),
                ("subject", _) => Some(self.dice.of(&[of_age, "30 days", "2 months", "1 year"])),
                ("session", "events") => Some(self.dice.of(&["session", "10 days", "10 minutes"])),
                ("session", _) => Some("session"),
                _ => None,
            };
            let class = if space == "context" { "none" } else { "personal" };
            let keep = keep.map(|k| format!(", keep = \"{k}\"")).unwrap_or_default();
            self.line(&format!(
                "[fields.{space}.{name}]\n{}",
                as_lines(&format!("type = \"{kind}\", class = \"{class}\"{keep}{rest}"))
            ));
            self.fields.push((path.to_owned(), kind));
        }
        self.derived();
        self.line(
            "[fields.event]\ncoupon = { type = \"text\", class = \"personal\" }\namount = { type = \"money\", class = \"personal\" }",
        );
        self.line(
            "[fields.item]\nsku = { type = \"id\", class = \"none\", always = true }\ncategory = { type = \"text\", class = \"none\" }",
        );
        self.line("tags = { type = \"texts\", class = \"none\" }\nprice = { type = \"money\", class = \"none\" }\nmargin = { type = \"number\", class = \"confidential\" }");
        if self.has("subject.purchases") && self.dice.percent(30) {
            self.line("popularity = { type = \"number\", class = \"none\", derived_from = [\"subject.purchases\"], purpose = \"p0\", at_least_people = 5 }");
        }
        self.line("[groups]\ncatalogue = [\"item.sku\", \"item.category\", \"item.price\"]");
    }

    fn derived(&mut self) {
        let newest = self.dice.of(&["", ", newest = \"20 days\"", ", newest = \"3 months\""]);
        let all = [
            ("subject.purchases", "d_top", format!("as = \"top\", k = 3, of = \"sku\"{newest}"), "texts"),
            (
                "subject.viewed",
                "d_typical",
                format!("as = \"typical\", of = \"price\", edges = [10, 20.5, 40]{newest}"),
                "number",
            ),
            ("subject.birth_date", "d_band", "as = \"age band\", years = 10".to_owned(), "choice"),
            ("subject.viewed", "d_count", format!("as = \"count\", edges = [2]{newest}"), "counts"),
        ];
        for (from, name, how, kind) in all {
            if self.has(from) && self.dice.percent(50) {
                self.line(&format!(
                    "[fields.subject.{name}]\n{}",
                    as_lines(&format!("from = \"{from}\", {how}"))
                ));
                self.fields.push((format!("subject.{name}"), kind));
            }
        }
    }

    fn has(&self, path: &str) -> bool {
        self.fields.iter().any(|(p, _)| p == path)
    }

    fn consents_and_purposes(&mut self) {
        let lasts = self.dice.of(&["90 days", "180 days", "6 months"]);
        for name in ["yes", "also"] {
            let texts = self.dice.of(&["\"1\"", "\"1\", \"2\"", "\"2\""]);
            self.line(&format!("[consents.{name}]\ntexts = [{texts}]\nlasts = \"{lasts}\""));
            let rest = self.dice.of(&["", "rests_for = \"1 day\"", "rests_for = \"1 month\""]);
            self.line(rest);
            if self.dice.percent(50) {
                let tcf = self.dice.of(&[
                    "",
                    "tcf_publisher_purposes = [5, 6], ",
                    "tcf_publisher_purposes = [1], ",
                ]);
                let mode = self.dice.of(&["", "consent_mode = \"m\", "]);
                self.line(&format!("signals = {{ {tcf}{mode}may = \"only refuse\" }}"));
            }
        }
        self.line("[purposes.show]\nsays = { en = \"s\" }\nprofiling = false\nbasis = \"nothing about a person is read\"");
        for name in ["p0", "p1", "p2"] {
            let profiling = self.dice.percent(50);
            self.line(&format!("[purposes.{name}]\nsays = {{ en = \"s\" }}\nprofiling = {profiling}"));
            if !profiling {
                self.line("profiling_because = \"b\"");
            }
            let needs = self.dice.of(&["\"yes\"", "\"also\"", "\"yes\", \"also\""]);
            let mut stops = self.dice.some(&["\"objection\"", "\"global privacy control\""], 60);
            if self.dice.percent(60) {
                self.line(&format!("basis = \"consent\"\nneeds = [{needs}]"));
            } else {
                if !stops.contains(&"\"objection\"") {
                    stops.push("\"objection\"");
                }
                self.line("basis = \"legitimate interests\"\ninterest = { en = \"i\" }\nbalance = \"L\"");
                if self.dice.percent(20) {
                    self.line(&format!("needs = [{needs}]"));
                }
            }
            self.line(&format!("stop_if = [{}]", stops.join(", ")));
        }
    }

    fn never_and_children(&mut self) {
        if self.dice.percent(70) {
            let categories = self.dice.some(&["\"Pharmacy\"", "\"caf\\u00E9\"", "\"a/b\""], 60).join(", ");
            let tags = self.dice.some(&["\"HALAL\"", "\"x\""], 40).join(", ");
            let ids = self.dice.some(&["\"i3\"", "\"gone\""], 30).join(", ");
            let items = format!(
                "\"item.category\" = [{categories}], \"item.tags\" = [{tags}], \"item.sku\" = [{ids}]"
            );
            self.line(&format!("[never]\nitems = {{ {items} }}"));
        }
        if self.dice.percent(50) {
            let categories = self.dice.some(&["\"pharmacyx\"", "\" A \""], 60).join(", ");
            let ids = self.dice.some(&["\"I4\"", "\"i5\"", "\"new\""], 30).join(", ");
            let tags = self.dice.some(&["\"Red\""], 30).join(", ");
            let items = format!(
                "\"item.category\" = [{categories}], \"item.tags\" = [{tags}], \"item.sku\" = [{ids}]"
            );
            self.line(&format!("[discreet]\nitems = {{ {items} }}"));
        }
        if self.dice.percent(70) {
            let unknown = self.dice.of(&["\"child\"", "\"adult\"\nunknown_because = \"b\""]);
            let ages = self.dice.of(&[
                "under = 15",
                "under = 18",
                "consent_from = 14\nprofiling_from = 18",
                "consent_from = 16\nprofiling_from = 13",
            ]);
            self.line(&format!("[children]\n{ages}\nunknown_age = {unknown}"));
            let country = self.dice.of(&["reader", "front"]);
            let is_told = ["subject", "context"].iter().any(|space| self.has(&format!("{space}.{country}")));
            if is_told && self.dice.percent(60) {
                self.line(&format!("by = {{ {country} = {{ a = 18, b = 19 }} }}"));
            }
            if self.has("subject.birth_date") {
                self.line("age_from = \"subject.birth_date\"");
            }
            if self.has("context.kids") && self.dice.percent(60) {
                self.line("also_if = [\"context.kids\"]");
            }
        }
    }

    fn strategies(&mut self) -> Vec<String> {
        self.line("[strategies.window]\nplugin = \"popular\"\npurpose = \"show\"\n[strategies.window.may_read]\ncatalogue = \"exact\"");
        self.grants(&["context"], 50);
        self.line(
            "[strategies.nobody]\nscript = \"nobody.rhai\"\npurpose = \"show\"\n[strategies.nobody.may_read]",
        );
        self.grants(&["context"], 70);
        let mut names = vec!["window".to_owned(), "nobody".to_owned()];
        for (i, purpose) in ["p0", "p1", "p2", "p0"].iter().enumerate() {
            let name = format!("s{i}");
            self.line(&format!("[strategies.{name}]\nscript = \"{name}.rhai\"\npurpose = \"{purpose}\""));
            self.learning();
            self.line(&format!("[strategies.{name}.may_read]"));
            if self.dice.percent(60) {
                self.line("catalogue = \"exact\"");
            }
            let spaces = self.dice.of(&[
                &["subject", "session", "context"][..],
                &["context"][..],
                &["subject"][..],
                &["session", "context"][..],
            ]);
            self.grants(spaces, 60);
            names.push(name);
        }
        names
    }

    fn learning(&mut self) {
        let histories = ["subject.viewed", "subject.purchases", "session.seen"];
        let declared: Vec<&str> = histories.into_iter().filter(|h| self.has(h)).collect();
        let chosen = self.dice.some(&declared, 25);
        if chosen.is_empty() {
            return;
        }
        if self.dice.percent(50) {
            let purpose = self.dice.of(&["p0", "p1", "p2"]);
            self.line(&format!("learning_purpose = \"{purpose}\""));
        }
        let newest = self.dice.of(&["", ", newest = \"15 days\""]);
        let list: Vec<String> =
            chosen.iter().map(|h| format!("\"{h}\" = {{ as = \"sessions\"{newest} }}")).collect();
        let people =
            self.dice.of(&["", "at_least_people = 5, ", "a_person_counts = 2, ", "at_least_people = 1, "]);
        self.line(&format!("may_learn_from = {{ {people}{} }}", list.join(", ")));
    }

    fn grants(&mut self, spaces: &[&str], chance: usize) {
        let of_space = |(path, _): &(String, &'static str)| spaces.iter().any(|s| path.starts_with(s));
        let all: Vec<(String, &'static str)> = self.fields.iter().filter(|f| of_space(f)).cloned().collect();
        for (path, kind) in self.dice.some(&all, chance) {
            let form = self.form(&path, kind);
            self.line(&format!("\"{path}\" = {form}"));
        }
    }

    fn form(&mut self, path: &str, kind: &str) -> String {
        let has_age = path.starts_with("subject.") && path != "subject.id" || kind == "events";
        let newest = if has_age && self.dice.percent(50) {
            self.dice.of(&[", newest = \"15 days\"", ", newest = \"1 month\"", ", newest = \"36 hours\""])
        } else {
            ""
        };
        let forms: &[&str] = match kind {
            "id" => &[
                "as = \"pseudonym\", changes_every = \"30 days\"",
                "as = \"pseudonym\", changes_every = \"2 months\"",
            ],
            "date" => &[
                "as = \"year\"",
                "as = \"month\"",
                "as = \"age band\", years = 10",
                "as = \"age band\", years = 25, from = 18, to = 65",
            ],
            "text" => &["as = \"first characters\", n = 2"],
            "number" | "money" => &[
                "as = \"round\", to = 2.5",
                "as = \"round\", to = 10",
                "as = \"bucket\", edges = [0, 10, 99.5]",
            ],
            "choice" if !path.contains("d_band") => {
                &["as = \"generalise\", map = { a = \"x\", b = \"x\", c = \"y\" }"]
            }
            "items" => &["as = \"top\", k = 2, of = \"category\"", "as = \"top\", k = 9, of = \"tags\""],
            "events" => &[
                "as = \"top\", k = 2, of = \"category\"",
                "as = \"top\", k = 9, of = \"tags\"",
                "as = \"typical\", of = \"price\", edges = [5, 15, 25]",
                "as = \"count\", edges = [1, 2, 4]",
            ],
            _ => &[],
        };
        let may = self.dice.of(&["", "", ", may = \"order\"", ", may = \"order and hide\""]);
        let newest = if path.starts_with("context.") { newest.to_owned() } else { format!("{newest}{may}") };
        match self.dice.below(forms.len() + 2) {
            0 => format!("{{ as = \"exact\"{newest} }}"),
            1 => format!("{{ as = \"yes or no\"{newest} }}"),
            i => format!("{{ {}{newest} }}", forms[i - 2]),
        }
    }

    fn stop(&mut self, strategies: &[String]) {
        if self.dice.percent(20) {
            let everything = self.dice.percent(20);
            let named: Vec<String> =
                self.dice.some(&strategies[1..], 15).iter().map(|s| format!("\"{s}\"")).collect();
            self.line(&format!("[stop]\neverything = {everything}\nstrategies = [{}]", named.join(", ")));
        }
    }
}

/// `a = 1, b = [1, 2]` as lines: commas between keys only.
fn as_lines(inline: &str) -> String {
    let mut text = String::new();
    let mut depth = 0_i32;
    for c in inline.chars() {
        depth += i32::from(c == '[' || c == '{') - i32::from(c == ']' || c == '}');
        text.push(if c == ',' && depth == 0 { '\n' } else { c });
    }
    text.lines().map(str::trim).collect::<Vec<_>>().join("\n")
}
