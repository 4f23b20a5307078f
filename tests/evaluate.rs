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
    // after a cup comes the pot; after a tent the lamp and then the mat, one of them first and the other second
    let output = evaluate(folder.path(), "tent\tmat\ncup\tpot\ntent\tlamp\n", &["--json", "--k", "2"]);
    let json = json(&output);
    assert_eq!(json["queries"], 3);
    assert_eq!(json["k"], 2);
    assert_eq!(json["hr"], 1.0);
    // ranks 1, 1 and 2, whichever of the two is first
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
fn each_grant_and_each_consent_has_its_price() {
    let folder = tempfile::tempdir().unwrap();
    // three visits went on from the tent to a mat, one of five to the lamp: 3 · ln(5/3) = 1.53 is less than ln(5) = 1.61
    let output = evaluate(folder.path(), "tent\tlamp\n", &["--json", "--price-of-privacy"]);
    let json = json(&output);
    let price = |name: &str| {
        let lines = json["price_of_privacy"].as_array().unwrap();
        lines.iter().find(|l| l["name"] == name).unwrap_or_else(|| panic!("{name}: {json}"))["mrr"]
            .as_f64()
            .unwrap()
    };
    assert_eq!(json["mrr"], 1.0);
    // the page tells what the basket's newest item would
    assert_eq!(price("without session.basket"), 1.0);
    // who knows nothing of the visit, or learned from nobody, shows the shop window: pot, mat, lamp, as they came last
    assert!(price("without the basket and the page") < 0.5);
    assert!(price("0 % agree to be learned from") < 0.5);
    assert_eq!(price("100 % agree to be learned from"), 1.0);
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
