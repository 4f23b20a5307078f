//! The demo's shop in a browser: the address that the program prints shows it, and it loads nothing from
//! anywhere else.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::support::Server;

/// What a page refers to: paths in attributes and in imports.
fn references(text: &str) -> BTreeSet<String> {
    let marks = ["href=\"", "src=\"", "from \"", "fetch(\""];
    let after = marks.into_iter().flat_map(|mark| text.split(mark).skip(1));
    let paths = after.filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    paths.filter(|path| path.starts_with('/') && !path.starts_with("/v1/")).collect()
}

#[test]
fn the_address_that_the_demo_prints_shows_the_shop() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let (mut seen, mut open, mut bytes) = (BTreeSet::new(), vec!["/".to_owned()], 0);
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = server.client.get(&path);
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{path}: {policy}");
        let elsewhere = page.text.replace("http://www.w3.org/2000/svg", "");
        assert!(!elsewhere.contains("http://") && !elsewhere.contains("https://"), "{path}");
        bytes += page.text.len();
        open.extend(references(&page.text));
    }
    assert!(seen.len() >= 7, "{seen:?}");
    assert!(bytes <= 100_000, "the shop weighs {bytes} bytes");
    assert_eq!(server.client.post("/", &Value::Null).status, 404);
}

#[test]
fn the_shop_knows_its_products_and_not_what_it_pays_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let products = server.client.get("/products.json").json();
    let products = products.as_array().unwrap();
    assert!(products.len() > 250);
    let shown = BTreeSet::from(["category", "en", "fr", "id", "price"]);
    for product in products {
        assert_eq!(product.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>(), shown);
    }
}

/// What people are told of a purpose.
fn purpose_says(policy: &toml::Table, purpose: &str, language: &str) -> String {
    policy["purposes"][purpose]["says"][language].as_str().unwrap().to_owned()
}

#[test]
fn the_page_asks_what_the_policy_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let policy = fs::read_to_string(folder.join("examples/shop/policy.toml")).unwrap();
    let policy: toml::Table = toml::from_str(&policy).unwrap();
    let words = fs::read_to_string(folder.join("core/cli/src/demo/storefront/words.js")).unwrap();
    for (consent, purpose) in [("personalisation", "personalise"), ("improvement", "improve")] {
        for language in ["en", "fr"] {
            let asked = format!("{consent}: \"{}\",", purpose_says(&policy, purpose, language));
            assert!(words.contains(&asked), "{language}: {asked}");
        }
    }
}
