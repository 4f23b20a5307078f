//! The page for the officer shows what the commands print, and hostile policy files are refused in no time.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::support::{Server, copy_folder, example, program};

const PAGE: &str = include_str!("../docs/compliance.md");

/// The demo shop as it stands before the page is followed: its files were pinned, and it has answered three
/// times.
fn shop(folder: &Path) -> PathBuf {
    let shop = folder.join("shop");
    copy_folder(&example("shop"), &shop);
    // the page is to hold after the day of the review, too
    replace(&shop, "review_by = 2027-05-20", "review_by = 2100-01-01");
    assert!(sh(&shop, "jardin policy pin").ends_with("0 missing\n"));
    let mut server = Server::serve_at(&shop, &shop.join("data"), "2026-11-20T10:00:00Z", 7);
    let items = fs::read_to_string(shop.join("items.jsonl")).unwrap();
    let items: Vec<Value> = items.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let client = &server.client;
    client.post("/v1/items/batch", &json!({ "items": items })).expect(200);
    client.consent("camille", "personalisation");
    client
        .put("/v1/subjects/camille", &json!({"fields": {"birth_date": "1990-05-17", "postcode": "05000"}}))
        .expect(200);
    answer_three_times(&server);
    server.stop();
    shop
}

fn answer_three_times(server: &Server) {
    for _ in 0..3 {
        server.client.recommend(&json!({"placement": "home", "subject_id": "camille"})).expect(200);
    }
}

/// What a line of the page prints, both streams together, in the shop's folder.
fn sh(shop: &Path, line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_jardin")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {line}")])
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .current_dir(shop)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn replace(shop: &Path, from: &str, to: &str) {
    let policy = shop.join("policy.toml");
    let text = fs::read_to_string(&policy).unwrap();
    assert!(text.contains(from), "the policy holds no line `{from}`");
    fs::write(&policy, text.replacen(from, to, 1)).unwrap();
}

/// True where a text is what is shown, `…` standing for anything.
fn fits(shown: &str, text: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

#[test]
fn an_ellipsis_stands_for_anything_and_nothing_else_does() {
    assert!(fits("a…c\n…e", "a b c\nd\ne") && fits("a", "a") && fits("…", "") && fits("a…", "ab"));
    assert!(!fits("a…c", "a b d") && !fits("a", "ab") && !fits("b…", "ab") && !fits("a…c…c", "a c"));
}

#[test]
fn the_page_for_the_officer_shows_what_the_commands_print() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let (mut commands, mut differ) = (0, String::new());
    for fence in PAGE.split("\n```") {
        if let Some(edit) = fence.strip_prefix("diff\n") {
            let (from, to) = edit.split_once('\n').unwrap();
            replace(&shop, from.strip_prefix('-').unwrap(), to.strip_prefix('+').unwrap());
        }
        let Some(block) = fence.strip_prefix("console\n$ ") else {
            continue;
        };
        let (line, shown) = block.split_once('\n').unwrap_or((block, ""));
        let printed = sh(&shop, line);
        commands += 1;
        if !fits(shown.trim_end(), printed.trim_end()) {
            let _ = write!(differ, "\n$ {line}\n--- shown\n{shown}\n--- printed\n{printed}");
        }
    }
    assert!(differ.is_empty(), "{differ}");
    assert_eq!(commands, 20);
}

#[test]
fn every_command_of_the_policy_is_on_the_page_and_has_an_example() {
    let help = |args: &[&str]| {
        let output = program().arg("policy").args(args).arg("--help").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let listed = help(&[]);
    let commands = listed.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let commands: Vec<&str> =
        commands.filter_map(|l| l.split_whitespace().next()).filter(|c| *c != "help").collect();
    assert_eq!(commands.len(), 11, "{listed}");
    for command in commands {
        assert!(PAGE.contains(&format!("jardin policy {command}")), "the page lacks `{command}`");
        assert!(help(&[command]).contains(&format!("Example: jardin policy {command}")), "{command}");
    }
}

/// What running strategies read, in the column of the report.
fn observed(shop: &Path, field: &str) -> String {
    let report: Value =
        serde_json::from_str(&sh(shop, "jardin policy report --for observed --language en --format json"))
            .unwrap();
    let sections = report["sections"].as_array().unwrap();
    let of_strategy = sections.iter().find(|s| s["title"] == "`for-you`").unwrap();
    let rows = of_strategy["blocks"][0]["rows"].as_array().unwrap();
    rows.iter().find(|row| row[0] == field).unwrap()[3].as_str().unwrap().to_owned()
}

#[test]
fn what_strategies_read_is_counted_on_across_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    assert_eq!(observed(&shop, "subject.viewed"), "read in 3 of 3 runs, 2026-11-20 to 2026-11-20");
    let mut server = Server::serve_at(&shop, &shop.join("data"), "2026-12-05T10:00:00Z", 7);
    answer_three_times(&server);
    server.stop();
    assert_eq!(observed(&shop, "subject.viewed"), "read in 6 of 6 runs, 2026-11-20 to 2026-12-05");
    // another file is another one's reading: nothing of it was observed
    let script = shop.join("scripts/for_you.rhai");
    let text =
        fs::read_to_string(&script).unwrap().replace("item.category in (subject.viewed ?? [])", "false");
    fs::write(&script, text).unwrap();
    assert_eq!(observed(&shop, "subject.viewed"), "no run yet");
    let check = sh(&shop, "jardin policy check");
    assert!(
        check.contains("over-grant")
            && check.contains("`for-you` is granted `subject.viewed` and never reads it"),
        "{check}"
    );
    // a grant that says why it stays is none
    replace(&shop, "newest = \"30 days\" }", "newest = \"30 days\", because = \"soon\" }");
    assert!(!sh(&shop, "jardin policy check").contains("over-grant"));
}

#[test]
fn a_script_that_reads_what_it_may_not_is_refused_with_the_line_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    let script = shop.join("scripts/for_you.rhai");
    let text = fs::read_to_string(&script).unwrap();
    fs::write(&script, text.replace("subject.postcode", "subject.purchases")).unwrap();
    let policy = fs::read_to_string(shop.join("policy.toml")).unwrap();
    let line = 2 + policy.lines().position(|l| l == "[strategies.for-you.may_read]").unwrap();
    let told = sh(&shop, "jardin policy reads for_you.rhai; echo exit $?");
    assert!(told.contains("`subject.purchases` is not granted to this script"), "{told}");
    assert!(
        told.contains("scripts/for_you.rhai:19:17")
            && told.contains(&format!("stands at ./policy.toml:{line}")),
        "{told}"
    );
    assert!(told.ends_with("exit 1\n"), "{told}");
    fs::write(&script, text.replace("subject.postcode", "subject[item.brand ?? \"\"]")).unwrap();
    let told = sh(&shop, "jardin policy reads for_you.rhai; echo exit $?");
    assert!(told.contains("cannot prove") && told.ends_with("exit 0\n"), "{told}");
    assert!(sh(&shop, "jardin policy reads for_you.rhai --strict; echo exit $?").ends_with("exit 1\n"));
    assert!(sh(&shop, "jardin policy reads nowhere.rhai; echo exit $?").ends_with("exit 2\n"));
    assert!(
        sh(&shop, "jardin policy reads for_you.rhai --strategy for-yu; echo exit $?")
            .contains("did you mean `for-you`")
    );
}

/// What health counts for a strategy.
fn counted(server: &Server, strategy: &str, what: &str) -> u64 {
    let health = server.client.get("/health/ready").json();
    let all = health["strategies"].as_array().unwrap();
    let one = all.iter().find(|s| s["name"] == strategy).unwrap();
    one["counters"][what].as_u64().unwrap()
}

#[test]
fn a_worker_stays_where_nothing_concerns_it_and_what_widens_unapproved_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let server = Server::serve_at(&shop, &shop.join("data"), "2026-11-20T11:00:00Z", 7);
    let asked = counted(&server, "popular-now", "requests");
    assert!(asked > 0);
    let revision = || server.client.get("/health/ready").json()["policy_revision"].clone();
    let reloaded = |from: &str, to: &str| {
        let before = revision();
        replace(&shop, from, to);
        wait_until(|| revision() != before);
    };
    // a comment, and a grant of another strategy
    reloaded("[stop]\n", "[stop] # nothing is stopped\n");
    reloaded("newest = \"30 days\" }", "newest = \"40 days\" }");
    assert!(counted(&server, "popular-now", "requests") >= asked, "its worker was started anew");
    // what is said of a reload may come a moment after it counts
    wait_until(|| server.said().contains("ask the controller to approve it"));
    wait_until(|| server.said().contains("back instead of 30 days back"));
    // a limit of its own
    reloaded("plugin   = \"popular\"\n", "plugin   = \"popular\"\nlimits   = { results = 900 }\n");
    wait_until(|| {
        server.client.get("/health/ready").json()["strategies"]
            .as_array()
            .unwrap()
            .iter()
            .all(|s| s["ready"] == true)
    });
    assert_eq!(counted(&server, "popular-now", "starts"), 1);
    server.client.recommend(&json!({"placement": "home"})).expect(200);
}

/// A reload happens beside the server's work; it is waited for at most ten seconds.
fn wait_until(done: impl Fn() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("it did not happen");
}
