//! `[[sponsored]]`: paid places.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::PlainValue;
use jardin_diagnostics::{Span, TomlTable, TomlValue, codes::INVALID_VALUE};
use jardin_model::Timestamp;
use jardin_policy::rules::Texts;

use super::{names::ShopNames, placement::Placement, plain, span_of_time};
use crate::codes::PAID_TWICE;

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
    /// Where its position is written.
    pub span: Span,
}

impl Sponsored {
    /// True while it is paid for in that placement.
    #[must_use]
    pub fn applies(&self, place: &str, now: Timestamp) -> bool {
        self.from <= now && now < self.until && self.places.iter().any(|p| &**p == place)
    }

    /// A placement where both are paid for at one position and time.
    fn shared_place(&self, other: &Self) -> Option<&Arc<str>> {
        let is_together =
            self.position == other.position && self.from < other.until && other.from < self.until;
        self.places.iter().find(|place| is_together && other.places.contains(place))
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
    let position = table.require("position", "2").and_then(|n| Some((n.integer(1, 1000)?, n.span)));
    let item = table.require("item", "{ brand = \"Nordfjell\" }").and_then(|n| read_fields(n, names));
    let span = span_of_time::read_span(&table, names);
    let label = table.require("label", &names.example_texts("Sponsored")).map(|n| names.texts(n, "label"));
    table.end();
    let (from, until) = span?;
    let (position, span) = position?;
    Some(Sponsored {
        advertiser: advertiser?.into(),
        contract,
        places: places?,
        position: usize::try_from(position).ok()?,
        item: item?,
        from,
        until,
        label: label?,
        span,
    })
}

fn read_fields(node: TomlValue<'_>, names: &ShopNames<'_>) -> Option<Vec<(Arc<str>, PlainValue)>> {
    let entries = node.table("item")?.entries();
    if entries.is_empty() {
        node.finding(INVALID_VALUE, "a paid place names at least one item field", None);
    }
    let read = entries.into_iter().filter_map(|e| {
        let field = names.open_field(e.key, e.span)?;
        Some((Arc::from(e.key), plain::read_plain(e.node, field)?))
    });
    Some(read.collect())
}

/// Places that cannot be shown where they are paid for: beyond the list, or paid for twice.
pub(super) fn check_positions(
    sponsored: &[Sponsored],
    placements: &BTreeMap<Arc<str>, Placement>,
    names: &ShopNames<'_>,
) {
    for (i, paid) in sponsored.iter().enumerate() {
        for place in &paid.places {
            let Some(placement) = placements.get(place).filter(|p| p.limit < paid.position) else {
                continue;
            };
            let message =
                format!("`{place}` has {} items and no position {}", placement.limit, paid.position);
            let help = format!("write a position from 1 to {}", placement.limit);
            names.sink.add(INVALID_VALUE, paid.span, message, Some(help));
        }
        if let Some((other, place)) = sponsored.iter().take(i).find_map(|o| Some((o, paid.shared_place(o)?)))
        {
            let message = format!(
                "`{}` and `{}` both pay for position {} of `{place}` at one time",
                other.advertiser, paid.advertiser, paid.position
            );
            let help = "give one of them another position or other days".to_owned();
            names.sink.add(PAID_TWICE, paid.span, message, Some(help));
        }
    }
}
