//! `jardin evaluate` on tables small enough to be judged by hand.

use std::{fs, path::Path, process::Output};

use serde_json::Value;

use crate::support::program;

/// Five visits of a tent and a mat, one of a tent and a lamp, one of a cup alone with a pot.
const TRAIN: &str = "SessionId\tItemId\tTime\n\
    1\ttent\t1600000000\n1\tmat\t1600000060\n2\ttent\t1600003600\n2\tmat\t1600003660\n3\ttent\t1600007200\n3\tmat\t1600007260\n\
    4\ttent\t1600010800\n4\tlamp\t1600010860\n5\tcup\t1600014400\n5\tpot\t1600014460\n";

fn evaluate(folder: &Path, queries: &str, more: &[&str]) -> Output {
    fs::write(folder.join("train.tsv"), TRAIN).unwrap();
    fs::write(folder.join("queries.tsv"), queries).unwrap();
    program()
        .arg("evaluate")
        .arg("--train")
        .arg(folder.join("train.tsv"))
        .arg("--queries")
        .arg(folder.join("queries.tsv"))
        .args(more)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_figures_are_those_worked_out_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    // after a tent mats come first; after a cup the pot; what follows a mat and a tent is known to nobody but the lamp's visit
    let output = evaluate(folder.path(), "tent\tmat\ncup\tpot\ntent\tlamp\n", &["--json", "--k", "2"]);
    let json = json(&output);
    assert_eq!(json["queries"], 3);
    assert_eq!(json["k"], 2);
    assert_eq!(json["hr"], 1.0);
    // ranks 1, 1 and 2
    let mrr = json["mrr"].as_f64().unwrap();
    assert!((mrr - 2.5 / 3.0).abs() < 1e-9, "{json}");
    assert_eq!(json["strategies"][0]["name"], "session-knn");
    assert!(json["latency_us"]["p50"].as_f64().unwrap() > 0.0);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("learning rests on legitimate interests"),
        "the policy is printed beside the result"
    );
}

#[test]
fn the_newest_item_comes_again_where_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let hr = |current: &str| {
        let output = evaluate(folder.path(), "tent\ttent\n", &["--json", "--current-item", current]);
        json(&output)["hr"].as_f64().unwrap()
    };
    assert_eq!((hr("allow"), hr("exclude")), (1.0, 0.0));
}

#[test]
fn a_table_compares_strategies_and_a_page_has_charts() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let more = [
        "--strategy",
        "session-knn",
        "--strategy",
        "bought-together",
        "--html",
        page.to_str().unwrap(),
    ];
    let output = evaluate(folder.path(), "tent\tmat\n", &more);
    let table = String::from_utf8_lossy(&output.stdout);
    assert!(
        table.lines().any(|l| l.starts_with("session-knn")) && table.lines().any(|l| l.starts_with("bought-together")),
        "{table}"
    );
    assert!(fs::read_to_string(page).unwrap().contains("<svg"));
}

#[test]
fn settings_are_chosen_on_the_training_alone() {
    let folder = tempfile::tempdir().unwrap();
    let output = evaluate(folder.path(), "tent\tmat\n", &["--json", "--tune"]);
    assert_eq!(json(&output)["queries"], 1);
}

#[test]
fn what_cannot_be_read_is_told_by_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let output = evaluate(folder.path(), "no tab here\n", &[]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("queries.tsv` is refused: line 1: a tab"), "{told}");
    let output = evaluate(folder.path(), "tent\tmat\n", &["--strategy", "magic"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no strategy `magic`"));
}
