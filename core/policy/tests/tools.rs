//! What the tools say: the diff on random and on shipped policies, mutants, pages, layout, schema.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that fails says so")]

use std::{fs, path::Path};

use jardin_policy::{
    Policy, StrategyName,
    lock::Lock,
    tools::{self, ChangeKind, Diff, ReportFor},
};

const FULL: &str = include_str!("policies/full.toml");
const CODES: &str = include_str!("../../../docs/codes.md");

/// The policies that are shipped.
fn shipped() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = ["examples/shop", "examples/online-retail", "tests/data/example-shop"].map(|f| format!("{f}/policy.toml"));
    let mut all: Vec<(String, String)> = files
        .into_iter()
        .map(|f| (f.clone(), fs::read_to_string(root.join(&f)).unwrap()))
        .collect();
    all.push(("full.toml".to_owned(), FULL.to_owned()));
    all
}

fn policy(text: &str) -> Policy {
    Policy::check("policy.toml", text)
        .unwrap_or_else(|report| panic!("{}", report.rendered()))
        .0
}

/// The changes from the full policy to one in which `from` is `to`.
fn changed(from: &str, to: &str) -> Diff {
    assert!(FULL.contains(from), "{from}");
    let lock = Lock::default();
    tools::diff((&policy(FULL), &lock), (&policy(&FULL.replacen(from, to, 1)), &lock))
}

#[test]
fn every_widening_edit_of_a_shipped_policy_is_refused_or_reported() {
    for (file, text) in shipped() {
        let mutation = tools::mutate(&file, &text).unwrap();
        assert!(mutation.mutants.len() > 50, "{file}: {} mutants", mutation.mutants.len());
        let unreported: Vec<String> = mutation.unreported().map(|m| format!("{}: {}", m.key, m.does)).collect();
        assert!(unreported.is_empty(), "{file}: {unreported:#?}");
    }
}

#[test]
fn the_tests_of_the_demo_shop_catch_four_in_five_of_what_a_test_can_see() {
    let (file, text) = shipped().swap_remove(0);
    let (caught, all) = tools::mutate(&file, &text).unwrap().caught_by_tests();
    assert!(caught * 100 >= all * 80, "{caught} of {all}");
}

#[test]
fn a_policy_does_not_differ_from_itself() {
    for (file, text) in shipped() {
        let (one, other) = (policy(&text), policy(&format!("# another comment\n{text}")));
        assert_eq!(
            tools::diff((&one, &Lock::default()), (&other, &Lock::default())),
            Diff::default(),
            "{file}"
        );
        for name in one.valid().strategies.keys() {
            assert_eq!(one.grant_digest(name.as_str()), other.grant_digest(name.as_str()));
        }
    }
}

#[test]
fn a_change_names_somebody_who_is_treated_otherwise() {
    let diff = changed("under       = 18", "under       = 15");
    let told = "a visitor of 15 with consent to improvement and personalisation would now be profiled by `for-you`";
    assert!(
        diff.changes.iter().any(|c| c.kind == ChangeKind::Widened && c.message == told),
        "{}",
        diff.text()
    );
    assert_eq!((diff.exit_code(), diff.unapproved), (10, true));
}

#[test]
fn what_widens_one_way_narrows_the_other() {
    let edits = [
        ("under       = 18", "under       = 16"),
        ("newest = \"30 days\" }", "newest = \"60 days\" }"),
        ("\"health\", ", ""),
        ("lasts   = \"180 days\"", "lasts   = \"1 year\""),
        ("years = 15, from = 25, to = 70", "years = 5, from = 25, to = 70"),
        ("as = \"first characters\", n = 2", "as = \"first characters\", n = 3"),
        ("at_least_people = 50", "at_least_people = 5"),
    ];
    for (from, to) in edits {
        assert!(FULL.contains(from), "{from}");
        let (old, new) = (policy(FULL), policy(&FULL.replacen(from, to, 1)));
        let lock = Lock::default();
        let [wider, back] = [(&old, &new), (&new, &old)].map(|(a, b)| tools::diff((a, &lock), (b, &lock)));
        assert!(
            wider.changes.iter().all(|c| c.kind == ChangeKind::Widened),
            "{to}: {}",
            wider.text()
        );
        assert!(back.changes.iter().all(|c| c.kind == ChangeKind::Narrowed), "{to}: {}", back.text());
        assert_eq!((wider.exit_code(), back.exit_code()), (10, 0), "{to}");
    }
}

#[test]
fn the_exit_code_tells_code_and_proof_apart() {
    assert_eq!(changed("plugin    = \"for_you\"", "plugin    = \"other\"").exit_code(), 11);
    assert_eq!(
        changed("keep         = \"12 months\"", "keep         = \"6 months\"").exit_code(),
        12
    );
    let lock = |digest| Lock::new([("popular".into(), [digest; 32])].into());
    let full = policy(FULL);
    assert_eq!(tools::diff((&full, &lock(1)), (&full, &lock(2))).exit_code(), 11);
}

#[test]
fn a_narrowed_grant_ends_a_worker_at_once() {
    let name = StrategyName::new("for-you").unwrap();
    let narrowed = policy(&FULL.replacen("\"subject.genres\"     = \"yes or no\"\n", "", 1));
    assert!(tools::is_narrowed(&policy(FULL), &narrowed, &name));
    assert!(!tools::is_narrowed(&narrowed, &policy(FULL), &name));
}

/// Two derived fields that trade their sources keep their places in the file.
#[test]
fn a_grant_digest_follows_what_is_granted_and_not_where_it_stands() {
    let swapped = FULL.replace(
        "bought     = { from = \"subject.purchases\"",
        "bought     = { from = \"subject.read_today\"",
    );
    let digest = |text: &str, name: &str| policy(text).grant_digest(name).unwrap();
    assert_ne!(digest(FULL, "for-you"), digest(&swapped, "for-you"));
    assert_eq!(digest(FULL, "visit"), digest(&swapped, "visit"));
}

#[test]
fn a_review_is_overdue_the_day_after() {
    let full = policy(FULL);
    let at = |text: &str| full.overdue(jardin_model::Timestamp::parse(text).unwrap());
    assert_eq!(at("2027-03-01T22:59:59Z"), None);
    let finding = at("2027-03-01T23:00:00Z").unwrap();
    assert_eq!(finding.code, jardin_policy::Code::ReviewOverdue);
}

#[test]
fn a_strategy_is_explained_in_each_language() {
    let full = policy(FULL);
    insta::assert_snapshot!("explain_en", tools::explain(&full, "for-you", Some("en")).unwrap().text());
    insta::assert_snapshot!("explain_fr", tools::explain(&full, "goes-together", Some("fr")).unwrap().markdown());
    assert_eq!(tools::explain(&full, "nobody", None), None);
}

#[test]
fn the_reports_say_what_the_policy_says() {
    let full = policy(FULL);
    for (name, what) in [
        ("art30", ReportFor::Art30),
        ("notice", ReportFor::Notice),
        ("parameters", ReportFor::Parameters),
        ("dpia", ReportFor::Dpia),
    ] {
        for language in ["en", "fr"] {
            insta::assert_snapshot!(format!("{name}_{language}"), tools::report(&full, what, Some(language)).text());
        }
    }
}

#[test]
fn a_page_as_html_stands_alone_and_holds_no_markup_of_the_policy() {
    let hostile = FULL.replace("Livres du Port SARL", "<script>alert(1)</script>");
    let html = tools::matrix(&policy(&hostile), Some("en")).html();
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"));
    assert!(!html.contains("http") && !html.contains("src=") && html.contains("@page"));
    insta::assert_snapshot!("matrix", tools::matrix(&policy(FULL), Some("en")).text());
}

#[test]
fn laying_out_moves_spaces_only_and_once() {
    for (file, text) in shipped() {
        let once = tools::format(&text).unwrap_or_else(|| panic!("{file}"));
        assert_eq!(tools::format(&once).unwrap(), once, "{file}");
        let squeezed = |t: &str| t.split_whitespace().collect::<Vec<_>>().concat();
        assert_eq!(squeezed(&once), squeezed(&text), "{file}");
    }
    let text = "\u{feff}a=1 # one\r\n\"b c\" =  \"x = y\"   \r\n\r\n\r\n# note  \nlist = [\n   1,\n ]\n";
    let laid_out = "a     = 1 # one\n\"b c\" = \"x = y\"\n\n# note\nlist = [\n   1,\n ]\n";
    assert_eq!(tools::format(text).as_deref(), Some(laid_out));
    assert_eq!(tools::format("a = = 1"), None);
}

#[test]
fn the_schema_knows_every_key_of_a_policy_that_uses_all() {
    let schema: serde_json::Value = serde_json::from_str(&tools::schema()).unwrap();
    for (file, text) in shipped() {
        let table: toml::Table = text.parse().unwrap();
        fits(&toml::Value::Table(table), &schema, &file);
    }
}

/// The part of JSON Schema that the schema uses.
fn fits(value: &toml::Value, schema: &serde_json::Value, at: &str) {
    if let Some(any) = schema["anyOf"].as_array() {
        let one = any.iter().find(|s| match value {
            toml::Value::Table(_) => s["properties"].is_object() || s["additionalProperties"].is_object(),
            toml::Value::Array(_) => s["type"] == "array",
            _ => {
                s["type"] == "string"
                    || s["enum"]
                        .as_array()
                        .is_some_and(|words| words.iter().any(|w| w.as_str() == value.as_str()))
            }
        });
        return fits(value, one.unwrap_or_else(|| panic!("{at}: nothing fits {value:?}")), at);
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.iter().any(|w| w.as_str() == value.as_str()), "{at}: {value:?}");
    }
    match value {
        toml::Value::Table(table) => {
            for (key, inner) in table {
                let of_key = &schema["properties"][key];
                let of_any = &schema["additionalProperties"];
                let path = format!("{at}.{key}");
                if of_key.is_object() {
                    fits(inner, of_key, &path);
                } else if of_any.is_object() {
                    fits(inner, of_any, &path);
                } else {
                    assert!(of_any.is_null(), "{path} is not in the schema");
                }
            }
            for key in schema["required"].as_array().into_iter().flatten() {
                assert!(table.contains_key(key.as_str().unwrap()), "{at} lacks {key}");
            }
        }
        toml::Value::Array(list) if schema["items"].is_object() => list.iter().for_each(|inner| fits(inner, &schema["items"], at)),
        toml::Value::Boolean(_) => assert_eq!(schema["type"], "boolean", "{at}"),
        _ => {}
    }
}

#[test]
fn the_page_of_codes_is_the_list_of_codes() {
    assert_eq!(
        CODES,
        tools::codes_page(),
        "write docs/codes.md anew: cargo run -p jardin-policy --example codes > docs/codes.md"
    );
}

#[test]
fn coverage_tells_what_no_test_asserts() {
    let full = tools::coverage(&policy(FULL));
    let asserted = |rule: &str, field: &str| {
        full.asserted
            .iter()
            .any(|c| &*c.strategy == "for-you" && c.rule == rule && c.field == field)
    };
    assert!(asserted("runs", "") && asserted("consent", "") && asserted("child", "") && asserted("reads", "subject.points"));
    assert!(!asserted("restricted", "") && full.cells.iter().any(|c| &*c.strategy == "for-you" && c.rule == "restricted"));
    assert!(full.percent() < 100);
}
