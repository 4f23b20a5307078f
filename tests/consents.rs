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

/// The demo shop, whose policy says what people are asked, in the second of two versions.
fn shop_that_asks(folder: &Path) -> std::path::PathBuf {
    let shop = folder.join("shop");
    copy_folder(&example("shop"), &shop);
    let policy = shop.join("policy.toml");
    let asked = [
        "[consents.personalisation]",
        "wording = { \"2026-10\" = { fr = \"Avant ?\", en = \"Before?\" }, \"2026-11\" = { fr = \"Choisir pour vous ?\", en = \"Choose for you?\" } }",
        "ask_again_after = \"6 months\"",
        "texts = [\"2026-10\", \"2026-11\"]",
    ];
    let text = fs::read_to_string(&policy).unwrap();
    let before = "[consents.personalisation]\ntexts   = [\"2026-10\"]";
    assert_eq!(text.matches(before).count(), 1);
    let text = text.replacen(before, &asked.join("\n"), 1);
    fs::write(&policy, text).unwrap();
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    shop
}

#[test]
fn a_banner_is_told_what_to_ask_in_the_language_of_its_page_and_to_offer_a_no_like_a_yes() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop_that_asks(folder.path());
    let server = Server::serve(&shop, &folder.path().join("data"));
    let asked = |locale: &str| server.client.get(&format!("/v1/consents{locale}")).expect(200);
    let english = asked("?locale=en-GB");
    assert_eq!(english["locale"], "en");
    assert_eq!(english["contact"], "vie-privee@ladraille.example");
    let [improvement, personalisation] = &english["consents"].as_array().unwrap()[..] else {
        panic!("{english}")
    };
    let expected = json!({
        "name": "personalisation",
        "text_version": "2026-11",
        "wording": "Choose for you?",
        "permits": [{
            "purpose": "personalise",
            "says": "Choose products for you from what you looked at and bought here.",
            "profiling": true,
        }],
        "answers": ["refused", "granted"],
        "lasts": "180 days",
        "ask_again_after": "6 months",
    });
    assert_eq!(*personalisation, expected);
    assert_eq!((&improvement["text_version"], improvement.get("wording")), (&json!("2026-10"), None));
    // a language that the policy does not speak is answered in its first one
    for locale in ["?locale=fr-FR", "?locale=de", "?locale=", ""] {
        let french = asked(locale);
        assert_eq!(french["locale"], "fr", "{locale}");
        let question = &french["consents"][1];
        assert_eq!(
            (&question["wording"], &question["lasts"]),
            (&json!("Choisir pour vous ?"), &json!("180 jours"))
        );
    }
    // what it says to send is what counts
    let answer =
        json!({"status": "granted", "text_version": personalisation["text_version"], "source": "banner"});
    let stored = server.client.put("/v1/subjects/ada/consents/personalisation", &answer).expect(200);
    assert_eq!(stored["counts"], true);
}

#[test]
fn what_is_in_force_is_told_to_anybody_in_the_language_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop_that_asks(folder.path());
    let server = Server::serve(&shop, &folder.path().join("data"));
    for (path, english, french) in [
        ("/v1/notice", "How we choose products for you", "Comment nous choisissons des produits pour vous"),
        ("/v1/parameters", "Why you see these products", "Pourquoi vous voyez ces produits"),
    ] {
        for (locale, language, title) in [
            ("?locale=en-GB", "en", english),
            ("?locale=fr", "fr", french),
            ("?locale=de", "fr", french),
            ("", "fr", french),
        ] {
            let page = server.client.get(&format!("{path}{locale}")).expect(200);
            assert_eq!(
                (&page["language"], &page["title"]),
                (&json!(language), &json!(title)),
                "{path}{locale}"
            );
        }
        // word for word what the command prints
        let what = path.rsplit('/').next().unwrap();
        let printed = program()
            .args(["policy", "report", "--for", what, "--language", "en", "--format", "json"])
            .arg(&shop)
            .output()
            .unwrap();
        let printed: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
        assert_eq!(server.client.get(&format!("{path}?locale=en")).expect(200), printed);
    }
}

#[test]
fn what_a_policy_would_erase_is_counted_before_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, data) = (folder.path().join("shop"), folder.path().join("data"));
    copy_folder(&example("shop"), &shop);
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    let told = || {
        let check = program().args(["policy", "check"]).arg(&shop).arg("--data").arg(&data).output().unwrap();
        assert_eq!(check.status.code(), Some(0), "{}", said(&check));
        said(&check).lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(told(), "nothing is stored there, and nothing would be erased");
    let mut server = Server::serve(&shop, &data);
    for who in ["ada", "bob"] {
        server.client.consent(who, "personalisation");
    }
    server.client.put("/v1/subjects/ada", &json!({"fields": {"postcode": "05000"}})).expect(200);
    let event = json!({
        "type": "view_item", "occurred_at": SystemClock.now().to_string(), "subject_id": "ada",
        "items": [{"item_id": "TEN-103"}],
    });
    server.client.post("/v1/events", &json!({"events": [event]})).expect(202);
    // beside the shop that runs, who did nothing is not looked at
    assert_eq!(told(), "on this store it would erase 0 events and 0 values, of 0 of 1 people");
    server.stop();
    assert_eq!(told(), "on this store it would erase 0 events and 0 values, of 0 of 2 people");
    // a policy by which nothing uses the postcode any longer
    let policy = shop.join("policy.toml");
    let text = fs::read_to_string(&policy).unwrap();
    let (text, _) = text.split_once("[[test]]").unwrap();
    let grant = text.lines().find(|line| line.starts_with("\"subject.postcode\"")).unwrap();
    fs::write(&policy, text.replacen(&format!("{grant}\n"), "", 1)).unwrap();
    assert_eq!(told(), "on this store it would erase 0 events and 1 value, of 1 of 2 people");
}
