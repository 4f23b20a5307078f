//! The policy language by example: the shop of `tests/data/example-shop` is taken as it stands, and one word
//! wrong in it is not.

use std::{fs, path::PathBuf, process::Output};

use crate::support::{copy_folder, program};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/example-shop")
}

fn run(command: &[&str], folder: &std::path::Path) -> Output {
    program().args(command).arg(folder).output().unwrap()
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[test]
fn the_example_is_a_policy_without_errors_whose_tests_pass() {
    let check = run(&["policy", "check"], &folder());
    assert_eq!(check.status.code(), Some(0), "{}", shown(&check));
    let tests = run(&["policy", "test"], &folder());
    assert_eq!(tests.status.code(), Some(0), "{}", shown(&tests));
    assert!(shown(&tests).contains("6 tests, 6 passed, 0 failed"), "{}", shown(&tests));
}

#[test]
fn a_mistake_or_a_widening_edit_is_refused() {
    let source = fs::read_to_string(folder().join("policy.toml")).unwrap();
    let edits = [
        // a group's name misspelt, the fallback granted a person, a test that no longer holds, the question
        // answered long ago
        (
            "may_read = { catalogue = \"exact\" }\n[strategies.house-rules]",
            "may_read = { catalog = \"exact\" }\n[strategies.house-rules]",
            "unknown-",
        ),
        (
            "may_read = { catalogue = \"exact\" }\n[strategies.house-rules]",
            "may_read = { catalogue = \"exact\", \"subject.postcode\" = \"exact\" }\n[strategies.house-rules]",
            "fallback-reads-person",
        ),
        ("{ as = \"age band\", years = 10,", "{ as = \"exact\",", "test-failed"),
        (
            "lasts   = \"180 days\"                 # then",
            "lasts   = \"400 days\"                 # then",
            "test-failed",
        ),
        ("[never] ", "[nevr] ", "unknown-key"),
    ];
    for (from, to, code) in edits {
        assert_eq!(source.matches(from).count(), 1, "`{from}` stands once in the example");
        let shop = tempfile::tempdir().unwrap();
        copy_folder(&folder(), shop.path());
        fs::write(shop.path().join("policy.toml"), source.replace(from, to)).unwrap();
        let check = run(&["policy", "check"], shop.path());
        assert_eq!(check.status.code(), Some(1), "{to}: {}", shown(&check));
        assert!(shown(&check).contains(code), "{to}: {}", shown(&check));
    }
}
