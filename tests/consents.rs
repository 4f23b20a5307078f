//! Answers that a shop got before it had Jardin, imported: they count from their own time, and none is
//! invented.

use std::{fs, path::Path, process::Output};

use jardin_contract::{Clock as _, SystemClock};
use jardin_model::DAY_MS;
use serde_json::json;

use crate::support::{Server, copy_folder, example, program};

/// So many days before the clock by which the import judges, which is the machine's.
fn days_ago(days: i64) -> String {
    SystemClock.now().plus_ms(-days * DAY_MS).to_string()
}

/// An answer a line: who, to what, how, when.
fn answers() -> String {
    [
        ("ada", "improvement", "granted", days_ago(20)),
        ("bob", "improvement", "withdrawn", days_ago(18)),
        ("bob", "improvement", "granted", days_ago(20)),
        ("eve", "everything", "granted", days_ago(20)),
        ("eve", "improvement", "maybe", days_ago(20)),
        ("eve", "improvement", "granted", "yesterday".to_owned()),
    ]
    .map(|(who, consent, status, at)| {
        json!({"subject_id": who, "consent": consent, "status": status, "text_version": "2026-10", "at": at, "source": "banner"})
            .to_string()
    })
    .join("\n")
}

fn import(shop: &Path, files: &[&str]) -> Output {
    program().arg("import").arg(shop).args(files).current_dir(shop).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[test]
fn imported_answers_decide_about_imported_events() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    let pinned = program().args(["policy", "pin"]).arg(&shop).output().unwrap();
    assert!(pinned.status.success());
    fs::write(shop.join("answers.jsonl"), answers()).unwrap();
    let bought = |who: &str| {
        let items = [json!({"item_id": "TEN-103"}), json!({"item_id": "MAT-101"})];
        json!({"type": "purchase", "event_id": format!("order-{who}"), "occurred_at": days_ago(10), "subject_id": who, "items": items})
            .to_string()
    };
    let events = ["ada", "bob", "eve"].map(bought).join("\n");
    fs::write(shop.join("events.jsonl"), events).unwrap();

    assert_eq!(import(&shop, &["items.jsonl"]).status.code(), Some(0));
    let first = import(&shop, &["events.jsonl", "--consents", "answers.jsonl"]);
    let text = said(&first);
    assert_eq!(first.status.code(), Some(1), "{text}");
    assert!(text.contains("3 answers stored, 0 known already"), "{text}");
    for wrong in [
        "line 4: `consent` must be a question",
        "line 5: `status` must be",
        "line 6: `at` must be an instant",
    ] {
        assert!(text.contains(wrong), "`{wrong}`: {text}");
    }
    assert!(text.contains("1 event stored"), "of those who said yes and never took it back: {text}");
    // the same file, byte for byte, is known
    let again = said(&import(&shop, &["--consents", "answers.jsonl"]));
    assert!(again.contains("0 answers stored, 3 known already"), "{again}");

    let server = Server::serve(&shop, &shop.join("data"));
    let answer = |who: &str| server.client.get(&format!("/v1/subjects/{who}/consents/improvement"));
    assert_eq!(answer("ada").expect(200)["counts"], true);
    assert_eq!(answer("bob").expect(200)["counts"], false);
    assert_eq!(answer("eve").status, 404);
}
