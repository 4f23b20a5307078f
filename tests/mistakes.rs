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

/// A row with a margin, as a share or as somebody wrote it.
fn row_with(id: &str, fields: &str) -> String {
    format!(
        "{{\"item_id\":\"{id}\",\"fields\":{{\"category\":\"tents\",\"in_stock\":true,\"price\":\"9.90\",{fields}}}}}"
    )
}

fn catalogue(fields: &[&str]) -> String {
    let rows: Vec<String> =
        fields.iter().enumerate().map(|(n, fields)| row_with(&format!("A-{n}"), fields)).collect();
    rows.join("\n")
}

const MARGINS: [&str; 5] =
    ["\"margin\":0.2", "\"margin\":0.31", "\"margin\":0.05", "\"margin\":0.4", "\"margin\":0.11"];

/// The demo's shop with these items, its clearance script and one line of jardin.toml written otherwise.
fn shop_with(items: &str, script: &str, (line, written): (&str, &str)) -> tempfile::TempDir {
    let shop = shop(items);
    fs::write(shop.path().join("scripts/clearance.rhai"), script).unwrap();
    let config = shop.path().join("jardin.toml");
    let text = fs::read_to_string(&config).unwrap();
    assert_eq!(text.matches(line).count(), 1, "{line}");
    fs::write(&config, text.replace(line, written)).unwrap();
    shop
}

const SAME: (&str, &str) = ("limit  = 24", "limit  = 24");

#[test]
fn a_number_of_another_scale_than_the_catalogues_is_told() {
    let held = |bound: &str| {
        format!(
            "fn adjust(item, params) {{ if item.margin != () && item.margin < {bound} {{ item.drop(\"low\"); }} }}"
        )
    };
    let floor = ("margin_floor = 0.12", "margin_floor = 15");
    for (script, line, expected) in [
        (held("params.margin_floor"), floor, "write `0.15` for 15 %"),
        (held("15"), SAME, "write `0.15` for 15 %"),
        (held("0.15"), SAME, ""),
        (
            "fn adjust(item) { if (item.margin ?? 0.0) < 15 { item.drop(\"x\"); } }".to_owned(),
            SAME,
            "for 15 %",
        ),
        (
            "fn adjust(item) { if item.price > 1990 { item.boost(2); } }".to_owned(),
            SAME,
            "more than ten times",
        ),
        ("fn adjust(item) { if item.price > 50 { item.boost(2); } }".to_owned(), SAME, ""),
    ] {
        let shop = shop_with(&catalogue(&MARGINS), &script, line);
        let (code, said) = jardin(shop.path(), &["check"]);
        let told = said.contains("is compared with") || said.contains("is more than ten times");
        assert_eq!((code, told), (Some(0), !expected.is_empty()), "{script}: {said}");
        assert!(said.contains(expected), "{script}: {said}");
    }
}

#[test]
fn a_product_that_says_two_things_is_told() {
    let mut percentage = MARGINS.to_vec();
    percentage.push("\"margin\":41.5");
    for (items, expected) in [
        (catalogue(&percentage), "`margin` of `A-5` in line 6 is above 1"),
        (catalogue(&["\"sku\":\"A-0\""]), ""),
        (catalogue(&["\"sku\":\"B-7\""]), "`sku` says another product than `item_id`"),
        (catalogue(&MARGINS), ""),
    ] {
        let shop = shop(&items);
        let (code, said) = jardin(shop.path(), &["check"]);
        assert_eq!((code, said.contains("item-doubtful")), (Some(0), !expected.is_empty()), "{said}");
        assert!(
            said.contains(expected) && !said.contains("41.5"),
            "a margin is nobody else's business: {said}"
        );
    }
}

#[test]
fn a_rule_of_the_page_that_no_list_is_long_enough_for_is_told() {
    let items = catalogue(&["\"brand\":\"Nordfjell\""]);
    let sold_out = items.replace("\"in_stock\":true", "\"in_stock\":false");
    for (items, rule, expected) in [
        (&items, "page.slot(25, \"brand\", \"Nordfjell\");", "needs a list of 25 items"),
        (&items, "page.pin(40, \"A-0\");", "needs a list of 40 items"),
        (&items, "page.at_least(30, \"brand\", \"Nordfjell\", 60);", "needs a list of 30 items"),
        (&items, "page.pin(1, \"A-0\");", ""),
        (&sold_out, "page.pin(1, \"A-0\");", "`A-0` is pinned and is not for sale: it lacks `in_stock`"),
        (&sold_out, "page.pin(1, [\"A-0\", \"A-0\"]);", ""),
        (&items, "page.pin(1, \"A-O\");", "did you mean `A-0`?"),
    ] {
        let shop = shop_with(items, &format!("fn arrange(page) {{ {rule} }}"), SAME);
        let (code, said) = jardin(shop.path(), &["check"]);
        let about = said.matches("scripts/clearance.rhai:1:").count();
        assert_eq!((code, about), (Some(0), usize::from(!expected.is_empty())), "{rule}: {said}");
        assert!(said.contains(expected), "{rule}: {said}");
    }
}

#[test]
fn what_is_over_is_named_and_changes_no_count() {
    let shop = shop_with(
        &row("A", "1.00"),
        "fn adjust(item) { item.boost(2, \"x\"); }",
        ("until  = 2027-03-15", "until  = 2024-11-30"),
    );
    let config = shop.path().join("jardin.toml");
    let text = fs::read_to_string(&config).unwrap().replace("from   = 2026-11-01", "from   = 2024-11-01");
    fs::write(&config, text).unwrap();
    let (code, said) = jardin(shop.path(), &["check"]);
    assert!(code == Some(0) && said.contains("has been over since 2024-11-30: it changes nothing"), "{said}");
}

#[test]
fn a_product_that_is_not_there_cannot_be_tried() {
    let shop = shop(&[row("TEN-103", "9.90"), row("MAT-101", "5.00")].join("\n"));
    for (args, expected) in [
        (["--context", "page_item=TEN-130"], "no product `TEN-130`; did you mean `TEN-103`?"),
        (["--session", "basket=MAT-101,QQQ"], "no product `QQQ`"),
    ] {
        let (code, said) = jardin(shop.path(), &[&["try", "complete_the_look"][..], &args[..]].concat());
        assert!(code == Some(2) && said.contains(expected), "{said}");
    }
    let (code, said) = jardin(shop.path(), &["try", "complete_the_look", "--context", "page_item=TEN-103"]);
    assert!(code != Some(2), "{said}");
}

#[test]
fn a_mistake_of_jardin_toml_is_told_once_with_what_to_write() {
    for (line, written, expected) in [
        ("languages = [\"fr\", \"en\"]", "languages = \"fr, en\"", "write `[\"fr\", \"en\"]`"),
        ("priority = 10", "priority = \"high\"", "such as `10`"),
        ("gifts          = false", "gifts = no", "this is not a number"),
        (
            "title  = { fr = \"Bonnes affaires\", en = \"Deals\" }",
            "title  = \"Deals\"",
            "write `{ fr = \"Deals\", en = \"Deals\" }`",
        ),
    ] {
        let script = "fn adjust(item) { item.boost(2, \"x\"); }";
        let shop = shop_with(&row("A", "1.00"), script, (line, written));
        let (code, said) = jardin(shop.path(), &["check"]);
        assert!(code == Some(1) && said.contains(expected), "{written}: {said}");
        assert_eq!(said.matches("error[").count(), 1, "{written}: {said}");
    }
}

#[test]
fn a_script_that_is_not_there_is_told_with_the_one_that_is_meant() {
    let shop = shop(&row("A", "1.00"));
    fs::rename(shop.path().join("scripts/clearance.rhai"), shop.path().join("scripts/clearence.rhai"))
        .unwrap();
    let (code, said) = jardin(shop.path(), &["check"]);
    assert!(code == Some(1) && said.contains("did you mean `clearence.rhai`?"), "{said}");
}
