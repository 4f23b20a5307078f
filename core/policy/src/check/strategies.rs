//! `[defaults]` and `[strategies.*]`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_diagnostics::{
    TomlEntry, TomlTable, TomlValue,
    codes::{INVALID_VALUE, MISSING_KEY},
    list_names,
};
use jardin_model::Namespace;

use super::{
    Names,
    forms::{self, Of},
    learning,
    reserved::is_reserved,
};
use crate::{
    codes::{
        ADVISORY_GRANTS, DUPLICATE_GRANT, NAME_COLLISION, RESERVED_NAME, UNKNOWN_STRATEGY, UNKNOWN_VENDOR,
    },
    rules::{
        FieldGrant, FieldId, FieldRule, Isolation, Limits, PeopleRule, StrategyKind, StrategyName,
        StrategyRule,
    },
};

const LIMITS: Limits = Limits { time_ms: 20, memory_mb: 64, results: 1000 };

pub(super) fn read_strategies(
    root: &TomlTable<'_>,
    names: &Names<'_>,
) -> BTreeMap<StrategyName, Arc<StrategyRule>> {
    let defaults = root.get("defaults").and_then(|n| n.table("[defaults]"));
    let limits_of_all =
        defaults.as_ref().and_then(|t| t.get("limits")).map_or(LIMITS, |n| read_limits(n, LIMITS));
    if let Some(table) = defaults {
        table.end();
    }
    let Some(table) = root
        .require("strategies", "…, such as `[strategies.popular-now]`")
        .and_then(|n| n.table("[strategies]"))
    else {
        return BTreeMap::new();
    };
    let entries = table.entries();
    let known: BTreeSet<&str> = entries.iter().map(|e| e.key).collect();
    let rules = entries.iter().filter_map(|entry| read_strategy(entry, names, limits_of_all, &known));
    rules.map(|rule| (rule.name.clone(), Arc::new(rule))).collect()
}

fn read_strategy(
    entry: &TomlEntry<'_>,
    names: &Names<'_>,
    limits_of_all: Limits,
    known: &BTreeSet<&str>,
) -> Option<StrategyRule> {
    let Some(name) = StrategyName::new(entry.key) else {
        let help = "a name has lower-case letters, digits and hyphens, a letter first".to_owned();
        names.sink.add(
            INVALID_VALUE,
            entry.span,
            format!("`{}` is not a strategy name", entry.key),
            Some(help),
        );
        return None;
    };
    let table = entry.node.table(format!("[strategies.{name}]"))?;
    let kind = read_kind(&table, entry, names);
    let purpose = table.require("purpose", "\"shop-window\"").and_then(|n| names.purpose(n));
    let (may_learn_from, people) = table
        .get("may_learn_from")
        .and_then(|n| n.table("`may_learn_from`"))
        .map_or((Vec::new(), PeopleRule::DEFAULT), |t| learning::read_learning(&t, names));
    let isolations = [("sandbox", Isolation::Sandbox), ("process", Isolation::Process)];
    let rule = StrategyRule {
        kind: kind.clone().unwrap_or_else(|| StrategyKind::Script(Arc::default())),
        pinned: table.flag("pinned").unwrap_or(matches!(kind, Some(StrategyKind::Plugin(_)))),
        isolation: table
            .get("isolation")
            .and_then(|n| n.word("isolation", &isolations))
            .unwrap_or(Isolation::Sandbox),
        vendor: table.get("vendor").and_then(|n| read_vendor(n, names)),
        purpose: purpose.unwrap_or(crate::rules::PurposeId(usize::MAX)),
        learning_purpose: table.get("learning_purpose").and_then(|n| names.purpose(n)),
        may_read: table
            .get("may_read")
            .and_then(|n| n.table("`may_read`"))
            .map(|t| may_read(&t, &name, names))
            .unwrap_or_default(),
        may_learn_from,
        people,
        may_ask: table.get("may_ask").map(|n| may_ask(n, names, known)).unwrap_or_default(),
        limits: table.get("limits").map_or(limits_of_all, |n| read_limits(n, limits_of_all)),
        span: entry.span,
        name,
    };
    if let Some(node) =
        table.get("pinned").filter(|_| !rule.pinned && matches!(rule.kind, StrategyKind::Plugin(_)))
    {
        let help = "remove `pinned`: a plugin is always pinned".to_owned();
        node.finding(INVALID_VALUE, "a plugin cannot go without a pin", Some(help));
    }
    if let Some(node) = table.get("isolation").filter(|_| matches!(kind, Some(StrategyKind::Script(_)))) {
        let help = "remove `isolation`: a script has no process of its own".to_owned();
        node.finding(INVALID_VALUE, "only a plugin is isolated", Some(help));
    }
    if let Some(node) = table
        .get("isolation")
        .filter(|_| rule.isolation == Isolation::Process && matches!(kind, Some(StrategyKind::Plugin(_))))
    {
        let help = "remove `isolation`: the sandbox is the default".to_owned();
        node.finding(ADVISORY_GRANTS, format!("`{}` runs outside the sandbox", rule.name), Some(help));
    }
    // where it is written and cannot be read, that is told
    let learns_from_nothing = rule.may_learn_from.is_empty() && table.get("may_learn_from").is_none();
    if let Some(node) = table.get("learning_purpose").filter(|_| learns_from_nothing) {
        let help = "remove `learning_purpose`, or say from what: `may_learn_from`".to_owned();
        node.finding(INVALID_VALUE, "this strategy learns from nothing", Some(help));
    }
    table.end();
    // a strategy that failed to parse is still known by name; the policy is refused anyway
    Some(rule)
}

fn read_kind(table: &TomlTable<'_>, entry: &TomlEntry<'_>, names: &Names<'_>) -> Option<StrategyKind> {
    let plugin = table.get("plugin").and_then(|n| Some((n, n.text()?)));
    let script = table.get("script").and_then(|n| Some((n, n.text()?)));
    let is_file_name = |text: &str| {
        text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)) && !text.is_empty()
    };
    match (plugin, script) {
        (Some((node, text)), None) => {
            if !is_file_name(text) {
                let help =
                    "write the name without folder, `lib` or ending: `plugin = \"popular\"`".to_owned();
                node.finding(INVALID_VALUE, "a plugin is named without folder or ending", Some(help));
            }
            Some(StrategyKind::Plugin(text.into()))
        }
        (None, Some((node, text))) => {
            let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
            let inside =
                text.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && plain(part));
            if !inside || !text.ends_with(".rhai") {
                let help = "write a file inside the scripts folder, such as `script = \"house_rules.rhai\"`"
                    .to_owned();
                node.finding(INVALID_VALUE, "a script is a .rhai file inside the scripts folder", Some(help));
            }
            Some(StrategyKind::Script(text.into()))
        }
        _ => {
            let help = "write either `plugin = \"…\"` or `script = \"….rhai\"`".to_owned();
            names.sink.add(
                MISSING_KEY,
                entry.span,
                format!("strategy `{}` is either a plugin or a script", entry.key),
                Some(help),
            );
            None
        }
    }
}

fn read_vendor(node: TomlValue<'_>, names: &Names<'_>) -> Option<Arc<str>> {
    let text = node.text()?;
    let found = names.vendors.iter().find(|v| ***v == *text).cloned();
    if found.is_none() {
        names.sink.add_unknown(UNKNOWN_VENDOR, node.span, "vendor", text, names.vendors.iter().map(|v| &**v));
    }
    found
}

fn may_ask(node: TomlValue<'_>, names: &Names<'_>, known: &BTreeSet<&str>) -> Vec<StrategyName> {
    let mut asked: Vec<StrategyName> = Vec::new();
    for (text, span) in node.texts().unwrap_or_default() {
        let Some(name) = StrategyName::new(text).filter(|_| known.contains(text)) else {
            names.sink.add_unknown(UNKNOWN_STRATEGY, span, "strategy", text, known.iter().copied());
            continue;
        };
        let in_script = name.in_script();
        if is_reserved(&in_script) {
            let help = "rename the strategy: its name cannot follow `sources.`".to_owned();
            names.sink.add(
                RESERVED_NAME,
                span,
                format!("`{in_script}` is a reserved word of scripts"),
                Some(help),
            );
        }
        if in_script == "catalogue" || asked.iter().any(|a| a.in_script() == in_script) {
            let help = "rename one of them: scripts write a hyphen as an underscore".to_owned();
            names.sink.add(
                NAME_COLLISION,
                span,
                format!("scripts would know two sources as `{in_script}`"),
                Some(help),
            );
        }
        asked.push(name);
    }
    asked
}

fn may_read(table: &TomlTable<'_>, strategy: &StrategyName, names: &Names<'_>) -> Vec<FieldGrant> {
    let mut grants: Vec<FieldGrant> = Vec::new();
    for entry in table.entries() {
        for field in named_fields(&entry, names) {
            let Some(rule) = names.rule(field) else { continue };
            if grants.iter().any(|g| g.field == field) {
                let help = "keep one of the two, the field or the group".to_owned();
                names.sink.add(
                    DUPLICATE_GRANT,
                    entry.span,
                    format!("`{}` is granted twice to `{strategy}`", rule.path),
                    Some(help),
                );
                continue;
            }
            if let Some(grant) = read_grant(&entry, field, names) {
                grants.push(grant);
            }
        }
    }
    grants.sort_by_key(|g| g.field);
    grants
}

/// The fields that an entry names, itself or by its group.
pub(super) fn named_fields(entry: &TomlEntry<'_>, names: &Names<'_>) -> Vec<FieldId> {
    if Namespace::from_word(entry.key).is_some() {
        let help = format!("put the name in quotes: `\"{}.…\" = \"exact\"`", entry.key);
        names.sink.add(INVALID_VALUE, entry.span, "a field's name stands in quotes here", Some(help));
        Vec::new()
    } else if entry.key.contains('.') {
        names.field(entry.key, entry.span).into_iter().collect()
    } else {
        names.group(entry.key, entry.span).map(<[FieldId]>::to_vec).unwrap_or_default()
    }
}

fn read_grant(entry: &TomlEntry<'_>, field: FieldId, names: &Names<'_>) -> Option<FieldGrant> {
    let rule = names.rule(field)?;
    if rule.path.namespace == Namespace::Event {
        let help = "grant the history that lists the event".to_owned();
        names.sink.add(
            INVALID_VALUE,
            entry.span,
            format!("`{}` stays with its event and is granted to nobody", rule.path),
            Some(help),
        );
        return None;
    }
    if !entry.node.is_table() {
        let transform = forms::of_word(entry.node, names)?;
        let fits = forms::fits(&transform, rule, entry.node, names);
        return fits.then_some(FieldGrant {
            field,
            transform,
            newest: None,
            because: None,
            may_hide: false,
            span: entry.span,
        });
    }
    let table = entry.node.table(format!("the grant of `{}`", entry.key))?;
    let transform = forms::of_table(&table, Of::Grant, rule, names);
    let newest = forms::newest(&table, rule);
    let because = table.text("because");
    let may_hide = read_may_hide(&table, rule);
    // of a form that is not understood, keys were left unread that may well be known
    if transform.is_some() {
        table.end();
    }
    Some(FieldGrant { field, transform: transform?, newest, because, may_hide, span: entry.span })
}

/// What a field of a person may do to a list; others are about nobody.
fn read_may_hide(table: &TomlTable<'_>, field: &FieldRule) -> bool {
    let Some(node) = table.get("may") else { return false };
    let words = [("order", false), ("order and hide", true)];
    let may_hide = node.word("what a field of a person may do to a list", &words);
    if !field.path.namespace.is_personal() {
        let message = format!("`{}` is about nobody, and may order and hide", field.path);
        node.finding(INVALID_VALUE, message, Some("remove `may`".to_owned()));
    }
    may_hide == Some(true)
}

fn read_limits(node: TomlValue<'_>, otherwise: Limits) -> Limits {
    let Some(table) = node.table("limits") else {
        return otherwise;
    };
    let figure = |key, most, otherwise| {
        table
            .get(key)
            .and_then(|n| n.integer(1, most))
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(otherwise)
    };
    let limits = Limits {
        time_ms: figure("time_ms", 10_000, otherwise.time_ms),
        memory_mb: figure("memory_mb", 1 << 20, otherwise.memory_mb),
        results: figure("results", 1000, otherwise.results),
    };
    table.end();
    limits
}

/// Names for messages.
pub(super) fn in_words(names: &[StrategyName]) -> String {
    list_names(&names.iter().map(StrategyName::as_str).collect::<Vec<_>>())
}
