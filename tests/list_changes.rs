//! `policy diff` of two shop folders runs their scripts and settings over made-up visitors.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::support::{program, unhurried};

/// Two copies of the demo shop, the second one with `from` replaced in one of its files.
fn shops(file: &str, from: &str, to: &str) -> TempDir {
    let temporary = tempfile::tempdir().unwrap();
    for name in ["old", "new"] {
        unhurried(&crate::support::example("shop"), &temporary.path().join(name));
    }
    let path = temporary.path().join("new").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
    temporary
}

/// What the command prints, and its exit code.
fn diff(folder: &Path) -> (String, Option<i32>) {
    let output =
        program().args(["policy", "diff"]).args([folder.join("old"), folder.join("new")]).output().unwrap();
    let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
    (said, output.status.code())
}

#[test]
fn a_script_that_drops_everything_for_an_age_is_refused() {
    let drops = "    if subject.birth_date == \"60-69\" { item.drop(\"too old for us\"); return; }\n";
    let head = "fn adjust(item, subject, params) {\n";
    let shops = shops("scripts/for_you.rhai", head, &format!("{head}{drops}"));
    let (said, code) = diff(shops.path());
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("hides-by-order"), "{said}");
}

#[test]
fn a_script_that_buries_what_an_age_was_shown_is_an_effect() {
    let buries = "    if subject.birth_date == \"60-69\" && item.category == \"tents\" { item.bury(0.1, \"too old\"); }\n";
    let head = "fn adjust(item, subject, params) {\n";
    let shops = shops("scripts/for_you.rhai", head, &format!("{head}{buries}"));
    let (said, code) = diff(shops.path());
    assert_eq!(code, Some(11), "{said}");
    assert!(said.contains("a visitor of 60 who agreed to everything would be shown"), "{said}");
    assert!(said.lines().all(|line| line.starts_with("EFFECT   list ")), "{said}");
}

#[test]
fn a_comment_changes_no_list() {
    let head = "fn adjust(item, subject, params) {\n";
    let shops = shops("scripts/for_you.rhai", head, &format!("// for everybody\n{head}"));
    let (said, code) = diff(shops.path());
    assert_eq!((said.trim(), code), ("nothing that concerns anybody has changed", Some(0)));
}
