//! The merchants' commands, run as a merchant runs them.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Output, Stdio},
};

use serde_json::Value;

use crate::support::{copy_folder, example, program};

/// The demo shop in a folder of the test's own.
fn shop() -> tempfile::TempDir {
    let shop = tempfile::tempdir().unwrap();
    copy_folder(&example("shop"), shop.path());
    shop
}

fn jardin(shop: &Path, args: &[&str]) -> Output {
    program().current_dir(shop).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// Replaces what stands once in a file.
#[track_caller]
fn edit(shop: &Path, file: &str, from: &str, to: &str) {
    let path = shop.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {file}");
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn check_takes_the_demo_shop_and_says_how_each_function_runs() {
    let shop = shop();
    let checked = jardin(shop.path(), &["check"]);
    let text = said(&checked);
    assert_eq!(checked.status.code(), Some(0), "{text}");
    // the plugins are not reviewed in a fresh copy: a warning, not an error
    assert!(text.contains("warning[not-pinned]") && text.contains("0 errors"), "{text}");
    let trade = text.split("trade_counter.rhai").nth(1).unwrap();
    let lines: Vec<&str> = trade.lines().skip(1).take(4).map(str::trim).collect();
    assert!(lines[0].starts_with("candidates") && lines[0].ends_with("once a request"), "{text}");
    let is_told = |line: &str| line.contains("  interpreted: ") || line.ends_with("  compiled");
    assert!(lines[1].starts_with("adjust") && is_told(lines[1]), "{text}");
    assert!(lines[2].starts_with("price_shown") && is_told(lines[2]), "{text}");
    assert!(lines[3].starts_with("arrange") && lines[3].ends_with("once a request"), "{text}");
}

#[test]
fn check_shows_the_errors_of_all_files_at_once() {
    let shop = shop();
    edit(
        shop.path(),
        "scripts/clearance.rhai",
        "item.margin < params.margin_floor",
        "item.margn < params.margin_floor",
    );
    edit(
        shop.path(),
        "scripts/my_range.rhai",
        "item.boost(1.2, \"within her usual range\")",
        "item.boost(0.5, \"within\")",
    );
    fs::write(shop.path().join("server.toml"), "config = 1\nlisten = 7\n").unwrap();
    fs::write(shop.path().join("scripts/idle.rhai"), "fn adjust(item) { }\n").unwrap();
    let checked = jardin(shop.path(), &["check", "--format", "json"]);
    assert_eq!(checked.status.code(), Some(1), "{}", said(&checked));
    let json: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let codes = |file: &str| -> Vec<String> {
        let files = json["files"].as_array().unwrap();
        let found = files.iter().find(|f| f["file"].as_str().unwrap().ends_with(file)).unwrap();
        found["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["code"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(codes("clearance.rhai").contains(&"field-not-granted".to_owned()));
    assert_eq!(codes("my_range.rhai"), ["out-of-range"]);
    assert_eq!(codes("idle.rhai"), ["never-called"]);
    assert!(!codes("server.toml").is_empty());
    assert!(json["errors"].as_u64().unwrap() >= 3, "{json}");
}

#[test]
fn check_names_a_script_that_is_missing_and_what_a_broken_policy_hides() {
    let shop = shop();
    fs::remove_file(shop.path().join("scripts/clearance.rhai")).unwrap();
    let checked = jardin(shop.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        said(&checked).contains("the script `clearance.rhai` of `clearance` is not in `scripts`"),
        "{}",
        said(&checked)
    );
    edit(shop.path(), "policy.toml", "language = 1", "language = 99");
    let checked = jardin(shop.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(said(&checked).contains("not checked: jardin.toml and the scripts, since the policy has errors"));
    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(jardin(nowhere.path(), &["check"]).status.code(), Some(2));
}

#[test]
fn a_watched_folder_is_checked_again_when_a_file_is_saved() {
    let shop = shop();
    let mut command = program();
    command.current_dir(shop.path()).args(["check", "--watch"]).stdout(Stdio::piped());
    let mut watching = Ends(command.spawn().unwrap());
    let mut sums = BufReader::new(watching.0.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter(|l| l.starts_with(".: "));
    assert!(sums.next().unwrap().contains(" 0 errors"));
    edit(shop.path(), "scripts/clearance.rhai", "item.margin < params", "item.margn < params");
    // the name that is not granted, and what it is compared with
    let sum = sums.next().unwrap();
    assert!(!sum.contains(" 0 errors"), "{sum}");
}

/// A program that ends with its test, also where that fails.
struct Ends(std::process::Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
