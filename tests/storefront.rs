//! The demo's shop in a browser: the address that the program prints shows it, and it loads nothing from
//! anywhere else.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::support::Server;

/// The paths that a page or a module loads.
fn loaded_paths(text: &str) -> BTreeSet<String> {
    paths_after(text, &["src=\"", "from \"", "stylesheet\" href=\"", "svg+xml\" href=\""])
}

/// The paths that stand after one of the marks.
fn paths_after(text: &str, marks: &[&str]) -> BTreeSet<String> {
    let after = marks.iter().flat_map(|mark| text.split(*mark).skip(1));
    let paths = after.filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    paths.filter(|path| path.starts_with('/')).collect()
}

#[test]
fn the_address_that_the_demo_prints_shows_the_shop() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    // of the languages a visit loads one
    let languages = ["en", "fr", "de"].map(|language| format!("/words_{language}.js"));
    let (mut seen, mut open, mut bytes) = (BTreeSet::new(), vec!["/".to_owned()], 0);
    open.extend(languages);
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
        open.extend(loaded_paths(&page.text));
    }
    assert!(seen.len() >= 15, "{seen:?}");
    assert!(bytes <= 100_000, "the shop weighs {bytes} bytes");
    for path in paths_after(&server.client.get("/").text, &["<a href=\""]) {
        assert_eq!(server.client.get(&path).status, 200, "{path}");
    }
    assert_eq!(server.client.post("/", &Value::Null).status, 404);
}

#[test]
fn the_pages_may_show_of_a_product_what_is_public_and_not_what_is_paid_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let asked = |show: &str| server.client.get(&format!("/v1/items/TEN-103?show={show}"));
    let shown = asked("title_en,title_fr,price,category").expect(200);
    let fields = shown["fields"].as_object().unwrap();
    assert_eq!(
        fields.keys().map(String::as_str).collect::<Vec<_>>(),
        ["category", "price", "title_en", "title_fr"]
    );
    for confidential in ["margin", "price_b2b"] {
        assert_eq!(asked(confidential).status, 422, "{confidential}");
    }
}

#[test]
fn each_shelf_of_the_bar_is_a_list_of_its_kind_and_its_paid_place_is_labelled() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let words = fs::read_to_string(words_of("en")).unwrap();
    let shelves = words.split("shelves: {").nth(1).unwrap().split('}').next().unwrap();
    let shelves: Vec<&str> =
        shelves.split(',').filter_map(|s| s.split(':').next()).map(|s| s.trim().trim_matches('"')).collect();
    assert_eq!(shelves.len(), 6, "{shelves:?}");
    for shelf in shelves {
        let asked = json!({"placement": "shelf", "filter": shelf, "show": ["category"], "locale": "en"});
        let list = server.client.recommend(&asked).expect(200);
        let items = list["items"].as_array().unwrap();
        let kinds: BTreeSet<&str> =
            items.iter().map(|item| item["fields"]["category"].as_str().unwrap()).collect();
        assert_eq!(kinds.len(), 1, "{shelf}: {kinds:?}");
        let paid: Vec<usize> = (0..items.len()).filter(|n| !items[*n]["sponsored"].is_null()).collect();
        if shelf == "tents" {
            assert_eq!(paid, [1]);
            assert_eq!(items[1]["sponsored"]["label"], "Sponsored by Nordhang");
        }
    }
}

/// Where the words of the page stand in a language.
fn words_of(language: &str) -> PathBuf {
    let storefront = Path::new(env!("CARGO_MANIFEST_DIR")).join("core/cli/src/demo/storefront");
    storefront.join(format!("words_{language}.js"))
}

/// What people are told of a purpose.
fn purpose_says(policy: &toml::Table, purpose: &str, language: &str) -> String {
    policy["purposes"][purpose]["says"][language].as_str().unwrap().to_owned()
}

#[test]
fn the_page_says_what_the_policy_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let policy = fs::read_to_string(folder.join("examples/shop/policy.toml")).unwrap();
    let policy: toml::Table = toml::from_str(&policy).unwrap();
    for language in ["en", "fr"] {
        let words = fs::read_to_string(words_of(language)).unwrap();
        // what people are asked comes from the API, so that no page has another text than the policy
        assert!(!words.contains(&purpose_says(&policy, "improve", language)), "{language}");
        // of what it learns for, no list is made
        for purpose in policy["purposes"].as_table().unwrap().keys().filter(|purpose| *purpose != "improve") {
            let said = format!(": \"{}\",", purpose_says(&policy, purpose, language));
            let named = words
                .lines()
                .find(|line| line.trim_start().trim_start_matches('"').starts_with(purpose.as_str()));
            assert!(named.is_some_and(|line| line.ends_with(&said)), "{language}: {purpose}{said}");
        }
    }
}
