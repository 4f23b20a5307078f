//! What a trial shows: for people and for programs.

use std::time::Duration;

use jardin_host::{
    counted,
    trial::{ItemsFrom, Move, MovedItem, TriedVersion, page_rules},
};
use serde_json::json;

use super::Trial;

/// So many dropped items are shown.
const DROPPED: usize = 10;

const fn shown_source(from: ItemsFrom) -> &'static str {
    match from {
        ItemsFrom::Store => "the shop's store",
        ItemsFrom::File => "items.jsonl; strategies that learn have learned nothing",
    }
}

/// A head, a table of the page, and what was dropped.
pub(super) fn human(trial: &Trial, live: &TriedVersion, draft: Option<&TriedVersion>, all: bool) -> String {
    let mut lines = vec![
        format!(
            "{} ({}) at `{}`, {}; items of {}",
            trial.strategy,
            trial.file,
            trial.placement,
            trial.at,
            shown_source(trial.from)
        ),
        format!("reads {}", trial.reads.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    ];
    lines.push(sum(if draft.is_some() { "live: " } else { "" }, trial, live));
    let shown = draft.unwrap_or(live);
    if let Some(draft) = draft {
        lines.push(sum("draft: ", trial, draft));
    }
    lines.extend(
        page_rules(&shown.seen).into_iter().map(|(by, rules)| format!("{by} arranges {}", rules.join(", "))),
    );
    lines.push(String::new());
    match draft {
        Some(draft) => lines.extend(both(trial, live, draft)),
        None => lines.extend(one(trial, live)),
    }
    let dropped: Vec<&MovedItem> = shown.items.iter().filter(|i| i.is_dropped()).collect();
    if !dropped.is_empty() {
        lines.push(String::new());
        lines.push("dropped:".to_owned());
        let most = if all { usize::MAX } else { DROPPED };
        lines.extend(dropped.iter().take(most).map(|i| row("", &place(i.was), i, &why(trial, i))));
        if dropped.len() > most {
            lines.push(format!("  and {} more; --all shows them", dropped.len() - most));
        }
    }
    if all {
        lines.push(String::new());
        lines.push("not on the page:".to_owned());
        let rest = shown.items.iter().filter(|i| i.dropped.is_none() && i.rank.is_none());
        lines.extend(rest.map(|i| row("", &place(i.was), i, &why(trial, i))));
    }
    lines.join("\n")
}

/// `297 candidates, 41 dropped, 24 on the page; the script took 1.2 ms, the answer 3.4 ms`.
fn sum(which: &str, trial: &Trial, version: &TriedVersion) -> String {
    let work = &version.work;
    let mut sum = which.to_owned();
    if work.runs == 0 {
        let tried = version.seen.answer.strategies.iter().find(|t| t.name == trial.strategy);
        let why = tried.map_or_else(
            || "nothing asked it; it does not stand at this placement, or the lists before it filled the page".to_owned(),
            |t| format!("{}{}", t.status.word(), t.why.map(|w| format!(": {w}")).unwrap_or_default()),
        );
        sum += &format!("`{}` did not run ({why}); what is shown comes from the others", trial.strategy);
        return sum;
    }
    if let Some(failure) = &work.failure {
        sum += &format!("`{}` gave nothing: {failure}; ", trial.strategy);
    }
    let dropped = version.items.iter().filter(|i| i.is_dropped()).count();
    if work.runs > 1 {
        sum += &format!("asked {} times; ", work.runs);
    }
    sum += &format!(
        "{}, {dropped} dropped, {} on the page; the script took {}, the answer {}",
        counted(work.candidates, "candidate"),
        version.seen.answer.items.len(),
        ms(work.took),
        ms(version.seen.took)
    );
    if work.failed_items > 0 {
        let why = version.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        let items = counted(work.failed_items, "item");
        sum += &format!("; {items} left out because the rule failed{why}");
    }
    sum
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn one(trial: &Trial, version: &TriedVersion) -> Vec<String> {
    let head = format!("{:>4}  {:>4}  {:<12}  why", "page", "was", "item");
    let page = version.items.iter().filter(|i| i.rank.is_some());
    std::iter::once(head).chain(page.map(|i| row(&place(i.rank), &place(i.was), i, &why(trial, i)))).collect()
}

/// The draft's page, then what is on the live page only.
fn both(trial: &Trial, live: &TriedVersion, draft: &TriedVersion) -> Vec<String> {
    let rank = |version: &TriedVersion, item: &MovedItem| {
        version.items.iter().find(|i| i.item == item.item).and_then(|i| i.rank)
    };
    let mut lines = vec![format!("{:>4}  {:>5}  {:<12}  why, by the draft", "live", "draft", "item")];
    let on_draft = draft.items.iter().filter(|i| i.rank.is_some());
    let gone = live.items.iter().filter(|i| i.rank.is_some() && rank(draft, i).is_none());
    for item in on_draft.chain(gone) {
        let by_draft = draft.items.iter().find(|i| i.item == item.item).unwrap_or(item);
        lines.push(format!(
            "{:>4}  {:>5}  {:<12}  {}",
            place(rank(live, item)),
            place(rank(draft, item)),
            item.item.as_str(),
            why(trial, by_draft)
        ));
    }
    lines
}

fn place(place: Option<usize>) -> String {
    place.map_or_else(|| "-".to_owned(), |p| p.to_string())
}

fn row(rank: &str, was: &str, item: &MovedItem, why: &str) -> String {
    format!("{rank:>4}  {was:>4}  {:<12}  {why}", item.item.as_str()).trim_end().to_owned()
}

/// `x1.4 companion category, house-rules x0.8 last pieces; says goes_with`.
fn why(trial: &Trial, item: &MovedItem) -> String {
    let by = |m: &Move| {
        if m.by == trial.strategy { String::new() } else { format!("{}: ", m.by) }
    };
    let factor = |m: &Move| m.factor.map(|f| format!("x{f} ")).unwrap_or_default();
    let moves = item.moves.iter().map(|m| format!("{}{}{}", by(m), factor(m), m.note).trim_end().to_owned());
    let mut parts = moves.collect::<Vec<_>>();
    // a rule of a later list may have meant an item that stood on the page before
    if let Some(dropped) = item.dropped.as_ref().filter(|_| item.rank.is_none()) {
        let note = if dropped.note.is_empty() { String::new() } else { format!(", {}", dropped.note) };
        parts.push(format!("{}dropped{note}", by(dropped)));
    }
    if let Some(given) = item.given_by.as_ref().filter(|g| **g != trial.strategy) {
        parts.push(format!("given by {given}"));
    }
    if item.rank.is_some() && item.given_by.is_none() {
        parts.push("a paid place".to_owned());
    }
    parts.extend(item.says.as_ref().map(|code| format!("says {code}")));
    parts.join("; ")
}

/// `{strategy, file, placement, at, items, reads, live, draft}`; each version `{runs, failure, candidates,
/// failed_items, took_ms, answer_ms, strategies, page, dropped}`.
pub(super) fn json(trial: &Trial, live: &TriedVersion, draft: Option<&TriedVersion>) -> String {
    let all = |_: &_| false;
    let shown = json!({
        "strategy": trial.strategy.as_str(),
        "file": &*trial.file,
        "placement": trial.placement,
        "at": trial.at.to_string(),
        "items": shown_source(trial.from),
        "reads": trial.reads.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "live": live.to_json(&all),
        "draft": draft.map(|draft| draft.to_json(&all)),
    });
    format!("{shown:#}")
}
