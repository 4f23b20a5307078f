//! A value of its own in everything that can be told of a person, then searched for wherever something leaves or is left:
//! each field by each channel.

use std::{collections::BTreeMap, fs, path::Path};

use jardin_model::Namespace;
use jardin_policy::Policy;
use serde_json::{Value, json};

use crate::support::{Answer, Server, example, program, unhurried};

const NOW: &str = "2026-11-20T10:00:00Z";
/// In which visit, and by whom.
const VISIT: &str = "visit-canary-5521";
const WHO: &str = "person-canary-5522";
const SOURCE: &str = "source-canary-5523";
const ORDER: &str = "order-canary-5524";

/// What is told of somebody, by the name under which the policy or the API knows it. A declared field without a canary
/// fails the test that asks for it.
const CANARIES: [(&str, &str); 6] = [
    ("subject.id", WHO),
    ("subject.birth_date", "1957-03-09"),
    ("subject.postcode", "Canary-5525"),
    ("session.id", VISIT),
    ("consent.source", SOURCE),
    ("event.event_id", ORDER),
];

/// Fields of people that hold what they did, whose products any list may show, or that are made of others.
const WITHOUT_VALUES: [&str; 4] = ["subject.viewed", "subject.purchases", "subject.bought", "session.viewed"];

/// Fields that are sent with a request and never stored.
const SENT: [&str; 1] = ["session.basket"];

#[test]
fn every_field_of_a_person_has_a_canary() {
    let (policy, _) = Policy::load("policy.toml", include_str!("../examples/shop/policy.toml")).unwrap();
    let of_people = policy.rules().fields.iter().filter(|f| f.path.namespace.is_personal());
    for field in of_people.filter(|f| matches!(f.path.namespace, Namespace::Subject | Namespace::Session)) {
        let name = field.path.to_string();
        let known = CANARIES.iter().map(|(name, _)| *name).chain(WITHOUT_VALUES).chain(SENT);
        assert!(known.into_iter().any(|known| known == name), "`{name}` has no canary");
    }
}

struct Shop {
    folder: tempfile::TempDir,
    keys: BTreeMap<&'static str, String>,
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
        run(&["policy", "pin"]);
        let roles = ["serve", "ingest", "subjects", "catalogue", "merchant", "compliance", "operations"];
        let key = |role: &'static str| {
            let said = run(&["key", "add", role, "--name", role]);
            (role, said.lines().find(|line| line.starts_with("jardin_")).unwrap().to_owned())
        };
        let keys = roles.map(key).into();
        Self { folder, keys }
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }
}

fn send(server: &Server, verb: &str, path: &str, body: &Value, bearer: &str) -> Answer {
    let (authorization, body) = (format!("Bearer {bearer}"), body.to_string());
    let body = matches!(verb, "POST" | "PUT" | "PATCH").then_some(body.as_bytes());
    server.client.send(verb, path, body, &[("authorization", &authorization)]).unwrap()
}

/// Waits until the fallback has its list: until then health says no.
fn wait_until_ready(server: &Server) {
    for _ in 0..2_000 {
        if server.client.get("/health/ready").status == 200 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the shop is not ready");
}

/// Tells all of it, and gives what the shop answered.
fn tell_everything(server: &Server, keys: &BTreeMap<&str, String>) -> String {
    let value = |name: &str| CANARIES.iter().find(|(known, _)| *known == name).unwrap().1;
    let fields = json!({"birth_date": value("subject.birth_date"), "postcode": value("subject.postcode")});
    let yes = json!({"status": "granted", "text_version": "2026-10", "source": SOURCE});
    let mut told = String::new();
    let mut put = |path: String, body: Value, with_answer: bool| {
        let answer = send(server, "PUT", &path, &body, &keys["subjects"]);
        assert_eq!(answer.status, 200, "{}", answer.text);
        if with_answer {
            told.push_str(&answer.text);
        }
    };
    // the answer to a question is shown to who records it
    put(format!("/v1/subjects/{WHO}/consents/personalisation"), yes.clone(), false);
    put(format!("/v1/subjects/{WHO}/consents/improvement"), yes, false);
    // a value is kept where a purpose may use it
    put(format!("/v1/subjects/{WHO}"), json!({"fields": fields}), true);
    let event = |kind: &str, item: &str| {
        json!({"type": kind, "occurred_at": NOW, "event_id": format!("{ORDER}-{kind}"), "subject_id": WHO,
               "session_id": VISIT, "items": [{"item_id": item}]})
    };
    let events = json!({"events": [event("view_item", "TEN-103"), event("purchase", "MAT-101")]});
    let receipt = send(server, "POST", "/v1/events", &events, &keys["ingest"]);
    assert_eq!(receipt.expect(202)["accepted"], 2);
    told + receipt.text.as_str()
}

/// Everything that leaves by the API but to whoever asks for that very person with the role for it.
fn ask_everywhere(server: &Server, keys: &BTreeMap<&str, String>) -> Vec<(String, String)> {
    let mut heard = Vec::new();
    let mut hear = |name: &str, answer: Answer| {
        heard.push((name.to_owned(), format!("{} {:?} {}", answer.status, answer.headers, answer.text)));
        answer
    };
    let own = json!({"placement": "home", "subject_id": WHO, "session_id": VISIT, "session": {"basket": ["TEN-103"]}});
    let list = hear("a list", send(server, "POST", "/v1/recommendations", &own, &keys["serve"])).expect(200);
    let batch = json!({"requests": [own, {"placement": "product_page", "subject_id": WHO, "context": {"page_item": "TEN-103"}}]});
    hear("a batch", send(server, "POST", "/v1/recommendations/batch", &batch, &keys["serve"])).expect(200);
    let other = json!({"placement": "home", "subject_id": "somebody-else"});
    hear("another person's list", send(server, "POST", "/v1/recommendations", &other, &keys["serve"]))
        .expect(200);
    let explanation =
        format!("/v1/recommendations/{}/explanation", list["recommendation_id"].as_str().unwrap());
    for role in ["serve", "compliance"] {
        let answer = send(server, "GET", &explanation, &Value::Null, &keys[role]);
        hear(&format!("an explanation for {role}"), answer).expect(200);
    }
    let wanted = json!({"scopes": ["serve", "garden", "consent"], "subject_id": WHO, "session_id": VISIT});
    let token = send(server, "POST", "/v1/tokens", &wanted, &keys["serve"]);
    let page = hear("a token", token).expect(201)["token"].as_str().unwrap().to_owned();
    hear("a page's list", send(server, "POST", "/v1/recommendations", &json!({"placement": "home"}), &page))
        .expect(200);
    hear("a page's garden", send(server, "GET", "/v1/subjects/me/garden", &Value::Null, &page)).expect(200);
    hear("a page's explanation", send(server, "GET", &explanation, &Value::Null, &page)).expect(200);
    for (verb, path, body, key) in [
        ("PUT", format!("/v1/subjects/{WHO}"), json!({"fields": {"birth_date": "Canary-5525"}}), "subjects"),
        (
            "PUT",
            format!("/v1/subjects/{WHO}/consents/{SOURCE}"),
            json!({"status": "granted", "text_version": "1"}),
            "subjects",
        ),
        ("POST", "/v1/recommendations".to_owned(), json!({"placement": WHO, "subject_id": WHO}), "serve"),
        (
            "POST",
            "/v1/recommendations".to_owned(),
            json!({"placement": "home", "consent": {SOURCE: false}}),
            "serve",
        ),
        ("GET", format!("/v1/subjects/{WHO}"), Value::Null, "serve"),
        ("GET", format!("/v1/subjects/{WHO}-not"), Value::Null, "subjects"),
        ("POST", "/v1/events".to_owned(), json!({"events": [{"type": WHO, "occurred_at": ORDER}]}), "ingest"),
        ("GET", format!("/v1/recommendations/{WHO}/explanation"), Value::Null, "serve"),
    ] {
        let answer = send(server, verb, &path, &body, &keys[key]);
        hear(&format!("a refusal of {verb} by {key}"), answer);
    }
    for (path, key) in [
        ("/health/live", "operations"),
        ("/health/ready", "operations"),
        ("/v1/placements", "merchant"),
        ("/v1/strategies", "merchant"),
        ("/v1/policy", "compliance"),
        ("/v1/policy/stop", "compliance"),
        ("/v1/items/TEN-103", "catalogue"),
        ("/v1/version", "serve"),
        ("/.well-known/gpc.json", "serve"),
    ] {
        let answer = send(server, "GET", path, &Value::Null, &keys[key]);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        hear(path, answer);
    }
    heard
}

/// The bytes of every file, by its path from the folder.
fn read_files(folder: &Path, from: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_files(&path, from, found);
        } else {
            let bytes = fs::read(&path).unwrap_or_default();
            let name = path.strip_prefix(from).unwrap().display().to_string();
            found.push((format!("file {name}"), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

#[test]
fn nothing_that_was_told_of_a_person_leaves_or_is_left_but_where_they_are_asked_for() {
    let shop = Shop::open();
    let mut server = Server::serve_at(&shop.folder.path().join("shop"), &shop.data(), NOW, 1);
    let catalogue = format!("Bearer {}", shop.keys["catalogue"]);
    server.client.put_example_items(&[("authorization", &catalogue)]);
    wait_until_ready(&server);
    let receipts = tell_everything(&server, &shop.keys);
    // whoever may ask for the person is told each of them, so that the search finds what is there
    let export = send(&server, "GET", &format!("/v1/subjects/{WHO}"), &Value::Null, &shop.keys["subjects"]);
    export.expect(200);
    let told: Vec<&str> =
        CANARIES.iter().filter(|(_, value)| export.text.contains(value)).map(|(n, _)| *n).collect();
    assert_eq!(
        told,
        ["subject.id", "subject.birth_date", "subject.postcode", "session.id", "consent.source"]
    );

    let mut channels = ask_everywhere(&server, &shop.keys);
    channels.push(("receipts".to_owned(), receipts));
    channels.push(("the log".to_owned(), server.said()));
    server.stop();
    channels.push(("the log at the end".to_owned(), server.said()));
    read_files(&shop.data(), &shop.data(), &mut channels);
    let mut probes = 0;
    for (channel, text) in &channels {
        for (field, value) in CANARIES {
            assert!(!text.contains(value), "`{field}` stands in {channel}: {text}");
            probes += 1;
        }
    }
    assert!(channels.len() > 30 && probes == channels.len() * CANARIES.len(), "{} channels", channels.len());
}
