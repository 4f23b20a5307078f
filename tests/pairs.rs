//! What stands beside a product of the demo shop: pairs that were worked out by hand, by what the things are for.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{copy_folder, example, program};

/// The product of the page, and one that goes with it.
const TOGETHER: [(&str, &str, &str); 10] = [
    ("SKI-102", "SKB-102", "touring skis and touring boots"),
    ("SKI-103", "SKB-103", "piste skis and piste boots"),
    ("SKI-301", "POL-204", "touring skis and touring poles"),
    ("TEN-103", "MAT-202", "a camping tent and a camping mat"),
    ("TEN-305", "MAT-204", "a family's tent and a double mat"),
    ("BOO-103", "SOC-101", "hiking boots and wool hiking socks"),
    ("TRS-102", "SOC-203", "trail shoes and running socks"),
    ("HAR-101", "ROP-101", "a climbing harness and a rope"),
    ("STO-201", "GAS-102", "a gas stove and gas"),
    ("GLO-102", "HAT-201", "wool liner gloves and a wool beanie"),
];

/// The product of the page, and one that would be a mistake beside it.
const APART: [(&str, &str, &str); 10] = [
    ("SKI-102", "SKB-103", "touring skis take no piste boots"),
    ("SKI-103", "SKB-102", "piste skis take no touring boots"),
    ("SKI-103", "POL-204", "nobody tours on piste skis"),
    ("SKI-102", "GLO-102", "a liner is no ski glove"),
    ("GLO-102", "SKI-102", "a glove liner sells no skis"),
    ("TEN-103", "TEN-203", "a rival, not a companion"),
    ("TEN-305", "MAT-201", "a family does not sleep on a light trekking mat"),
    ("BOO-103", "SOC-203", "no running socks in hiking boots"),
    ("TRS-102", "SOC-101", "no wool hiking socks in trail shoes"),
    ("BOO-103", "SKB-101", "no ski boots beside hiking boots"),
];

/// What the rule of the product page drops, and what it was asked about.
fn dropped_beside(shop: &std::path::Path, page_item: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let context = format!("page_item={page_item}");
    let args = [
        "try",
        "complete_the_look",
        "--context",
        &context,
        "--at",
        "2026-12-01T12:00:00Z",
        "--format",
        "json",
    ];
    let tried = program().current_dir(shop).args(args).output().unwrap();
    let said = String::from_utf8_lossy(&tried.stdout);
    let json: Value = serde_json::from_str(&said).unwrap_or_else(|e| panic!("{e}: {said}"));
    let ids = |which: &str, counts: fn(&Value) -> bool| -> BTreeSet<String> {
        let rows = json["live"][which].as_array().unwrap().iter().filter(|row| counts(row));
        rows.map(|row| row["item_id"].as_str().unwrap().to_owned()).collect()
    };
    // what a list that is only asked leaves out does not keep the others from showing it
    let by_rule = |row: &Value| row["dropped"]["strategy"] == "complete-the-look";
    (ids("dropped", by_rule), ids("page", |_| true))
}

#[test]
fn what_goes_together_may_stand_together_and_what_does_not_never() {
    let shop = tempfile::tempdir().unwrap();
    copy_folder(&example("shop"), shop.path());
    assert!(program().args(["policy", "pin"]).arg(shop.path()).output().unwrap().status.success());
    let pages: BTreeSet<&str> = TOGETHER.iter().chain(&APART).map(|(page, ..)| *page).collect();
    for page in pages {
        let (dropped, shown) = dropped_beside(shop.path(), page);
        assert!(!dropped.is_empty(), "{page}: the rule looked at nothing");
        for (_, other, why) in TOGETHER.iter().filter(|pair| pair.0 == page) {
            assert!(!dropped.contains(*other), "{page} and {other}: {why}");
        }
        for (_, other, why) in APART.iter().filter(|pair| pair.0 == page) {
            assert!(dropped.contains(*other) && !shown.contains(*other), "{page} and {other}: {why}");
        }
    }
}

#[test]
fn a_basket_gets_nothing_of_a_kind_that_lies_in_it() {
    let data = tempfile::tempdir().unwrap();
    let server = crate::support::Server::demo(data.path());
    let basket = serde_json::json!({"placement": "basket", "session_id": "b-1", "session": {"basket": ["MAT-202", "SLB-204"]}});
    let items = server.client.recommend(&basket).items();
    assert!(!items.is_empty(), "something goes with a mat and a sleeping bag");
    assert!(items.iter().all(|id| !id.starts_with("MAT-") && !id.starts_with("SLB-")), "{items:?}");
}
