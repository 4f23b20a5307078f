//! Writes the split of Online Retail as the tables that `jardin evaluate` reads:
//! `cargo run --release -p jardin-session-knn --example tables -- FOLDER`.
#![expect(clippy::unwrap_used, reason = "a small program may end")]

use std::{fmt::Write as _, fs, path::PathBuf};

#[path = "../tests/proof/support/mod.rs"]
#[expect(
    dead_code,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "shared with the tests"
)]
mod support;

fn joined(items: &[u32]) -> String {
    items.iter().map(u32::to_string).collect::<Vec<String>>().join(" ")
}

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    let Some(split) = support::retail::split() else {
        return;
    };
    let mut train = String::from("SessionId\tItemId\tTime\n");
    for (session, visit) in split.train.iter().enumerate() {
        for item in &visit.items {
            let _ = writeln!(train, "{session}\t{item}\t{}", u64::from(visit.hour) * 3_600);
        }
    }
    let mut queries = String::new();
    for (shown, followed) in &split.questions {
        let _ = writeln!(queries, "{}\t{}", joined(shown), joined(followed));
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("train.tsv"), train).unwrap();
    fs::write(folder.join("queries.tsv"), queries).unwrap();
}
