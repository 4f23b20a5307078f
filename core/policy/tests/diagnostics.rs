//! What a person is shown: the findings of a policy that has many, and the list of codes.

use jardin_policy::{Code, Policy, tools};

const BROKEN: &str = include_str!("broken.toml");

#[test]
fn a_broken_policy_is_told_everything_at_once() {
    let report = Policy::load("policy.toml", BROKEN).unwrap_err();
    insta::assert_snapshot!(report.rendered());
}

#[test]
fn findings_go_out_as_json() {
    let report = Policy::load("policy.toml", "language = 1").unwrap_err();
    insta::assert_snapshot!(tools::json(&report));
}

#[test]
fn findings_go_out_as_sarif() {
    let report = Policy::load("policy.toml", "language = 1").unwrap_err();
    let log: serde_json::Value = serde_json::from_str(&tools::sarif(&report)).unwrap();
    let run = &log["runs"][0];
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), Code::ALL.len());
    let first = &run["results"][0];
    let rule = usize::try_from(first["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], first["ruleId"]);
    assert_eq!(first["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
}

/// A code is a promise: it may be added and never change its meaning.
#[test]
fn the_codes_are_stable() {
    let list: Vec<String> = Code::ALL.iter().map(|c| format!("{:?} {}", c.severity(), c.word())).collect();
    insta::assert_snapshot!(list.join("\n"));
}

#[test]
fn codes_are_words_and_each_its_own() {
    for code in Code::ALL {
        assert!(code.word().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code:?}");
        assert_eq!(Code::from_word(code.word()), Some(*code));
    }
}
