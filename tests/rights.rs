//! The page of rights names routes and tests that there are.

use std::{fs, path::Path};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands in backticks in a column of the page's table, from 0.
fn quoted(column: usize) -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/rights.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let cells = rows.filter_map(|row| row.split('|').nth(column + 1).map(str::to_owned));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn rust_files(folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_route_that_it_names_is_one_of_the_api() {
    let api: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root().join("openapi.json")).unwrap()).unwrap();
    let mut routes = 0;
    for said in quoted(1) {
        let Some((verb, path)) = said.split_once(' ').filter(|(_, path)| path.starts_with("/v1")) else {
            continue;
        };
        assert!(api["paths"][path][verb.to_lowercase()].is_object(), "`{said}` is not a route");
        routes += 1;
    }
    assert!(routes > 5, "{routes}");
}

#[test]
fn every_test_that_it_names_is_there() {
    let mut files = Vec::new();
    for folder in ["core", "tests", "plugins"] {
        rust_files(&root().join(folder), &mut files);
    }
    let tests = quoted(2);
    assert!(tests.len() > 10);
    for name in tests {
        let is_there = files.iter().any(|file| file.contains(&format!("fn {name}(")));
        assert!(is_there, "no test is called `{name}`");
    }
}
