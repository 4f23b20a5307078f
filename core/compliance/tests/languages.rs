//! Reports are whole in each language that the tools speak: what reads alike in two of them is the policy's own.

#![expect(clippy::panic, reason = "a test that fails says so")]

use std::collections::BTreeMap;

use jardin_compliance::{Block, Page, ReportFor, draw_matrix, explain_strategy, write_report};
use jardin_policy::{Language, Policy};

const FULL: &str = include_str!("../../policy/tests/policies/full.toml");
const SPOKEN: [&str; 3] = ["en", "fr", "de"];

/// What is the same word in two languages.
const ALIKE: [&str; 3] = ["Contact", "exact", "nature"];

/// The full policy with texts in one language alone, the same ones whichever it is.
fn policy_in(language: &str) -> (String, Policy) {
    let listed = "languages  = [\"fr\", \"en\"]";
    let whole = FULL.replacen(listed, &format!("languages  = [\"{language}\"]"), 1);
    let (mut text, mut rest) = (String::new(), &*whole);
    while let Some((before, told)) = rest.split_once("{ fr = \"") {
        let (both, after) = told.split_once(" }").unwrap_or_else(|| panic!("it ends"));
        let own = both.split_once("en = ").unwrap_or_else(|| panic!("it is English as well")).1;
        text += &format!("{before}{{ {language} = {own} }}");
        rest = after;
    }
    text += rest;
    let policy =
        Policy::check("policy.toml", &text).unwrap_or_else(|report| panic!("{}", report.rendered())).0;
    (text, policy)
}

/// Every page that the tools write of a policy, by its name.
fn pages(policy: &Policy) -> BTreeMap<String, Page> {
    let reports = [
        ("art30", ReportFor::Art30),
        ("notice", ReportFor::Notice),
        ("parameters", ReportFor::Parameters),
        ("dpia", ReportFor::Dpia),
    ];
    let reports = reports.map(|(name, what)| (name.to_owned(), write_report(policy, what, None)));
    let explained =
        policy.rules().strategies.keys().filter_map(|name| {
            Some((format!("explain {name}"), explain_strategy(policy, name.as_str(), None)?))
        });
    reports.into_iter().chain(explained).chain([("matrix".to_owned(), draw_matrix(policy, None))]).collect()
}

/// Each title, sentence, point and cell of a page, in their order.
fn parts(page: &Page) -> Vec<String> {
    let mut parts = vec![page.title.clone()];
    for section in &page.sections {
        parts.push(section.title.clone());
        for block in &section.blocks {
            match block {
                Block::Paragraph(words) => parts.push(words.clone()),
                Block::List(points) => parts.extend(points.iter().cloned()),
                Block::Table(head, rows) => parts.extend(head.iter().chain(rows.iter().flatten()).cloned()),
            }
        }
    }
    parts
}

#[test]
fn what_reads_alike_in_two_languages_is_the_policys_own() {
    let (source, _) = policy_in("en");
    let written = SPOKEN.map(|language| pages(&policy_in(language).1));
    let mut compared = 0;
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        for (name, page) in &written[one] {
            let (a, b) = (parts(page), parts(&written[other][name]));
            assert_eq!(a.len(), b.len(), "{name}: {} and {} tell as much", SPOKEN[one], SPOKEN[other]);
            for (a, b) in a.iter().zip(&b).filter(|(a, b)| a == b && a.chars().any(char::is_alphabetic)) {
                let own = |part: &str| {
                    let part = part.trim_matches(|c: char| "`.;".contains(c)).trim();
                    part.is_empty() || source.contains(part) || ALIKE.contains(&part)
                };
                // a name beside another one, as a field and its path
                let is_short = a.split_whitespace().count() <= 2;
                let is_own = own(a)
                    || is_short && a.split([' ', '.', ',', '(', ')', '`']).all(own)
                    || a.contains("2026-09-01.3+");
                assert!(is_own, "{name}: `{b}` stands in both {} and {}", SPOKEN[one], SPOKEN[other]);
            }
            compared += a.len();
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn each_language_is_one_that_can_be_asked_for() {
    assert!(SPOKEN.into_iter().all(Language::is_spoken));
    for other in ["es", "it", "EN", "de-DE", ""] {
        assert!(!Language::is_spoken(other), "{other}");
    }
    let told = |language: &str| write_report(&policy_in(language).1, ReportFor::Notice, None);
    for (language, title) in [
        ("en", "How we choose products for you"),
        ("fr", "Comment nous choisissons des produits pour vous"),
        ("de", "Wie wir Produkte für Sie auswählen"),
    ] {
        let page = told(language);
        assert_eq!((&*page.language, &*page.title), (language, title));
    }
}
