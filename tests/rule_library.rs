//! The ready rules of the folder `scripts`: each is added to a new shop as a merchant adds it, by pasting the lines that
//! `jardin script add` prints. What its head says must be so, and no sentence of it may be without a test.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Output,
    thread,
};

use serde_json::Value;

use crate::support::program;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts")
}

/// The names of files with an ending, without it.
fn names(ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    entries.filter_map(|name| name.to_str()?.strip_suffix(ending).map(str::to_owned)).collect()
}

fn jardin(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[track_caller]
fn run(arguments: &[&str]) -> String {
    let output = jardin(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// A rule with what its head says.
struct Rule {
    name: String,
    script: String,
    title: String,
    reads: BTreeSet<String>,
    about: String,
}

impl Rule {
    fn read(name: &str) -> Self {
        let script = fs::read_to_string(folder().join(format!("{name}.rhai"))).unwrap();
        let title = script.lines().next().unwrap().strip_prefix("// ").unwrap().to_owned();
        let words = |label| head_entry(&script, label);
        let reads = words("Reads").split(", ").map(str::to_owned).collect();
        assert!(!words("Suits").is_empty(), "{name} says where it suits");
        Self { name: name.to_owned(), title, reads, about: words("About"), script }
    }

    fn strategy(&self) -> String {
        self.name.replace('_', "-")
    }

    /// The script without its tests, and its tests.
    fn rule_and_tests(&self) -> (&str, &str) {
        self.script.split_at(self.script.find("\nfn test_").expect("a rule has a test"))
    }

    /// The script without the rule: its tests alone.
    fn emptied(&self) -> String {
        format!("fn adjust(item) {{ }}\n{}", self.rule_and_tests().1)
    }

    /// The script without each of its sentences that move an item or arrange the page, one at a time.
    fn shortened(&self) -> Vec<(String, String)> {
        let (rule, tests) = self.rule_and_tests();
        let starts = ["item.boost(", "item.bury(", "item.drop(", "item.say(", "page."];
        let places = starts.iter().flat_map(|start| rule.match_indices(start));
        let code = rule.find("\n\n").unwrap();
        let sentences = places.filter(|(at, _)| *at > code).map(|(at, _)| {
            let (before, rest) = rule.split_at(at);
            let (sentence, after) = rest.split_once(");").unwrap();
            (sentence.to_owned(), format!("{before}{after}{tests}"))
        });
        sentences.collect()
    }
}

/// What stands behind a word of the head, over as many lines as it takes.
fn head_entry(script: &str, label: &str) -> String {
    let start = format!("// {label}:");
    let mut lines = script.lines().skip_while(|line| !line.starts_with(&start));
    let first = lines.next().unwrap_or_else(|| panic!("no `{label}:` in {script}"));
    let rest = lines.map_while(|line| line.strip_prefix("//           "));
    let words = first.strip_prefix(&start).into_iter().chain(rest).map(str::trim);
    words.collect::<Vec<_>>().join(" ")
}

/// A new shop with a rule, and the lines that were pasted for it.
struct Shop {
    folder: tempfile::TempDir,
    pasted: BTreeSet<String>,
}

impl Shop {
    fn with_rule(rule: &Rule) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        run(&["init", path, "--controller", "A shop", "--contact", "privacy@shop.example"]);
        let printed = run(&["script", "add", &rule.name, path]);
        let mut shop = Self { folder, pasted: BTreeSet::new() };
        for file in ["policy.toml", "jardin.toml"] {
            let block = printed.split(&format!("to paste into {file}")).nth(1).unwrap();
            let block = block.split("\n\n").nth(1).unwrap();
            shop.pasted.extend(block.lines().map(str::to_owned));
            shop.edit(file, |text| paste(text, block));
        }
        // what is late depends on the machine and not on the rule
        shop.edit("policy.toml", |text| {
            format!("{text}\n[defaults]\nlimits = {{ time_ms = 9999, memory_mb = 64, results = 1000 }}\n")
        });
        run(&["policy", "pin", shop.path()]);
        shop
    }

    fn path(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    fn edit(&self, file: &str, change: impl Fn(&str) -> String) {
        let path = self.folder.path().join(file);
        fs::write(&path, change(&fs::read_to_string(&path).unwrap())).unwrap();
    }

    /// Runs the tests of a script in the place of the rule's: how many passed, how many failed, and all that was said.
    fn test(&self, rule: &Rule, script: &str) -> (usize, usize, String) {
        self.edit(&format!("scripts/{}.rhai", rule.name), |_| script.to_owned());
        let output = jardin(&["test", self.path()]);
        let text = said(&output);
        let count = |word: &str| text.lines().filter(|line| line.starts_with(word)).count();
        let (passed, failed) = (count("ok "), count("FAILED "));
        assert_eq!(output.status.code(), Some(i32::from(failed > 0)), "{}: {text}", rule.name);
        (passed, failed, text)
    }
}

/// Lines pasted as a merchant pastes them: under the head of a table that stands there, otherwise at the end.
fn paste(text: &str, block: &str) -> String {
    let mut text = text.to_owned();
    for table in block.lines().collect::<Vec<_>>().chunk_by(|_, line| !line.starts_with('[')) {
        let head = format!("\n{}\n", table[0]);
        let lines = table[1..].join("\n");
        text = match text.split_once(&head) {
            Some((before, after)) => format!("{before}{head}{lines}\n{after}"),
            None => format!("{text}{head}{lines}\n"),
        };
    }
    text
}

/// Does the same for every rule, some at a time.
fn for_each_rule(check: impl Fn(&Rule) + Sync) {
    let rules: Vec<Rule> = names(".rhai").iter().map(|name| Rule::read(name)).collect();
    assert!(rules.len() >= 25, "{}", rules.len());
    thread::scope(|scope| {
        for rules in rules.chunks(rules.len().div_ceil(4)) {
            scope.spawn(|| rules.iter().for_each(&check));
        }
    });
}

#[test]
fn the_readme_and_the_program_list_exactly_the_rules_of_the_folder() {
    let rules = names(".rhai");
    assert_eq!(rules, names(".fixtures.json"), "each rule has its fixtures");
    let rows: BTreeSet<(String, String)> =
        rules.iter().map(|name| (name.clone(), Rule::read(name).title)).collect();
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    let listed = readme.lines().filter_map(|line| line.strip_prefix("| [")).map(|row| {
        let (name, rest) = row.split_once("](").unwrap();
        assert!(rest.starts_with(&format!("{name}.rhai) | ")), "{row}");
        (name.to_owned(), rest.split(" | ").nth(1).unwrap().to_owned())
    });
    assert_eq!(listed.collect::<BTreeSet<_>>(), rows);
    let printed = run(&["script", "list"]);
    let printed = printed.lines().map(|line| line.split_once("  ").unwrap());
    assert_eq!(
        printed.map(|(name, title)| (name.to_owned(), title.trim().to_owned())).collect::<BTreeSet<_>>(),
        rows
    );
}

#[test]
fn every_rule_is_what_its_head_says_and_passes_its_tests_in_a_new_shop() {
    for_each_rule(|rule| {
        let shop = Shop::with_rule(rule);
        check_shop(rule, &shop);
        check_reads(rule, &shop);
        let (passed, failed, text) = shop.test(rule, &rule.script);
        assert!(passed > 0 && failed == 0, "{}: {text}", rule.name);
    });
}

/// No finding is of the rule or of a line that it brought, and all that is asked of items is compiled.
fn check_shop(rule: &Rule, shop: &Shop) {
    let checked: Value = serde_json::from_str(&run(&["check", shop.path(), "--format", "json"])).unwrap();
    assert_eq!(checked["unchecked"], serde_json::json!([]), "{}", rule.name);
    for file in checked["files"].as_array().unwrap() {
        let name = Path::new(file["file"].as_str().unwrap()).file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(file["file"].as_str().unwrap()).unwrap();
        for finding in file["findings"].as_array().unwrap() {
            let line = usize::try_from(finding["line"].as_u64().unwrap()).unwrap();
            let line = text.lines().nth(line - 1).unwrap();
            assert!(name == "policy.toml" && !shop.pasted.contains(line), "{}: {finding}", rule.name);
        }
        for function in file["functions"].as_array().unwrap() {
            let runs = function["runs"].as_str().unwrap();
            assert!(["compiled", "once a request"].contains(&runs), "{}: {function}", rule.name);
        }
    }
}

/// The rule reads what its head names and its grant allows, no more and no less, and says of whom.
fn check_reads(rule: &Rule, shop: &Shop) {
    let (file, strategy) = (format!("{}.rhai", rule.name), rule.strategy());
    let arguments =
        ["policy", "reads", &file, shop.path(), "--strict", "--strategy", &strategy, "--format", "json"];
    let proof: Value = serde_json::from_str(&run(&arguments)).unwrap();
    let proof = &proof["strategies"][0];
    let fields = |kind: &str| -> BTreeSet<String> {
        proof[kind].as_array().unwrap().iter().map(|field| field.as_str().unwrap().to_owned()).collect()
    };
    let read: BTreeSet<String> = fields("reads").union(&fields("may_read")).cloned().collect();
    assert_eq!(read, rule.reads, "{}", rule.name);
    assert!(fields("never_reads").is_empty() && fields("over_grants").is_empty(), "{}: {proof}", rule.name);
    let is_personal = read.iter().any(|field| field.starts_with("subject.") || field.starts_with("session."));
    assert_eq!(rule.about == "nobody", !is_personal, "{}: {}", rule.name, rule.about);
    let states_purpose = shop.pasted.iter().any(|line| line.starts_with("[purposes."));
    assert_eq!(states_purpose, is_personal, "{}: a purpose is stated where a person is read", rule.name);
}

#[test]
fn no_test_of_a_rule_passes_without_it() {
    for_each_rule(|rule| {
        let (passed, failed, text) = Shop::with_rule(rule).test(rule, &rule.emptied());
        assert!(passed == 0 && failed > 0, "{}: {text}", rule.name);
    });
}

#[test]
fn no_sentence_of_a_rule_is_without_a_test() {
    for_each_rule(|rule| {
        let shop = Shop::with_rule(rule);
        for (sentence, script) in rule.shortened() {
            let (_, failed, text) = shop.test(rule, &script);
            assert!(failed > 0, "{}: nothing fails without `{sentence}`\n{text}", rule.name);
        }
    });
}

#[test]
fn a_rule_is_not_written_over_another_and_an_unknown_one_is_guessed() {
    let rule = Rule::read("best_sellers");
    let shop = Shop::with_rule(&rule);
    let again = jardin(&["script", "add", "best-sellers", shop.path()]);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).contains("is there already"), "{}", said(&again));
    let unknown = jardin(&["script", "add", "best_seller", shop.path()]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).contains("did you mean `best_sellers`?"), "{}", said(&unknown));
    // where the lines stand already nothing is left to paste
    fs::remove_file(shop.folder.path().join("scripts/best_sellers.rhai")).unwrap();
    fs::remove_file(shop.folder.path().join("scripts/best_sellers.fixtures.json")).unwrap();
    assert!(!run(&["script", "add", "best_sellers", shop.path()]).contains("to paste"));
}
