//! The record of decisions about people: what it holds, for how long, and what comes of it where nothing can be recorded.

use std::{fs, path::Path, thread, time::Duration};

use serde_json::json;

use crate::{
    audit::{WHO, audit, lines_of, new_shop, text},
    support::Server,
};

const RECORDED: &str = "\n[audit]\nbasis = \"legitimate interests\"\nbalance = \"LIA-1\"\nrecord = \"every decision\"\nkeep = \"30 days\"\n";

/// A shop whose policy records decisions.
fn recording_shop(root: &Path, record: &str) -> std::path::PathBuf {
    let shop = new_shop(root, "");
    let policy = shop.join("policy.toml");
    let text = fs::read_to_string(&policy).unwrap() + &*RECORDED.replace("every decision", record);
    fs::write(&policy, text).unwrap();
    shop
}

#[test]
fn a_decision_about_a_person_is_recorded_to_the_hour_and_one_about_nobody_is_not() {
    let root = tempfile::tempdir().unwrap();
    let shop = recording_shop(root.path(), "every decision");
    let data = shop.join("data");
    let ask = |server: &Server, who: Option<&str>| -> String {
        let mut question = json!({"placement": "home"});
        if let Some(who) = who {
            question["subject_id"] = who.into();
        }
        let answer = server.client.post("/v1/recommendations", &question).expect(200);
        answer["recommendation_id"].as_str().unwrap().to_owned()
    };
    let (known, erased, nobody, stranger) = {
        let mut server = Server::serve(&shop, &data);
        server.client.consent(WHO, "personalisation");
        server
            .client
            .put(&format!("/v1/subjects/{WHO}"), &json!({"fields": {"postcode": "05000"}}))
            .expect(200);
        let known = [ask(&server, Some(WHO)), ask(&server, Some(WHO))];
        let (nobody, stranger) = (ask(&server, None), ask(&server, Some("never-seen")));
        server.client.delete(&format!("/v1/subjects/{WHO}")).expect(200);
        server.client.consent(WHO, "personalisation");
        let erased = ask(&server, Some(WHO));
        server.stop();
        (known, erased, nobody, stranger)
    };
    let decisions = lines_of(&data.join("audit/decisions"));
    let answers: Vec<&str> = decisions.iter().filter_map(|line| line["answer"].as_str()).collect();
    assert!(answers.contains(&&*known[0]) && answers.contains(&&*known[1]), "{decisions:?}");
    assert!(!answers.contains(&&*nobody) && !answers.contains(&&*stranger), "{decisions:?}");
    let line = |answer: &str| decisions.iter().find(|line| line["answer"] == answer).unwrap();
    assert_eq!(line(&known[0])["person"], line(&known[1])["person"]);
    assert!(
        line(&known[0])["person"].is_string()
            && line(&known[0])["strategies"].as_str().unwrap().contains(" ran")
    );
    // who comes back after their erasure is somebody else
    if answers.contains(&&*erased) {
        assert_ne!(line(&erased)["person"], line(&known[0])["person"]);
    }
    for line in decisions.iter().filter(|line| line["answer"].is_string()) {
        assert!(line["at"].as_str().unwrap().ends_with(":00:00Z"), "{line}");
        assert!(!line.to_string().contains("canary") && !line.to_string().contains("05000"), "{line}");
    }
    let shown = text(&audit(&shop, &["show", "--decisions", "--answer", &known[0]]));
    assert!(shown.contains(&known[0]) && shown.lines().count() == 1, "{shown}");
    let verified = audit(&shop, &["verify", "--decisions"]);
    assert!(verified.status.success(), "{}", text(&verified));
    let head = text(&audit(&shop, &["head", "--decisions"]));
    assert!(head.contains("jardin-decision-checkpoint entries="), "{head}");
}

#[test]
fn where_a_decision_cannot_be_recorded_nobodys_data_decides() {
    let root = tempfile::tempdir().unwrap();
    let shop = recording_shop(root.path(), "every decision");
    let data = shop.join("data");
    let server = Server::serve(&shop, &data);
    server.client.consent("ada", "personalisation");
    server.client.put("/v1/subjects/ada", &json!({"fields": {"postcode": "05000"}})).expect(200);
    // a file stands where the folder of decisions is to be
    fs::write(data.join("audit/decisions"), "in the way").unwrap();
    let question = json!({"placement": "home", "subject_id": "ada"});
    let answer = server.client.post("/v1/recommendations", &question).expect(200);
    assert_eq!(answer["personalised"], false, "{answer}");
    let whys: Vec<&str> =
        answer["strategies"].as_array().unwrap().iter().filter_map(|s| s["why"].as_str()).collect();
    assert!(whys.contains(&"audit"), "{answer}");
    let health = server.client.get("/health/ready").expect(200);
    assert!(health["warnings"].to_string().contains("no decision is recorded"), "{health}");
}

#[test]
fn where_refusals_alone_are_recorded_a_list_that_ran_is_not() {
    let root = tempfile::tempdir().unwrap();
    let shop = recording_shop(root.path(), "refusals");
    let data = shop.join("data");
    let mut server = Server::serve(&shop, &data);
    server.client.put("/v1/subjects/ada", &json!({"fields": {"birth_date": "1990-05-17"}})).expect(200);
    server.client.consent("bob", "personalisation");
    for who in ["ada", "bob"] {
        server
            .client
            .post("/v1/recommendations", &json!({"placement": "home", "subject_id": who}))
            .expect(200);
    }
    server.stop();
    let decisions = lines_of(&data.join("audit/decisions"));
    let refused = decisions.iter().filter(|line| line["answer"].is_string());
    let refused: Vec<&str> = refused.filter_map(|line| line["strategies"].as_str()).collect();
    assert!(refused.iter().all(|said| said.contains(" refused: ")), "{refused:?}");
    assert_eq!(refused.len(), 1);
}

#[test]
fn days_of_decisions_go_after_keep_and_what_is_left_is_verified() {
    let root = tempfile::tempdir().unwrap();
    let shop = recording_shop(root.path(), "every decision");
    let data = shop.join("data");
    let day = |name: &str| data.join("audit/decisions").join(format!("{name}.jsonl"));
    // no further apart than a shop may rest, so that no clock leapt
    for (name, at) in [("2026-11-20", "2026-11-20T10:00:00Z"), ("2026-12-15", "2026-12-15T10:00:00Z")] {
        let mut server = Server::serve_at(&shop, &data, at, 7);
        server.client.consent("ada", "personalisation");
        server.client.put("/v1/subjects/ada", &json!({"fields": {"postcode": "05000"}})).expect(200);
        let question = json!({"placement": "home", "subject_id": "ada"});
        server.client.post("/v1/recommendations", &question).expect(200);
        server.stop();
        assert!(day(name).exists(), "{name}");
    }
    let mut server = Server::serve_at(&shop, &data, "2027-01-10T10:00:00Z", 7);
    for _ in 0..2_000 {
        if !day("2026-11-20").exists() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    server.stop();
    assert!(!day("2026-11-20").exists(), "it is kept for 30 days");
    assert!(day("2026-12-15").exists(), "it is kept for 30 days, and goes before");
    let verified = audit(&shop, &["verify", "--decisions"]);
    assert!(verified.status.success(), "{}", text(&verified));
    assert!(text(&verified).contains("went with days that were kept no longer"), "{}", text(&verified));
}
