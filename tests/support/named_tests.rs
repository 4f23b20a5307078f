//! What a page of documentation names: tests and routes, in the columns of its tables.

use std::{fs, path::Path};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands in backticks in a column of a page's tables, from 0.
pub fn quoted_in(page: &str, column: usize) -> Vec<String> {
    let page = fs::read_to_string(root().join(page)).unwrap();
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

/// Those of these names that no test has.
pub fn names_without_test(names: &[String]) -> Vec<&String> {
    let mut files = Vec::new();
    for folder in ["core", "tests", "plugins"] {
        rust_files(&root().join(folder), &mut files);
    }
    names.iter().filter(|name| !files.iter().any(|file| file.contains(&format!("fn {name}(")))).collect()
}
