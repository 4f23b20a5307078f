//! `jardin export`: a shop's catalogue and events as files.

use std::{collections::BTreeSet, path::PathBuf, process::ExitCode};

use jardin_contract::{FeedEvent, Store};
use jardin_engine::write_item;
use jardin_host::{StoreConfig, reach_store};
use jardin_model::{Item, ItemId};
use jardin_policy::Policy;
use serde_json::{Map, Value, json};

use crate::{print, serve::runtime, shop_arg::read_shop};

/// How many events are read at a time.
const EVENTS_PER_PAGE: usize = 10_000;

/// Write a shop's catalogue or events to the standard output
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin export my-shop --catalogue > items.jsonl\n\
                        Example: jardin export my-shop --events --csv > events.csv\n\
                        The lines of --catalogue can be imported again. In --events people and visits are numbers of this export.")]
pub(crate) struct ExportArgs {
    /// The shop folder
    folder: PathBuf,
    /// The items with all their fields, confidential ones among them
    #[arg(long, required_unless_present = "events", conflicts_with = "events")]
    catalogue: bool,
    /// The events, people and visits as numbers
    #[arg(long)]
    events: bool,
    /// As CSV in place of JSON Lines
    #[arg(long)]
    csv: bool,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(crate) fn run(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let content = read_shop(&args.folder)?;
    let data = content.data_path(args.data.as_deref());
    let store = reach_store(&content, StoreConfig::of_server(&data, &content.folder, &content.server))?;
    let runtime = runtime()?;
    if args.catalogue {
        let items = runtime.block_on(store.read_items())?;
        let mut items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
        items.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
        print_items(&items, &content.policy, args.csv);
    } else {
        runtime.block_on(print_events(&*store, args.csv))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_items(items: &[Item], policy: &Policy, csv: bool) {
    if !csv {
        items.iter().for_each(|item| print::line(&write_item(item, policy).to_string()));
        return;
    }
    let written: Vec<Value> = items.iter().map(|item| write_item(item, policy)).collect();
    let fields = |item: &Value| item.get("fields").and_then(Value::as_object).cloned().unwrap_or_default();
    let names: BTreeSet<String> =
        written.iter().flat_map(|item| fields(item).into_iter().map(|(name, _)| name)).collect();
    print::line(&write_row(std::iter::once("item_id").chain(names.iter().map(String::as_str))));
    for (item, written) in items.iter().zip(&written) {
        let fields = fields(written);
        let cells: Vec<String> =
            names.iter().map(|name| fields.get(name).map(write_cell).unwrap_or_default()).collect();
        print::line(&write_row(std::iter::once(item.id.as_str()).chain(cells.iter().map(String::as_str))));
    }
}

async fn print_events(store: &dyn Store, csv: bool) -> anyhow::Result<()> {
    let ids = store.item_ids();
    let item_of =
        |line: &jardin_model::HistoryLine| ids.id(line.item).map(ItemId::as_str).unwrap_or_default();
    if csv {
        print::line("type,occurred_at,session_id,subject_id,item_id,quantity");
    }
    let mut after = 0;
    loop {
        let events = store.read_feed(after, EVENTS_PER_PAGE).await?;
        let Some(last) = events.last() else { return Ok(()) };
        after = last.sequence;
        for event in &events {
            let lines = event.lines.iter().map(|line| (item_of(line), line.quantity));
            if csv {
                lines.for_each(|(item, quantity)| print::line(&write_event_row(event, item, quantity)));
            } else {
                print::line(&write_event(event, lines).to_string());
            }
        }
    }
}

fn visit_of(event: &FeedEvent) -> Option<String> {
    event.session.map(|visit| format!("visit-{}", visit.0))
}

fn person_of(event: &FeedEvent) -> Option<String> {
    event.subject.map(|person| format!("person-{}", person.0))
}

/// An event as it can be imported, under numbers in place of ids.
fn write_event<'a>(event: &FeedEvent, lines: impl Iterator<Item = (&'a str, u32)>) -> Value {
    let items: Vec<Value> =
        lines.map(|(item, quantity)| json!({ "item_id": item, "quantity": quantity })).collect();
    let mut written = Map::new();
    written.insert("event_id".to_owned(), format!("export-{}", event.sequence).into());
    written.insert("type".to_owned(), event.kind.word().into());
    written.insert("occurred_at".to_owned(), event.at.to_string().into());
    written.extend(visit_of(event).map(|visit| ("session_id".to_owned(), visit.into())));
    written.extend(person_of(event).map(|person| ("subject_id".to_owned(), person.into())));
    written.insert("items".to_owned(), items.into());
    Value::Object(written)
}

fn write_event_row(event: &FeedEvent, item: &str, quantity: u32) -> String {
    let (visit, person) = (visit_of(event).unwrap_or_default(), person_of(event).unwrap_or_default());
    let (at, quantity) = (event.at.to_string(), quantity.to_string());
    write_row([event.kind.word(), &at, &visit, &person, item, &quantity].into_iter())
}

/// Texts as they are, lists with `|` between.
fn write_cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(write_cell).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

/// A row of CSV (RFC 4180).
fn write_row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let quoted = |cell: &str| {
        if cell.contains(['"', ',', '\n', '\r']) || cell.trim() != cell {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    cells.map(quoted).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_would_be_taken_apart_stands_in_quotes() {
        assert_eq!(write_row(["a", "b,c", "24\" x", " d", ""].into_iter()), "a,\"b,c\",\"24\"\" x\",\" d\",");
        assert_eq!(write_cell(&json!(["a", "b"])), "a|b");
        assert_eq!(
            (write_cell(&json!("00123")), write_cell(&json!(true))),
            ("00123".to_owned(), "true".to_owned())
        );
    }
}
