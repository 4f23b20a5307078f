//! What was in force is listed and brought back, whether the shop runs or not.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{Client, Server, copy_folder, example, program};

/// What was looked at is used for longer.
const WIDER: (&str, &str) =
    ("of = \"category\", newest = \"30 days\"", "of = \"category\", newest = \"35 days\"");
const LIMIT_6: (&str, &str) = ("limit  = 12\nrepeats = \"allow\"", "limit  = 6\nrepeats = \"allow\"");

/// The demo shop with its plugins reviewed and its data folder beside it.
struct Shop {
    root: tempfile::TempDir,
}

impl Shop {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        copy_folder(&example("shop"), &root.path().join("shop"));
        let shop = Self { root };
        assert!(program().args(["policy", "pin"]).arg(shop.path()).output().unwrap().status.success());
        shop
    }

    fn path(&self) -> PathBuf {
        self.root.path().join("shop")
    }

    fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    fn serve(&self) -> Server {
        Server::serve(&self.path(), &self.data())
    }

    /// Replaces what stands in a file once, as an editor saves.
    fn edit(&self, file: &str, (from, to): (&str, &str)) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}`");
        fs::write(path.with_extension("new"), text.replacen(from, to, 1)).unwrap();
        fs::rename(path.with_extension("new"), &path).unwrap();
    }

    fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        let mut command = program();
        command.arg(args[0]).arg(self.path()).arg("--data").arg(self.data()).args(&args[1..]);
        said(&command.output().unwrap())
    }

    /// The revisions, the newest first, as `jardin history` lists them.
    fn revisions(&self) -> Vec<String> {
        let (code, text) = self.run(&["history"]);
        assert_eq!(code, Some(0), "{text}");
        text.lines().filter(|line| line.contains(" by ")).map(str::to_owned).collect()
    }
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn name(line: &str) -> &str {
    line.split(' ').next().unwrap()
}

/// Waits until something is so.
#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{what}");
}

fn home_limit(client: &Client) -> u64 {
    let shown = client.get("/v1/placements").expect(200);
    let placements = shown["placements"].as_array().unwrap();
    placements.iter().find(|place| place["name"] == "home").unwrap()["limit"].as_u64().unwrap()
}

fn rolled_back_to(client: &Client) -> Value {
    client.get("/health/ready").json()["rolled_back_to"].clone()
}

/// From how long ago `for-you` reads what somebody looked at.
fn newest_viewed(client: &Client) -> Value {
    let shown = client.get("/v1/strategies/for-you").json();
    let reads = shown["may_read"].as_array().unwrap().clone();
    reads.iter().find(|read| read["field"] == "subject.viewed").unwrap()["newest"].clone()
}

#[test]
fn a_change_is_listed_with_its_file_taken_back_and_taken_back_again() {
    let shop = Shop::new();
    let server = shop.serve();
    let client = &server.client;
    assert_eq!(shop.revisions().len(), 1);
    shop.edit("jardin.toml", LIMIT_6);
    until("the change is in force and kept", || home_limit(client) == 6 && shop.revisions().len() == 2);
    let revisions = shop.revisions();
    assert_eq!(revisions.len(), 2, "{revisions:?}");
    assert!(
        revisions[0].contains("by the shop folder") && revisions[0].ends_with("changed: jardin.toml"),
        "{revisions:?}"
    );
    assert!(revisions[1].ends_with("; the first"), "{revisions:?}");
    let (changed, first) = (name(&revisions[0]), name(&revisions[1]));

    let (code, text) = shop.run(&["rollback", "--to", first]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!((home_limit(client), rolled_back_to(client)), (12, json!(first)));
    let history = client.get("/v1/history").expect(200);
    assert_eq!(history["rolled_back_to"], first);
    let newest = &history["revisions"][0];
    assert_eq!(
        (&newest["revision"], &newest["by"], &newest["changed"]),
        (&json!(first), &json!("local"), &json!(["jardin.toml"]))
    );

    // back to what the folder holds: nothing stands in its place any more
    let beginning: String = changed.chars().take(6).collect();
    client.post("/v1/rollback", &json!({"to": beginning})).expect(200);
    assert_eq!((home_limit(client), rolled_back_to(client)), (6, Value::Null));
}

#[test]
fn a_rollback_outlives_a_restart_and_ends_with_the_next_change_of_the_folder() {
    let shop = Shop::new();
    let mut server = shop.serve();
    shop.edit("jardin.toml", LIMIT_6);
    until("the change is in force and kept", || {
        home_limit(&server.client) == 6 && shop.revisions().len() == 2
    });
    let first = name(&shop.revisions()[1]).to_owned();
    server.stop();
    // a shop that nobody serves is rolled back by the command alone
    let (code, text) = shop.run(&["rollback", "--to", &first]);
    assert_eq!(code, Some(0), "{text}");
    let mut server = shop.serve();
    assert_eq!((home_limit(&server.client), rolled_back_to(&server.client)), (12, json!(first)));
    // what is not part of a revision ends nothing
    fs::write(shop.path().join("scripts/draft.rhai"), "fn adjust(item) { }\n").unwrap();
    server.stop();
    let server = shop.serve();
    assert_eq!(rolled_back_to(&server.client), first);
    shop.edit("jardin.toml", (LIMIT_6.1, "limit  = 7\nrepeats = \"allow\""));
    until("the folder is in force again", || {
        home_limit(&server.client) == 7 && rolled_back_to(&server.client).is_null()
    });
}

#[test]
fn a_stop_in_the_folder_is_obeyed_while_another_revision_stands_in_its_place() {
    let shop = Shop::new();
    shop.edit("policy.toml", ("strategies = []", "strategies = [\"clearance\"]"));
    let mut server = shop.serve();
    shop.edit("jardin.toml", LIMIT_6);
    until("the change is in force and kept", || {
        home_limit(&server.client) == 6 && shop.revisions().len() == 2
    });
    server.stop();
    let stopped = name(&shop.revisions()[1]).to_owned();
    shop.edit("policy.toml", ("strategies = [\"clearance\"]", "strategies = []"));
    let server = shop.serve();
    let unstopped = name(&shop.revisions()[0]).to_owned();
    let is_stopped = || {
        let answer = server.client.recommend(&json!({"placement": "deals"}));
        answer.tried("clearance") == Some(("refused".to_owned(), Some("stopped".to_owned())))
    };
    assert!(!is_stopped());
    server.client.post("/v1/rollback", &json!({"to": stopped})).expect(200);
    assert!(is_stopped());
    // the other way round: the folder stops, the revision in its place does not
    shop.edit("policy.toml", ("strategies = []", "strategies = [\"clearance\"]"));
    until("the folder's stop is in force", || rolled_back_to(&server.client).is_null() && is_stopped());
    server.client.post("/v1/rollback", &json!({"to": unstopped})).expect(200);
    assert!(is_stopped(), "the stop of the folder was lifted by a rollback");
}

#[test]
fn an_older_policy_needs_the_role_and_no_new_approval() {
    let shop = Shop::new();
    fs::write(shop.path().join("server.toml"), "[policy]\nunapproved = \"refuse\"\n").unwrap();
    let key = |roles: &str, name: &str| {
        let mut command = program();
        command.args(["key", "add"]).args(roles.split(' ')).args(["--name", name]).current_dir(shop.path());
        let (code, text) = said(&command.output().unwrap());
        assert_eq!(code, Some(0), "{text}");
        let key = text.lines().find(|line| line.starts_with("jardin_")).unwrap().to_owned();
        format!("bearer {key}")
    };
    let (operator, officer, merchant) = (
        key("operations merchant", "till"),
        key("compliance merchant", "officer"),
        key("merchant", "office"),
    );
    shop.edit("policy.toml", (WIDER.0, WIDER.1));
    let server = shop.serve();
    let narrower = shop.path().join("policy.toml");
    let text = fs::read_to_string(&narrower).unwrap().replacen(WIDER.1, WIDER.0, 1);
    fs::write(&narrower, text).unwrap();
    let send = |key: &str, to: &str| {
        let body = serde_json::to_vec(&json!({"to": to})).unwrap();
        let headers = [("content-type", "application/json"), ("authorization", key)];
        server.client.send("POST", "/v1/rollback", Some(&body), &headers).unwrap()
    };
    until("the narrower policy is in force", || shop.revisions().len() == 2);
    // a file that is not pinned any more runs again by whoever looks after the policy alone
    let lock = shop.path().join("policy.lock");
    let pinned = fs::read_to_string(&lock).unwrap();
    let first = pinned.lines().find(|line| line.starts_with('"')).unwrap();
    let fewer = pinned.replacen(&format!("{first}\n"), "", 1);
    assert_ne!(fewer, pinned);
    fs::write(&lock, fewer).unwrap();
    until("fewer files are pinned", || shop.revisions().len() == 3);
    assert_eq!(send(&operator, name(&shop.revisions()[1])).status, 422);
    let wider = name(&shop.revisions()[2]).to_owned();
    assert_eq!(send(&merchant, &wider).status, 403);
    let refused = send(&operator, &wider);
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("needs the role compliance"), "{}", refused.text);
    assert_eq!(send(&officer, &wider).status, 200);
    let mine = Client::new(&server.base);
    let shown =
        mine.send("GET", "/v1/strategies/for-you", None, &[("authorization", &*officer)]).unwrap().json();
    let reads = shown["may_read"].as_array().unwrap().clone();
    let newest = reads.iter().find(|read| read["field"] == "subject.viewed").unwrap()["newest"].clone();
    assert_eq!(newest, "35 days");
    let newest = shop.revisions()[0].clone();
    assert!(newest.contains(" by officer: "), "{newest}");
}

#[test]
fn where_approvals_are_signed_the_past_approves_nothing() {
    let shop = Shop::new();
    shop.edit("policy.toml", (WIDER.0, WIDER.1));
    let mut server = shop.serve();
    server.stop();
    let wider = name(&shop.revisions()[0]).to_owned();
    let made = program()
        .args(["key", "approver", "Claire", "--key"])
        .arg(shop.root.path().join("claire"))
        .output()
        .unwrap();
    let (code, block) = said(&made);
    assert_eq!(code, Some(0), "{block}");
    shop.edit("policy.toml", (WIDER.1, WIDER.0));
    let policy = shop.path().join("policy.toml");
    fs::write(&policy, format!("{}\n{block}\n", fs::read_to_string(&policy).unwrap())).unwrap();
    let approved = {
        let mut command = program();
        command.args(["policy", "approve"]).arg(shop.path()).arg("--data").arg(shop.data());
        said(
            &command.args(["--by", "Claire", "--key"]).arg(shop.root.path().join("claire")).output().unwrap(),
        )
    };
    assert_eq!(approved.0, Some(0), "{}", approved.1);
    let server = shop.serve();
    let refused = server.client.post("/v1/rollback", &json!({"to": wider}));
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("was not approved"), "{}", refused.text);
    assert_eq!(newest_viewed(&server.client), "30 days");
}

#[test]
fn what_cannot_be_brought_back_is_said_and_changes_nothing() {
    let shop = Shop::new();
    let (code, text) = shop.run(&["history"]);
    assert_eq!((code, text.trim()), (Some(0), "nothing was in force yet: the shop has not been served"));
    let server = shop.serve();
    let first = name(&shop.revisions()[0]).to_owned();
    let (code, text) = shop.run(&["rollback", "--to", "zzz"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("no revision of the history is called `zzz`") && text.contains(&first), "{text}");
    assert_eq!(server.client.post("/v1/rollback", &json!({"to": ""})).status, 422);
    shop.edit("jardin.toml", LIMIT_6);
    until("the change is in force and kept", || {
        home_limit(&server.client) == 6 && shop.revisions().len() == 2
    });
    // a revision whose file somebody damaged
    fs::write(shop.data().join("history").join(&first).join("jardin.toml"), "config = 1\n[shop\n").unwrap();
    let (code, text) = shop.run(&["rollback", "--to", &first]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("are not as they were kept") || text.contains("jardin.toml"), "{text}");
    assert_eq!((home_limit(&server.client), rolled_back_to(&server.client)), (6, Value::Null));
}

#[test]
fn the_file_of_a_policy_never_goes_back_to_an_older_revision() {
    let shop = Shop::new();
    let server = shop.serve();
    let revision = |text: &str| format!("revision   = \"{text}\"");
    shop.edit("policy.toml", (&revision("2026-11-20.1"), &revision("2026-11-21.1")));
    until("the newer policy is in force", || shop.revisions().len() == 2);
    shop.edit("policy.toml", (&revision("2026-11-21.1"), &revision("2026-11-20.1")));
    until("the older one is refused", || {
        server.said().contains("`revision` goes back from `2026-11-21.1` to `2026-11-20.1`")
    });
    let health = server.client.get("/health/ready").json();
    assert!(health["policy_revision"].as_str().unwrap().starts_with("2026-11-21.1"), "{health}");
    assert_eq!(health["policy_stale"], true);
    // by its name it comes back
    let first = name(&shop.revisions()[1]).to_owned();
    server.client.post("/v1/rollback", &json!({"to": first})).expect(200);
    assert!(
        server.client.get("/health/ready").json()["policy_revision"]
            .as_str()
            .unwrap()
            .starts_with("2026-11-20.1")
    );
}

#[test]
fn a_policy_that_nobody_approved_is_not_approved_by_coming_back() {
    let shop = Shop::new();
    let server = shop.serve();
    shop.edit("policy.toml", WIDER);
    until("the wider policy is in force", || shop.revisions().len() == 2);
    shop.edit("policy.toml", (WIDER.1, WIDER.0));
    until("the narrower one is again", || shop.revisions().len() == 3);
    let wider = name(&shop.revisions()[1]).to_owned();
    server.client.post("/v1/rollback", &json!({"to": wider})).expect(200);
    assert_eq!(newest_viewed(&server.client), "35 days");
    assert_eq!(server.client.get("/health/ready").json()["policy_approval"], "missing");
}

/// Whose history it is.
#[test]
fn a_shop_that_is_served_from_two_folders_of_data_has_two_histories() {
    let shop = Shop::new();
    let server = shop.serve();
    drop(server);
    let other = Path::new("elsewhere");
    let mut command = program();
    command.arg("history").arg(shop.path()).arg("--data").arg(shop.root.path().join(other));
    let (code, text) = said(&command.output().unwrap());
    assert_eq!((code, text.trim()), (Some(0), "nothing was in force yet: the shop has not been served"));
    assert_eq!(shop.revisions().len(), 1);
}
