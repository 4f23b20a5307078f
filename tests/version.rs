//! `jardin version`.

use serde_json::{Value, json};

use crate::support::program;

#[test]
fn the_versions_of_program_api_policy_language_and_plugins_are_told() {
    let told = program().args(["version", "--json"]).output().unwrap();
    let json: Value = serde_json::from_slice(&told.stdout).unwrap();
    // the program's stands in Cargo.toml, the ABI's in jardin_plugin.h, the language's in docs/policy.md
    assert_eq!(json, json!({"program": "0.1.0", "api": "v1", "policy_language": 1, "abi": "1.2"}));
    let told = String::from_utf8(program().arg("version").output().unwrap().stdout).unwrap();
    assert_eq!(told, "jardin 0.1.0\nAPI v1\npolicy language 1\nplugin ABI 1.2\n");
}
