//! The audit of a running shop: what it holds, what it never holds, and that nobody rewrites it unseen.

use std::{fs, path::Path, process::Output};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Server, copy_folder, example, program};

pub fn audit(shop: &Path, args: &[&str]) -> Output {
    let (command, rest) = args.split_first().unwrap();
    program().args(["audit", command]).arg(shop).args(rest).output().unwrap()
}

pub fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// The entries of a data folder, as they stand in its files.
fn entries(data: &Path) -> Vec<Value> {
    lines_of(&data.join("audit")).into_iter().filter(|line| line.get("act").is_some()).collect()
}

fn of_act<'a>(entries: &'a [Value], act: &str) -> Vec<&'a Value> {
    entries.iter().filter(|entry| entry["act"] == act).collect()
}

pub const WHO: &str = "marguerite-canary-4711";

#[test]
fn who_looked_at_whom_and_who_changed_what_is_recorded_without_a_name() {
    let root = tempfile::tempdir().unwrap();
    let shop = root.path().join("shop");
    copy_folder(&example("shop"), &shop);
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    let (data, outside) = (shop.join("data"), root.path().join("outside"));
    fs::write(shop.join("server.toml"), format!("[audit]\ncheckpoints = \"{}\"\n", outside.display()))
        .unwrap();
    let consent = format!("/v1/subjects/{WHO}/consents/personalisation");
    let granted = json!({"status": "granted", "text_version": "2026-10", "source": "banner"});
    {
        let mut server = Server::serve(&shop, &data);
        let client = &server.client;
        client.put(&consent, &granted).expect(200);
        client.get(&format!("/v1/subjects/{WHO}")).expect(200);
        assert_eq!(client.get("/v1/subjects/nobody-of-this-name").status, 404);
        client.delete(&format!("/v1/subjects/{WHO}")).expect(200);
        client.put(&consent, &granted).expect(200);
        client.post("/v1/recommendations", &json!({"placement": "home", "subject_id": WHO})).expect(200);
        server.stop();
    }
    let entries = entries(&data);
    let acts: Vec<&str> = entries.iter().map(|entry| entry["act"].as_str().unwrap()).collect();
    let expected =
        ["start", "put_consent", "export_subject", "export_subject", "erase_subject", "put_consent", "end"];
    assert_eq!(acts, expected);
    let entries = &entries[1..6];
    let person = |place: usize| entries[place]["person"].as_str();
    // one person under one pseudonym, until their erasure; who comes back is somebody else
    assert!(person(0).is_some() && person(0) == person(1) && person(1) == person(3));
    assert!(person(4).is_some() && person(4) != person(0));
    assert_eq!((person(2), &entries[2]["status"]), (None, &json!(404)));
    assert_eq!(of_act(entries, "erase_subject")[0]["status"], 200);
    for file in fs::read_dir(data.join("audit")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("canary") && !text.contains("nobody-of-this"), "an id stands in the audit");
    }

    let checkpoints = outside.join("jardin-audit-checkpoints");
    let proof = ["verify", "--checkpoints", checkpoints.to_str().unwrap()];
    let verified = audit(&shop, &proof);
    assert!(verified.status.success(), "{}", text(&verified));
    assert!(text(&verified).contains("proved up to entry 7"), "{}", text(&verified));
    assert!(text(&audit(&shop, &["verify"])).contains("none is proved"));
    let shown = text(&audit(&shop, &["show", "--act", "erase_subject"]));
    assert!(
        shown.starts_with("5 ") && shown.contains("erase_subject of person") && shown.lines().count() == 1,
        "{shown}"
    );
    assert!(text(&audit(&shop, &["head"])).contains("public key"));

    // somebody takes back that they looked
    let day = fs::read_dir(data.join("audit")).unwrap().map(|file| file.unwrap().path());
    let day = day.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl")).max().unwrap();
    let altered = fs::read_to_string(&day).unwrap().replace("export_subject", "show_consent");
    fs::write(&day, altered).unwrap();
    let verified = audit(&shop, &proof);
    assert_eq!(verified.status.code(), Some(1));
    assert!(text(&verified).contains("altered"), "{}", text(&verified));
}

#[test]
fn the_record_of_a_shop_that_never_ran_is_told_as_missing() {
    let root = tempfile::tempdir().unwrap();
    let shop = root.path().join("shop");
    copy_folder(&example("shop"), &shop);
    let verified = audit(&shop, &["verify"]);
    assert_eq!(verified.status.code(), Some(2));
    assert!(text(&verified).contains("nothing is recorded"), "{}", text(&verified));
}

/// A copy of the demo's shop with its plugins reviewed, and what its server.toml says.
pub fn new_shop(root: &Path, server: &str) -> std::path::PathBuf {
    let shop = root.join("shop");
    copy_folder(&example("shop"), &shop);
    fs::write(shop.join("server.toml"), server).unwrap();
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    shop
}

#[test]
fn the_record_is_asked_over_http_page_after_page_and_its_head_proves_it() {
    let root = tempfile::tempdir().unwrap();
    let shop = new_shop(root.path(), "");
    let server = Server::serve(&shop, &shop.join("data"));
    let client = &server.client;
    client.put("/v1/subjects/ada/objection", &json!({"active": true})).expect(200);
    for _ in 0..3 {
        client.get("/v1/subjects/ada").expect(200);
    }
    let names = |answer: &Value| -> Vec<String> {
        let acts = answer["acts"].as_array().unwrap();
        acts.iter().map(|act| format!("{} {}", act["n"], act["act"].as_str().unwrap())).collect()
    };
    let newest = client.get("/v1/audit?limit=2").expect(200);
    assert_eq!(names(&newest), ["5 export_subject", "4 export_subject"]);
    let next = client.get(&format!("/v1/audit?limit=2&before={}", newest["before"])).expect(200);
    assert_eq!(names(&next), ["3 export_subject", "2 put_objection"]);
    let last = client.get(&format!("/v1/audit?limit=2&before={}", next["before"])).expect(200);
    assert_eq!((names(&last), &last["before"]), (vec!["1 start".to_owned()], &Value::Null));
    let person = newest["acts"][0]["person"].as_str().unwrap();
    let of_person = client.get(&format!("/v1/audit?person={person}&act=put_objection")).expect(200);
    assert_eq!(names(&of_person), ["2 put_objection"]);
    for (query, says) in [
        ("limit=0", "from 1 to 1000"),
        ("limit=1001", "from 1 to 1000"),
        ("limit=many", "from 1 to 1000"),
        ("before=-1", "the number of an act"),
        ("person=ada", "32 hexadecimal digits"),
    ] {
        let refused = client.get(&format!("/v1/audit?{query}")).expect(400);
        assert!(refused["detail"].as_str().unwrap().contains(says), "{query}: {refused}");
    }
    let head = client.get("/v1/audit/head").expect(200);
    let (key, line) = (head["public_key"].as_str().unwrap(), head["checkpoint"].as_str().unwrap());
    let verified = audit(&shop, &["verify", "--key", key, "--head", line]);
    assert!(text(&verified).contains("proved up to entry 5"), "{}", text(&verified));
    let other_key = key.chars().rev().collect::<String>();
    assert_ne!(audit(&shop, &["verify", "--key", &other_key, "--head", line]).status.code(), Some(0));
}

#[test]
fn what_commands_do_is_recorded_whether_the_shop_is_served_or_not() {
    let root = tempfile::tempdir().unwrap();
    let shop = new_shop(root.path(), "");
    let data = shop.join("data");
    let run = |args: &[&str]| {
        let output = program().args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", text(&output));
        assert!(!text(&output).contains("the audit does not record"), "{args:?}: {}", text(&output));
    };
    let (folder, items) = (shop.to_str().unwrap(), shop.join("items.jsonl"));
    let copies = [root.path().join("one"), root.path().join("two")];
    // nothing is there yet that could record it
    run(&["policy", "approve", folder, "--by", "Claire Morel"]);
    assert!(!data.exists(), "an approval made a store");
    let commands = |copy: &Path| {
        run(&["import", folder, items.to_str().unwrap()]);
        run(&["policy", "approve", folder, "--by", "Claire Morel"]);
        run(&["backup", folder, "--to", copy.to_str().unwrap()]);
        run(&["export", folder, "--catalogue"]);
    };
    commands(&copies[0]);
    run(&["restore", folder, "--from", copies[0].to_str().unwrap()]);
    run(&["key", "add", "serve", "--name", "web", "--shop", folder]);
    run(&["key", "revoke", "web", "--shop", folder]);
    run(&["key", "revoke", "--tokens-before", "2026-11-28T10:00:00Z", "--shop", folder]);
    let names = |entries: &[Value]| -> Vec<String> {
        let act = |entry: &Value| entry["act"].as_str().unwrap().split(':').next().unwrap().to_owned();
        entries.iter().map(act).collect()
    };
    let at_rest = entries(&data);
    let expected = [
        "import",
        "approve-policy",
        "back-up",
        "stored",
        "restore",
        "add-key",
        "revoke-key",
        "revoke-tokens",
    ];
    assert_eq!(names(&at_rest), expected);
    let policy = fs::read(shop.join("policy.toml")).unwrap();
    let digest = jardin_policy::lock::hex(&Sha256::digest(&policy).into());
    assert_eq!(at_rest[1]["act"], format!("approve-policy:{digest}"));
    let mut server = Server::serve(&shop, &data);
    commands(&copies[1]);
    server.stop();
    let served = entries(&data);
    let served: Vec<String> =
        names(&served[at_rest.len()..]).into_iter().filter(|name| name != "reload").collect();
    let mut served: Vec<&str> = served.iter().map(String::as_str).collect();
    served.dedup();
    assert_eq!(served, ["start", "items", "approve-policy", "back-up", "stored", "end"]);
    assert!(audit(&shop, &["verify"]).status.success());
}

#[test]
fn what_a_leak_touches_is_counted_whether_the_shop_is_served_or_not() {
    let root = tempfile::tempdir().unwrap();
    let shop = new_shop(root.path(), "");
    let folder = shop.to_str().unwrap();
    let report = |from: &str, to: &str, language: &str| -> Output {
        let args = [
            "policy",
            "report",
            "--for",
            "breach",
            folder,
            "--from",
            from,
            "--to",
            to,
            "--language",
            language,
        ];
        program().args(args).output().unwrap()
    };
    let (from, to) = ("2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z");
    let nothing = report(from, to, "en");
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing).contains("there is no store in"), "{}", text(&nothing));
    let lines = |output: &Output| -> String { text(output).split_whitespace().collect::<Vec<_>>().join(" ") };
    let served = {
        let mut server = Server::serve(&shop, &shop.join("data"));
        let client = &server.client;
        let granted = json!({"status": "granted", "text_version": "2026-10", "source": "banner"});
        for who in ["ada", "bob", "eve"] {
            client.put(&format!("/v1/subjects/{who}/consents/personalisation"), &granted).expect(200);
        }
        client.put("/v1/subjects/bob/objection", &json!({"active": true})).expect(200);
        client.get("/v1/subjects/ada").expect(200);
        client.delete("/v1/subjects/eve").expect(200);
        let served = report(from, to, "en");
        server.stop();
        served
    };
    let said = lines(&served);
    assert!(served.status.success(), "{said}");
    for expected in [
        "People of whom something stands in them: 2",
        "people for whom something came or happened in that span: 2",
        "who stood in them then: 1",
        "People with an answer to a consent question: 2",
        "People with an objection or a restriction: 1",
        "export_subject anybody 1",
        "The master key lies in the data folder",
        "within 72 hours",
    ] {
        assert!(said.contains(expected), "`{expected}` is missing: {said}");
    }
    let at_rest = report(from, to, "en");
    assert_eq!(lines(&at_rest), said);
    let before = lines(&report("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", "en"));
    assert!(before.contains("happened in that span: 0") && before.contains("None was recorded"), "{before}");
    assert!(lines(&report(from, to, "fr")).contains("Personnes qui y figurent : 2"));
    fs::write(shop.join("server.toml"), "[store]\nmaster_key = \"file:elsewhere\"\n").unwrap();
    fs::rename(shop.join("data/master.key"), shop.join("elsewhere")).unwrap();
    assert!(lines(&report(from, to, "en")).contains("does not lie in the data folder"));
    let turned = report(to, from, "en");
    assert!(text(&turned).contains("`--to` lies before `--from`"), "{}", text(&turned));
}

/// The lines of a log's files.
pub fn lines_of(folder: &Path) -> Vec<Value> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    let lines = files.iter().map(|path| fs::read_to_string(path).unwrap());
    lines
        .flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>())
        .collect()
}
