//! What somebody who asks is given: everything that is stored of them, what it means, as JSON and as a page to read.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Server, example, program, unhurried};

const ID: &str = "ada/lovelace é";
const PATH: &str = "/v1/subjects/ada%2Flovelace%20%C3%A9";

/// The exit code and what was printed.
fn export(shop: &Path, data: &Path, args: &[&str]) -> (i32, String) {
    let mut command = program();
    command.args(["subject", "export", ID]).arg(shop).args(args).arg("--data").arg(data);
    let output = command.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// Without the time of the last look, which is now.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_export_says_what_is_stored_what_it_is_for_and_for_how_long() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, data) = (folder.path().join("shop"), folder.path().join("data"));
    unhurried(&example("shop"), &shop);
    assert_eq!(export(&shop, &data, &[]).0, 1, "nothing is stored yet");
    let mut server = Server::serve(&shop, &data);
    server.client.consent("x", "personalisation");
    let yes = json!({"status": "granted", "text_version": "2026-10", "source": "test"});
    server.client.put(&format!("{PATH}/consents/personalisation"), &yes).expect(200);
    server
        .client
        .put(PATH, &json!({"fields": {"birth_date": "1990-05-17", "postcode": "38000"}}))
        .expect(200);
    server.client.put(&format!("{PATH}/garden"), &json!({"learning": false})).expect(200);
    let person = server.client.get(&format!("{PATH}?locale=fr")).expect(200);
    assert_eq!(person["subject_id"], ID);
    let about = &person["about"];
    let postcode = &about["fields"]["postcode"];
    assert_eq!(
        (&postcode["source"], &postcode["kept"]),
        (&json!("given"), &json!(["until the account has ended"]))
    );
    assert_eq!(postcode["purposes"], json!(["personalise"]));
    assert!(postcode["strategies"].as_array().unwrap().contains(&json!("for-you")), "{about}");
    let purpose = &about["purposes"]["personalise"];
    let says = "Choisir des produits pour vous d'après ce que vous avez regardé et acheté ici.";
    assert_eq!(
        (&purpose["says"], &purpose["basis"], &purpose["profiling"]),
        (&json!(says), &json!("consent"), &json!(true))
    );
    for key in ["controller", "contact"] {
        assert!(!about[key].as_str().unwrap().is_empty(), "{key}");
    }
    // beside the running shop, and without it, the command says the same
    let (code, beside) = export(&shop, &data, &["--language", "fr"]);
    assert_eq!((code, parsed(&beside)), (0, person.clone()));
    server.stop();
    let (code, alone) = export(&shop, &data, &["--language", "fr"]);
    assert_eq!((code, parsed(&alone)), (0, person));
    for (language, title, held) in [
        ("fr", "Ce que cette boutique garde sur vous", "Votre profil"),
        ("en", "What this shop keeps of you", "Your profile"),
    ] {
        let (code, page) = export(&shop, &data, &["--format", "html", "--language", language]);
        assert_eq!(code, 0);
        for wanted in [title, held, "38000", "1990-05-17", "personalise", "learning"] {
            assert!(page.contains(wanted), "{wanted}: {page}");
        }
    }
    let (code, text) = export(&shop, &data, &["--format", "text", "--language", "en"]);
    assert!(code == 0 && text.starts_with("What this shop keeps of you\n==="), "{text}");
}
