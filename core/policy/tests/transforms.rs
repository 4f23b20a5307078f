//! The forms of a field, as docs/policy.md lists them.

use jardin_policy::TRANSFORMS;

const PAGE: &str = include_str!("../../../docs/policy.md");

/// A row of the page for each form, in the order of the list, its figures in braces.
#[test]
fn every_form_has_its_row_in_the_documentation() {
    let row = |kind: &jardin_policy::TransformKind| {
        let keys: Vec<&str> = kind.figures.iter().map(|figure| figure.key).collect();
        let figures = if keys.is_empty() { String::new() } else { format!(" {{{}}}", keys.join(", ")) };
        format!("| `{}`{figures} | {} | {} |", kind.word, kind.takes, kind.gives)
    };
    let rows: Vec<String> = TRANSFORMS.iter().map(row).collect();
    let table = PAGE.split_once("## In which form").unwrap().1.trim_start();
    let listed: Vec<&str> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    assert_eq!(listed, rows);
}
