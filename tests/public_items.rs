//! What a page can show of an item: what jardin.toml lists as public, and nothing else.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Server, example, program, unhurried};

fn serve(folder: &std::path::Path) -> Server {
    let shop = folder.join("shop");
    unhurried(&example("shop"), &shop);
    let file = shop.join("jardin.toml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replacen(
        "currency  =",
        "public    = [\"category\", \"price\", \"title_{language}\"]\ncurrency  =",
        1,
    );
    fs::write(file, text.replacen("[placements.home]", "[placements.home]\nshow   = [\"category\"]", 1))
        .unwrap();
    let server = Server::serve(&shop, &folder.join("data"));
    let import = program()
        .arg("import")
        .arg(&shop)
        .arg(shop.join("items.jsonl"))
        .arg("--data")
        .arg(folder.join("data"))
        .output();
    let import = import.unwrap();
    assert!(import.status.success(), "{}", String::from_utf8_lossy(&import.stderr));
    server
}

#[test]
fn a_list_brings_the_public_fields_that_are_asked_for_its_title_and_its_language() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path());
    let ask = |body: Value| server.client.recommend(&body);
    let shown = |answer: &Value| {
        answer["items"][0]["fields"].as_object().map(|f| f.keys().cloned().collect::<Vec<_>>())
    };
    let home = ask(json!({"placement": "home", "locale": "en-GB"})).expect(200);
    assert_eq!((&home["title"], &home["locale"]), (&json!("A good start"), &json!("en")));
    assert_eq!(shown(&home), Some(vec!["category".to_owned()]));
    let french = ask(json!({"placement": "home", "locale": "de"})).expect(200);
    assert_eq!((&french["title"], &french["locale"]), (&json!("Pour bien commencer"), &json!("fr")));
    let both = ask(json!({"placement": "home", "show": ["price", "category"]})).expect(200);
    assert_eq!(shown(&both), Some(vec!["category".to_owned(), "price".to_owned()]));
    let id = both["items"][0]["item_id"].as_str().unwrap();
    let item = server.client.get(&format!("/v1/items/{id}")).expect(200);
    assert_eq!(both["items"][0]["fields"]["price"], item["fields"]["price"]);
    assert_eq!(shown(&ask(json!({"placement": "home", "show": []})).expect(200)), None);
    for field in ["margin", "in_stock", "nothing", "title_fr", "title_{language}"] {
        let refused = ask(json!({"placement": "home", "show": [field]})).expect(422);
        assert_eq!(refused["names"], json!(["category", "price", "title"]));
        assert!(!refused["detail"].to_string().contains(field), "{refused}");
    }
}

/// The texts are those of the shop's catalogue.
#[test]
fn a_public_text_comes_in_the_language_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path());
    let item = server.client.get("/v1/items/TEN-103").expect(200);
    let told = |field: &str| item["fields"][field].as_str().unwrap().to_owned();
    let (french, english) = (told("title_fr"), told("title_en"));
    assert_ne!(french, english);
    let read = |query: &str| server.client.get(&format!("/v1/items/TEN-103?show=title{query}")).expect(200);
    for (query, wanted) in [
        ("", &french),
        ("&locale=fr-CA", &french),
        ("&locale=en-GB", &english),
        ("&locale=EN", &english),
        ("&locale=de", &french),
    ] {
        assert_eq!(read(query)["fields"]["title"], **wanted, "{query}");
    }
    // what has no text in a language is told in another
    let changed = json!({"fields": {"title_en": null}}).to_string();
    server.client.send("PATCH", "/v1/items/TEN-103", Some(changed.as_bytes()), &[]).unwrap().expect(200);
    assert_eq!(read("&locale=en")["fields"]["title"], *french);
    let list = server.client.recommend(&json!({"placement": "home", "show": ["title"], "locale": "en"}));
    let list = list.expect(200);
    let first = &list["items"][0];
    let item = server.client.get(&format!("/v1/items/{}", first["item_id"].as_str().unwrap())).expect(200);
    assert_eq!(first["fields"]["title"], item["fields"]["title_en"]);
    // a page token brings its language with it
    let wanted = json!({"scopes": ["serve"], "locale": "en"});
    let made = server.client.post("/v1/tokens", &wanted).expect(201);
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
    let path = format!("/v1/items/{}?show=title", first["item_id"].as_str().unwrap());
    let page = server.client.send("GET", &path, None, &[("authorization", &bearer)]).unwrap().expect(200);
    assert_eq!(page["fields"]["title"], item["fields"]["title_en"]);
}

#[test]
fn a_page_reads_of_an_item_what_is_public() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path());
    let made = server.client.post("/v1/tokens", &json!({"scopes": ["serve"]})).expect(201);
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
    let read = |path: &str| server.client.send("GET", path, None, &[("authorization", &bearer)]).unwrap();
    let all = read("/v1/items/TEN-103");
    let keys = all.expect(200)["fields"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        (keys, all.header("etag")),
        (vec!["category".to_owned(), "price".to_owned(), "title".to_owned()], None)
    );
    let one = read("/v1/items/TEN-103?show=price").expect(200);
    assert_eq!(one["fields"].as_object().unwrap().len(), 1);
    for path in
        ["/v1/items/TEN-103?show=margin", "/v1/items/TEN-103?show=price,in_stock", "/v1/items/TEN-103?show="]
    {
        read(path).expect(422);
    }
    read("/v1/items/NOWHERE?show=price").expect(404);
    // a key of the catalogue sees the rest
    assert!(server.client.get("/v1/items/TEN-103").expect(200)["fields"].as_object().unwrap().len() > 2);
}
