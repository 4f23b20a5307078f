//! From a text to a [`Config`], collecting every finding.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_diagnostics::{
    FindingSink, Report, Span, TomlTable, TomlValue,
    codes::{INVALID_VALUE, SYNTAX, UNSUPPORTED_LANGUAGE},
    read_toml,
};
use jardin_model::{Currency, FieldType};
use jardin_policy::{Policy, codes::NAME_COLLISION, rules::Texts};

use super::{
    campaign, experiment, filter, jardin_toml::Config, names::ShopNames, params, placement,
    public_field::PublicField, shop::ShopFiles, sponsored,
};

/// The longest file that is read, in bytes.
const MAX_FILE_BYTES: usize = 4 << 20;

impl Config {
    /// Reads and checks a jardin.toml against its policy. With it comes a report of its warnings.
    ///
    /// # Errors
    /// The report with every error, and every warning, that was found.
    pub fn load(file: &str, source: &str, policy: &Policy) -> Result<(Self, Report), Report> {
        let sink = FindingSink::default();
        let text = source.strip_prefix('\u{feff}').unwrap_or(source);
        if text.len() > MAX_FILE_BYTES {
            let message = format!("the file is longer than {} MiB", MAX_FILE_BYTES >> 20);
            sink.add(SYNTAX, Span::default(), message, None);
            return Err(sink.report(file, ""));
        }
        let config = read_toml(text, &sink, |root, sink| {
            let config = read_config(&root, sink, policy);
            root.end();
            config
        });
        let report = sink.report(file, text);
        match config {
            Some(config) if !report.has_errors() => Ok((config, report)),
            _ => Err(report),
        }
    }
}

impl ShopFiles {
    /// Reads them from a jardin.toml that may have errors elsewhere: the policy must be known before the file
    /// can be checked.
    ///
    /// # Errors
    /// The report where the text is not TOML.
    pub fn peek(file: &str, source: &str) -> Result<Self, Report> {
        let sink = FindingSink::default();
        let text = source.strip_prefix('\u{feff}').unwrap_or(source);
        let files = read_toml(text, &sink, |root, _| {
            let shop = root.get("shop").and_then(|n| n.table("[shop]"));
            Some(shop.map_or_else(Self::default, |t| Self::read_files(&t)))
        });
        files.ok_or_else(|| sink.report(file, text))
    }
}

fn read_config(root: &TomlTable<'_>, sink: &FindingSink, policy: &Policy) -> Option<Config> {
    check_format_version(root);
    let shop = root.require("shop", "{ name = \"…\" }").and_then(|n| n.table("[shop]"))?;
    let mut names = ShopNames {
        sink,
        policy,
        languages: read_languages(&shop),
        places: BTreeSet::new(),
        public: Vec::new(),
    };
    names.places = placement_names(root);
    names.public = read_public(&shop, &names);
    let settings = params::read_strategies(root, &names);
    let config = Config {
        name: shop.require("name", "\"Les Cimes\"").and_then(|n| n.text()).unwrap_or_default().into(),
        files: ShopFiles::read_files(&shop),
        currency: shop.require("currency", "\"EUR\"").and_then(read_currency).unwrap_or_default().into(),
        languages: names.languages.clone(),
        sellable: read_sellable(&shop, &names),
        public: names.public.clone(),
        reasons: read_reasons(root, &names),
        placements: placement::read_placements(root, &names),
        params: settings.params,
        settings: settings.places,
        filters: filter::read_filters(root, &names),
        campaigns: campaign::read_campaigns(root, &names),
        sponsored: sponsored::read_sponsored(root, &names),
    };
    shop.end();
    experiment::check_experiments(root, &names);
    campaign::check_settings(&config.params, &config.campaigns, &names);
    sponsored::check_positions(&config.sponsored, &config.placements, &names);
    Some(config)
}

fn check_format_version(root: &TomlTable<'_>) {
    if let Some(node) = root.require("config", "1")
        && node.integer(0, i64::MAX).is_some_and(|n| n != 1)
    {
        let help = "write `config = 1`: the only version that this engine knows".to_owned();
        node.finding(UNSUPPORTED_LANGUAGE, "this version of the file is not known", Some(help));
    }
}

fn placement_names(root: &TomlTable<'_>) -> BTreeSet<Arc<str>> {
    let table = root.get("placements").filter(TomlValue::is_table).and_then(|n| n.table("placements"));
    table.map(|t| t.entries().iter().map(|e| Arc::from(e.key)).collect()).unwrap_or_default()
}

fn read_currency(node: TomlValue<'_>) -> Option<&str> {
    let text = node.text()?;
    let is_code = Currency::from_code(text).is_some_and(|currency| currency.code() == text);
    if !is_code {
        node.finding(
            INVALID_VALUE,
            format!("`{text}` is not a currency"),
            Some("write a code of ISO 4217, such as \"EUR\"".to_owned()),
        );
    }
    is_code.then_some(text)
}

fn read_languages(shop: &TomlTable<'_>) -> Vec<Arc<str>> {
    let node = shop.require("languages", "[\"fr\", \"en\"]");
    let languages: Vec<Arc<str>> =
        node.and_then(|n| n.texts()).unwrap_or_default().into_iter().map(|(t, _)| Arc::from(t)).collect();
    if let Some(node) = node.filter(|n| n.is_list() && languages.is_empty()) {
        node.finding(INVALID_VALUE, "a shop speaks at least one language", None);
    }
    languages
}

fn read_sellable(shop: &TomlTable<'_>, names: &ShopNames<'_>) -> Vec<Arc<str>> {
    let listed = shop.get("sellable").and_then(|n| n.texts()).unwrap_or_default();
    let mut flags = Vec::new();
    for (name, span) in listed {
        match names.item_field(name, span).map(|field| field.kind) {
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

fn read_public(shop: &TomlTable<'_>, names: &ShopNames<'_>) -> Vec<Arc<PublicField>> {
    let listed = shop.get("public").and_then(|n| n.texts()).unwrap_or_default();
    let mut public: Vec<Arc<PublicField>> = Vec::new();
    for (name, span) in listed {
        let Some(field) = names.public_field(name, span) else { continue };
        if public.iter().any(|other| other.name == field.name) {
            let help = "leave one of the two out".to_owned();
            names.sink.add(NAME_COLLISION, span, format!("`{}` is public twice", field.name), Some(help));
        } else {
            public.push(field);
        }
    }
    public
}

fn read_reasons(root: &TomlTable<'_>, names: &ShopNames<'_>) -> BTreeMap<Arc<str>, Texts> {
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
