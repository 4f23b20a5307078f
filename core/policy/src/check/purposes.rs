//! `[purposes.*]`.

use std::sync::Arc;

use jardin_diagnostics::{
    Code, TomlEntry, TomlTable, TomlValue,
    codes::{INVALID_VALUE, MISSING_KEY},
};

use super::Names;
use crate::{
    codes::{MISSING_BALANCE, MISSING_OBJECTION, SHARED_CONSENT, UNKNOWN_CONSENT},
    rules::{Basis, PurposeRule, StopSignal},
};

pub(super) fn read_purposes(root: &TomlTable<'_>, names: &Names<'_>) -> Vec<PurposeRule> {
    let Some(table) =
        root.require("purposes", "…, such as `[purposes.shop-window]`").and_then(|n| n.table("[purposes]"))
    else {
        return Vec::new();
    };
    let mut rules: Vec<PurposeRule> =
        table.entries().into_iter().map(|entry| read_purpose(&entry, names)).collect();
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    one_question_one_purpose(&rules, names);
    rules
}

/// A question that carries two purposes cannot be answered for one of them.
fn one_question_one_purpose(rules: &[PurposeRule], names: &Names<'_>) {
    for (number, consent) in names.consents.iter().enumerate() {
        // one that reads nothing and needs an answer is a finding already
        let rests_on = |rule: &&PurposeRule| rule.needs.contains(&number) && rule.basis != Basis::NothingRead;
        let mut carried: Vec<&PurposeRule> = rules.iter().filter(rests_on).collect();
        carried.sort_by_key(|rule| rule.span);
        let [first, second, ..] = carried.as_slice() else { continue };
        let message = format!("`{}` needs consent to `{consent}`, as `{}` does", second.name, first.name);
        let help = format!("declare a question of its own, such as `[consents.{}]`", second.name);
        names.sink.add(SHARED_CONSENT, second.span, message, Some(help));
    }
}

fn read_purpose(entry: &TomlEntry<'_>, names: &Names<'_>) -> PurposeRule {
    let name = format!("[purposes.{}]", entry.key);
    // a purpose that failed to parse still holds its place; the policy is refused anyway
    let mut rule = PurposeRule {
        name: entry.key.into(),
        says: crate::rules::Texts::default(),
        profiling: true,
        profiling_because: None,
        basis: Basis::Consent,
        interest: None,
        balance: None,
        needs: Vec::new(),
        device: None,
        stop_if: Vec::new(),
        span: entry.span,
    };
    let Some(table) = entry.node.table(name.clone()) else {
        return rule;
    };
    if let Some(node) = table.require("says", "{ en = \"…\" }") {
        rule.says = names.texts(node, "`says`");
    }
    rule.profiling = table.require("profiling", "true").and_then(|n| n.flag()).unwrap_or(true);
    rule.profiling_because = table.text("profiling_because");
    let bases = Basis::ALL.map(|b| (b.word(), b));
    rule.basis =
        table.require("basis", "\"consent\"").and_then(|n| n.word("basis", &bases)).unwrap_or(Basis::Consent);
    rule.interest = table.get("interest").map(|n| names.texts(n, "`interest`"));
    rule.balance = table.text("balance");
    rule.needs = table.get("needs").map(|n| read_needs(n, names)).unwrap_or_default();
    rule.device = table
        .get("device")
        .and_then(|n| n.word("use of the device", &[("nothing", "nothing"), ("consent", "consent")]))
        .map(Arc::from);
    let signals = [StopSignal::Objection, StopSignal::GlobalPrivacyControl].map(|s| (s.word(), s));
    let listed = table.get("stop_if").and_then(|n| n.list()).unwrap_or_default();
    rule.stop_if =
        listed.into_iter().filter_map(|n| n.word("signal that stops a purpose", &signals)).collect();
    let names_consents =
        table.get("needs").filter(TomlValue::is_list).and_then(|n| n.list()).is_some_and(|l| !l.is_empty());
    basis_is_whole(&rule, names_consents, names);
    table.end();
    rule
}

fn read_needs(node: TomlValue<'_>, names: &Names<'_>) -> Vec<usize> {
    let mut needs = Vec::new();
    for (text, span) in node.texts().unwrap_or_default() {
        match names.consents.iter().position(|c| **c == *text) {
            Some(number) => needs.push(number),
            None => names.sink.add_unknown(
                UNKNOWN_CONSENT,
                span,
                "consent",
                text,
                names.consents.iter().map(|c| &**c),
            ),
        }
    }
    needs
}

fn basis_is_whole(rule: &PurposeRule, names_consents: bool, names: &Names<'_>) {
    let name = &rule.name;
    let add =
        |code, message: String, help: &str| names.sink.add(code, rule.span, message, Some(help.to_owned()));
    match rule.basis {
        Basis::LegitimateInterests if rule.interest.is_none() || rule.balance.is_none() => add(
            MISSING_BALANCE,
            format!("purpose `{name}` rests on legitimate interests without `interest` and `balance`"),
            "tell the interest to people and name the balancing test: `interest = { … }`, `balance = \"LIA-…\"`",
        ),
        Basis::Consent if rule.needs.is_empty() && !names_consents => add(
            MISSING_KEY,
            format!("purpose `{name}` rests on consent and needs none"),
            "write `needs = [\"…\"]`, the consents that it needs",
        ),
        Basis::NothingRead => reads_nothing(rule, add),
        _ => {}
    }
    if rule.basis == Basis::LegitimateInterests && !rule.stop_if.contains(&StopSignal::Objection) {
        add(
            MISSING_OBJECTION,
            format!("purpose `{name}` rests on legitimate interests and goes on after an objection"),
            "write `stop_if = [\"objection\"]`",
        );
    }
    let device_needs_consent = rule.device.as_deref() == Some("consent");
    if device_needs_consent && rule.needs.is_empty() && rule.basis != Basis::NothingRead {
        add(
            MISSING_KEY,
            format!("purpose `{name}` reads the device by consent and needs none"),
            "write `needs = [\"…\"]`, or `device = \"nothing\"`",
        );
    }
    if rule.profiling && rule.profiling_because.is_some() {
        add(
            INVALID_VALUE,
            format!("purpose `{name}` profiles and says why it does not"),
            "remove `profiling_because`, or write `profiling = false`",
        );
    }
}

/// A purpose that reads nothing is refused to nobody: what would refuse it has no effect, and profiling
/// contradicts it.
fn reads_nothing(rule: &PurposeRule, add: impl Fn(Code, String, &str)) {
    let contradictions = [
        (!rule.needs.is_empty(), "needs a consent", "needs"),
        (!rule.stop_if.is_empty(), "stops for a signal", "stop_if"),
        (rule.profiling, "profiles", "profiling = true"),
        (rule.device.as_deref() == Some("consent"), "reads the device", "device"),
    ];
    for (_, what, key) in contradictions.iter().filter(|(applies, ..)| *applies) {
        add(
            INVALID_VALUE,
            format!("purpose `{}` reads nothing about a person and {what}", rule.name),
            &format!("remove `{key}`, or choose another basis"),
        );
    }
}
