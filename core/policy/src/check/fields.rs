//! `[fields.*]`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_diagnostics::{Span, TomlEntry, TomlTable, codes::INVALID_VALUE};
use jardin_model::{ColumnKind, ColumnSpec, EventKind, FieldPath, FieldType, Namespace};

use super::{
    Names, derived,
    reserved::{is_name, is_reserved},
};
use crate::{
    codes::{NEVER_DECLARED, RESERVED_NAME, SPECIAL_CLASS},
    rules::{Age, Class, FieldId, FieldRule, Keep},
};

/// How many events of a history are read where `at_most` is not written.
const EVENTS_READ: usize = 500;

/// Reads every declaration: plain fields first, so that derived ones find what they are made of.
pub(super) fn read_fields<'a>(root: &TomlTable<'a>, names: &mut Names<'a>) {
    let Some(fields) = root.require("fields", "…, such as `[fields.item]`").and_then(|n| n.table("[fields]"))
    else {
        return;
    };
    let never = super::never::fields(root);
    let mut made = Vec::new();
    let mut counted = Vec::new();
    for (key, namespace) in [
        ("subject", Namespace::Subject),
        ("session", Namespace::Session),
        ("context", Namespace::Context),
        ("item", Namespace::Item),
        ("event", Namespace::Event),
    ] {
        let Some(table) = fields.get(key).and_then(|n| n.table(format!("[fields.{key}]"))) else {
            continue;
        };
        for entry in table.entries() {
            let path = FieldPath::new(namespace, entry.key);
            // until it is declared
            names.unread.insert(path.clone());
            if !may_be_declared(&path, &entry, &never, names) {
                continue;
            }
            let Some(table) = entry.node.table(format!("field `{path}`")) else {
                continue;
            };
            if table.get("from").is_some_and(|n| n.if_text() != Some("clock")) {
                made.push((path, entry.span, table));
            } else if let Some(rule) = read_plain_field(path, entry.span, &table, names) {
                if table.get("derived_from").is_some() {
                    counted.push((FieldId(names.fields.len()), table));
                } else {
                    table.end();
                }
                declare(names, rule);
            }
        }
    }
    fields.end();
    for (id, table) in counted {
        let rule = derived::popularity(&table, id, names);
        if let Some(field) = names.fields.get_mut(id.0) {
            field.popularity = rule;
        }
        table.end();
    }
    for (path, span, table) in made {
        // of one that cannot be made, keys were left unread that may well be known
        if let Some(rule) = derived::made_of(path, span, &table, names) {
            declare(names, rule);
            table.end();
        }
    }
}

fn declare(names: &mut Names<'_>, rule: FieldRule) {
    names.unread.remove(&rule.path);
    names.by_path.insert(rule.path.clone(), FieldId(names.fields.len()));
    names.fields.push(rule);
}

fn may_be_declared(
    path: &FieldPath,
    entry: &TomlEntry<'_>,
    never: &BTreeSet<FieldPath>,
    names: &Names<'_>,
) -> bool {
    let (code, message, help) = if !is_name(entry.key) {
        (
            INVALID_VALUE,
            format!("`{}` is not a field name", entry.key),
            "a name has lower-case letters, digits and `_`, a letter first",
        )
    } else if is_reserved(entry.key) {
        (
            RESERVED_NAME,
            format!("`{}` is a reserved word of scripts", entry.key),
            "choose another name, such as one with a suffix",
        )
    } else if never.contains(path) {
        (NEVER_DECLARED, format!("`{path}` stands under [never] and is declared"), "remove this declaration")
    } else {
        return true;
    };
    names.sink.add(code, entry.span, message, Some(help.to_owned()));
    false
}

fn read_plain_field(
    path: FieldPath,
    span: Span,
    table: &TomlTable<'_>,
    names: &Names<'_>,
) -> Option<FieldRule> {
    let types: Vec<(&str, FieldType)> = FieldType::ALL.iter().map(|t| (t.word(), *t)).collect();
    let kind = table.require("type", "\"text\"").and_then(|n| n.word("type", &types));
    let class = read_class(&path, table);
    let keep = read_keep(&path, table);
    let of = read_event_kinds(table, kind, names);
    let at_most = table
        .get("at_most")
        .and_then(|n| n.integer(1, 10_000))
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(EVENTS_READ);
    let choices = table
        .get("choices")
        .and_then(|n| n.texts())
        .unwrap_or_default()
        .into_iter()
        .map(|(t, _)| Arc::from(t))
        .collect();
    let rule = FieldRule {
        class: class?,
        kind: kind?,
        keep: keep?,
        of: of?,
        at_most,
        choices,
        always: table.flag("always").unwrap_or(false),
        from_clock: table.get("from").is_some(),
        source: table
            .get("source")
            .and_then(|n| n.word("source", &[("given", "given"), ("observed", "observed"), ("shop", "shop")]))
            .map(Arc::from),
        category: table.text("category"),
        derived: None,
        popularity: None,
        span,
        path,
    };
    fits_its_place(&rule, table, names).then_some(rule)
}

fn read_class(path: &FieldPath, table: &TomlTable<'_>) -> Option<Class> {
    let node =
        table.require("class", if path.namespace.is_personal() { "\"personal\"" } else { "\"none\"" })?;
    if node.if_text() == Some("special") {
        let help = "remove the field; what GDPR Art. 9 protects has no place in recommendations".to_owned();
        node.finding(
            SPECIAL_CLASS,
            format!("`{path}` is of class special, which cannot be declared"),
            Some(help),
        );
        return None;
    }
    let classes: &[(&str, Class)] = match path.namespace {
        Namespace::Subject | Namespace::Session | Namespace::Event => {
            &[("personal", Class::Personal), ("highly personal", Class::HighlyPersonal)]
        }
        Namespace::Context => &[("none", Class::None)],
        Namespace::Item => &[("none", Class::None), ("confidential", Class::Confidential)],
    };
    node.word(&format!("class of a field of `{}`", path.namespace.word()), classes)
}

fn read_keep(path: &FieldPath, table: &TomlTable<'_>) -> Option<Keep> {
    match path.namespace {
        Namespace::Context | Namespace::Item | Namespace::Event => {
            if let Some(node) = table.get("keep") {
                let message = format!(
                    "a field of `{}` is not kept for a span of time of its own",
                    path.namespace.word()
                );
                node.finding(INVALID_VALUE, message, Some("remove `keep`".to_owned()));
            }
            Some(Keep::NotKept)
        }
        Namespace::Subject | Namespace::Session => {
            let node = table.require("keep", "\"90 days\"")?;
            match node.if_text() {
                Some("account") if path.namespace == Namespace::Subject => Some(Keep::Account),
                Some("session") if path.namespace == Namespace::Session => Some(Keep::Session),
                _ => Age::read(node).map(Keep::For),
            }
        }
    }
}

fn read_event_kinds(
    table: &TomlTable<'_>,
    kind: Option<FieldType>,
    names: &Names<'_>,
) -> Option<Vec<EventKind>> {
    let node = match (kind, table.get("of")) {
        (Some(FieldType::Events), None) => {
            let _ = table.require("of", "[\"purchase\"]");
            return None;
        }
        (Some(FieldType::Events), Some(node)) => node,
        (_, None) => return Some(Vec::new()),
        (_, Some(node)) => {
            node.finding(
                INVALID_VALUE,
                "only a field of type events has `of`",
                Some("remove `of`".to_owned()),
            );
            return None;
        }
    };
    let mut kinds = Vec::new();
    for (text, span) in node.texts()? {
        match EventKind::from_word(text) {
            Some(kind) => kinds.push(kind),
            None => names.sink.add_unknown(
                INVALID_VALUE,
                span,
                "type of event",
                text,
                EventKind::ALL.iter().map(|k| k.word()),
            ),
        }
    }
    (!kinds.is_empty()).then_some(kinds)
}

/// What only some namespaces and types may say.
fn fits_its_place(rule: &FieldRule, table: &TomlTable<'_>, names: &Names<'_>) -> bool {
    let namespace = rule.path.namespace;
    let refuse = |key: &'static str, message: String, help: &str| {
        let span = table.get(key).map_or(rule.span, |n| n.span);
        names.sink.add(INVALID_VALUE, span, message, Some(help.to_owned()));
        false
    };
    if namespace == Namespace::Item && ColumnKind::of(rule.kind).is_none() {
        return refuse(
            "type",
            format!("a product cannot hold a field of type {}", rule.kind),
            "name other products by a field of type texts",
        );
    }
    if rule.kind == FieldType::Events && !matches!(namespace, Namespace::Subject | Namespace::Session) {
        return refuse(
            "type",
            "only a subject or a session has events".to_owned(),
            "declare it under [fields.subject] or [fields.session]",
        );
    }
    if rule.kind == FieldType::Choice && rule.choices.is_empty() {
        return refuse("type", "a choice needs `choices`".to_owned(), "write `choices = [\"…\", \"…\"]`");
    }
    if rule.kind != FieldType::Choice && !rule.choices.is_empty() {
        return refuse(
            "choices",
            "only a choice has `choices`".to_owned(),
            "remove `choices`, or write `type = \"choice\"`",
        );
    }
    if rule.kind != FieldType::Events && table.get("at_most").is_some() {
        return refuse("at_most", "only a history has `at_most`".to_owned(), "remove `at_most`");
    }
    if namespace == Namespace::Session && rule.kind != FieldType::Events && rule.keep != Keep::Session {
        return refuse("keep", "only a history outlives its visit".to_owned(), "write `keep = \"session\"`");
    }
    if namespace == Namespace::Subject && &*rule.path.name == "id" && rule.kind != FieldType::Id {
        return refuse("type", "`subject.id` is the person's id".to_owned(), "write `type = \"id\"`");
    }
    if rule.always && namespace != Namespace::Item {
        return refuse("always", "only a product's field is `always` there".to_owned(), "remove `always`");
    }
    if rule.from_clock {
        let named = matches!(
            (rule.kind, &*rule.path.name),
            (FieldType::Number, "hour" | "weekday") | (FieldType::Date, _)
        );
        if namespace != Namespace::Context || !named {
            let help = "declare `hour` or `weekday` as number, or a date, under [fields.context]";
            return refuse("from", "the host's clock cannot fill this field".to_owned(), help);
        }
    }
    true
}

/// Where each field stands, by namespace and name.
pub(super) fn fields_by_name(
    by_path: &BTreeMap<FieldPath, FieldId>,
) -> BTreeMap<Namespace, BTreeMap<Arc<str>, FieldId>> {
    let mut by_name: BTreeMap<Namespace, BTreeMap<Arc<str>, FieldId>> = BTreeMap::new();
    for (path, id) in by_path {
        by_name.entry(path.namespace).or_default().insert(Arc::clone(&path.name), *id);
    }
    by_name
}

/// The column of an item field.
pub(super) fn column(rule: &FieldRule) -> Option<ColumnSpec> {
    ColumnKind::of(rule.kind).map(|kind| ColumnSpec { name: Arc::clone(&rule.path.name), kind })
}
