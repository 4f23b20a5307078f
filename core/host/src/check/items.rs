//! Whether the items of a shop folder would be taken, as any door would say.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

use jardin_diagnostics::{Code, Finding, Report, Span, did_you_mean, list_names};
use jardin_engine::{Config, DroppedFields, JudgedItem, RefusedEntry, judge_item};
use jardin_import::{JSON_LIST, is_json_list, read_row};
use jardin_model::{FieldType, Item, Namespace, Value as FieldValue};
use jardin_policy::{
    Policy,
    rules::{Class, FieldId, ListedValues},
};
use serde_json::Value;

use super::{CheckedShop, shares::FieldShares};
use crate::{
    HostError, ShopFolder, SourceText,
    codes::{ITEM_DOUBTFUL, ITEM_REFUSED, ITEM_SHORTENED, NEVER_UNMATCHED},
    show_read_value,
};

/// How many findings of a kind are shown; all are counted.
const MAX_FINDINGS: usize = 20;

/// Judges every item of the folder's file. A folder without one is not checked for items, unless jardin.toml names it.
pub(super) fn check_items(
    checked: &mut CheckedShop,
    folder: &ShopFolder,
    policy: &Policy,
    config: &Config,
) -> Result<(), HostError> {
    let path = folder.items_path();
    if config.files.items.is_none() && !path.exists() {
        return Ok(());
    }
    let source = folder.read_text(&path)?;
    let mut items = CheckedItems::new(&source, policy, config);
    items.judge_lines();
    let (misspelt, absent) = items.unmatched_never();
    checked.add_report(items.into_report());
    checked.add_findings_of_policy(misspelt, policy);
    checked.notes.extend(absent);
    Ok(())
}

/// What was found in a file of items.
struct CheckedItems<'a> {
    source: &'a SourceText,
    policy: &'a Policy,
    config: &'a Config,
    /// The lines concerned, shortened to what is shown of them; the others are empty.
    shown: String,
    shown_lines: usize,
    findings: Vec<Finding>,
    /// How many findings of a kind there are beside those that are shown.
    more: BTreeMap<Code, usize>,
    /// For each field of `[never]` and `[discreet]` the values that products have.
    values: BTreeMap<FieldId, BTreeSet<Arc<str>>>,
    undeclared: BTreeMap<Arc<str>, usize>,
    first_lines: BTreeMap<String, usize>,
    shares: FieldShares,
}

impl<'a> CheckedItems<'a> {
    fn new(source: &'a SourceText, policy: &'a Policy, config: &'a Config) -> Self {
        Self {
            source,
            policy,
            config,
            shown: String::new(),
            shown_lines: 0,
            findings: Vec::new(),
            more: BTreeMap::new(),
            values: BTreeMap::new(),
            undeclared: BTreeMap::new(),
            first_lines: BTreeMap::new(),
            shares: FieldShares::default(),
        }
    }

    fn judge_lines(&mut self) {
        let text = self.source.text.strip_prefix('\u{feff}').unwrap_or(&self.source.text);
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
        if let Some((index, _)) = lines.peek().filter(|(_, first)| is_json_list(first.as_bytes())) {
            self.add(ITEM_REFUSED, *index, JSON_LIST.to_owned(), None, "[");
            return;
        }
        for (index, line) in lines {
            match read_row(line.trim().as_bytes()) {
                Ok(row) => self.judge_row(index, &Value::Object(row)),
                Err(what) => self.add(ITEM_REFUSED, index, what.into_owned(), None, "…"),
            }
        }
    }

    fn judge_row(&mut self, index: usize, row: &Value) {
        match judge_item(row, index, self.policy, self.config) {
            JudgedItem::Taken(item, dropped) => {
                dropped.iter().for_each(|dropped| self.note_dropped(index, dropped, row));
                self.note_repeat(index, &item);
                self.note_other_ids(index, &item);
                self.note_values(&item);
                self.shares.add_item(index, &item);
            }
            JudgedItem::Refused(RefusedEntry { detail, names, .. }) => {
                let shown = self.show_row(row, &names);
                self.add(ITEM_REFUSED, index, detail, None, &shown);
            }
        }
    }

    fn note_dropped(&mut self, index: usize, dropped: &DroppedFields, row: &Value) {
        if dropped.rule == "undeclared" {
            dropped.fields.iter().for_each(|name| *self.undeclared.entry(Arc::clone(name)).or_default() += 1);
            return;
        }
        let message = format!("{}; it is left out", dropped.details.join("; "));
        let shown = self.show_row(row, &dropped.fields);
        self.add(ITEM_SHORTENED, index, message, None, &shown);
    }

    fn note_repeat(&mut self, index: usize, item: &Item) {
        let first = *self.first_lines.entry(item.id.as_str().to_owned()).or_insert(index);
        if first != index {
            let message =
                format!("`{}` stands on line {} as well; the last line counts", item.id.as_str(), first + 1);
            self.add(ITEM_SHORTENED, index, message, Some("remove one of them"), item.id.as_str());
        }
    }

    /// A field that holds the product's own id and says another: lists, events and rules would speak of two products.
    fn note_other_ids(&mut self, index: usize, item: &Item) {
        let rules = self.policy.rules();
        let ids =
            rules.fields.iter().filter(|f| f.path.namespace == Namespace::Item && f.kind == FieldType::Id);
        let other = |name: &&Arc<str>| match item.fields.get(&***name) {
            Some(FieldValue::Text(text)) => **text != *item.id.as_str(),
            _ => false,
        };
        if let Some(name) = ids.map(|field| &field.path.name).find(other) {
            let message = format!("`{name}` says another product than `item_id`");
            let help = format!("leave `{name}` out: it is filled from `item_id`");
            self.add(ITEM_DOUBTFUL, index, message, Some(&help), item.id.as_str());
        }
    }

    fn note_values(&mut self, item: &Item) {
        let rules = self.policy.rules();
        for (id, _) in rules.never.items.iter().chain(rules.discreet.iter()) {
            let Some(field) = rules.field(*id) else { continue };
            let seen = self.values.entry(*id).or_default();
            match item.fields.get(&field.path.name) {
                Some(FieldValue::Text(text)) if !seen.contains(text) => drop(seen.insert(Arc::clone(text))),
                Some(FieldValue::Texts(texts)) => seen.extend(texts.iter().cloned()),
                _ => {}
            }
        }
    }

    /// What is shown of a row: its id and the fields concerned.
    fn show_row(&self, row: &Value, names: &[Arc<str>]) -> String {
        let id = row.get("item_id").and_then(Value::as_str).unwrap_or("(no id)");
        let mut shown = crate::escape_controls(id);
        for name in names {
            let declared = self.policy.rules().declared(Namespace::Item, name);
            let class = declared.map_or(Class::None, |field| field.class);
            if let Some(value) = row.get("fields").and_then(|fields| fields.get(&**name)) {
                let _ = write!(shown, "  {name}: {}", show_read_value(value, class));
            }
        }
        shown
    }

    fn add(&mut self, code: Code, index: usize, message: String, help: Option<&str>, shown: &str) {
        if self.findings.iter().filter(|finding| finding.code == code).count() >= MAX_FINDINGS {
            *self.more.entry(code).or_default() += 1;
            return;
        }
        while self.shown_lines < index {
            self.shown.push('\n');
            self.shown_lines += 1;
        }
        let start = self.shown.len();
        self.shown.push_str(shown);
        let span = Span { start, end: self.shown.len() };
        self.findings.push(Finding { code, span, message, help: help.map(str::to_owned) });
    }

    /// The values of `[never]` and `[discreet]` that name no product: those that are nearly a value of the catalogue, and in a note all
    /// others, which may be of products that are not sold. Without a product there is nothing to compare with.
    fn unmatched_never(&self) -> (Vec<Finding>, Option<String>) {
        let (mut misspelt, mut absent) = (Vec::new(), Vec::new());
        let rules = self.policy.rules();
        for (id, written, span) in rules.never.items.written().iter().chain(rules.discreet.written()) {
            let seen = self.values.get(id).filter(|seen| !seen.is_empty());
            let alone = ListedValues::new([&**written], &rules.never.separators);
            let Some(seen) = seen.filter(|seen| seen.iter().all(|value| alone.find_listed(value).is_none()))
            else {
                continue;
            };
            match did_you_mean(written, seen.iter().map(|value| &**value)) {
                Some(meant) => misspelt.push(Finding {
                    code: NEVER_UNMATCHED,
                    span: *span,
                    message: format!("no product has `{written}`: it keeps nothing from anybody"),
                    help: Some(format!("did you mean `{meant}`?")),
                }),
                None => absent.push(&**written),
            }
        }
        let file = &self.source.file;
        let told = || {
            format!(
                "no product of `{file}` has these values of [never] or [discreet]: {}",
                list_names(&absent)
            )
        };
        let note = (!absent.is_empty()).then(told);
        (misspelt, note)
    }

    fn into_report(mut self) -> Report {
        self.findings.extend(self.shares.find_percentages());
        let undeclared = std::mem::take(&mut self.undeclared);
        for (name, count) in undeclared {
            let message =
                format!("`{name}` is not declared by the policy and is left out of {}", counted_items(count));
            let help = Some("declare it under [fields.item], or leave it out of the file".to_owned());
            self.findings.push(Finding { code: ITEM_SHORTENED, span: Span::default(), message, help });
        }
        for (code, count) in std::mem::take(&mut self.more) {
            let span = Span { start: self.shown.len(), end: self.shown.len() };
            let message = format!("{} more like these", counted_items(count));
            self.findings.push(Finding { code, span, message, help: None });
        }
        let mut report = Report::new(&self.source.file, &self.shown);
        report.findings = self.findings;
        report
    }
}

fn counted_items(count: usize) -> String {
    crate::counted(count, "item")
}
