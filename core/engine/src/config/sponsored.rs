//! `[[sponsored]]`: paid places.

use std::sync::Arc;

use jardin_contract::PlainValue;
use jardin_diagnostics::{TomlTable, TomlValue, codes::INVALID_VALUE};
use jardin_model::Timestamp;
use jardin_policy::rules::Texts;

use super::{names::ShopNames, plain, span_of_time};

/// One paid place.
#[derive(Debug, Clone, PartialEq)]
pub struct Sponsored {
    /// Who pays.
    pub advertiser: Arc<str>,
    /// The contract's reference.
    pub contract: Option<Arc<str>>,
    /// In which placements.
    pub places: Vec<Arc<str>>,
    /// At which position, from 1.
    pub position: usize,
    /// Item fields with the value that each must have.
    pub item: Vec<(Arc<str>, PlainValue)>,
    /// Its first instant.
    pub from: Timestamp,
    /// The instant at which it is over.
    pub until: Timestamp,
    /// What marks it.
    pub label: Texts,
}

impl Sponsored {
    /// True while it is paid for in that placement.
    #[must_use]
    pub fn applies(&self, place: &str, now: Timestamp) -> bool {
        self.from <= now && now < self.until && self.places.iter().any(|p| &**p == place)
    }
}

pub(super) fn read_sponsored(root: &TomlTable<'_>, names: &ShopNames<'_>) -> Vec<Sponsored> {
    let nodes = root.get("sponsored").and_then(|n| n.list()).unwrap_or_default();
    nodes.into_iter().filter_map(|n| read_place(n, names)).collect()
}

fn read_place(node: TomlValue<'_>, names: &ShopNames<'_>) -> Option<Sponsored> {
    let table = node.table("[[sponsored]]")?;
    let advertiser = table.require("advertiser", "\"Nordfjell AS\"").and_then(|n| n.text());
    let contract = table.text("contract");
    let places = table.require("places", "[\"home\"]").map(|n| names.places(n));
    let position = table.require("position", "2").and_then(|n| n.integer(1, 1000));
    let item = table.require("item", "{ brand = \"Nordfjell\" }").and_then(|n| read_fields(n, names));
    let span = span_of_time::read_span(&table, names);
    let label = table.require("label", "{ fr = \"Sponsorisé\" }").map(|n| names.texts(n, "label"));
    table.end();
    let (from, until) = span?;
    Some(Sponsored {
        advertiser: advertiser?.into(),
        contract,
        places: places?,
        position: usize::try_from(position?).ok()?,
        item: item?,
        from,
        until,
        label: label?,
    })
}

fn read_fields(node: TomlValue<'_>, names: &ShopNames<'_>) -> Option<Vec<(Arc<str>, PlainValue)>> {
    let entries = node.table("item")?.entries();
    if entries.is_empty() {
        node.finding(INVALID_VALUE, "a paid place names at least one item field", None);
    }
    let read = entries.into_iter().filter_map(|e| {
        let kind = names.open_field(e.key, e.span)?;
        Some((Arc::from(e.key), plain::read_plain(e.node, kind)?))
    });
    Some(read.collect())
}
