//! An erased person is gone: from answers, from the export, and from every file.

use std::{fs, path::Path};

use serde_json::json;

use crate::support::{Server, copy_folder, example, program, unhurried};

fn files_hold(folder: &Path, needle: &[u8]) -> Option<String> {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if let Some(found) = files_hold(&path, needle) {
                return Some(found);
            }
        } else if fs::read(&path).unwrap_or_default().windows(needle.len()).any(|w| w == needle) {
            return Some(path.display().to_string());
        }
    }
    None
}

#[test]
fn erasure_leaves_no_plaintext_and_no_person() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, data) = (folder.path().join("shop"), folder.path().join("data"));
    copy_folder(&example("shop"), &shop);
    assert!(
        program()
            .args(["policy", "pin"])
            .arg(&shop)
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    let server = Server::serve(&shop, &data);
    let (id, postcode) = ("erase-me-4711@canary.example", "QX77Canary");
    let path = format!("/v1/subjects/{id}");
    server.client.consent(id, "personalisation");
    server
        .client
        .put(&path, &json!({"fields": {"postcode": postcode, "birth_date": "1990-05-17"}}))
        .expect(200);
    let export = server.client.get(&path).expect(200);
    assert_eq!(export["fields"]["postcode"]["value"], postcode);

    let receipt = server.client.delete(&path).expect(200);
    let erasure = receipt["erasure_id"].as_str().unwrap();
    assert_eq!(server.client.get(&format!("/v1/erasures/{erasure}")).expect(200)["erasure_id"], erasure);
    assert_eq!(server.client.get(&path).status, 404);
    assert_eq!(server.client.delete(&path).status, 404);
    for needle in [id, postcode] {
        assert_eq!(files_hold(&data, needle.as_bytes()), None, "`{needle}` is still readable");
    }
    drop(server);
    for needle in [id, postcode] {
        assert_eq!(files_hold(&data, needle.as_bytes()), None, "`{needle}` is readable after the end");
    }
}

#[test]
fn an_email_sent_with_a_profile_is_dropped_and_named() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::demo(data.path());
    let canary = "somebody-8812@canary.example";
    let stored = server
        .client
        .put("/v1/subjects/zoe", &json!({"fields": {"email": canary, "birth_date": "1990-05-17"}}))
        .expect(200);
    let dropped = stored["redacted"].as_array().unwrap();
    assert!(dropped.iter().any(|d| d["fields"].as_array().unwrap().contains(&json!("email"))), "{stored}");
    assert_eq!(files_hold(data.path(), canary.as_bytes()), None);
}

/// Of somebody who wants it their no is remembered by a digest, and nothing else: not the id, and no record.
#[test]
fn an_erased_persons_no_is_remembered_where_they_want_it_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, data) = (folder.path().join("shop"), folder.path().join("data"));
    unhurried(&example("shop"), &shop);
    let mut server = Server::serve(&shop, &data);
    let id = "remember-my-no-4711";
    let path = format!("/v1/subjects/{id}");
    for _ in 0..2 {
        server.client.consent(id, "personalisation");
        let receipt = server.client.delete(&format!("{path}?remember=objection")).expect(200);
        assert_eq!(receipt["done"], json!(["store", "keys", "memory", "journal"]));
        assert!(receipt["learned"].is_array());
        let shown = server.client.get(&format!("/v1/erasures/{}", receipt["erasure_id"].as_str().unwrap()));
        assert_eq!(shown.expect(200)["erased_at"], receipt["erased_at"]);
    }
    let why = |server: &Server| {
        let answer = server.client.recommend(&json!({"placement": "home", "subject_id": id}));
        answer.tried("for-you").and_then(|(_, why)| why)
    };
    server.client.get(&path).expect(404);
    assert_eq!(why(&server).as_deref(), Some("objection"));
    server.stop();
    assert_eq!(files_hold(&data, id.as_bytes()), None);
    // after a restart, and for whoever comes back and agrees to everything
    let server = Server::serve(&shop, &data);
    assert_eq!(why(&server).as_deref(), Some("objection"));
    server.client.consent(id, "personalisation");
    assert_eq!(why(&server).as_deref(), Some("objection"));
    server.client.put(&format!("{path}/objection"), &json!({"active": false})).expect(200);
    assert_ne!(why(&server).as_deref(), Some("objection"));
    // without the wish nothing is remembered
    server.client.consent("another", "personalisation");
    server.client.delete("/v1/subjects/another").expect(200);
    let answer = server.client.recommend(&json!({"placement": "home", "subject_id": "another"}));
    assert_eq!(answer.tried("for-you").unwrap().1.as_deref(), Some("consent"));
}
