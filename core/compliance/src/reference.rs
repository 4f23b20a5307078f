//! The page of the policy language, key by key, printed from its schema: what an editor completes and what a page
//! says is one thing.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::schema::write_schema;

const HEAD: &str = "# The policy, key by key\n\nEvery key of `policy.toml`, printed from the schema of the language (`jardin policy schema`); a test holds this page to it.\n\
                    [policy.md](policy.md) says what they are for. `NAME` is a name that you choose. A key that does not stand here is an error.\n";

/// `docs/policy-reference.md`: a table of keys for each table of a policy.
#[must_use]
pub fn reference_page() -> String {
    let mut page = HEAD.to_owned();
    if let Ok(schema) = serde_json::from_str::<Value>(&write_schema()) {
        write_table("", &schema, &mut page);
    }
    page
}

/// A table of keys, then those that stand within it.
fn write_table(path: &str, schema: &Value, page: &mut String) {
    let Some(keys) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let title = if path.is_empty() { "The file".to_owned() } else { format!("`[{path}]`") };
    let _ = write!(page, "\n## {title}\n\n| key | what stands there | needed |\n|---|---|---|\n");
    for (key, of) in keys {
        let says = of.get("description").and_then(Value::as_str).map(|says| format!(": {says}"));
        let is_needed = listed(schema, "required").any(|needed| needed == key);
        let kind = kind_of(of);
        let says = says.filter(|says| !kind.ends_with(says.trim_start_matches(": "))).unwrap_or_default();
        let _ = writeln!(page, "| `{key}` | {kind}{says} | {} |", if is_needed { "yes" } else { "" });
    }
    for (key, of) in keys {
        let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        write_inner(&inner, of, page);
    }
}

/// The tables that a value holds.
fn write_inner(path: &str, of: &Value, page: &mut String) {
    write_table(path, of, page);
    if let Some(named) = of.get("additionalProperties").filter(|named| named.is_object()) {
        write_inner(&format!("{path}.NAME"), named, page);
    }
    if let Some(items) = of.get("items").filter(|items| items.get("properties").is_some()) {
        write_table(&format!("[{path}]"), items, page);
    }
    let entries = of.get("items").and_then(|items| items.get("anyOf")).and_then(Value::as_array);
    for way in entries.into_iter().flatten() {
        write_table(&format!("{path}: an entry"), way, page);
    }
    for way in of.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        write_table(path, way, page);
    }
}

/// What a value may be, in words.
fn kind_of(of: &Value) -> String {
    if let Some(ways) = of.get("anyOf").and_then(Value::as_array) {
        return ways.iter().map(kind_of).collect::<Vec<_>>().join(", or ");
    }
    if let Some(only) = of.get("const") {
        return format!("`{only}`");
    }
    if of.get("enum").is_some() {
        return listed(of, "enum").map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", ");
    }
    match of.get("type") {
        Some(Value::String(kind)) => kind_of_type(kind, of),
        Some(Value::Array(kinds)) => {
            let all = kinds.iter().filter_map(Value::as_str).map(|kind| kind_of_type(kind, of));
            all.collect::<Vec<_>>().join(", or ")
        }
        _ => of.get("description").and_then(Value::as_str).unwrap_or("a value").to_owned(),
    }
}

fn kind_of_type(kind: &str, of: &Value) -> String {
    match kind {
        "string" if pattern(of).contains("second") => "a span of time such as `\"30 days\"`".to_owned(),
        "string" if pattern(of).starts_with("^[0-9]{4}-") => "a text such as `\"2026-11-20.1\"`".to_owned(),
        "string" => "a text".to_owned(),
        "boolean" => "`true` or `false`".to_owned(),
        "integer" => format!("a whole number{}", bounds_of(of)),
        "number" => "a number".to_owned(),
        "array" => match of.get("items") {
            Some(items) if items.get("properties").is_some() => "tables, written `[[…]]`".to_owned(),
            Some(items) if items.get("enum").is_some() => format!("a list of {}", kind_of(items)),
            Some(items) => format!("a list in which each entry is {}{}", kind_of(items), least_of(of)),
            None => "a list".to_owned(),
        },
        _ => kind_of_object(of),
    }
}

fn kind_of_object(of: &Value) -> String {
    match of.get("additionalProperties") {
        Some(named)
            if named.is_object() && named.get("properties").is_none() && named.get("anyOf").is_none() =>
        {
            format!("a table in which each name has {}", kind_of(named))
        }
        Some(named) if named.is_object() => {
            let ways = named.get("anyOf").and_then(Value::as_array).into_iter().flatten();
            let words = ways.map(kind_of).find(|kind| kind.starts_with('`'));
            let each = words.map(|words| format!("{words}, or a table ")).unwrap_or_default();
            format!("a table of names, each {each}as below")
        }
        _ if of.get("properties").is_some_and(|keys| !keys.as_object().is_none_or(Map::is_empty)) => {
            "a table, as below".to_owned()
        }
        _ => "a table".to_owned(),
    }
}

fn least_of(of: &Value) -> &'static str {
    if of.get("minItems").is_some() { ", one at least" } else { "" }
}

fn bounds_of(of: &Value) -> String {
    match (of.get("minimum"), of.get("maximum")) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" from {least}"),
        _ => String::new(),
    }
}

fn pattern(of: &Value) -> &str {
    of.get("pattern").and_then(Value::as_str).unwrap_or_default()
}

fn listed<'v>(of: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    of.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
