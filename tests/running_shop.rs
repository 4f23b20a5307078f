//! Commands that need the store: each gives the same whether the shop runs or not.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Output,
};

use jardin_contract::{Clock as _, SystemClock};
use jardin_model::DAY_MS;
use serde_json::{Value, json};

use crate::support::{Server, copy_folder, example, program};

/// Two copies of the demo shop with its plugins reviewed and the same rows to import: one that nobody runs, and
/// one that is served.
struct Twins {
    root: tempfile::TempDir,
}

impl Twins {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        // read once: an answer that is given twice has to have one time
        let now = SystemClock.now();
        let at = |days: i64| now.plus_ms(-days * DAY_MS).to_string();
        let (answers, events) = (answers(&at), events(&at));
        for name in ["idle", "served"] {
            let shop = root.path().join(name).join("shop");
            copy_folder(&example("shop"), &shop);
            assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
            fs::write(shop.join("answers.jsonl"), &answers).unwrap();
            fs::write(shop.join("events.jsonl"), &events).unwrap();
        }
        Self { root }
    }

    fn shop(&self, name: &str) -> PathBuf {
        self.root.path().join(name).join("shop")
    }

    fn serve(&self) -> Server {
        let shop = self.shop("served");
        Server::serve(&shop, &shop.join("data"))
    }

    /// What a command gives, which must be the same for both.
    #[track_caller]
    fn both(&self, args: &[&str]) -> Output {
        let [idle, served] = ["idle", "served"].map(|name| run(&self.shop(name), args));
        let text = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(text(&idle), text(&served), "{args:?}: {}", String::from_utf8_lossy(&served.stderr));
        assert_eq!(idle.status, served.status, "{args:?}: {}", String::from_utf8_lossy(&served.stderr));
        served
    }
}

fn run(shop: &Path, args: &[&str]) -> Output {
    program().args(args).current_dir(shop).output().unwrap()
}

/// An answer a line, some of which are refused.
fn answers(at: &impl Fn(i64) -> String) -> String {
    let line = |(who, consent, status, at): (&str, &str, &str, String)| {
        json!({"subject_id": who, "consent": consent, "status": status, "text_version": "2026-10", "at": at, "source": "banner"})
            .to_string()
    };
    let lines = [
        ("ada", "improvement", "granted", at(20)),
        ("bob", "improvement", "withdrawn", at(18)),
        ("bob", "improvement", "granted", at(20)),
        ("ada", "improvement", "granted", at(20)),
        ("eve", "everything", "granted", at(20)),
        ("eve", "improvement", "granted", "yesterday".to_owned()),
    ];
    lines.map(line).join("\n")
}

/// Visits of two products each, one of somebody who agreed, one event that is refused.
fn events(at: &impl Fn(i64) -> String) -> String {
    let event = |n: i64| {
        let items = if n % 2 == 0 { ["TEN-103", "MAT-101"] } else { ["BOO-101", "BOO-102"] };
        json!({"type": "purchase", "event_id": format!("e{n}"), "occurred_at": at(10), "subject_id": "ada", "session_id": format!("s{n}"),
            "items": items.map(|id| json!({"item_id": id}))})
        .to_string()
    };
    let mut lines: Vec<String> = (0..40).map(event).collect();
    lines.push(
        json!({"type": "no such type", "occurred_at": at(1), "session_id": "s", "items": []}).to_string(),
    );
    lines.join("\n")
}

/// What a trial gives, but for how long it took.
fn without_times(output: &Output) -> Value {
    let said = || panic!("{}", String::from_utf8_lossy(&output.stderr));
    let mut json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| said());
    let live = json["live"].as_object_mut().unwrap();
    live.remove("took_ms").unwrap();
    live.remove("answer_ms").unwrap();
    json
}

#[test]
fn each_command_gives_the_same_with_and_without_a_running_shop() {
    let twins = Twins::new();
    let server = twins.serve();
    assert_eq!(twins.both(&["import", ".", "items.jsonl"]).status.code(), Some(0));
    let imported = twins.both(&["import", ".", "events.jsonl", "--consents", "answers.jsonl"]);
    let text = String::from_utf8_lossy(&imported.stdout).into_owned();
    assert_eq!(imported.status.code(), Some(1), "{text}");
    assert!(
        text.contains("3 answers stored, 1 known already") && text.contains("40 events stored"),
        "{text}"
    );
    // the same rows again are known
    let again = twins.both(&["import", ".", "events.jsonl", "--consents", "answers.jsonl"]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("0 events stored, 40 known already"));
    // what was imported is what is served, and what was taken back counts no more
    let client = &server.client;
    assert_eq!(client.get("/v1/items/TEN-103").status, 200);
    assert_eq!(client.get("/v1/subjects/ada/consents/improvement").expect(200)["counts"], true);
    assert_eq!(client.get("/v1/subjects/bob/consents/improvement").expect(200)["counts"], false);

    let accepted = twins.both(&["clock", "accept"]);
    assert_eq!(String::from_utf8_lossy(&accepted.stdout), "the clock is accepted as it is\n");

    let now = SystemClock.now().to_string();
    let tries =
        ["try", "complete_the_look", "--context", "page_item=TEN-103", "--at", &now, "--format", "json"];
    let [idle, served] = ["idle", "served"].map(|name| without_times(&run(&twins.shop(name), &tries)));
    assert_eq!(idle, served);
    assert_eq!(served["items"], "the shop's store", "{served}");
    assert!(served.to_string().contains("MAT-101"), "what was bought together was learned: {served}");
    let evaluated = ["evaluate", ".", "--json", "--k", "3", "--strategy", "bought-together"];
    let [idle, served] = ["idle", "served"].map(|name| run(&twins.shop(name), &evaluated));
    let figures = |output: &Output| {
        let json: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        (json["queries"].clone(), json["hr"].clone(), json["mrr"].clone())
    };
    assert_eq!(figures(&idle), figures(&served));
    assert!(figures(&served).0.as_u64() > Some(0), "{:?}", figures(&served));
    assert_eq!(twins.both(&["policy", "report", "--for", "observed"]).status.code(), Some(0));
}

#[test]
fn the_report_of_what_was_read_counts_what_the_running_shop_counted() {
    let twins = Twins::new();
    let server = twins.serve();
    assert_eq!(run(&twins.shop("served"), &["import", ".", "items.jsonl"]).status.code(), Some(0));
    server.client.recommend(&json!({"placement": "deals"})).expect(200);
    let report = run(&twins.shop("served"), &["policy", "report", "--for", "observed", "--format", "json"]);
    let text = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(!twins.shop("served").join("data/observed.json").exists(), "nothing was written yet");
    assert!(
        text != String::from_utf8_lossy(
            &run(&twins.shop("idle"), &["policy", "report", "--for", "observed", "--format", "json"]).stdout
        ),
        "{text}"
    );
}

#[test]
fn the_socket_is_its_owners_alone_and_goes_with_the_server() {
    let twins = Twins::new();
    let mut server = twins.serve();
    let socket = twins.shop("served").join("data/control.sock");
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    server.kill();
    // what a killed server leaves is replaced
    let mut server = twins.serve();
    assert_eq!(run(&twins.shop("served"), &["import", ".", "items.jsonl"]).status.code(), Some(0));
    server.stop();
    assert!(!socket.exists());
    assert_eq!(run(&twins.shop("served"), &["import", ".", "items.jsonl"]).status.code(), Some(0));
}

#[test]
fn data_that_is_served_for_another_folder_is_not_written() {
    let twins = Twins::new();
    let _server = twins.serve();
    let data = twins.shop("served").join("data");
    let refused = run(&twins.shop("idle"), &["import", ".", "items.jsonl", "--data", data.to_str().unwrap()]);
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{text}");
    assert!(text.contains("is served for another shop folder"), "{text}");
}

#[test]
fn a_running_shop_checks_and_reloads_when_it_is_told_to() {
    let twins = Twins::new();
    let _server = twins.serve();
    let socket = twins.shop("served").join("data/control.sock");
    let ask = |name: &str| {
        use std::io::{Read as _, Write as _};
        let mut stream = std::os::unix::net::UnixStream::connect(&socket).unwrap();
        write!(stream, "POST /v1/control/{name} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{{}}").unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        serde_json::from_str::<Value>(said.split_once("\r\n\r\n").unwrap().1)
            .unwrap_or_else(|_| panic!("{said}"))
    };
    let reload = ask("reload");
    assert_eq!((&reload["applied"], &reload["refused"]), (&json!(["the shop folder"]), &json!([])));
    fs::write(twins.shop("served").join("scripts/clearance.rhai"), "fn adjust(item) { item.margn }").unwrap();
    let errors =
        |json: &Value| json["findings"].as_array().unwrap().iter().filter(|f| f["error"] == true).count();
    assert!(errors(&ask("check")) > 0);
    assert_eq!(ask("reload")["applied"], json!([]));
    assert!(ask("nonsense")["detail"].as_str().unwrap().contains("not understood"));
}
