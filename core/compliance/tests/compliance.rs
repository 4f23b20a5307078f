//! What the tools say: the diff on random and on shipped policies, mutants, pages, layout, schema.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so")]

use std::{fs, path::Path};

use jardin_compliance::{
    ChangeKind, Diff, FileReads, ReportFor, compare_policies, draw_matrix, explain_strategy,
    find_over_grants, format_policy, is_narrowed, measure_coverage, mutate_policy, observed_as_json,
    parse_observed, write_observed_report, write_report,
};
use jardin_policy::{ObservedReads, Policy, StrategyName, codes::REVIEW_OVERDUE, lock::Lock};

const FULL: &str = include_str!("../../policy/tests/policies/full.toml");

/// The policies that are shipped.
fn shipped() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = ["examples/shop", "examples/online-retail", "tests/data/example-shop"]
        .map(|f| format!("{f}/policy.toml"));
    let mut all: Vec<(String, String)> =
        files.into_iter().map(|f| (f.clone(), fs::read_to_string(root.join(&f)).unwrap())).collect();
    all.push(("full.toml".to_owned(), FULL.to_owned()));
    all
}

fn policy(text: &str) -> Policy {
    Policy::check("policy.toml", text).unwrap_or_else(|report| panic!("{}", report.rendered())).0
}

/// The changes from the full policy to one in which `from` is `to`.
fn changed(from: &str, to: &str) -> Diff {
    assert!(FULL.contains(from), "{from}");
    let lock = Lock::default();
    compare_policies((&policy(FULL), &lock), (&policy(&FULL.replacen(from, to, 1)), &lock))
}

#[test]
fn every_widening_edit_of_a_shipped_policy_is_refused_or_reported() {
    for (file, text) in shipped() {
        let mutation = mutate_policy(&file, &text).unwrap();
        assert!(mutation.mutants.len() > 50, "{file}: {} mutants", mutation.mutants.len());
        let unreported: Vec<String> =
            mutation.unreported().map(|m| format!("{}: {}", m.key, m.does)).collect();
        assert!(unreported.is_empty(), "{file}: {unreported:#?}");
    }
}

#[test]
fn the_tests_of_the_demo_shop_catch_four_in_five_of_what_a_test_can_see() {
    let (file, text) = shipped().swap_remove(0);
    let (caught, all) = mutate_policy(&file, &text).unwrap().caught_by_tests();
    assert!(caught * 100 >= all * 80, "{caught} of {all}");
}

#[test]
fn a_policy_does_not_differ_from_itself() {
    for (file, text) in shipped() {
        let (one, other) = (policy(&text), policy(&format!("# another comment\n{text}")));
        assert_eq!(
            compare_policies((&one, &Lock::default()), (&other, &Lock::default())),
            Diff::default(),
            "{file}"
        );
        for name in one.rules().strategies.keys() {
            assert_eq!(one.grant_digest(name.as_str()), other.grant_digest(name.as_str()));
        }
    }
}

#[test]
fn a_change_names_somebody_who_is_treated_otherwise() {
    let diff = changed("under       = 18", "under       = 15");
    let told =
        "a visitor of 15 with consent to improvement and personalisation would now be profiled by `for-you`";
    assert!(
        diff.changes.iter().any(|c| c.kind == ChangeKind::WiderReach && c.message == told),
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
        let [wider, back] =
            [(&old, &new), (&new, &old)].map(|(a, b)| compare_policies((a, &lock), (b, &lock)));
        assert!(wider.changes.iter().all(|c| c.kind == ChangeKind::WiderReach), "{to}: {}", wider.text());
        assert!(back.changes.iter().all(|c| c.kind == ChangeKind::NarrowerReach), "{to}: {}", back.text());
        assert_eq!((wider.exit_code(), back.exit_code()), (10, 0), "{to}");
    }
}

#[test]
fn the_exit_code_tells_code_and_proof_apart() {
    assert_eq!(changed("plugin    = \"for_you\"", "plugin    = \"other\"").exit_code(), 11);
    assert_eq!(changed("keep         = \"12 months\"", "keep         = \"6 months\"").exit_code(), 12);
    let lock = |digest| Lock::new([("popular".into(), [digest; 32])].into());
    let full = policy(FULL);
    assert_eq!(compare_policies((&full, &lock(1)), (&full, &lock(2))).exit_code(), 11);
    assert_eq!(changed("role = \"supplier\"", "role = \"processor\"").exit_code(), 13);
}

#[test]
fn a_narrowed_grant_ends_a_worker_at_once() {
    let name = StrategyName::new("for-you").unwrap();
    let narrowed = policy(&FULL.replacen("\"subject.genres\"     = \"yes or no\"\n", "", 1));
    assert!(is_narrowed(&policy(FULL), &narrowed, &name));
    assert!(!is_narrowed(&narrowed, &policy(FULL), &name));
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

/// A field is named by its path: where it is declared does not matter.
#[test]
fn the_order_in_which_fields_are_declared_changes_no_grant_digest() {
    let lines: Vec<&str> = FULL.lines().collect();
    let (mut turned, mut run): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let (mut in_fields, mut moved) = (false, 0);
    for line in lines {
        in_fields = if line.starts_with('[') { line.starts_with("[fields.") } else { in_fields };
        if in_fields && line.contains(" = {") {
            run.push(line);
            continue;
        }
        moved += run.len() / 2;
        turned.extend(run.drain(..).rev());
        turned.push(line);
    }
    turned.extend(run.drain(..).rev());
    assert!(moved > 5, "{moved}");
    let (old, new) = (policy(FULL), policy(&turned.join("\n")));
    for name in old.rules().strategies.keys() {
        assert_eq!(old.grant_digest(name.as_str()), new.grant_digest(name.as_str()), "{name}");
    }
}

#[test]
fn a_review_is_overdue_the_day_after() {
    let full = policy(FULL);
    let at = |text: &str| full.overdue(jardin_model::Timestamp::parse(text).unwrap());
    assert_eq!(at("2027-03-01T22:59:59Z"), None);
    let finding = at("2027-03-01T23:00:00Z").unwrap();
    assert_eq!(finding.code, REVIEW_OVERDUE);
}

#[test]
fn a_strategy_is_explained_in_each_language() {
    let full = policy(FULL);
    insta::assert_snapshot!("explain_en", explain_strategy(&full, "for-you", Some("en")).unwrap().text());
    insta::assert_snapshot!(
        "explain_fr",
        explain_strategy(&full, "goes-together", Some("fr")).unwrap().markdown()
    );
    assert_eq!(explain_strategy(&full, "nobody", None), None);
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
            insta::assert_snapshot!(
                format!("{name}_{language}"),
                write_report(&full, what, Some(language)).text()
            );
        }
    }
}

#[test]
fn a_page_as_html_stands_alone_and_holds_no_markup_of_the_policy() {
    let hostile = FULL.replace("Livres du Port SARL", "<script>alert(1)</script>");
    let html = draw_matrix(&policy(&hostile), Some("en")).html();
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"));
    assert!(!html.contains("http") && !html.contains("src=") && html.contains("@page"));
    insta::assert_snapshot!("matrix", draw_matrix(&policy(FULL), Some("en")).text());
}

#[test]
fn laying_out_moves_spaces_only_and_once() {
    for (file, text) in shipped() {
        let once = format_policy(&text).unwrap_or_else(|| panic!("{file}"));
        assert_eq!(format_policy(&once).unwrap(), once, "{file}");
        let squeezed = |t: &str| t.split_whitespace().collect::<Vec<_>>().concat();
        assert_eq!(squeezed(&once), squeezed(&text), "{file}");
    }
    let text = "\u{feff}a=1 # one\r\n\"b c\" =  \"x = y\"   \r\n\r\n\r\n# note  \nlist = [\n   1,\n ]\n";
    let laid_out = "a     = 1 # one\n\"b c\" = \"x = y\"\n\n# note\nlist = [\n   1,\n ]\n";
    assert_eq!(format_policy(text).as_deref(), Some(laid_out));
    assert_eq!(format_policy("a = = 1"), None);
}

#[test]
fn coverage_tells_what_no_test_asserts() {
    let full = measure_coverage(&policy(FULL));
    let asserted = |rule: &str, field: &str| {
        full.asserted.iter().any(|c| &*c.strategy == "for-you" && c.rule == rule && c.field == field)
    };
    assert!(
        asserted("runs", "")
            && asserted("consent", "")
            && asserted("child", "")
            && asserted("reads", "subject.points")
    );
    assert!(
        !asserted("restricted", "")
            && full.cells.iter().any(|c| &*c.strategy == "for-you" && c.rule == "restricted")
    );
    assert!(full.percent() < 100);
}

/// 10,000 runs over 14 days, and not one run or day less.
#[test]
fn a_field_that_no_run_reads_is_told_after_enough_runs_and_days() {
    let full = policy(FULL);
    let (name, at) = (StrategyName::new("for-you").unwrap(), |day: &str| {
        jardin_model::Timestamp::parse(&format!("2026-09-{day}T10:00:00Z")).unwrap()
    });
    let fields = [("subject.member", false), ("subject.points", true)]
        .map(|(path, read)| (path.parse().unwrap(), read));
    let file = FileReads { digest: [7; 32], reads: None };
    let told = |runs: u64, last| {
        let mut observed = ObservedReads::default();
        observed.add("for-you", &[7; 32], &fields, runs - 1, at("01"));
        observed.add("for-you", &[7; 32], &fields, 1, at(last));
        // what is kept is what was counted
        let kept = parse_observed(&observed_as_json(&observed)).unwrap();
        assert_eq!(kept, observed);
        write_observed_report(&full, &[(name.clone(), file.clone())].into(), &kept, Some("en")).text()
    };
    let never = "`for-you`, `subject.member` (policy.toml:";
    assert!(told(10_000, "15").contains(never), "{}", told(10_000, "15"));
    assert!(told(10_000, "15").contains("read in 10000 of 10000 runs, 2026-09-01 to 2026-09-15"));
    assert!(!told(9_999, "15").contains(never) && !told(10_000, "14").contains(never));
    assert_eq!(parse_observed("{\"version\": 2, \"observed\": []}"), None);
}

#[test]
fn what_is_granted_and_never_read_is_a_finding_unless_a_reason_is_given() {
    let full = policy(FULL);
    let rule = full.strategy("for-you").unwrap();
    let reads =
        ["subject.points", "subject.spent", "subject.member", "subject.genres"].map(|p| p.parse().unwrap());
    let told: Vec<String> =
        find_over_grants(&full, rule, &reads.into()).into_iter().map(|f| f.message).collect();
    // neither those that are read nor `id` and `postcode`, which say why, nor what is of products
    let fields = ["birth_date", "reader", "joined", "favourite", "wished", "read_today", "bought", "usual"];
    assert_eq!(told, fields.map(|f| format!("`for-you` is granted `subject.{f}` and never reads it")));
}
