//! Policy files as nobody should write them are taken or refused within a second and a hundred megabytes,
//! whichever way findings are shown.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

const FULL: &str = include_str!("../core/policy/tests/policies/full.toml");

/// What a file may take.
const MOST_TIME: Duration = Duration::from_secs(1);
// what is freed is cleared, so that a block that grows is copied, and stands twice in memory for that moment
const MOST_KILOBYTES: u32 = 110_000;

/// `count` strategies more.
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
        ("a deep list", format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)).into_bytes(), 1),
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

/// What a check took.
struct Took {
    status: ExitStatus,
    time: Duration,
    kilobytes: u32,
}

/// Runs the check and watches its memory: the kernel keeps the highest mark of a process for as long as it
/// runs.
fn check(folder: &Path, format: &str) -> Took {
    let start = now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_jardin"))
        .args(["policy", "check", "--format", format])
        .arg(folder)
        .env_clear()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (status, mut kilobytes) = (format!("/proc/{}/status", child.id()), 0);
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark =
            text.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.split_whitespace().next());
        kilobytes = kilobytes.max(mark.and_then(|n| n.parse().ok()).unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            let time = now() - start;
            return Took { status, time, kilobytes };
        }
        std::thread::yield_now();
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a program takes is what is tested")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn hostile_policies_cost_a_second_and_110_megabytes_at_most() {
    for (what, bytes, code) in files() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("policy.toml"), bytes).unwrap();
        for format in ["human", "json", "sarif"] {
            let mut took = check(folder.path(), format);
            assert_eq!(took.status.code(), Some(code), "{what}, {format}");
            assert!(took.kilobytes <= MOST_KILOBYTES, "{what}, {format}: {} kB", took.kilobytes);
            // a machine that is busy with other tests is given two more tries
            for _ in 0..2 {
                if took.time > MOST_TIME {
                    took = check(folder.path(), format);
                }
            }
            assert!(took.time <= MOST_TIME, "{what}, {format}: {:?}", took.time);
        }
    }
}
