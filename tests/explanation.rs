//! How an answer came about, asked for later: by whom it was given to, by the shop, and by compliance.

use serde_json::{Value, json};

use crate::support::{Answer, Server, example, program, unhurried};

const NOW: &str = "2026-11-20T10:00:00Z";

struct Shop {
    folder: tempfile::TempDir,
    website: String,
    officer: String,
}

impl Shop {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("shop");
        unhurried(&example("shop"), &shop);
        let run = |args: &[&str]| {
            let output = program().args(args).current_dir(&shop).output().unwrap();
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let key = |said: String| said.lines().find(|line| line.starts_with("jardin_")).unwrap().to_owned();
        let website = key(run(&["key", "add", "serve", "subjects", "catalogue", "--name", "website"]));
        let officer = key(run(&["key", "add", "compliance", "--name", "officer"]));
        Self { folder, website, officer }
    }

    fn serve_at(&self, now: &str) -> Server {
        let server =
            Server::serve_at(&self.folder.path().join("shop"), &self.folder.path().join("data"), now, 1);
        server.client.put_example_items(&[("authorization", &format!("Bearer {}", self.website))]);
        server
    }
}

fn send(server: &Server, verb: &str, path: &str, body: &Value, bearer: &str) -> Answer {
    let (authorization, body) = (format!("Bearer {bearer}"), body.to_string());
    let body = matches!(verb, "POST" | "PUT").then_some(body.as_bytes());
    server.client.send(verb, path, body, &[("authorization", &authorization)]).unwrap()
}

fn explain(server: &Server, id: &Value, locale: &str, bearer: &str) -> Answer {
    let path = format!("/v1/recommendations/{}/explanation?locale={locale}", id.as_str().unwrap());
    send(server, "GET", &path, &Value::Null, bearer)
}

fn list(server: &Server, more: &Value, bearer: &str) -> Value {
    let mut body = json!({"placement": "home"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    send(server, "POST", "/v1/recommendations", &body, bearer).expect(200)
}

fn token(server: &Server, key: &str, more: &Value) -> String {
    let mut wanted = json!({"scopes": ["serve"]});
    wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    send(server, "POST", "/v1/tokens", &wanted, key).expect(201)["token"].as_str().unwrap().to_owned()
}

#[test]
fn an_answer_is_explained_in_plain_words_to_whom_it_was_given() {
    let shop = Shop::open();
    let server = shop.serve_at(NOW);
    let yes = json!({"status": "granted", "text_version": "2026-10", "source": "test"});
    send(&server, "PUT", "/v1/subjects/q7ada/consents/personalisation", &yes, &shop.website).expect(200);
    let profile = json!({"fields": {"birth_date": "1990-05-17", "postcode": "38000"}});
    send(&server, "PUT", "/v1/subjects/q7ada", &profile, &shop.website).expect(200);
    let page = token(&server, &shop.website, &json!({"subject_id": "q7ada"}));
    let answer = list(&server, &json!({}), &page);
    let id = &answer["recommendation_id"];
    let told = explain(&server, id, "fr", &page).expect(200);
    assert_eq!(
        (&told["at"], &told["placement"], &told["locale"]),
        (&json!(NOW), &json!("home"), &json!("fr"))
    );
    assert_eq!(told["personalised"], answer["personalised"]);
    let items = |of: &Value| {
        of["items"].as_array().unwrap().iter().map(|item| item["item_id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(items(&told), items(&answer));
    assert!(told.get("compliance").is_none());
    // names and forms, and no value of hers
    let text = told.to_string();
    for value in ["1990", "38000", "q7ada"] {
        assert!(!text.contains(value), "{text}");
    }
    // what is withheld from somebody who said no is told with the reason, in each language
    for (locale, says) in [
        ("fr", "Vous n'avez pas donné votre accord, ou il ne compte plus."),
        ("de", "Sie haben nicht eingewilligt, oder Ihre Einwilligung gilt nicht mehr."),
        ("en", "You have not agreed to it, or your yes no longer counts."),
        ("es", "You have not agreed to it, or your yes no longer counts."),
    ] {
        let answer = list(&server, &json!({"subject_id": "noor"}), &shop.website);
        let told = explain(&server, &answer["recommendation_id"], locale, &shop.website).expect(200);
        let withheld = told["withheld"].as_array().unwrap();
        assert!(withheld.iter().any(|entry| entry["says"] == says), "{told}");
        assert_eq!(told["personalised"], false);
    }
    // compliance is told the same in the names of the policy
    let told = explain(&server, id, "en", &shop.officer).expect(200);
    let strategies = told["compliance"]["strategies"].as_array().unwrap();
    let for_you = strategies.iter().find(|strategy| strategy["name"] == "for-you").unwrap();
    assert_eq!((&for_you["status"], &for_you["purpose"]), (&json!("ran"), &json!("personalise")));
    assert!(
        for_you["may_read"].as_array().unwrap().iter().any(|grant| grant["field"] == "subject.birth_date")
    );
    assert_eq!(
        told["compliance"]["policy_revision"],
        list(&server, &json!({}), &shop.website)["policy_revision"]
    );
}

#[test]
fn nobody_is_told_of_an_answer_that_was_not_given_to_them() {
    let shop = Shop::open();
    let server = shop.serve_at(NOW);
    let (ada, noor) =
        (json!({"subject_id": "ada", "session_id": "s1"}), json!({"subject_id": "noor", "session_id": "s1"}));
    let of_ada = list(&server, &json!({}), &token(&server, &shop.website, &ada));
    let of_visit = list(&server, &json!({}), &token(&server, &shop.website, &json!({"session_id": "s1"})));
    let of_nobody = list(&server, &json!({}), &shop.website);
    let page = token(&server, &shop.website, &noor);
    let refused = |id: &Value| {
        let mut problem = explain(&server, id, "en", &page).expect(404);
        problem["request_id"] = Value::Null;
        problem
    };
    let unknown = refused(&json!("ZxLgIT95L5m4ytmjVBVzKB9Lp7icKtzB"));
    for id in [&of_ada["recommendation_id"], &of_nobody["recommendation_id"], &json!("x"), &json!("ada")] {
        assert_eq!(refused(id), unknown, "{id}");
    }
    // what a visit was answered while nobody was known is the visit's
    explain(&server, &of_visit["recommendation_id"], "en", &page).expect(200);
    let other = token(&server, &shop.website, &json!({"subject_id": "noor", "session_id": "s2"}));
    explain(&server, &of_visit["recommendation_id"], "en", &other).expect(404);
    let without_scope = send(&server, "POST", "/v1/tokens", &json!({"scopes": ["consent"]}), &shop.website);
    let without_scope = without_scope.expect(201)["token"].as_str().unwrap().to_owned();
    explain(&server, &of_visit["recommendation_id"], "en", &without_scope).expect(403);
}

#[test]
fn what_is_no_longer_remembered_is_explained_by_its_id_and_an_erasure_forgets_it() {
    let shop = Shop::open();
    let mut server = shop.serve_at(NOW);
    let page = token(&server, &shop.website, &json!({"subject_id": "ada"}));
    let yes = json!({"status": "granted", "text_version": "2026-10", "source": "test"});
    send(&server, "PUT", "/v1/subjects/ada/consents/personalisation", &yes, &shop.website).expect(200);
    let id = list(&server, &json!({}), &page)["recommendation_id"].clone();
    assert_ne!(explain(&server, &id, "en", &shop.website).expect(200)["personalised"], Value::Null);
    send(&server, "DELETE", "/v1/subjects/ada", &Value::Null, &shop.website).expect(200);
    let general = |server: &Server| {
        let told = explain(server, &id, "en", &shop.website).expect(200);
        assert_eq!((&told["at"], &told["placement"]), (&json!(NOW), &json!("home")));
        assert_eq!(
            (&told["personalised"], &told["items"], &told["withheld"]),
            (&Value::Null, &json!([]), &json!([]))
        );
        assert!(told["says"].as_str().unwrap().starts_with("What decided this list is not kept."));
        assert!(told["used"].as_array().unwrap().len() > 1);
    };
    general(&server);
    server.stop();
    general(&shop.serve_at("2026-11-21T10:00:00Z"));
}
