//! The metrics against an established implementation: trec_eval, through the Python package
//! `pytrec-eval-terrier`.
#![expect(clippy::print_stdout, reason = "helpers of a test may end it")]

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use jardin_evaluate::{Question, Tally};
use serde_json::{Value, json};

/// The version that the figures were compared with.
const PACKAGE: &str = "pytrec-eval-terrier==0.5.10";

/// A Python that has the package, or `None` with a word why not. It is installed once into a folder of the
/// build.
fn python(folder: &Path) -> Option<PathBuf> {
    let program = folder.join("bin/python");
    let quiet = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    let works = |program: &Path| quiet(Command::new(program).args(["-c", "import pytrec_eval"]));
    if works(&program) {
        return Some(program);
    }
    let made = quiet(Command::new("python3").args(["-m", "venv"]).arg(folder));
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "20", PACKAGE];
    if made && quiet(Command::new(&program).args(install)) && works(&program) {
        return Some(program);
    }
    println!("SKIPPED: `{PACKAGE}` cannot be installed with python3 and pip");
    None
}

/// Answers of every kind: full, short, empty, right and wrong, from a fixed sequence of numbers (SplitMix64).
fn made_up() -> Vec<(Vec<String>, Vec<String>)> {
    let mut state = 7_u64;
    let mut below = |n: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    };
    let mut list = |least: u64, most: u64| {
        let mut items: Vec<String> = Vec::new();
        for _ in 0..least + below(most - least + 1) {
            let item = format!("i{}", below(40));
            if !items.contains(&item) {
                items.push(item);
            }
        }
        items
    };
    (0..500).map(|_| (list(1, 30), list(0, 30))).collect()
}

#[test]
fn equal_an_established_implementation() {
    let Some(python) = python(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("pytrec-eval")) else {
        return;
    };
    for k in [1, 5, 20] {
        let mut tally = Tally::new(k);
        let mut lines = String::new();
        for (followed, answer) in made_up() {
            lines.push_str(&json!({"followed": followed, "answer": answer}).to_string());
            lines.push('\n');
            let items = |list: Vec<String>| list.into_iter().map(Arc::from).collect::<Vec<Arc<str>>>();
            let question = Question { shown: Vec::new(), followed: items(followed) };
            tally.add(&question, &items(answer));
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peer.py");
        let mut child = Command::new(&python)
            .arg(script)
            .arg(k.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let peer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let ours = tally.figures();
        for (name, found) in [
            ("hr", ours.hr),
            ("mrr", ours.mrr),
            ("hr_any", ours.hr_any),
            ("mrr_any", ours.mrr_any),
            ("map", ours.map),
            ("ndcg", ours.ndcg),
            ("precision", ours.precision),
            ("recall", ours.recall),
        ] {
            let expected = peer[name].as_f64().unwrap();
            assert!((found.mean - expected).abs() < 1e-9, "{name}@{k}: {} is not {expected}", found.mean);
        }
    }
}
