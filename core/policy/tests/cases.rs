//! Small policies, one rule each, whose own tests must pass.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its cases fails")]

use std::{fs, path::Path};

use jardin_policy::Policy;

fn files(folder: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut files: Vec<(String, String)> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_case_holds() {
    let mut failures = Vec::new();
    for (file, source) in files("cases") {
        match Policy::check(&file, &source) {
            Err(report) => failures.push(report.rendered()),
            Ok((policy, _)) => {
                let outcomes = policy.run_tests();
                assert!(!outcomes.is_empty(), "{file} has no test");
                let failed = outcomes.iter().filter(|o| !o.failures.is_empty());
                failures.extend(failed.map(|o| format!("{file}: {}: {}", o.name, o.failures.join("; "))));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn a_policy_with_every_key_is_taken_and_holds() {
    for (file, source) in files("policies") {
        let (_, report) =
            Policy::load(&file, &source).unwrap_or_else(|report| panic!("{}", report.rendered()));
        assert!(!report.has_errors());
    }
}
