//! `[policy]`, `[vendors]` and `[audit]`.

use std::sync::Arc;

use jardin_diagnostics::{
    Span, TomlTable, TomlValue,
    codes::{INVALID_VALUE, MISSING_KEY},
};
use jardin_model::Zone;

use super::{
    approvers::read_approvers,
    parties::{read_parties, read_vendors},
};
use crate::{
    codes::{MISSING_BALANCE, TO_BE_STATED, UNKNOWN_STRATEGY},
    day::day,
    rules::{Advice, Age, Approval, AuditRule, ForTheRecord, StrategyName},
};

pub(super) struct About {
    pub(super) revision: Arc<str>,
    pub(super) controller: Arc<str>,
    pub(super) contact: Arc<str>,
    pub(super) record: ForTheRecord,
    pub(super) languages: Vec<Arc<str>>,
    pub(super) zone: Option<Zone>,
    pub(super) session_ends_after: Age,
    pub(super) account_ends_after: Age,
    pub(super) fallback: Option<StrategyName>,
    pub(super) fallback_span: Span,
}

const HALF_AN_HOUR: Age = Age::Ms(30 * 60 * 1000);
const TWO_YEARS: Age = Age::Months(24);

pub(super) fn read_about(root: &TomlTable<'_>) -> About {
    let mut about = About {
        revision: Arc::default(),
        controller: Arc::default(),
        contact: Arc::default(),
        record: ForTheRecord::default(),
        languages: Vec::new(),
        zone: None,
        session_ends_after: HALF_AN_HOUR,
        account_ends_after: TWO_YEARS,
        fallback: None,
        fallback_span: Span::default(),
    };
    about.record.vendors = read_vendors(root);
    about.record.audit = read_audit(root);
    let Some(node) = root.get("policy") else {
        let help = "begin with who is responsible: `[policy]` and `controller = \"…\"`".to_owned();
        root.sink().add(MISSING_KEY, root.head(), "the file lacks `[policy]`", Some(help));
        return about;
    };
    if let Some(table) = node.table("[policy]") {
        read_policy_table(&table, &mut about);
        table.end();
    }
    about
}

fn read_policy_table(table: &TomlTable<'_>, about: &mut About) {
    let text =
        |key, example| table.require(key, example).and_then(|n| n.text()).map(Arc::from).unwrap_or_default();
    about.controller = text("controller", "\"Name, address\"");
    about.contact = text("contact", "\"privacy@shop.example\"");
    for (key, is_open) in [("controller", about.controller.is_empty()), ("contact", about.contact.is_empty())]
    {
        if let Some(node) = table.get(key).filter(|node| is_open && node.if_text().is_some()) {
            let help = "state it before people are served".to_owned();
            node.finding(TO_BE_STATED, format!("`{key}` is still to be stated"), Some(help));
        }
    }
    about.revision = text("revision", "\"2026-11-20.1\"");
    if crate::rules::revision_date(&about.revision).is_none()
        && let Some(node) = table.get("revision")
    {
        node.finding(
            INVALID_VALUE,
            "a revision begins with its date",
            Some("write `revision = \"2026-11-20.1\"`".to_owned()),
        );
    }
    let languages =
        table.require("languages", "[\"fr\", \"en\"]").and_then(|n| n.texts()).unwrap_or_default();
    about.languages =
        languages.into_iter().filter_map(|(text, span)| check_language(text, span, table)).collect();
    if about.languages.is_empty()
        && let Some(node) = table.get("languages").filter(TomlValue::is_list)
    {
        let help = "write `languages = [\"en\"]`".to_owned();
        node.finding(INVALID_VALUE, "shoppers are told in at least one language", Some(help));
    }
    about.zone = table.require("time_zone", "\"Europe/Paris\"").and_then(read_zone);
    if let Some(node) = table.require("fallback", "\"popular-now\"") {
        about.fallback_span = node.span;
        about.fallback = node.text().and_then(|text| read_fallback(text, node));
    }
    if let Some(idle) = table.get("ends_after_idle").and_then(|n| n.table("ends_after_idle")) {
        about.session_ends_after = idle.get("session").and_then(Age::read).unwrap_or(HALF_AN_HOUR);
        about.account_ends_after = idle.get("account").and_then(Age::read).unwrap_or(TWO_YEARS);
        idle.end();
    }
    read_record(table, &mut about.record);
}

fn read_record(table: &TomlTable<'_>, record: &mut ForTheRecord) {
    record.approvers = table.get("approvers").map(read_approvers).unwrap_or_default();
    record.dpo = table.text("dpo");
    record.dpia = table.text("dpia");
    if let Some(of) = table.get("record").and_then(|n| n.table("record")) {
        let people = of.get("people").and_then(|n| n.texts()).unwrap_or_default();
        record.people = people.into_iter().map(|(text, _)| Arc::from(text)).collect();
        record.recipients = of.get("recipients").map(read_parties);
        record.transfers = of.get("transfers").map(read_parties);
        record.authority = of.text("authority");
        of.end();
    }
    if let Some(advice) = table.get("dpo_advice").and_then(|n| n.table("dpo_advice")) {
        let says = advice
            .require("says", "\"favourable\"")
            .and_then(|n| n.text())
            .map(Arc::from)
            .unwrap_or_default();
        record.dpo_advice =
            Some(Advice { says, reference: advice.text("reference"), on: advice.get("on").and_then(day) });
        advice.end();
    }
    if let Some(node) = table.get("approved")
        && let Some(approved) = node.table("approved")
    {
        let by = approved
            .require("by", "\"Name, office\"")
            .and_then(|n| n.text())
            .map(Arc::from)
            .unwrap_or_default();
        let on = approved.require("on", "2026-11-20").and_then(day);
        let review_by = approved.get("review_by").and_then(day);
        record.approved = on.map(|on| Approval { by, on, review_by, span: node.span });
        approved.end();
    }
}

/// A language as the first part of a locale names it, so that `fr-FR` finds it.
fn check_language(text: &str, span: Span, table: &TomlTable<'_>) -> Option<Arc<str>> {
    let is_tag = matches!(text.len(), 2 | 3) && text.bytes().all(|b| b.is_ascii_lowercase());
    if !is_tag {
        let help = "write two or three lower-case letters, such as `fr`".to_owned();
        table.sink().add(INVALID_VALUE, span, format!("`{text}` is not a language"), Some(help));
    }
    is_tag.then(|| text.into())
}

fn read_fallback(text: &str, node: TomlValue<'_>) -> Option<StrategyName> {
    let name = StrategyName::new(text);
    if name.is_none() {
        let help = "name a strategy that is granted nothing about a person".to_owned();
        node.finding(UNKNOWN_STRATEGY, format!("`{text}` is not a strategy name"), Some(help));
    }
    name
}

fn read_zone(node: TomlValue<'_>) -> Option<Zone> {
    let text = node.text()?;
    let zone = Zone::from_name(text).ok();
    if zone.is_none() {
        let help = "write a name of the IANA time zone database, such as `Europe/Paris`".to_owned();
        node.finding(INVALID_VALUE, format!("`{text}` is not a time zone"), Some(help));
    }
    zone
}

fn read_audit(root: &TomlTable<'_>) -> Option<AuditRule> {
    let node = root.get("audit")?;
    let table = node.table("[audit]")?;
    table.get("basis").and_then(|n| n.word("basis of an audit", &[("legitimate interests", ())]));
    let balance = table.text("balance");
    if balance.is_none() {
        let help = Some("write `balance = \"LIA-…\"`, the reference of the balancing test".to_owned());
        root.sink().add(
            MISSING_BALANCE,
            node.span,
            "`[audit]` rests on legitimate interests without `balance`",
            help,
        );
    }
    let record = [("every decision", true), ("refusals", false)];
    let every_decision =
        table.get("record").and_then(|n| n.word("choice of what is recorded", &record)).unwrap_or(true);
    table.get("person").and_then(|n| n.word("form of a person in the audit", &[("pseudonym", ())]));
    table.get("when_full").and_then(|n| n.word("choice for a full audit", &[("fallback", ())]));
    let keep = table.require("keep", "\"12 months\"").and_then(Age::read);
    let keep_proofs = table.get("keep_proofs").and_then(Age::read);
    table.end();
    Some(AuditRule { balance, every_decision, keep: keep?, keep_proofs })
}
