//! From a text to a [`Config`], collecting every finding.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_diagnostics::{
    FindingSink, Report, Span, TomlTable, TomlValue,
    codes::{INVALID_VALUE, SYNTAX, UNKNOWN_KEY, UNSUPPORTED_LANGUAGE},
    did_you_mean, read_toml,
};
use jardin_model::{FieldType, Namespace};
use jardin_policy::{
    Policy, StrategyName,
    codes::{MISSING_TEXT, NAME_COLLISION, UNKNOWN_FIELD, UNKNOWN_STRATEGY},
    rules::Texts,
};

use super::{Config, ShopFiles, campaign, experiment, filter, params, placement, sponsored};
use crate::codes::UNKNOWN_PLACEMENT;

/// The longest file that is read, in bytes.
const LONGEST: usize = 4 << 20;

/// What every part needs to look names up.
pub(super) struct Names<'a> {
    pub(super) sink: &'a FindingSink,
    pub(super) policy: &'a Policy,
    pub(super) languages: Vec<Arc<str>>,
    pub(super) places: BTreeSet<Arc<str>>,
}

pub(super) fn load(file: &str, source: &str, policy: &Policy) -> Result<(Config, Report), Report> {
    let sink = FindingSink::default();
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    if text.len() > LONGEST {
        sink.add(SYNTAX, Span::default(), format!("the file is longer than {} MiB", LONGEST >> 20), None);
        return Err(sink.report(file, ""));
    }
    let config = read_toml(text, &sink, |root, sink| whole(&root, sink, policy));
    let report = sink.report(file, text);
    match config {
        Some(config) if !report.has_errors() => Ok((config, report)),
        _ => Err(report),
    }
}

/// Where policy and scripts are, of a file that may have errors elsewhere.
pub(super) fn files(file: &str, source: &str) -> Result<ShopFiles, Report> {
    let sink = FindingSink::default();
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    let files = read_toml(text, &sink, |root, _| {
        Some(
            root.get("shop")
                .and_then(|n| n.table("[shop]"))
                .map_or_else(ShopFiles::default, |t| ShopFiles::read(&t)),
        )
    });
    files.ok_or_else(|| sink.report(file, text))
}

fn whole(root: &TomlTable<'_>, sink: &FindingSink, policy: &Policy) -> Option<Config> {
    version(root);
    let shop = root.require("shop", "{ name = \"…\" }").and_then(|n| n.table("[shop]"))?;
    let mut names = Names { sink, policy, languages: languages(&shop), places: BTreeSet::new() };
    names.places = keys(root, "placements");
    let config = Config {
        name: shop.require("name", "\"Les Cimes\"").and_then(|n| n.text()).unwrap_or_default().into(),
        files: ShopFiles::read(&shop),
        currency: shop.require("currency", "\"EUR\"").and_then(currency).unwrap_or_default().into(),
        languages: names.languages.clone(),
        sellable: sellable(&shop, &names),
        reasons: reasons(root, &names),
        placements: placement::read(root, &names),
        params: params::of_strategies(root, &names),
        filters: filter::read(root, &names),
        campaigns: campaign::read(root, &names),
        sponsored: sponsored::read(root, &names),
    };
    shop.end();
    experiment::check(root, &names);
    Some(config)
}

fn version(root: &TomlTable<'_>) {
    if let Some(node) = root.require("config", "1")
        && node.integer(0, i64::MAX).is_some_and(|n| n != 1)
    {
        let help = "write `config = 1`: the only version that this engine knows".to_owned();
        node.finding(UNSUPPORTED_LANGUAGE, "this version of the file is not known", Some(help));
    }
}

fn keys(root: &TomlTable<'_>, key: &'static str) -> BTreeSet<Arc<str>> {
    let table = root.get(key).filter(TomlValue::is_table).and_then(|n| n.table(key));
    table.map(|t| t.entries().iter().map(|e| Arc::from(e.key)).collect()).unwrap_or_default()
}

fn currency(node: TomlValue<'_>) -> Option<&str> {
    let text = node.text()?;
    let is_code = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
    if !is_code {
        node.finding(
            INVALID_VALUE,
            format!("`{text}` is no currency"),
            Some("write a code of ISO 4217, such as \"EUR\"".to_owned()),
        );
    }
    is_code.then_some(text)
}

fn languages(shop: &TomlTable<'_>) -> Vec<Arc<str>> {
    let node = shop.require("languages", "[\"fr\", \"en\"]");
    let languages: Vec<Arc<str>> =
        node.and_then(|n| n.texts()).unwrap_or_default().into_iter().map(|(t, _)| Arc::from(t)).collect();
    if let Some(node) = node.filter(|n| n.is_list() && languages.is_empty()) {
        node.finding(INVALID_VALUE, "a shop speaks at least one language", None);
    }
    languages
}

fn sellable(shop: &TomlTable<'_>, names: &Names<'_>) -> Vec<Arc<str>> {
    let listed = shop.get("sellable").and_then(|n| n.texts()).unwrap_or_default();
    let mut flags = Vec::new();
    for (name, span) in listed {
        match names.item_field(name, span) {
            Some(FieldType::Flag) => flags.push(Arc::from(name)),
            Some(kind) => {
                let message =
                    format!("`{name}` is of type {kind}, and only a flag says whether an item can be sold");
                names.sink.add(INVALID_VALUE, span, message, None);
            }
            None => {}
        }
    }
    flags
}

fn reasons(root: &TomlTable<'_>, names: &Names<'_>) -> BTreeMap<Arc<str>, Texts> {
    let Some(table) = root.get("reasons").and_then(|n| n.table("[reasons]")) else {
        return BTreeMap::new();
    };
    let of_policy = &names.policy.rules().reasons;
    let entries = table.entries().into_iter().map(|entry| {
        if of_policy.contains_key(entry.key) {
            let message = format!("`{}` is declared by the policy as well", entry.key);
            names.sink.add(
                NAME_COLLISION,
                entry.span,
                message,
                Some("give one of the two another code".to_owned()),
            );
        }
        (Arc::from(entry.key), names.texts(entry.node, &format!("reason `{}`", entry.key)))
    });
    entries.collect()
}

impl Names<'_> {
    /// The texts of a table, one a language; a missing one is a finding.
    pub(super) fn texts(&self, node: TomlValue<'_>, what: &str) -> Texts {
        let Some(table) = node.table(what) else {
            return Texts::default();
        };
        let mut texts = Texts::default();
        for entry in table.entries() {
            if !self.languages.iter().any(|l| &**l == entry.key) {
                let meant = did_you_mean(entry.key, self.languages.iter().map(|l| &**l));
                let help = meant.map_or_else(
                    || "list it in `languages` of [shop]".to_owned(),
                    |m| format!("did you mean `{m}`?"),
                );
                self.sink.add(
                    UNKNOWN_KEY,
                    entry.span,
                    format!("{what} has a text in `{}`, which the shop does not speak", entry.key),
                    Some(help),
                );
            }
            if let Some(text) = entry.node.text() {
                texts.0.insert(entry.key.into(), text.into());
            }
        }
        for language in self.languages.iter().filter(|l| !texts.0.contains_key(*l)) {
            node.finding(
                MISSING_TEXT,
                format!("{what} has no text in `{language}`"),
                Some(format!("add `{language} = \"…\"`")),
            );
        }
        texts
    }

    /// A strategy that the policy declares; another one is a finding.
    pub(super) fn strategy(&self, name: &str, span: Span) -> Option<StrategyName> {
        let known = &self.policy.rules().strategies;
        if let Some((name, _)) = known.get_key_value(name) {
            return Some(name.clone());
        }
        let meant = did_you_mean(name, known.keys().map(StrategyName::as_str));
        let help = meant.map_or_else(
            || "declare it in the policy under [strategies]".to_owned(),
            |m| format!("did you mean `{m}`?"),
        );
        self.sink.add(
            UNKNOWN_STRATEGY,
            span,
            format!("the policy declares no strategy `{name}`"),
            Some(help),
        );
        None
    }

    /// The type of a declared item field; another one is a finding.
    pub(super) fn item_field(&self, name: &str, span: Span) -> Option<FieldType> {
        let valid = self.policy.rules();
        if let Some(field) = valid.declared(Namespace::Item, name) {
            return Some(field.kind);
        }
        let known = valid.fields.iter().filter(|f| f.path.namespace == Namespace::Item);
        let meant = did_you_mean(name, known.map(|f| &*f.path.name));
        let help = meant.map_or_else(
            || "declare it in the policy under [fields.item]".to_owned(),
            |m| format!("did you mean `{m}`?"),
        );
        self.sink.add(UNKNOWN_FIELD, span, format!("the policy declares no field `item.{name}`"), Some(help));
        None
    }

    /// Placements by name; one that does not exist is a finding.
    pub(super) fn places(&self, node: TomlValue<'_>) -> Vec<Arc<str>> {
        node.texts()
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(name, span)| self.place(name, span))
            .collect()
    }

    pub(super) fn place(&self, name: &str, span: Span) -> Option<Arc<str>> {
        let place = self.places.get(name).cloned();
        if place.is_none() {
            let meant = did_you_mean(name, self.places.iter().map(|p| &**p));
            let help = meant.map_or_else(
                || "declare it under [placements]".to_owned(),
                |m| format!("did you mean `{m}`?"),
            );
            self.sink.add(UNKNOWN_PLACEMENT, span, format!("there is no placement `{name}`"), Some(help));
        }
        place
    }
}
