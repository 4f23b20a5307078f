//! Lists answered by threads of their own are those that the threads of all else give.

use std::{path::Path, thread};

use serde_json::{Value, json};

use crate::support::{Client, Server, example, program, unhurried};

const NOW: &str = "2026-11-20T10:00:00Z";

/// The example's shop under so many threads for lists, with its products and a person who agreed.
fn serve(folder: &Path, threads: usize) -> Server {
    let shop = folder.join(format!("shop-{threads}"));
    unhurried(&example("shop"), &shop);
    std::fs::write(shop.join("server.toml"), format!("[serve]\nthreads = {threads}\n")).unwrap();
    for arguments in [&["policy", "pin"][..], &["import"]] {
        let mut command = program();
        command.args(arguments).arg(&shop);
        if arguments == ["import"] {
            command.arg(shop.join("items.jsonl"));
        }
        assert!(command.output().unwrap().status.success(), "{arguments:?}");
    }
    let server = Server::serve_at(&shop, &shop.join("data"), NOW, 7);
    server.client.consent("camille", "personalisation");
    server
}

/// Lists of every placement, for nobody, for a person and for one who is not known, on some pages.
fn questions() -> Vec<Value> {
    let places =
        ["home", "product_page", "also_viewed", "similar", "basket", "in_demand", "new_in", "season"];
    let mut all = Vec::new();
    for (n, place) in (0..).zip(places.iter().cycle().take(48)) {
        let mut asked = json!({"placement": place, "context": {"page_item": format!("TEN-{}", 101 + n % 5)}});
        match n % 3 {
            1 => asked["subject_id"] = "camille".into(),
            2 => asked["session"] = json!({"basket": ["TEN-102", "MAT-104"]}),
            _ => {}
        }
        all.push(asked);
    }
    all
}

fn answer_to(client: &Client, asked: &Value) -> Value {
    let mut answer = client.recommend(asked).json();
    // of several at once nobody knows who comes first
    answer.as_object_mut().unwrap().remove("recommendation_id").expect("an answer has an id");
    answer
}

#[test]
fn threads_of_their_own_answer_as_the_threads_of_all_else() {
    let folder = tempfile::tempdir().unwrap();
    let (shared, own) = (serve(folder.path(), 0), serve(folder.path(), 3));
    let questions = questions();
    let expected: Vec<Value> = questions.iter().map(|asked| answer_to(&shared.client, asked)).collect();
    assert!(expected.iter().filter(|answer| answer["items"] != json!([])).count() > 24, "{expected:?}");
    // more clients than threads, each with a connection of its own
    thread::scope(|scope| {
        for client in 0..7 {
            let (own, questions, expected) = (&own, &questions, &expected);
            scope.spawn(move || {
                let connection = Client::new(&own.base);
                for n in (0..questions.len()).map(|n| (n + 7 * client) % questions.len()) {
                    assert_eq!(answer_to(&connection, &questions[n]), expected[n], "{}", questions[n]);
                }
            });
        }
    });
    // what is no list is answered by the threads of all else
    for server in [&shared, &own] {
        let told = server.client.get("/v1/subjects/camille").expect(200);
        assert!(told.to_string().contains("personalisation"), "{told}");
        assert_eq!(server.client.get("/health/ready").status, 200);
    }
}
