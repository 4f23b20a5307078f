//! No text breaks the reader: it is taken, or refused with findings whose places lie in it.

use std::fmt::Write as _;

use jardin_diagnostics::{Finding, Report, codes::SYNTAX};
use jardin_policy::{
    Policy,
    codes::{ASK_CYCLE, UNKNOWN_FIELD, UNKNOWN_STRATEGY},
};

use crate::{random::Dice, support::cases};

const FULL: &str = include_str!("../policies/full.toml");
const MUTANTS: u64 = 3_000;
const TOKENS: [&str; 26] = [
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    "\"",
    "'",
    ".",
    "#",
    "\n",
    "\r\n",
    "\u{feff}",
    "\u{0}",
    "\u{301}",
    "é",
    "[[",
    "]]",
    "\"\"\"",
    "1e999",
    "-1",
    "9999999999999999999",
    "0x_",
    "2026-02-30",
    "nan",
    "exact",
];

fn read(text: &str) -> Result<Report, Report> {
    let (report, taken) = match Policy::load("fuzz.toml", text) {
        Ok((_, report)) => (report, true),
        Err(report) => (report, false),
    };
    assert!(taken || report.has_errors(), "refused without an error");
    for finding in &report.findings {
        let span = finding.span;
        assert!(span.start <= span.end && span.end <= report.source.len(), "{finding:?}");
        assert!(!finding.message.is_empty());
    }
    if report.findings.len() <= 5 {
        let _ = report.rendered();
    }
    if taken { Ok(report) } else { Err(report) }
}

/// A place in a text where a character begins.
fn place(dice: &mut Dice, text: &str) -> usize {
    let mut at = dice.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn mutate(dice: &mut Dice, text: &mut String) {
    let (a, b) = (place(dice, text), place(dice, text));
    let near = (a..=text.len()).take(40).filter(|i| text.is_char_boundary(*i)).last().unwrap_or(a);
    match dice.below(6) {
        0 => text.insert_str(a, dice.of(&TOKENS)),
        1 => text.replace_range(a..near, ""),
        2 => text.replace_range(a..near, dice.of(&TOKENS)),
        3 => {
            let copy = text.get(a..near).unwrap_or_default().to_owned();
            text.insert_str(b, &copy);
        }
        4 => {
            let mut lines: Vec<&str> = text.lines().collect();
            let (i, j) = (dice.below(lines.len()), dice.below(lines.len()));
            lines.swap(i, j);
            *text = lines.join("\n");
        }
        _ => {
            let mut lines: Vec<&str> = text.lines().collect();
            let i = dice.below(lines.len());
            if dice.percent(50) {
                lines.remove(i);
            } else {
                lines.insert(i, lines[i]);
            }
            *text = lines.join("\n");
        }
    }
    if text.is_empty() {
        text.push('\n');
    }
}

#[test]
fn mutants_of_a_policy_are_read_or_refused() {
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..cases(MUTANTS) {
        let mut dice = Dice::new(0xf022 ^ (seed << 20));
        let mut text = FULL.to_owned();
        for _ in 0..=dice.below(4) {
            mutate(&mut dice, &mut text);
        }
        match read(&text) {
            Ok(_) => taken += 1,
            Err(_) => refused += 1,
        }
    }
    // both must happen, or the mutants are too tame or too wild to prove anything
    assert!(taken > 50 && refused > 500, "{taken} taken, {refused} refused");
}

#[test]
fn random_bytes_are_refused() {
    for seed in 0..cases(MUTANTS) {
        let mut dice = Dice::new(seed);
        let bytes: Vec<u8> = (0..dice.below(400)).map(|_| (dice.next() & 0xff) as u8).collect();
        assert!(read(&String::from_utf8_lossy(&bytes)).is_err());
    }
}

#[test]
fn depth_bombs_are_refused() {
    let deep = 200_000;
    let bombs = [
        format!("{} = 1", vec!["a"; deep].join(".")),
        format!("[{}]", vec!["a"; deep].join(".")),
        format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}1{}", "{ a = ".repeat(deep), " }".repeat(deep)),
        "a = [".repeat(deep),
        "[[a]]\n".repeat(deep),
    ];
    for bomb in bombs {
        assert!(read(&bomb).is_err());
    }
}

#[test]
fn a_mark_and_windows_lines_change_nothing() {
    let marked = format!("\u{feff}{FULL}");
    let windows = FULL.replace('\n', "\r\n");
    let plain = Policy::load("p.toml", FULL).unwrap().1.findings;
    let words = |findings: &[Finding]| findings.iter().map(|f| f.code.word()).collect::<Vec<_>>();
    for text in [marked, windows] {
        assert_eq!(words(&read(&text).unwrap().findings), words(&plain));
    }
}

#[test]
fn a_key_twice_is_refused() {
    let twice = FULL.replacen("fallback   =", "fallback = \"visit\"\nfallback   =", 1);
    let report = read(&twice).unwrap_err();
    assert_eq!(report.findings.iter().map(|f| f.code).collect::<Vec<_>>(), [SYNTAX]);
}

#[test]
fn a_policy_of_ten_megabytes_is_refused_unread() {
    let long = format!("{FULL}\n#{}", "x".repeat(10 << 20));
    let report = read(&long).unwrap_err();
    assert_eq!(report.findings.len(), 1);
    assert!(report.source.is_empty());
}

/// `count` strategies more, each of which asks the one before it.
fn many(count: usize, reads: &str, asks: bool) -> String {
    let mut text = FULL.to_owned();
    for i in 0..count {
        let asked = if asks && i > 0 { format!("may_ask = [\"s{}\"]\n", i - 1) } else { String::new() };
        let _ = write!(
            text,
            "[strategies.s{i}]\nscript = \"s.rhai\"\npurpose = \"personalise\"\n{asked}may_read = {{ {reads} }}\n"
        );
    }
    text
}

#[test]
fn ten_thousand_strategies_are_read() {
    let (policy, _) =
        Policy::load("p.toml", &many(10_000, "\"subject.birth_date\" = \"year\"", true)).unwrap();
    assert_eq!(policy.rules().strategies.len(), 10_006);
}

#[test]
fn ten_thousand_misspelt_names_are_all_found() {
    let report = read(&many(10_000, "\"subject.birthdate\" = \"year\"", false)).unwrap_err();
    assert_eq!(report.errors().filter(|f| f.code == UNKNOWN_FIELD).count(), 10_000);
    let circle =
        many(10_000, "", true).replacen("[strategies.s0]\n", "[strategies.s0]\nmay_ask = [\"s9999\"]\n", 1);
    assert_eq!(read(&circle).unwrap_err().errors().filter(|f| f.code == ASK_CYCLE).count(), 1);
}

#[test]
fn ten_thousand_unknown_strategies_are_all_found() {
    let text = many(10_000, "", true).replace("may_ask = [\"s", "may_ask = [\"t");
    let report = read(&text).unwrap_err();
    assert_eq!(report.errors().filter(|f| f.code == UNKNOWN_STRATEGY).count(), 9_999);
}
