//! The audit of a running shop: what it holds, what it never holds, and that nobody rewrites it unseen.

use std::{fs, path::Path, process::Output};

use serde_json::{Value, json};

use crate::support::{Server, copy_folder, example, program};

fn audit(shop: &Path, args: &[&str]) -> Output {
    let (command, rest) = args.split_first().unwrap();
    program().args(["audit", command]).arg(shop).args(rest).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// The entries of a data folder, as they stand in its files.
fn entries(data: &Path) -> Vec<Value> {
    let mut files: Vec<_> =
        fs::read_dir(data.join("audit")).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    let lines = files.iter().flat_map(|path| {
        let lines = fs::read_to_string(path).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    });
    lines.filter(|line| line.get("act").is_some()).collect()
}

fn of_act<'a>(entries: &'a [Value], act: &str) -> Vec<&'a Value> {
    entries.iter().filter(|entry| entry["act"] == act).collect()
}

const WHO: &str = "marguerite-canary-4711";

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
    assert_eq!(acts, ["put_consent", "export_subject", "export_subject", "erase_subject", "put_consent"]);
    let person = |place: usize| entries[place]["person"].as_str();
    // one person under one pseudonym, until their erasure; who comes back is somebody else
    assert!(person(0).is_some() && person(0) == person(1) && person(1) == person(3));
    assert!(person(4).is_some() && person(4) != person(0));
    assert_eq!((person(2), &entries[2]["status"]), (None, &json!(404)));
    assert_eq!(of_act(&entries, "erase_subject")[0]["status"], 200);
    for file in fs::read_dir(data.join("audit")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("canary") && !text.contains("nobody-of-this"), "an id stands in the audit");
    }

    let checkpoints = outside.join("jardin-audit-checkpoints");
    let proof = ["verify", "--checkpoints", checkpoints.to_str().unwrap()];
    let verified = audit(&shop, &proof);
    assert!(verified.status.success(), "{}", text(&verified));
    assert!(text(&verified).contains("proved up to entry 5"), "{}", text(&verified));
    assert!(text(&audit(&shop, &["verify"])).contains("none is proved"));
    let shown = text(&audit(&shop, &["show", "--act", "erase_subject"]));
    assert!(
        shown.contains("4 ") && shown.contains("erase_subject of person") && shown.lines().count() == 1,
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
