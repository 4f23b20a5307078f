//! The words of docs/glossary.md have one meaning each, and pages for merchants and officers use words that they know.

use std::{collections::BTreeSet, fs, path::Path};

/// Words of the code or of the trade that say nothing to a merchant or an officer.
const JARGON: &[&str] = &[
    "redacted",
    "shortfall",
    "leave_out",
    "over-grant",
    "canary",
    "zygote",
    "warden",
    "side door",
    "inner",
    "seat",
];

/// Pages that merchants, officers and newcomers read.
const PAGES: &[&str] = &[
    "README.md",
    "docs/compliance.md",
    "docs/glossary.md",
    "docs/merchants.md",
    "docs/policy.md",
    "docs/scripts.md",
    "examples/online-retail/README.md",
    "examples/shop/README.md",
    "scripts/README.md",
];

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The words of each row of the glossary, the meaning last.
fn glossary() -> Vec<Vec<String>> {
    let rows = page("docs/glossary.md");
    let rows = rows.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| en "));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// Code stands between backticks, alone or in blocks, and is not prose.
fn without_code(text: &str) -> String {
    let outside_blocks = text.split("```").step_by(2).collect::<Vec<_>>().join(" ");
    outside_blocks.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_word_has_one_meaning_and_each_meaning_one_word() {
    let rows = glossary();
    assert!((40..=60).contains(&rows.len()), "{} words", rows.len());
    for column in 0..4 {
        let cells: BTreeSet<&str> = rows.iter().map(|row| row[column].as_str()).collect();
        assert_eq!(cells.len(), rows.len(), "column {column} says something twice");
        assert!(!cells.contains(""), "column {column} has a gap");
    }
    let words: Vec<&String> = rows.iter().map(|row| &row[0]).collect();
    assert!(words.is_sorted(), "the words stand in their order");
}

#[test]
fn pages_for_merchants_and_officers_are_free_of_jargon() {
    for name in PAGES {
        let prose = without_code(&page(name)).to_lowercase();
        for word in JARGON {
            let is_word = |w: &str| w == *word;
            let found = if word.contains(' ') {
                prose.contains(word)
            } else {
                prose.split(|c: char| !c.is_alphanumeric() && !"-_".contains(c)).any(is_word)
            };
            assert!(!found, "{name} says `{word}`");
        }
    }
}
