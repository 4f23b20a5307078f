//! What ends a token, and what never opens anything.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{NOW, Shop, ask_for_token, list, of_ada, send, view};

#[test]
fn a_token_ends_and_goes_with_its_key_and_with_its_time() {
    let shop = Shop::new();
    let mut server = shop.serve_at(NOW);
    let page = ask_for_token(&server, &shop.website, &json!({"scopes": ["serve"], "lasts_minutes": 30}));
    let of_office = ask_for_token(&server, &shop.office, &json!({"scopes": ["serve"]}));
    list(&server, &page).expect(200);
    server.stop();
    for (now, wanted) in
        [("2026-11-20T10:29:59Z", 200), ("2026-11-20T10:30:00Z", 401), ("2026-11-20T09:59:59Z", 401)]
    {
        let mut server = shop.serve_at(now);
        assert_eq!(list(&server, &page).status, wanted, "{now}");
        server.stop();
    }
    // a key that is taken back takes its tokens with it, and those of another stay
    shop.key("revoke website");
    let mut server = shop.serve_at(NOW);
    assert_eq!((list(&server, &page).status, list(&server, &of_office).status), (401, 200));
    server.stop();
    for (before, wanted) in [(NOW, 200), ("2026-11-20T10:00:00.001Z", 401)] {
        shop.key(&format!("revoke --tokens-before {before}"));
        let mut server = shop.serve_at(NOW);
        assert_eq!(list(&server, &of_office).status, wanted, "{before}");
        server.stop();
    }
}

#[test]
fn an_erasure_refuses_the_tokens_of_before_even_after_a_restart() {
    let shop = Shop::new();
    let mut server = shop.serve_at(NOW);
    let (page, other) = (
        ask_for_token(&server, &shop.website, &of_ada()),
        ask_for_token(&server, &shop.website, &json!({"scopes": ["serve"], "subject_id": "noor"})),
    );
    let yes = json!({"status": "granted", "text_version": "2026-10"});
    send(&server, "PUT", "/v1/subjects/me/consents/personalisation", &yes, &page).expect(200);
    send(&server, "DELETE", "/v1/subjects/ada", &Value::Null, &shop.office).expect(200);
    list(&server, &page).expect(401);
    send(&server, "POST", "/v1/events", &view(&json!({})), &page).expect(401);
    list(&server, &other).expect(200);
    server.stop();
    let server = shop.serve_at("2026-11-20T10:00:01Z");
    list(&server, &page).expect(401);
    list(&server, &other).expect(200);
    // somebody new under that id
    let page = ask_for_token(&server, &shop.website, &of_ada());
    list(&server, &page).expect(200);
}

#[test]
fn neither_a_forged_token_nor_that_of_another_shop_opens_anything() {
    let (shop, other) = (Shop::new(), Shop::new());
    let server = shop.serve_at(NOW);
    let foreign = {
        let server = other.serve_at(NOW);
        ask_for_token(&server, &other.website, &of_ada())
    };
    let own = ask_for_token(&server, &shop.website, &of_ada());
    list(&server, &own).expect(200);
    let sealed = own.rsplit('.').next().unwrap();
    let forged = [
        foreign.clone(),
        format!("v1.20776.{sealed}"),
        format!("v2.{}", own.strip_prefix("v1.").unwrap()),
        "v1.".to_owned(),
        "v1..".to_owned(),
        "v1.20777.AAAA".to_owned(),
        own.to_lowercase(),
    ];
    for forged in forged.iter().chain([&format!("{own}A")]) {
        list(&server, forged).expect(401);
    }
    for place in 0..own.len() {
        let mut altered = own.clone().into_bytes();
        // another letter, so that the header is one
        altered[place] = if altered[place] == b'x' { b'y' } else { b'x' };
        let answer = list(&server, &String::from_utf8(altered).unwrap());
        assert_eq!(answer.status, 401, "byte {place}");
    }
}

#[test]
fn no_token_stands_in_what_the_server_says_or_keeps() {
    let shop = Shop::new();
    let mut server = shop.serve_at(NOW);
    let page = ask_for_token(&server, &shop.website, &of_ada());
    list(&server, &page).expect(200);
    list(&server, &format!("{page}A")).expect(401);
    server.stop();
    let sealed = page.rsplit('.').next().unwrap();
    assert!(!server.said().contains(sealed));
    assert!(!holds(shop.folder.path(), sealed.as_bytes()));
}

fn holds(folder: &Path, wanted: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds(&path, wanted)
        } else {
            fs::read(&path).unwrap_or_default().windows(wanted.len()).any(|found| found == wanted)
        }
    })
}
