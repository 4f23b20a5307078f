//! Mistakes of merchants, from the file that they wrote to what a command tells them.

use std::{fs, path::Path, process::Output};

use crate::support::{copy_folder, example, program};

fn jardin(shop: &Path, args: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = program().current_dir(shop).args(args).output().unwrap();
    (status.code(), String::from_utf8_lossy(&[&stdout[..], &stderr[..]].concat()).into_owned())
}

/// A shop of its own with these items, reviewed.
fn shop(items: &str) -> tempfile::TempDir {
    let shop = tempfile::tempdir().unwrap();
    copy_folder(&example("shop"), shop.path());
    fs::write(shop.path().join("items.jsonl"), items).unwrap();
    assert_eq!(jardin(shop.path(), &["policy", "pin"]).0, Some(0));
    shop
}

fn row(id: &str, price: &str) -> String {
    format!(
        "{{\"item_id\":\"{id}\",\"fields\":{{\"category\":\"tents\",\"in_stock\":true,\"price\":\"{price}\"}}}}"
    )
}

#[test]
fn a_catalogue_that_is_one_json_list_is_told_once_at_every_door() {
    let shop = shop(&format!("[\n  {},\n  {}\n]\n", row("A", "1.00"), row("B", "2.00")));
    let (code, checked) = jardin(shop.path(), &["check"]);
    assert_eq!((code, checked.matches("item-refused").count()), (Some(1), 1), "{checked}");
    let (code, imported) = jardin(shop.path(), &["import", ".", "items.jsonl"]);
    assert!(code == Some(1) && imported.contains("1 row is wrong:\n  line 1: "), "{imported}");
    for said in [checked, imported] {
        assert!(said.contains("the file is one JSON list: write one object a line"), "{said}");
    }
}

#[test]
fn a_catalogue_in_another_kind_of_file_is_told_with_what_to_write() {
    let shop = shop(&row("A", "1.00"));
    for (file, text) in [("items.csv", "id;price\nA;1,00\n"), ("items.xlsx", "PK")] {
        fs::write(shop.path().join(file), text).unwrap();
        let (code, said) = jardin(shop.path(), &["import", ".", file]);
        assert!(code == Some(2) && said.contains("one object a line") && said.contains(".jsonl"), "{said}");
    }
}

#[test]
fn try_says_where_and_why_a_rule_fails_on_a_product() {
    let prices = ["10.00", "20.00", "30.00", "40.00", "50.00", "60.00", "900.00"];
    let rows: Vec<String> =
        prices.iter().enumerate().map(|(n, price)| row(&format!("A-{n}"), price)).collect();
    let shop = shop(&rows.join("\n"));
    let script = "fn adjust(item) {\n    item.boost(1 + item.price / 10, \"dear first\");\n}\n";
    fs::write(shop.path().join("scripts/clearance.rhai"), script).unwrap();
    let (code, said) = jardin(shop.path(), &["try", "clearance", "--placement", "deals"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 item left out because the rule failed"), "{said}");
    assert!(said.contains("`adjust` stopped at 2:"), "the place is told: {said}");
}

#[test]
fn a_made_up_person_who_cannot_be_is_refused_with_what_to_write() {
    let shop = shop(&row("A", "1.00"));
    for (person, expected) in [
        (
            r#"{"events":[{"type":"view","days_ago":1,"items":[{"item_id":"A"}]}]}"#,
            "`type` must be one of `view_item`",
        ),
        (r#"{"events":[{"type":"view_item","days_ago":1,"item":"A"}]}"#, "`items` is missing"),
        (r#"{"events":[{"type":"view_item","days_ago":1,"items":["A"]}]}"#, "must be a list of objects"),
        (
            r#"{"consent":["personalisation"],"events":[{"type":"view_item","days_ago":1,"items":[{"item_id":"Z"}]}]}"#,
            "1 product that the catalogue does not have",
        ),
        (r#"{"fields":{"shoe_size":33}}"#, "called `shoe_size`; there are `id`"),
        (r#"{"fields":{"birth_date":"17/05/1990"}}"#, "year-month-day"),
        (r#"{"consents":["personalisation"]}"#, "a person has no `consents`"),
    ] {
        fs::write(shop.path().join("p.json"), person).unwrap();
        let (code, said) = jardin(shop.path(), &["try", "for_you", "--subject", "p.json"]);
        assert!(code == Some(2) && said.contains(expected), "{person}: {said}");
    }
}

#[test]
fn a_test_of_a_script_is_not_judged_by_how_many_items_the_placement_needs() {
    let shop = shop(&row("A", "1.00"));
    let config = shop.path().join("jardin.toml");
    let text = fs::read_to_string(&config).unwrap();
    assert_eq!(text.matches("limit  = 24").count(), 1);
    fs::write(&config, text.replace("limit  = 24", "limit  = 24\nat_least = 9")).unwrap();
    let script =
        "fn adjust(item) { item.boost(2, \"x\"); }\nfn test_shows(shop) { shop.ask().begins([\"A\"]); }\n";
    fs::write(shop.path().join("scripts/clearance.rhai"), script).unwrap();
    let (code, said) = jardin(shop.path(), &["test"]);
    assert!(code == Some(0) && said.contains("1 passed, 0 failed"), "{said}");
    let (_, tried) = jardin(shop.path(), &["try", "clearance", "--placement", "deals"]);
    assert!(tried.contains("0 on the page"), "the page itself is held to it: {tried}");
}
