//! Approvals of a policy over a running shop: what reaches further waits, what reaches less acts at once.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{Client, Server, copy_folder, example, program};

const CLAIRE: &str = "Claire Morel";

/// The demo shop with its plugins reviewed and its data folder beside it.
struct Shop {
    root: tempfile::TempDir,
}

impl Shop {
    /// One whose unapproved policies are refused, or told.
    fn new(unapproved: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        copy_folder(&example("shop"), &root.path().join("shop"));
        let shop = Self { root };
        fs::write(shop.path().join("server.toml"), format!("[policy]\nunapproved = \"{unapproved}\"\n"))
            .unwrap();
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

    fn edit(&self, from: &str, to: &str) {
        self.edit_at_once(&[(from, to)]);
    }

    /// Several edits in one writing: the shop never sees one without the others.
    fn edit_at_once(&self, edits: &[(&str, &str)]) {
        let policy = self.path().join("policy.toml");
        let mut text = fs::read_to_string(&policy).unwrap();
        for (from, to) in edits {
            assert_eq!(text.matches(from).count(), 1, "`{from}`");
            text = text.replacen(from, to, 1);
        }
        fs::write(policy.with_extension("new"), text).unwrap();
        fs::rename(policy.with_extension("new"), &policy).unwrap();
    }

    fn approve(&self, args: &[&str]) -> (Option<i32>, String) {
        let mut command = program();
        command.args(["policy", "approve"]).arg(self.path()).arg("--data").arg(self.data()).args(args);
        said(command.output().unwrap())
    }

    /// Makes somebody's key and names them in the policy.
    fn name_approver(&self, name: &str, file: &str) {
        let key = self.key(file);
        let made = program().args(["key", "approver", name, "--key"]).arg(&key).output().unwrap();
        let (code, block) = said(made);
        assert_eq!(code, Some(0), "{block}");
        let policy = self.path().join("policy.toml");
        let text = fs::read_to_string(&policy).unwrap();
        fs::write(&policy, format!("{text}\n{block}\n")).unwrap();
    }

    fn key(&self, file: &str) -> PathBuf {
        self.root.path().join(file)
    }
}

/// What was looked at is used for longer.
const WIDER: (&str, &str) =
    ("of = \"category\", newest = \"30 days\"", "of = \"category\", newest = \"35 days\"");

fn said(output: Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code(), String::from_utf8(text).unwrap().trim().to_owned())
}

fn health(server: &Server) -> Value {
    server.client.get("/health/ready").json()
}

fn waiting(server: &Server) -> Vec<String> {
    let lines = health(server)["policy_waiting_for_approval"].clone();
    lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
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

fn is_stopped(client: &Client, placement: &str, strategy: &str) -> bool {
    let answer = client.recommend(&json!({"placement": placement}));
    answer.tried(strategy) == Some(("refused".to_owned(), Some("stopped".to_owned())))
}

/// From how long ago `for-you` reads what somebody looked at.
fn newest_viewed(server: &Server) -> Value {
    let shown = server.client.get("/v1/strategies/for-you").json();
    let reads = shown["may_read"].as_array().unwrap().clone();
    reads.iter().find(|read| read["field"] == "subject.viewed").unwrap()["newest"].clone()
}

#[test]
fn what_reaches_further_waits_and_what_reaches_less_acts() {
    let shop = Shop::new("refuse");
    let server = shop.serve();
    assert_eq!(health(&server)["policy_approval"], "first start");
    let (newest, revision) = (newest_viewed(&server), health(&server)["policy_revision"].clone());
    shop.edit_at_once(&[WIDER, ("strategies = []", "strategies = [\"clearance\"]")]);
    until("health says what waits", || !waiting(&server).is_empty());
    let lines = waiting(&server);
    assert!(
        lines.len() == 1 && lines[0].starts_with("for-you: ") && lines[0].contains("subject.viewed"),
        "{lines:?}"
    );
    assert_eq!(
        (health(&server)["policy_approval"].clone(), newest_viewed(&server)),
        (json!("awaited"), newest.clone())
    );
    assert!(is_stopped(&server.client, "deals", "clearance"), "the narrowing acts");
    assert_eq!(health(&server)["policy_revision"], revision);

    // a restart changes nothing of it
    drop(server);
    let server = shop.serve();
    assert_eq!((waiting(&server), newest_viewed(&server)), (lines, newest.clone()));
    assert!(is_stopped(&server.client, "deals", "clearance"));

    let (code, text) = shop.approve(&["--by", CLAIRE]);
    assert!(
        code == Some(0) && text.contains("it reaches further in 1 way") && text.contains("subject.viewed"),
        "{text}"
    );
    until("the approved policy is in force", || health(&server)["policy_approval"] == "recorded");
    assert!(waiting(&server).is_empty() && newest_viewed(&server) != newest);
    assert_ne!(health(&server)["policy_revision"], revision);
    assert_eq!(health(&server)["policy_stale"], false);
}

/// A field of a person that hides products as well decides what somebody is not shown: their data does more.
#[test]
fn a_field_of_a_person_hides_no_product_before_somebody_approved_it() {
    let shop = Shop::new("refuse");
    let server = shop.serve();
    shop.edit(
        "\"subject.postcode\"    = { as = \"first characters\"",
        "\"subject.postcode\"    = { may = \"order and hide\", as = \"first characters\"",
    );
    until("health says what waits", || !waiting(&server).is_empty());
    let lines = waiting(&server);
    assert!(lines.len() == 1 && lines[0].contains("`subject.postcode` may hide products too"), "{lines:?}");
    let (code, text) = shop.approve(&["--by", CLAIRE]);
    assert!(code == Some(0) && text.contains("it reaches further in 1 way"), "{text}");
    until("the approved policy is in force", || waiting(&server).is_empty());
}

#[test]
fn where_it_is_only_told_an_unapproved_policy_comes_into_force() {
    let shop = Shop::new("warn");
    let server = shop.serve();
    let newest = newest_viewed(&server);
    shop.edit(WIDER.0, WIDER.1);
    until("it is in force", || newest_viewed(&server) != newest);
    until("health says so", || health(&server)["policy_approval"] == "missing");
    assert!(waiting(&server).is_empty());
}

#[test]
fn where_the_policy_names_its_approvers_nothing_counts_but_their_signature() {
    let shop = Shop::new("refuse");
    fs::remove_file(shop.path().join("server.toml")).unwrap();
    shop.name_approver(CLAIRE, "claire.key");
    let (code, text) = said(
        program()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(shop.data())
            .arg(shop.path())
            .output()
            .unwrap(),
    );
    assert!(
        code != Some(0) && text.contains("nobody has; one of them runs `jardin policy approve"),
        "{text}"
    );
    let (code, text) = shop.approve(&["--by", CLAIRE]);
    assert!(code == Some(2) && text.contains("add `--key FILE`"), "{text}");
    let key = shop.key("claire.key");
    let signed = ["--by", CLAIRE, "--key", key.to_str().unwrap()];
    assert_eq!(shop.approve(&signed).0, Some(0));
    let server = shop.serve();
    assert_eq!(health(&server)["policy_approval"], "signed");

    // whoever edits the file names another approver, and signs as that one
    let newest = newest_viewed(&server);
    let before = fs::read_to_string(shop.path().join("policy.toml")).unwrap();
    shop.edit(WIDER.0, WIDER.1);
    shop.name_approver("Mallory", "mallory.key");
    until("it waits", || waiting(&server).len() == 2);
    let (code, text) = shop.approve(&["--by", "Mallory", "--key", shop.key("mallory.key").to_str().unwrap()]);
    assert!(code == Some(2) && text.contains("`Mallory` does not approve this policy"), "{text}");
    // or writes an approval in the name of one who may, without that one's key
    forge_approval(&shop.path(), &before.replacen(WIDER.0, WIDER.1, 1));
    fs::write(shop.path().join("policy.toml"), &before).unwrap();
    until("what was approved is back", || waiting(&server).is_empty());
    shop.edit(WIDER.0, WIDER.1);
    until("it waits", || waiting(&server).len() == 1);
    assert_eq!(newest_viewed(&server), newest);

    assert_eq!(shop.approve(&signed).0, Some(0));
    until("it is in force", || newest_viewed(&server) != newest);

    // without the data folder nothing is approved either that nobody signed
    drop(server);
    fs::remove_dir_all(shop.data()).unwrap();
    shop.edit("newest = \"35 days\"", "newest = \"36 days\"");
    let output = program()
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(shop.data())
        .arg(shop.path())
        .output();
    assert!(said(output.unwrap()).1.contains("nobody has"));
}

/// Writes an approval of a text in Claire's name, as somebody would who has no key.
fn forge_approval(shop: &Path, policy: &str) {
    use sha2::{Digest as _, Sha256};
    let digest: String = Sha256::digest(policy.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let signature = "0".repeat(128);
    let path = shop.join("policy.approved");
    let text = fs::read_to_string(&path).unwrap();
    let record = format!(
        "\n[[approvals]]\ndigest = \"{digest}\"\nby = \"{CLAIRE}\"\nat = \"2026-11-20T10:00:00Z\"\nreach = []\nsignature = \"{signature}\"\n"
    );
    fs::write(&path, [text, record].concat()).unwrap();
}

#[test]
fn an_approval_that_is_still_to_come_is_an_error() {
    let shop = Shop::new("warn");
    let check = || said(program().arg("check").arg(shop.path()).output().unwrap());
    assert_eq!(check().0, Some(0));
    shop.edit("on = 2026-11-20", "on = 2999-01-01");
    let (code, text) = check();
    assert!(code == Some(1) && text.contains("dated-ahead"), "{text}");
    shop.edit("on = 2999-01-01", "on = 2026-11-20");

    let server = shop.serve();
    let record = format!(
        "[[approvals]]\ndigest = \"{}\"\nby = \"x\"\nat = \"2999-01-01T00:00:00Z\"\nreach = []\n",
        "0".repeat(64)
    );
    fs::write(shop.path().join("policy.approved"), record).unwrap();
    until("nothing of the folder is taken", || health(&server)["policy_stale"] == true);
    until("it is said why", || server.said().contains("this approval is dated in the future"));
}
