//! The merchants' commands, run as a merchant runs them.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Output, Stdio},
};

use serde_json::Value;

use crate::support::{copy_folder, example, program};

/// The demo shop in a folder of the test's own.
fn shop() -> tempfile::TempDir {
    let shop = tempfile::tempdir().unwrap();
    copy_folder(&example("shop"), shop.path());
    shop
}

fn jardin(shop: &Path, args: &[&str]) -> Output {
    program().current_dir(shop).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// Replaces what stands once in a file.
#[track_caller]
fn edit(shop: &Path, file: &str, from: &str, to: &str) {
    let path = shop.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {file}");
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn check_takes_the_demo_shop_and_says_how_each_function_runs() {
    let shop = shop();
    let checked = jardin(shop.path(), &["check"]);
    let text = said(&checked);
    assert_eq!(checked.status.code(), Some(0), "{text}");
    // the plugins are not reviewed in a fresh copy: a warning, not an error
    assert!(text.contains("warning[not-pinned]") && text.contains("0 errors"), "{text}");
    let trade = text.split("trade_counter.rhai").nth(1).unwrap();
    let runs = |name: &str| {
        trade.lines().map(str::trim).find(|l| l.starts_with(name)).unwrap().rsplit("  ").next().unwrap()
    };
    assert_eq!(
        ["candidates", "adjust", "arrange", "price_shown"].map(runs),
        ["once a request", "compiled", "once a request", "compiled"],
        "{text}"
    );
}

#[test]
fn check_shows_the_errors_of_all_files_at_once() {
    let shop = shop();
    edit(
        shop.path(),
        "scripts/clearance.rhai",
        "item.margin < params.margin_floor",
        "item.margn < params.margin_floor",
    );
    edit(
        shop.path(),
        "scripts/for_you.rhai",
        "item.boost(1.1, \"light gear\")",
        "item.boost(0.5, \"light\")",
    );
    fs::write(shop.path().join("server.toml"), "config = 1\nlisten = 7\n").unwrap();
    fs::write(shop.path().join("scripts/idle.rhai"), "fn adjust(item) { }\n").unwrap();
    let checked = jardin(shop.path(), &["check", "--format", "json"]);
    assert_eq!(checked.status.code(), Some(1), "{}", said(&checked));
    let json: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let codes = |file: &str| -> Vec<String> {
        let files = json["files"].as_array().unwrap();
        let found = files.iter().find(|f| f["file"].as_str().unwrap().ends_with(file)).unwrap();
        found["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect()
    };
    assert!(codes("clearance.rhai").contains(&"field-not-granted".to_owned()));
    assert_eq!(codes("for_you.rhai"), ["out-of-range"]);
    assert_eq!(codes("idle.rhai"), ["never-called"]);
    assert!(!codes("server.toml").is_empty());
    assert!(json["errors"].as_u64().unwrap() >= 3, "{json}");
}

#[test]
fn check_names_a_script_that_is_missing_and_what_a_broken_policy_hides() {
    let shop = shop();
    fs::remove_file(shop.path().join("scripts/clearance.rhai")).unwrap();
    let checked = jardin(shop.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        said(&checked).contains("the script `clearance.rhai` of `clearance` is not in `scripts`"),
        "{}",
        said(&checked)
    );
    edit(shop.path(), "policy.toml", "language = 1", "language = 99");
    let checked = jardin(shop.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        said(&checked)
            .contains("not checked: jardin.toml, the scripts and the items, since the policy has errors")
    );
    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(jardin(nowhere.path(), &["check"]).status.code(), Some(2));
}

#[test]
fn a_watched_folder_is_checked_again_when_a_file_is_saved() {
    let shop = shop();
    let mut command = program();
    command.current_dir(shop.path()).args(["check", "--watch"]).stdout(Stdio::piped());
    let mut watching = Ends(command.spawn().unwrap());
    let mut sums = BufReader::new(watching.0.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter(|l| l.starts_with(".: "));
    assert!(sums.next().unwrap().contains(" 0 errors"));
    edit(shop.path(), "scripts/clearance.rhai", "item.margin < params", "item.margn < params");
    // the name that is not granted, and what it is compared with
    let sum = sums.next().unwrap();
    assert!(!sum.contains(" 0 errors"), "{sum}");
}

/// A program that ends with its test, also where that fails.
struct Ends(std::process::Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The demo shop with its plugins reviewed.
fn pinned() -> tempfile::TempDir {
    let shop = shop();
    assert_eq!(jardin(shop.path(), &["policy", "pin"]).status.code(), Some(0));
    shop
}

const NOON: &str = "2026-11-20T12:00:00Z";

#[test]
fn try_shows_each_item_before_and_after_with_the_note_of_each_move() {
    let shop = pinned();
    let tried = jardin(shop.path(), &["try", "scripts/clearance.rhai", "--placement", "deals", "--at", NOON]);
    let text = said(&tried);
    assert_eq!(tried.status.code(), Some(0), "{text}");
    assert!(
        text.contains("reads item.category, item.margin, item.sales_per_day, item.stock, item.tags"),
        "{text}"
    );
    assert!(text.contains("x2 over 180 days of stock; says good_deal"), "{text}");
    assert!(text.contains("dropped, below the margin floor"), "{text}");
    assert!(text.contains("the script took "), "{text}");
    assert!(text.contains("clearance arranges max_per(\"category\", 2), rotate(24, \"day\")"), "{text}");
}

#[test]
fn try_asks_the_policy_and_says_why_a_script_did_not_run() {
    let shop = pinned();
    // nobody agreed to a list of her own
    let refused = jardin(shop.path(), &["try", "for_you", "--at", NOON]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("`for-you` did not run (refused: "), "{}", said(&refused));
    let person = r#"{"fields": {"postcode": "05000"}, "consent": ["personalisation"],
        "events": [{"type": "view_item", "days_ago": 2, "items": [{"item_id": "TEN-103"}]}]}"#;
    fs::write(shop.path().join("person.json"), person).unwrap();
    let tried = jardin(shop.path(), &["try", "for_you", "--subject", "person.json", "--at", NOON]);
    assert_eq!(tried.status.code(), Some(0), "{}", said(&tried));
    assert!(
        said(&tried).contains("a kind of thing that she looked at; says your_visits"),
        "{}",
        said(&tried)
    );
}

#[test]
fn try_compares_a_draft_and_refuses_one_that_reads_too_much() {
    let shop = pinned();
    fs::write(
        shop.path().join("draft.rhai"),
        "fn adjust(item) { if item.brand == \"Vertige\" { item.boost(10, \"try\"); } }",
    )
    .unwrap();
    let tried = jardin(shop.path(), &["try", "clearance", "--draft", "draft.rhai", "--at", NOON]);
    let text = said(&tried);
    assert_eq!(tried.status.code(), Some(0), "{text}");
    assert!(text.contains("live: ") && text.contains("draft: ") && text.contains("x10 try"), "{text}");
    fs::write(
        shop.path().join("draft.rhai"),
        "fn adjust(item) { if item.weight == 1.0 { item.drop(\"x\"); } }",
    )
    .unwrap();
    let refused = jardin(shop.path(), &["try", "clearance", "--draft", "draft.rhai", "--at", NOON]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(
        said(&refused).contains("error[field-not-granted]") && said(&refused).contains("draft.rhai:1:"),
        "{}",
        said(&refused)
    );
}

#[test]
fn try_makes_the_visit_that_a_list_follows() {
    let shop = pinned();
    let tried = |looked_at: &str| {
        jardin(shop.path(), &["try", "this_visit", "--at", NOON, "--session", &format!("viewed={looked_at}")])
    };
    let told = |looked_at: &str| said(&tried(looked_at)).matches("says this_visit").count();
    // the list of the demo shop follows from the third look on
    assert_eq!((told("TEN-101,TEN-102"), told("TEN-101,TEN-102,TEN-103") > 0), (0, true));
    let unknown = tried("TEN-101,TENT");
    assert_eq!(unknown.status.code(), Some(2), "{}", said(&unknown));
    assert!(said(&unknown).contains("the catalogue has no product `TENT`"), "{}", said(&unknown));
}

#[test]
fn try_writes_nothing_and_names_what_exists() {
    let shop = pinned();
    let before: Vec<_> = fs::read_dir(shop.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    jardin(shop.path(), &["try", "clearance", "--at", NOON]);
    let after: Vec<_> = fs::read_dir(shop.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(before, after);
    for (args, expected) in [
        (vec!["try", "clearence"], "there are `clearance.rhai`"),
        (vec!["try", "clearance", "--placement", "window"], "there are: also_viewed, basket, deals"),
        (vec!["try", "clearance", "--context", "page=1"], "there are `region`"),
        (vec!["try", "clearance", "--at", "tomorrow"], "write 2026-12-01T09:00:00Z"),
    ] {
        let refused = jardin(shop.path(), &args);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains(expected), "{}", said(&refused));
    }
}

#[test]
fn try_uses_the_shops_own_store_where_it_has_one() {
    let shop = pinned();
    let item = serde_json::json!({"item_id": "NEW-1", "fields": {"category": "tents", "in_stock": true, "price": "9.00", "margin": 0.4,
        "stock": 900, "sales_per_day": 1, "tags": ["clearance"]}});
    let server = crate::support::Server::serve(shop.path(), &shop.path().join("data"));
    server.client.post("/v1/items/batch", &serde_json::json!({"items": [item]})).expect(200);
    let args = ["try", "clearance", "--at", NOON, "--data", "data"];
    let held = jardin(shop.path(), &args);
    drop(server);
    let tried = jardin(shop.path(), &args);
    // the running shop gives what its store holds
    assert!(said(&held).contains("NEW-1"), "{}", said(&held));
    let text = said(&tried);
    assert!(
        text.contains("items of the shop's store") && text.contains("NEW-1") && !text.contains("TEN-204"),
        "{text}"
    );
}

#[test]
fn test_runs_the_tests_of_scripts_and_a_failure_says_what_is_so() {
    let shop = pinned();
    let fixtures = r#"{"at": "2026-11-20T12:00:00Z", "items": [
        {"item_id": "A", "fields": {"category": "tents", "in_stock": true, "price": "9.00", "margin": 0.4, "stock": 900, "sales_per_day": 1}},
        {"item_id": "B", "fields": {"category": "mats", "in_stock": true, "price": "9.00", "margin": 0.4, "stock": 5, "sales_per_day": 1}},
        {"item_id": "C", "fields": {"category": "mats", "in_stock": true, "price": "9.00", "margin": 0.1, "stock": 5, "sales_per_day": 1}}],
        "people": {"camille": {"consent": ["personalisation"]}}}"#;
    fs::write(shop.path().join("scripts/fixtures.json"), fixtures).unwrap();
    let script = "fn candidates(sources) { sources.catalogue(10, #{}) }\n\
                  fn adjust(item) { if item.margin == () || item.margin < 0.2 { item.drop(\"margin\"); return; }\n\
                  if (item.stock ?? 0.0) > 100 { item.bury(0.5, \"much of it\"); } }\n\
                  fn test_holds(shop) { let page = shop.ask(); page.drops(\"C\", \"margin\"); page.buries(\"A\"); page.shows(\"B\"); }\n\
                  fn test_fails(shop) {\n    shop.ask(#{ subject: \"camille\" }).before(\"A\", \"B\");\n}\n";
    fs::write(shop.path().join("scripts/clearance.rhai"), script).unwrap();
    assert_eq!(jardin(shop.path(), &["check"]).status.code(), Some(0));
    let tested = jardin(shop.path(), &["test"]);
    let text = said(&tested);
    assert_eq!(tested.status.code(), Some(1), "{text}");
    assert!(
        text.contains("ok      clearance  test_holds") && text.contains("FAILED  clearance  test_fails"),
        "{text}"
    );
    assert!(
        text.contains("clearance.rhai:6:")
            && text.contains("`A` does not stand before `B`; `A` stands at 2 (x0.5 much of it)"),
        "{text}"
    );
    assert!(text.contains("2 tests, 1 passed, 1 failed"), "{text}");
    let one = jardin(shop.path(), &["test", "--only", "holds"]);
    assert_eq!(one.status.code(), Some(0), "{}", said(&one));
    // fixtures of the script's own come before those of all
    let own = fixtures.replace("\"item_id\": \"B\"", "\"item_id\": \"D\"");
    fs::write(shop.path().join("scripts/clearance.fixtures.json"), own).unwrap();
    let one = jardin(shop.path(), &["test", "--only", "holds"]);
    assert!(said(&one).contains("`B` is not a candidate"), "{}", said(&one));
}

#[test]
fn docs_lists_the_granted_fields_of_each_script_and_no_other() {
    let shop = shop();
    let out = shop.path().join("notes");
    let written = jardin(shop.path(), &["docs", "--out", "notes"]);
    assert_eq!(written.status.code(), Some(0), "{}", said(&written));
    let page = fs::read_to_string(out.join("scripts.md")).unwrap();
    let of = |file: &str| {
        page.split(&format!("\n## {file}\n")).nth(1).unwrap().split("\n## ").next().unwrap().to_owned()
    };
    let clearance = of("clearance.rhai");
    assert!(
        clearance.contains("`item.margin`") && clearance.contains("`sources.popular_now(limit)`"),
        "{clearance}"
    );
    assert!(!clearance.contains("subject.") && !clearance.contains("price_b2b"), "{clearance}");
    assert!(of("for_you.rhai").contains("| `subject.postcode` | text | first"), "{}", of("for_you.rhai"));
    let definitions = fs::read_to_string(out.join("clearance.d.rhai")).unwrap();
    assert!(
        definitions.contains("module static;") && definitions.contains("fn get margin(of: Item) -> ?;"),
        "{definitions}"
    );
    assert!(definitions.contains("fn popular_now(sources: Sources, limit: int) -> List;"), "{definitions}");
}

#[test]
fn check_says_of_each_function_how_it_really_runs() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    // a plain rule compiles; a loop without a known end is what the compiler leaves to the interpreter
    std::fs::write(
        shop.join("scripts/goes_with_basket.rhai"),
        "fn dear(item) { item.price > 80.0 }\nfn adjust(item) { if dear(item) { item.bury(0.5, \"dear\"); } }\n",
    )
    .unwrap();
    std::fs::write(
        shop.join("scripts/clearance.rhai"),
        "fn adjust(item) {\n    let n = 0;\n    while n < 3 { n += 1; item.boost(1.1, \"again\"); }\n}\n",
    )
    .unwrap();
    let output = program().arg("check").arg(&shop).args(["--format", "json"]).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = said.to_string();
    let compiled = |name: &str| text.contains(&format!("{{\"name\":\"{name}\",\"runs\":\"compiled\"}}"));
    assert!(compiled("adjust") && compiled("dear"), "{said:#}");
    assert!(text.contains("\"runs\":\"interpreted\""), "{said:#}");
    assert!(!text.contains("not there yet"), "{said:#}");
}

#[test]
fn check_names_settings_that_no_script_reads_and_values_that_no_product_has() {
    let shop = shop();
    edit(shop.path(), "jardin.toml", "last_pieces   = 3", "last_pieces   = 3\nlast_piece    = 4");
    let rule = "fn adjust(item) { if item.category == \"Tents\" { item.boost(2); } }\n\
                fn arrange(page) { page.pin(1, [\"TEN-103\", \"TEN-999\"]); page.slot(2, \"brand\", \"Sylvan\"); }";
    fs::write(shop.path().join("scripts/season_front.rhai"), rule).unwrap();
    let paid = "\n[[sponsored]]\nadvertiser = \"Nobody\"\nplaces = [\"home\"]\nposition = 2\nitem = { brand = \"Nobody\" }\n\
                from = 2026-11-01\nuntil = 2026-12-31\nlabel = { fr = \"Sponsorisé\", en = \"Sponsored\" }\n";
    let path = shop.path().join("jardin.toml");
    fs::write(&path, fs::read_to_string(&path).unwrap() + paid).unwrap();
    let checked = jardin(shop.path(), &["check"]);
    let text = said(&checked);
    assert_eq!(checked.status.code(), Some(0), "{text}");
    for told in [
        "warning[unread-setting]: the script of `house-rules` does not read the setting `last_piece`",
        "did you mean `last_pieces`?",
        "no product of items.jsonl has `Tents` as its `category`",
        "did you mean `tents`?",
        "no product of items.jsonl is called `TEN-999`",
        "no product of items.jsonl has `Sylvan` as its `brand`",
        "no product of items.jsonl fits what `Nobody` pays for",
    ] {
        assert!(text.contains(told), "`{told}` is not in\n{text}");
    }
    assert!(!text.contains("`TEN-103`"), "it is there: {text}");
}
