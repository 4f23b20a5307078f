//! Policy files as nobody should write them are taken or refused within a second and a hundred megabytes, whichever way findings are shown.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, ExitStatus},
    time::{Duration, Instant},
};

const FULL: &str = include_str!("../core/policy/tests/policies/full.toml");

/// What a file may take.
const MOST_TIME: Duration = Duration::from_secs(1);
const MOST_KILOBYTES: u32 = 100_000;

/// `count` strategies more.
fn many(count: usize, reads: &str, asks: bool) -> String {
    let mut text = FULL.to_owned();
    for i in 0..count {
        let asked = if asks && i > 0 {
            format!("may_ask = [\"s{}\"]\n", i - 1)
        } else {
            String::new()
        };
        let _ = write!(
            text,
            "[strategies.s{i}]\nscript = \"s.rhai\"\npurpose = \"personalise\"\n{asked}may_read = {{ {reads} }}\n"
        );
    }
    text
}

/// Each file with the exit code that it ends with.
fn files() -> Vec<(&'static str, Vec<u8>, i32)> {
    let deep = 200_000;
    let known = "\"subject.birth_date\" = \"year\"";
    let big = "x".repeat(10 << 20);
    vec![
        ("ten megabytes", format!("{FULL}\n#{big}").into_bytes(), 1),
        ("ten megabytes of one text", format!("a = \"{big}\"").into_bytes(), 1),
        ("ten megabytes of strategies", many(120_000, known, false).into_bytes(), 1),
        ("ten thousand strategies", many(10_000, known, true).into_bytes(), 0),
        (
            "ten thousand misspelt fields",
            many(10_000, "\"subject.birthdate\" = \"year\"", false).into_bytes(),
            1,
        ),
        (
            "ten thousand unknown strategies",
            many(10_000, known, true).replace("may_ask = [\"s", "may_ask = [\"t").into_bytes(),
            1,
        ),
        ("a deep key", format!("{} = 1", vec!["a"; deep].join(".")).into_bytes(), 1),
        ("a deep table", format!("[{}]", vec!["a"; deep].join(".")).into_bytes(), 1),
        (
            "a deep list",
            format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)).into_bytes(),
            1,
        ),
        (
            "deep inline tables",
            format!("a = {}1{}", "{ a = ".repeat(deep), " }".repeat(deep)).into_bytes(),
            1,
        ),
        ("lists that never end", "a = [".repeat(deep).into_bytes(), 1),
        ("many tables", "[[a]]\n".repeat(deep).into_bytes(), 1),
        ("many keys twice", "a = 1\n".repeat(deep).into_bytes(), 1),
        ("a mark of byte order", format!("\u{feff}{FULL}").into_bytes(), 0),
        ("lines of Windows", FULL.replace('\n', "\r\n").into_bytes(), 0),
        (
            "a key twice",
            FULL.replacen("fallback   =", "fallback = \"visit\"\nfallback   =", 1).into_bytes(),
            1,
        ),
        ("no UTF-8", [FULL.as_bytes(), b"\n# \xff\xfe"].concat(), 2),
        ("nothing", Vec::new(), 1),
        ("zeros", vec![0; 1 << 20], 1),
    ]
}

/// Runs the check in a process that may not have more memory than that, all that it maps included.
fn check(folder: &Path, format: &str) -> (ExitStatus, Duration, String) {
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            &format!("ulimit -v {MOST_KILOBYTES}; exec \"$0\" policy check --format {format} \"$1\""),
        ])
        .arg(env!("CARGO_BIN_EXE_jardin"))
        .arg(folder);
    let start = now();
    let output = command.env_clear().output().unwrap();
    (output.status, now() - start, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[expect(clippy::disallowed_methods, reason = "how long a program takes is what is tested")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn hostile_policies_cost_a_second_and_a_hundred_megabytes_at_most() {
    for (what, bytes, code) in files() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("policy.toml"), bytes).unwrap();
        for format in ["human", "json", "sarif"] {
            let (status, mut took, said) = check(folder.path(), format);
            assert_eq!(
                status.code(),
                Some(code),
                "{what}, {format}: {}",
                said.chars().take(400).collect::<String>()
            );
            // a machine that is busy with other tests is given two more tries
            for _ in 0..2 {
                if took > MOST_TIME {
                    took = check(folder.path(), format).1;
                }
            }
            assert!(took <= MOST_TIME, "{what}, {format}: {took:?}");
        }
    }
}
