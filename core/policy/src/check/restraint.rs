//! `[restraint]`: what holds lists back from somebody. A limit that nothing counts would hold nobody back, and is an error.

use jardin_diagnostics::{
    TomlTable, TomlValue,
    codes::{INVALID_VALUE, NOT_ENFORCED_YET},
};
use jardin_model::{EventKind, FieldType, Namespace};

use super::Names;
use crate::{
    codes::RESTRAINT_CANNOT_ACT,
    rules::{Age, FieldId, RestAfterPurchase, RestraintRule, ShownAtMost},
};

/// The most times that a limit may name: beyond, it limits nothing.
const MOST_TIMES: i64 = 1_000;

pub(super) fn read_restraint(root: &TomlTable<'_>, names: &Names<'_>) -> RestraintRule {
    let Some(node) = root.get("restraint") else { return RestraintRule::default() };
    let Some(table) = node.table("[restraint]") else { return RestraintRule::default() };
    node.finding(NOT_ENFORCED_YET, "`[restraint]` is read and not enforced yet: it holds no list back", None);
    let rule = RestraintRule {
        shown_at_most: table.get("shown_at_most").and_then(|n| read_shown(n, names)),
        dismissed: table.get("dismissed").is_some_and(|n| read_dismissed(n, names)),
        personal_share_at_most: table.get("personal_share_at_most").and_then(|n| read_share(n, names)),
        after_purchase: table.get("after_purchase").and_then(|n| read_purchase(n, names)),
    };
    table.end();
    rule
}

fn read_shown(node: TomlValue<'_>, names: &Names<'_>) -> Option<ShownAtMost> {
    let table = node.table("shown_at_most")?;
    let times = table.require("times", "5").and_then(|n| n.integer(1, MOST_TIMES));
    let unless = table.get("unless");
    let unless_clicked = unless.and_then(|n| n.word("exception from a limit", &[("clicked", true)]));
    table.end();
    needs_history(names, node, EventKind::ViewItemList, &[Namespace::Session]);
    if let Some(unless) = unless.filter(|_| unless_clicked.is_some()) {
        needs_history(names, unless, EventKind::SelectItem, &[Namespace::Session]);
    }
    Some(ShownAtMost { times: u32::try_from(times?).ok()?, unless_clicked: unless_clicked.is_some() })
}

fn read_dismissed(node: TomlValue<'_>, names: &Names<'_>) -> bool {
    let holds_back = node.flag() == Some(true);
    if holds_back {
        needs_history(names, node, EventKind::Dismiss, &[Namespace::Session, Namespace::Subject]);
    }
    holds_back
}

fn read_share(node: TomlValue<'_>, names: &Names<'_>) -> Option<f64> {
    let share = node.number()?;
    let is_share = share > 0.0 && share < 1.0;
    if !is_share {
        let help = "write a share above 0 and below 1, such as `0.7`".to_owned();
        node.finding(INVALID_VALUE, "a share of 0 or of the whole is no limit", Some(help));
    }
    if !names.fields.iter().any(|field| field.path.namespace.is_personal()) {
        let help = "remove it: no field of a person or a visit is declared".to_owned();
        node.finding(RESTRAINT_CANNOT_ACT, "no list is chosen by data of a person", Some(help));
    }
    is_share.then_some(share)
}

fn read_purchase(node: TomlValue<'_>, names: &Names<'_>) -> Option<RestAfterPurchase> {
    let table = node.table("after_purchase")?;
    let rest = table.require("rest", "\"6 months\"").and_then(Age::read);
    let unless = table.get("unless").and_then(|n| read_flag_of_products(n, names));
    table.end();
    needs_history(names, node, EventKind::Purchase, &[Namespace::Subject]);
    Some(RestAfterPurchase { rest: rest?, unless })
}

fn read_flag_of_products(node: TomlValue<'_>, names: &Names<'_>) -> Option<FieldId> {
    let id = names.field(node.text()?, node.span)?;
    let is_flag =
        names.rule(id).is_some_and(|f| f.path.namespace == Namespace::Item && f.kind == FieldType::Flag);
    if !is_flag {
        let help = "name a flag of the catalogue, such as `item.consumable`".to_owned();
        node.finding(INVALID_VALUE, "it cannot except products", Some(help));
    }
    is_flag.then_some(id)
}

/// A limit counts what some history keeps.
fn needs_history(names: &Names<'_>, node: TomlValue<'_>, kind: EventKind, spaces: &[Namespace]) {
    let keeps = |space: &Namespace| {
        names.fields.iter().any(|field| field.path.namespace == *space && field.of.contains(&kind))
    };
    if !spaces.iter().any(keeps) {
        let places: Vec<String> = spaces.iter().map(|space| format!("`[fields.{}]`", space.word())).collect();
        let message = format!("it counts `{kind}`, which no field of {} keeps", places.join(" or "));
        let help = format!("declare a field with `of = [\"{kind}\"]`, or remove the limit");
        node.finding(RESTRAINT_CANNOT_ACT, message, Some(help));
    }
}
