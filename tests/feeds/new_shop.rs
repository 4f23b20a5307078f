//! A shop made of a feed.

use std::{fs, path::Path};

use serde_json::json;

use super::{feed, jardin};
use crate::support::Server;

#[test]
fn a_shop_made_of_each_feed_is_checked_and_answers_without_a_history() {
    for (name, more, category) in [
        ("google.tsv", &[][..], "Wine > Kosher"),
        ("google_atom.xml", &[], "Wine > Kosher"),
        ("products.jsonld", &[], "Wine > Kosher"),
        ("woocommerce.csv", &["--currency", "EUR"], ""),
        ("shopify.csv", &["--currency", "CHF", "--level", "product"], ""),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("my-shop");
        let file = feed(name);
        let arguments = [
            &[
                "init",
                "my-shop",
                "--controller",
                "The cellar, Beaune",
                "--contact",
                "privacy@wines.example",
                "--from",
                file.to_str().unwrap(),
            ],
            more,
        ]
        .concat();
        let (code, said) = jardin(folder.path(), &arguments);
        assert_eq!(code, Some(0), "{name}: {said}");
        assert_eq!(jardin(&shop, &["policy", "pin"]).0, Some(0));
        let (code, checked) = jardin(&shop, &["check", "."]);
        assert!(code == Some(0) && checked.contains("0 errors, 0 warnings"), "{name}: {checked}");
        let policy = fs::read_to_string(shop.join("policy.toml")).unwrap();
        assert_eq!(
            policy.contains("# items = { \"item.category\" = [\"Wine > Kosher\"] }"),
            !category.is_empty(),
            "{policy}"
        );
        assert!(!policy.lines().any(|line| line.starts_with("[never]")), "{policy}");
        let server = Server::serve(&shop, &shop.join("data"));
        let home = server.client.recommend(&json!({"placement": "home", "session_id": "s"})).items();
        let page = json!({"placement": "product_page", "session_id": "s", "context": {"page_item": home[0]}});
        assert!(home.len() >= 2 && !server.client.recommend(&page).items().is_empty(), "{name}");
    }
}

#[test]
fn what_is_proposed_for_never_is_a_policy_once_its_marks_are_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let file = feed("google.tsv");
    assert_eq!(jardin(folder.path(), &["init", "s", "--yes", "--from", file.to_str().unwrap()]).0, Some(0));
    let shop = folder.path().join("s");
    let policy = fs::read_to_string(shop.join("policy.toml")).unwrap();
    let decided = policy.replace("# [never]", "[never]").replace("# items =", "items =");
    assert_ne!(policy, decided);
    fs::write(shop.join("policy.toml"), decided).unwrap();
    assert_eq!(jardin(&shop, &["policy", "pin"]).0, Some(0));
    let (code, checked) = jardin(&shop, &["check"]);
    assert!(code == Some(0) && checked.contains("0 errors"), "{checked}");
}

#[test]
fn a_shop_is_not_given_a_currency_that_nobody_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = feed("shopify.csv");
    let (code, said) = jardin(folder.path(), &["init", "s", "--yes", "--from", file.to_str().unwrap()]);
    assert!(code == Some(2) && said.contains("for example --currency EUR"), "{said}");
    assert!(!folder.path().join("s").exists());
}

#[test]
fn each_command_of_the_page_reads_its_example_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/feeds.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root.join("examples"), folder.path().join("examples")).unwrap();
    let commands: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("$ jardin ")).collect();
    for command in &commands {
        let (code, said) = jardin(folder.path(), &command.split(' ').collect::<Vec<_>>());
        assert!(code == Some(0) && said.contains("taken for "), "{command}: {said}");
    }
    for entry in fs::read_dir(root.join("examples/feeds")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            commands.iter().any(|command| command.contains(&name)),
            "`{name}` is read by no command of the page"
        );
    }
}
