//! Each sentence of a report follows from a key that stands in the policy.

#![expect(clippy::panic, reason = "a test that fails says so")]

use jardin_compliance::{Block, ReportFor, write_report};
use jardin_policy::Policy;

const FULL: &str = include_str!("../../policy/tests/policies/full.toml");

fn read_policy(text: &str) -> Policy {
    Policy::check("policy.toml", text).unwrap_or_else(|report| panic!("{}", report.rendered())).0
}

/// A report on the full policy in which `from` is `to`, its lines joined.
fn report(what: ReportFor, from: &str, to: &str) -> String {
    assert!(FULL.contains(from), "{from}");
    let text = write_report(&read_policy(&FULL.replacen(from, to, 1)), what, Some("en")).text();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const RECORD: &str = "record     = { people = [\"readers\"], recipients = [\"alphaheberge\"], transfers = \
                      [{ name = \"ReadWell Ltd\", role = \"recipient\", country = \"United Kingdom\", \
                      safeguard = \"adequacy decision\", contract = \"LIC-3\", for = \"support\" }], \
                      authority = \"CNIL\" }\n";

#[test]
fn who_receives_is_not_stated_where_nobody_said() {
    let no_vendor = "role = \"supplier\"";
    let silent = FULL.replace(RECORD, "").replace("role = \"processor\"", no_vendor);
    let notice = write_report(&read_policy(&silent), ReportFor::Notice, Some("en")).text();
    assert!(notice.contains("Who receives it: not stated."), "{notice}");
    assert!(notice.contains("Outside the European Economic Area: not stated."), "{notice}");
    assert!(!notice.contains("Nobody else") && !notice.contains("does not leave"), "{notice}");
    let record = write_report(&read_policy(&silent), ReportFor::Art30, Some("en")).text();
    for says in [
        "Recipients: not stated.",
        "Transfers outside the EEA: not stated.",
        "People concerned: not stated.",
        "Supervisory authority: not stated",
    ] {
        assert!(record.contains(says), "{says}: {record}");
    }
}

#[test]
fn nobody_receives_it_where_that_is_stated() {
    let stated = "record = { recipients = [], transfers = [] }\n";
    let text = FULL.replace(RECORD, stated).replace("role = \"processor\"", "role = \"supplier\"");
    let notice = write_report(&read_policy(&text), ReportFor::Notice, Some("en")).text();
    assert!(notice.contains("Nobody else.") && notice.contains("does not leave the European"), "{notice}");
}

/// A processor among the recipients is told as one, and what is not said of a party is not stated.
#[test]
fn a_party_is_told_by_its_role() {
    let hosting = "[{ name = \"Host\", role = \"processor\", contract = \"DPA-9\" }, \"A friend\"]";
    let record =
        report(ReportFor::Art30, "recipients = [\"alphaheberge\"]", &format!("recipients = {hosting}"));
    assert!(record.contains("Host processor (Art. 28) not stated not stated not stated DPA-9"), "{record}");
    assert!(record.contains("A friend not stated not stated not stated not stated not stated"), "{record}");
    assert!(!record.contains("Processors (Art. 28): none"), "{record}");
    let notice = report(ReportFor::Notice, "role = \"supplier\"", "role = \"supplier\"");
    let abroad = "ReadWell Ltd (for support, in United Kingdom, protected by adequacy decision)";
    assert!(notice.contains(abroad), "{notice}");
}

#[test]
fn what_is_never_done_is_told_by_the_policys_own_words_or_values() {
    let says = "says   = { fr = \"Vos lectures sur la santé et la religion ne sont jamais retenues.\", \
                en = \"What you read on health and religion is never kept.\" }\n";
    let told = report(ReportFor::Notice, says, says);
    assert!(told.contains("What you read on health and religion is never kept."), "{told}");
    let listed = report(ReportFor::Notice, says, "");
    assert!(listed.contains("They are those of: health, religion, pregnancy."), "{listed}");
    assert!(!listed.contains("your beliefs"), "{listed}");
}

#[test]
fn what_counts_within_a_visit_alone_is_told_where_it_is_declared() {
    let section =
        "[discreet]\nitems  = { \"item.category\" = [\"gifts\"], \"item.subjects\" = [\"wedding\"] }\n";
    let told = report(ReportFor::Notice, section, section);
    assert!(
        told.contains("within that visit alone") && told.contains("They are those of: gifts, wedding."),
        "{told}"
    );
    let silent = report(ReportFor::Notice, section, "");
    assert!(!silent.contains("visit alone") && !silent.contains("gifts"), "{silent}");
    let assessed = |text: &str| report(ReportFor::Dpia, section, text).contains("products of `[discreet]`");
    assert!(assessed(section) && !assessed(""));
}

#[test]
fn a_right_to_object_is_told_where_something_stops_for_it() {
    let text = FULL.replace(
        "stop_if   = [\"objection\", \"global privacy control\"]\n[purposes.personalise]",
        "stop_if   = [\"objection\"]\n[purposes.personalise]",
    );
    let notice = write_report(&read_policy(&text), ReportFor::Notice, Some("en")).text();
    assert!(notice.contains("You may object"), "{notice}");
    // without legitimate interests, and with nothing that stops for an objection
    let by_consent = text
        .replace("basis     = \"legitimate interests\"", "basis     = \"consent\"\nneeds = [\"improvement\"]")
        .replace(
            "stop_if   = [\"objection\", \"global privacy control\"]",
            "stop_if = [\"global privacy control\"]",
        )
        .replace("stop_if   = [\"objection\"]", "stop_if = []");
    for what in [ReportFor::Notice, ReportFor::Parameters] {
        let page = write_report(&read_policy(&by_consent), what, Some("en")).text();
        assert!(!page.contains("object"), "{page}");
    }
}

/// The ages that hold for a purpose, by what it does and rests on.
#[test]
fn two_ages_are_told_where_each_holds() {
    let ages = "consent_from = 15\nprofiling_from = 18\nby = { front = { shop = 15, schools = 16 } }";
    let notice = report(ReportFor::Notice, "under       = 18", ages);
    assert!(notice.contains("people under 18 (consent:"), "{notice}");
    let learning = "people under 15 (consent: schools: 16, shop: 15, elsewhere: 16)";
    assert!(notice.contains(learning), "{notice}");
}

/// The columns of the CNIL's model, an activity a row; what reads nobody is none.
#[test]
fn the_register_stands_in_the_columns_of_the_cnil() {
    let record = write_report(&read_policy(FULL), ReportFor::Art30, Some("fr"));
    let tables = record.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::Table(head, rows) => Some((head, rows)),
        _ => None,
    });
    let columns = [
        "objectif",
        "personnes concernées",
        "catégories de données",
        "données sensibles",
        "durées de conservation",
        "destinataires",
        "transferts hors EEE",
        "sécurité",
    ];
    let register: Vec<_> = tables.filter(|(head, _)| **head == columns).collect();
    let [(_, rows)] = &register[..] else { panic!("one register: {register:#?}") };
    let told: Vec<Vec<&str>> =
        rows.iter().map(|row| [0, 1, 5, 6].map(|column| &*row[column]).to_vec()).collect();
    let (readers, host, abroad) = ("readers", "AlphaHéberge SAS, Roubaix et alphaheberge", "ReadWell Ltd");
    let row = |objective| vec![objective, readers, host, abroad];
    let mut expected = vec![
        row("Apprendre quels livres vont ensemble."),
        row("Choisir des livres pour vous d'après ce que vous avez lu ici."),
        row("Proposer ce qui va avec cette visite."),
    ];
    expected.sort();
    let mut told = told;
    told.sort();
    assert_eq!(told, expected);
    assert!(rows.iter().all(|row| row[4].contains("36 mois") || row[4].contains("45 minutes")), "{rows:#?}");
}
