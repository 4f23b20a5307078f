//! What a change of one line is called by `diff`: its class, its exit code and the words that changed.

#![expect(clippy::panic, reason = "a test that fails says so")]

use jardin_compliance::{Diff, compare_policies};
use jardin_policy::{Policy, lock::Lock};

const FULL: &str = include_str!("../../policy/tests/policies/full.toml");

fn read_policy(text: &str) -> Policy {
    Policy::check("policy.toml", text).unwrap_or_else(|report| panic!("{}", report.rendered())).0
}

fn changed(from: &str, to: &str) -> Diff {
    assert!(FULL.contains(from), "{from}");
    let lock = Lock::default();
    compare_policies((&read_policy(FULL), &lock), (&read_policy(&FULL.replacen(from, to, 1)), &lock))
}

/// An edit of the full policy, the one class that it belongs to, its exit code, and what a line says.
const EDITS: &[(&str, &str, &str, u8, &str)] = &[
    // who is read
    ("under       = 18", "under       = 15", "REACH↑", 10, "children: people under 15 instead of 18"),
    ("under       = 18", "under       = 19", "REACH↓", 0, "children: people under 19 instead of 18"),
    (
        "as = \"top\", k = 10, of = \"subjects\"",
        "as = \"top\", k = 10, of = \"category\"",
        "REACH↑",
        10,
        "of \"category\" instead of \"subjects\"",
    ),
    (
        "as = \"top\", k = 10, of = \"subjects\"",
        "as = \"top\", k = 9, of = \"subjects\"",
        "REACH↓",
        0,
        "the 9 most frequent values of \"subjects\" instead of 10",
    ),
    (
        "points     = { type = \"number\", class = \"personal\", keep = \"12 months\"",
        "points     = { type = \"number\", class = \"personal\", keep = \"13 months\"",
        "REACH↑",
        10,
        "13 months instead of 12 months",
    ),
    (
        "derived_from = [\"subject.purchases\"], purpose = \"improve\", at_least_people = 50 ",
        "",
        "REACH↑",
        10,
        "no number of people (50)",
    ),
    ("people = [\"readers\"]", "people = [\"readers\", \"staff\"]", "REACH↑", 10, "data of staff would now"),
    ("\"item.margin\" = \"exact\", ", "", "REACH↓", 0, "`item.margin` would no longer be read"),
    // what a field of somebody may do
    (
        "of = \"category\", newest = \"3 months\", may = \"order and hide\"",
        "of = \"category\", newest = \"3 months\"",
        "REACH↓",
        0,
        "`subject.wished` may change the order alone",
    ),
    (
        "to = 50, may = \"order\"",
        "to = 50, may = \"order and hide\"",
        "REACH↑",
        10,
        "`subject.points` may hide products too",
    ),
    // what lists change
    ("\"item.in_stock\" = \"exact\", ", "", "EFFECT", 11, "`item.in_stock` would no longer be read"),
    (", \"context.front\" = \"exact\"", "", "EFFECT", 11, "`context.front` would no longer be read"),
    (
        "{ times = 5, unless",
        "{ times = 6, unless",
        "EFFECT",
        11,
        "restraint: `shown_at_most`: “6” would stand instead of “5”",
    ),
    ("dismissed = true", "dismissed = false", "EFFECT", 11, "shown no more” would be left out"),
    ("at_most = 0.7", "at_most = 0.8", "EFFECT", 11, "“80” would stand instead of “70”"),
    ("rest = \"6 months\"", "rest = \"3 months\"", "EFFECT", 11, "“3” would stand instead of “6”"),
    ("time_ms = 30", "time_ms = 40", "EFFECT", 11, "its limit `time_ms` would be 40 instead of 30"),
    ("script   = \"visit.rhai\"", "script   = \"visits.rhai\"", "EFFECT", 11, "another file"),
    ("choices = [\"shop\", \"schools\"]", "choices = [\"shop\"]", "EFFECT", 11, "no longer be \"schools\""),
    (
        "out_on     = { type = \"date\",   class = \"none\" }",
        "out_on     = { type = \"date\",   class = \"none\" }\npages = { type = \"number\", class = \"none\" }",
        "EFFECT",
        11,
        "item.pages: it is declared now",
    ),
    // what people are told
    (
        "Choose books for you from what you read here.",
        "Choose books for you from what you read here and elsewhere.",
        "TEXT",
        13,
        "“here and elsewhere.” would stand instead of “here.”",
    ),
    (
        "en = \"To sell more.\"",
        "en = \"To sell much more.\"",
        "TEXT",
        13,
        "the interest (en): “much” would be added",
    ),
    (
        "en = \"From what you read\"",
        "en = \"From what you bought\"",
        "TEXT",
        13,
        "“bought” would stand instead of “read”",
    ),
    ("donnees@livresduport.example", "noreply@other.example", "TEXT", 13, "where people write"),
    ("authority = \"CNIL\"", "authority = \"AEPD\"", "TEXT", 13, "“AEPD” would stand instead of “CNIL”"),
    (
        "keep = \"account\", source = \"given\" }\ngenres",
        "keep = \"account\", source = \"observed\" }\ngenres",
        "TEXT",
        13,
        "subject.postcode: its source: “observed” would stand instead of “given”",
    ),
    (
        "country = \"United Kingdom\"",
        "country = \"India\"",
        "PARTIES",
        13,
        "ReadWell Ltd's country: “India” would stand instead of “United Kingdom”",
    ),
    (
        ", safeguard = \"adequacy decision\"",
        "",
        "PARTIES",
        13,
        "ReadWell Ltd's safeguard: “adequacy decision” would be left out",
    ),
    (
        "on health and religion is never kept",
        "on health is never kept",
        "TEXT",
        13,
        "never: `says` (en): “and religion” would be left out",
    ),
    // who receives
    (
        "Livres du Port SARL",
        "Autres Livres SARL",
        "PARTIES",
        13,
        "the controller: “Autres Livres” would stand instead of “Livres du Port”",
    ),
    ("dpo@livresduport.example", "dpo@other.example", "PARTIES", 13, "the data protection officer"),
    ("ReadWell Ltd, Leeds", "Shady Inc, Delaware", "PARTIES", 13, "vendor readwell: its name"),
    (
        "role = \"processor\"",
        "role = \"supplier\"",
        "PARTIES",
        13,
        "“supplier” would stand instead of “processor”",
    ),
    (
        "contract = \"DPA-3\"",
        "contract = \"DPA-0\"",
        "PARTIES",
        13,
        "its contract: “DPA-0” would stand instead of “DPA-3”",
    ),
    (
        "recipients = [\"alphaheberge\"]",
        "recipients = [\"alphaheberge\", \"a broker\"]",
        "PARTIES",
        13,
        "a broker would now receive data",
    ),
    (
        "recipients = [\"alphaheberge\"]",
        "recipients = []",
        "PARTIES",
        13,
        "alphaheberge would no longer receive data",
    ),
    (
        "vendor    = \"readwell\"",
        "vendor    = \"alphaheberge\"",
        "PARTIES",
        13,
        "`alphaheberge` instead of `readwell`",
    ),
    // how it is shown
    ("favourable with reservations", "unfavourable", "PROOF", 12, "“unfavourable” would stand instead of"),
    (
        "dpia       = \"DPIA-2026-05\"",
        "dpia       = \"not needed: small\"",
        "PROOF",
        12,
        "the impact assessment",
    ),
    ("on = 2026-09-01, review_by", "on = 2026-08-01, review_by", "PROOF", 12, "set back"),
    ("on = 2026-08-28", "on = 2026-08-27", "PROOF", 12, "an older advice"),
    ("review_by = 2027-03-01", "review_by = 2028-03-01", "PROOF", 12, "the review is put off"),
    ("balance   = \"LIA-2\"", "balance   = \"LIA-1\"", "PROOF", 12, "“LIA-1” would stand instead of “LIA-2”"),
    (
        ", because = \"the department\"",
        "",
        "PROOF",
        12,
        "why `subject.postcode` is read: “the department” would be left out",
    ),
    (
        "keep_proofs  = \"5 years\"",
        "keep_proofs  = \"3 years\"",
        "PROOF",
        12,
        "proofs would be kept for a shorter time",
    ),
    (
        "expect = { runs = \"visit\", stores = [\"N\"], teaches = [\"N\"] }",
        "expect = { runs = \"visit\" }",
        "PROOF",
        12,
        "says something else",
    ),
];

#[test]
fn an_edit_is_told_by_its_class_and_by_the_words_that_changed() {
    for (from, to, class, exit, says) in EDITS {
        let diff = changed(from, to);
        assert!(!diff.changes.is_empty(), "{to} is not seen");
        let text = diff.text();
        assert!(text.contains(says), "{to}: {text}");
        assert!(diff.changes.iter().all(|c| c.kind.word() == *class), "{to}: {text}");
        assert_eq!(diff.exit_code(), *exit, "{to}: {text}");
    }
}

#[test]
fn what_changes_for_nobody_is_not_told() {
    let older = "\"health\", \"religion\"";
    for to in ["\"religion\", \"health\"", "\"Health\", \"religion\", \"health/sleep\""] {
        assert_eq!(changed(older, to).text(), "nothing that concerns anybody has changed\n", "{to}");
    }
    for approved in ["on = 2026-10-01, review_by = 2027-03-01", "on = 2026-10-01, review_by = 2027-10-01"] {
        let diff = changed("on = 2026-09-01, review_by = 2027-03-01", approved);
        assert!(diff.changes.is_empty(), "{}", diff.text());
    }
}

/// A broader value of never covers what it stands above: nothing is lifted.
#[test]
fn a_broader_value_of_never_only_narrows() {
    let narrow = FULL.replacen("\"health\", \"religion\"", "\"health/sleep\", \"religion\"", 1);
    let lock = Lock::default();
    let [old, new] = [read_policy(&narrow), read_policy(FULL)];
    let diff = compare_policies((&old, &lock), (&new, &lock));
    let lines: Vec<&str> = diff.changes.iter().map(|c| c.kind.word()).collect();
    assert_eq!((lines, diff.exit_code()), (vec!["REACH↓"], 0), "{}", diff.text());
    let back = compare_policies((&new, &lock), (&old, &lock));
    assert_eq!(back.exit_code(), 10, "{}", back.text());
}

/// What no longer counts within the visit alone is reach, unless it is never kept at all.
#[test]
fn what_leaves_discreet_counts_beyond_the_visit_unless_it_is_never() {
    let gifts = "\"item.category\" = [\"gifts\"], \"item.subjects\" = [\"wedding\"]";
    let told = |from: &str, to: &str| -> Vec<String> {
        changed(from, to).changes.iter().map(|c| format!("{} {}", c.kind.word(), c.message)).collect()
    };
    let beyond =
        "what a visitor does with a product with item.category \"gifts\" would count beyond the visit";
    assert_eq!(told(gifts, "\"item.subjects\" = [\"wedding\"]"), [format!("REACH↑ {beyond}")]);
    let within = "what is done with products with item.category \"toys\" would count within the visit alone";
    let more = gifts.replace("\"gifts\"", "\"gifts\", \"toys\"");
    assert_eq!(told(gifts, &more), [format!("REACH↓ {within}")]);
    let never = FULL.replacen(gifts, "\"item.subjects\" = [\"wedding\"]", 1);
    let never = never.replacen("\"health\", \"religion\"", "\"health\", \"religion\", \"gifts\"", 1);
    let lock = Lock::default();
    let diff = compare_policies((&read_policy(FULL), &lock), (&read_policy(&never), &lock));
    let kinds: Vec<&str> = diff.changes.iter().map(|c| c.kind.word()).collect();
    assert_eq!(kinds, ["REACH↓"], "{}", diff.text());
}

/// The first that applies: reach, lists, proof, then texts and parties.
#[test]
fn the_gravest_class_makes_the_exit_code() {
    let edits = [
        ("under       = 18", "under       = 15", 10),
        ("time_ms = 30", "time_ms = 40", 11),
        ("balance   = \"LIA-2\"", "balance   = \"LIA-1\"", 12),
        ("ReadWell Ltd, Leeds", "Shady Inc, Delaware", 13),
    ];
    for first in 0..edits.len() {
        let mut text = FULL.to_owned();
        for (from, to, _) in edits.iter().skip(first) {
            text = text.replacen(from, to, 1);
        }
        let lock = Lock::default();
        let diff = compare_policies((&read_policy(FULL), &lock), (&read_policy(&text), &lock));
        assert_eq!(Some(diff.exit_code()), edits.get(first).map(|e| e.2), "{}", diff.text());
    }
}
