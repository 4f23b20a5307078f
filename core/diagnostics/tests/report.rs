//! One text with two mistakes, as people and as machines are told of them.

use jardin_diagnostics::{
    FindingSink, Report, codes, findings_as_json, findings_as_sarif, line_and_column, read_toml,
};
use serde_json::{Value, json};

const TEXT: &str = "# é\ncolour = \"é\"\nshap = 2 # round\n";

/// `colour` is to be a number, and `shape` is misspelt.
fn report() -> Report {
    let sink = FindingSink::default();
    read_toml(TEXT, &sink, |root, _| {
        let _ = (root.get("colour").and_then(|n| n.number()), root.get("shape"));
        root.end();
        Some(())
    });
    sink.report("thing.toml", TEXT)
}

#[test]
fn findings_stand_in_the_order_of_the_text() {
    let words: Vec<&str> = report().findings.iter().map(|f| f.code.word()).collect();
    assert_eq!(words, ["wrong-type", "unknown-key"]);
    assert!(report().has_errors());
}

#[test]
fn a_column_counts_characters() {
    assert_eq!(line_and_column(TEXT, TEXT.find("\nshap").unwrap()), (2, 13));
    assert_eq!(line_and_column(TEXT, TEXT.find("shap").unwrap()), (3, 1));
}

#[test]
fn a_person_sees_the_line_the_reason_and_what_to_write() {
    insta::assert_snapshot!(report().rendered());
}

#[test]
fn findings_go_out_as_json() {
    let out: Value = serde_json::from_str(&findings_as_json(&report())).unwrap();
    assert_eq!(
        (&out["file"], &out["errors"], &out["warnings"]),
        (&json!("thing.toml"), &json!(2), &json!(0))
    );
    assert_eq!(
        out["findings"][1],
        json!({
            "code": "unknown-key",
            "severity": "error",
            "line": 3,
            "column": 1,
            "end_line": 3,
            "end_column": 5,
            "message": "unknown key `shap` in the file",
            "why": codes::UNKNOWN_KEY.why(),
            "help": "did you mean `shape`?",
        })
    );
}

#[test]
fn findings_go_out_as_sarif() {
    let log: Value = serde_json::from_str(&findings_as_sarif(&report(), codes::ALL)).unwrap();
    let run = &log["runs"][0];
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), codes::ALL.len());
    let first = &run["results"][0];
    let rule = usize::try_from(first["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], first["ruleId"]);
    assert_eq!(first["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
    assert_eq!(first["locations"][0]["physicalLocation"]["region"]["startColumn"], 10);
}
