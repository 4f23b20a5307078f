//! Names say what they name: functions are a verb with its object, and a mechanism that has a name in the field is called by it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The share of our own functions that may have a name of one word, in per cent.
const MAX_ONE_WORD_PERCENT: usize = 55;

/// Names that pictured a mechanism or meant several things, with what is written instead.
const REPLACED: &[(&str, &str)] = &[
    ("struct Asking", "StrategyRequest"),
    ("struct Crew", "WorkerPool"),
    ("struct Door", "Admission"),
    ("struct Grants", "FieldGrant"),
    ("struct Ground", "ThrowawayShop"),
    ("struct Inner", "a struct for each subsystem"),
    ("struct Keeper", "Supervisor"),
    ("struct Narrowing", "PrivacySignals"),
    ("struct Partner", "WorkerHandle"),
    ("struct Prepared", "ResolvedRequest"),
    ("struct Seat", "WorkerSlot"),
    ("struct Shelf", "ScreenedCatalogue"),
    ("struct Stage", "TrialEngine"),
    ("struct Tray", "MemoryStore"),
    ("struct Turns", "SubjectLocks"),
    ("struct Valid", "PolicyRules"),
    ("enum Lesson", "WorkerUpdate"),
    ("enum Without", "NoListReason"),
    ("fn bell", "wake"),
    ("fn leave", "authorize"),
    ("fn mourn", "record_death"),
    ("fn rung", "woken"),
    ("fn shelve", "screen"),
    ("fn taught", "has_learned"),
    ("fn told", "as_attempt"),
    ("mod crew", "worker_pool"),
    ("mod deaths", "restart_backoff"),
    ("mod doom", "schedule_key_destruction"),
    ("mod face", "api"),
    ("mod keeper", "supervisor"),
    ("mod master", "master_key"),
    ("mod mend", "recovery"),
    ("mod placing", "cpu_affinity"),
    ("mod repeats", "dedup"),
    ("mod rounds", "latency_histogram"),
    ("mod room", "batch_size"),
    ("mod setting", "worker_spec"),
    ("mod shown", "worker_stats"),
    ("mod tests_inline", "inline_tests"),
    ("mod tested", "script_tests"),
    ("mod weight", "memory_size"),
];

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            if entry.file_name() != "target" {
                rust_files(&path, files);
            }
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

fn our_files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["core", "plugins", "examples"] {
        rust_files(&root.join(folder), &mut files);
    }
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// A line without the words that may stand before `fn`, `struct` and the like.
fn without_qualifiers(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        let before = rest;
        if let Some(path) = rest.strip_prefix("pub(") {
            rest = path.split_once(") ").map_or("", |(_, rest)| rest);
        }
        for word in ["pub ", "const ", "async ", "unsafe ", "default ", "extern \"C\" "] {
            rest = rest.strip_prefix(word).unwrap_or(rest);
        }
        if rest == before {
            return rest;
        }
    }
}

/// What is declared in a line: its keyword with its name.
fn declared(line: &str) -> Option<String> {
    let rest = without_qualifiers(line);
    let (keyword, rest) = rest.split_once(' ')?;
    let is_declaration = ["fn", "struct", "enum", "trait", "type", "mod"].contains(&keyword);
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (is_declaration && !name.is_empty()).then(|| format!("{keyword} {name}"))
}

/// The name of the trait that an `impl` line begins to implement.
fn implemented_trait(line: &str) -> Option<&str> {
    let rest = line.trim_start();
    let rest = rest.strip_prefix("unsafe ").unwrap_or(rest).strip_prefix("impl")?;
    let head = rest.split_once(" for ")?.0;
    let path = head.rsplit_once(' ').map_or(head, |(_, path)| path);
    path.split('<').next()?.rsplit("::").next()
}

/// The names of the functions of a file that we could have named otherwise: no methods of traits from outside, no tests' own names.
fn named_functions(source: &str, our_traits: &BTreeSet<String>) -> Vec<String> {
    let mut names = Vec::new();
    let mut outside: Option<usize> = None;
    for line in source.lines() {
        let indent = line.len() - line.trim_start().len();
        if let Some(name) = implemented_trait(line) {
            let ends_at_once = line.trim_end().ends_with('}');
            outside = (!our_traits.contains(name) && !ends_at_once).then_some(indent);
        } else if outside == Some(indent) && line.trim_start().starts_with('}') {
            outside = None;
        }
        let function = declared(line).and_then(|d| d.strip_prefix("fn ").map(str::to_owned));
        names.extend(function.filter(|name| outside.is_none() && name != "new" && name != "main"));
    }
    names
}

#[test]
fn most_functions_are_a_verb_with_its_object() {
    let files = our_files();
    let traits: BTreeSet<String> = files
        .iter()
        .flat_map(|(_, source)| source.lines().filter_map(declared))
        .filter_map(|d| d.strip_prefix("trait ").map(str::to_owned))
        .collect();
    let names: Vec<String> = files.iter().flat_map(|(_, source)| named_functions(source, &traits)).collect();
    let of_one_word = names.iter().filter(|name| !name.trim_matches('_').contains('_')).count();
    assert!(names.len() > 1_000, "only {} functions were found", names.len());
    let percent = of_one_word * 100 / names.len();
    println!("{of_one_word} of {} functions have a name of one word: {percent} %", names.len());
    assert!(percent <= MAX_ONE_WORD_PERCENT, "{percent} % of {} names are one word", names.len());
}

#[test]
fn no_picture_stands_for_a_mechanism_that_has_a_name() {
    for (path, source) in our_files() {
        for declaration in source.lines().filter_map(declared) {
            if let Some((_, instead)) = REPLACED.iter().find(|(old, _)| *old == declaration) {
                panic!("{}: `{declaration}`: write {instead}", path.display());
            }
        }
    }
}

#[test]
fn the_scanner_tells_names_that_are_ours() {
    let source = "pub trait Ours {\n    fn name_it(&self);\n}\nimpl fmt::Display for X {\n    fn fmt(&self) {}\n}\nimpl Ours for X {\n    \
                  fn name_it(&self) {}\n}\npub(crate) const fn of(x: u8) {}\nasync fn read_all() {}\nfn main() {}\n";
    let traits = BTreeSet::from(["Ours".to_owned()]);
    assert_eq!(named_functions(source, &traits), ["name_it", "name_it", "of", "read_all"]);
}
