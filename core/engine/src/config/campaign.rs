//! `[[campaigns]]`: settings laid over the others while they last.

use std::{collections::BTreeMap, sync::Arc};

use jardin_contract::Params;
use jardin_diagnostics::{TomlTable, TomlValue};
use jardin_model::Timestamp;
use jardin_policy::StrategyName;

use super::{names::ShopNames, params, span_of_time};
use crate::codes::CAMPAIGN_CONFLICT;

/// One campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// Its name.
    pub name: Arc<str>,
    /// Who answers for it.
    pub owner: Option<Arc<str>>,
    /// In which placements; empty for all.
    pub places: Vec<Arc<str>>,
    /// Its first instant.
    pub from: Timestamp,
    /// The instant at which it is over.
    pub until: Timestamp,
    /// Where two touch one setting the higher wins.
    pub priority: i64,
    /// What it lays over.
    pub params: BTreeMap<StrategyName, Params>,
}

impl Campaign {
    /// True while it lasts in that placement.
    #[must_use]
    pub fn applies(&self, place: &str, now: Timestamp) -> bool {
        self.from <= now
            && now < self.until
            && (self.places.is_empty() || self.places.iter().any(|p| &**p == place))
    }

    fn overlaps(&self, other: &Self) -> bool {
        let in_time = self.from < other.until && other.from < self.until;
        let in_place = self.places.is_empty()
            || other.places.is_empty()
            || self.places.iter().any(|p| other.places.contains(p));
        in_time && in_place
    }

    /// The first setting that both lay over.
    fn shared_setting<'a>(&'a self, other: &Self) -> Option<(&'a StrategyName, &'a Arc<str>)> {
        self.params.iter().find_map(|(strategy, params)| {
            let theirs = other.params.get(strategy)?;
            let setting = params.0.keys().find(|key| theirs.0.contains_key(*key))?;
            Some((strategy, setting))
        })
    }
}

pub(super) fn read_campaigns(root: &TomlTable<'_>, names: &ShopNames<'_>) -> Vec<Campaign> {
    let nodes = root.get("campaigns").and_then(|n| n.list()).unwrap_or_default();
    let read: Vec<(TomlValue<'_>, Campaign)> =
        nodes.into_iter().filter_map(|n| Some((n, read_campaign(n, names)?))).collect();
    for (i, (node, later)) in read.iter().enumerate() {
        for (_, earlier) in read.iter().take(i) {
            check_conflict(*node, earlier, later);
        }
    }
    read.into_iter().map(|(_, campaign)| campaign).collect()
}

fn read_campaign(node: TomlValue<'_>, names: &ShopNames<'_>) -> Option<Campaign> {
    let table = node.table("[[campaigns]]")?;
    let name = table.require("name", "\"winter-2026\"").and_then(|n| n.text());
    let span = span_of_time::read_span(&table, names);
    let campaign = Campaign {
        name: name.unwrap_or_default().into(),
        owner: table.text("owner"),
        places: table.get("places").map(|n| names.places(n)).unwrap_or_default(),
        from: span.map_or(Timestamp::from_ms(0), |s| s.0),
        until: span.map_or(Timestamp::from_ms(0), |s| s.1),
        priority: table.get("priority").and_then(|n| n.integer(-1_000_000, 1_000_000)).unwrap_or(0),
        params: table
            .require("params", "{ }")
            .map(|n| params::read_by_strategy(n, names))
            .unwrap_or_default(),
    };
    table.end();
    name.and(span).map(|_| campaign)
}

fn check_conflict(node: TomlValue<'_>, earlier: &Campaign, later: &Campaign) {
    if earlier.priority != later.priority || !earlier.overlaps(later) {
        return;
    }
    if let Some((strategy, setting)) = later.shared_setting(earlier) {
        let message = format!(
            "`{}` and `{}` both set `{setting}` of `{strategy}` at one time and place",
            earlier.name, later.name
        );
        node.finding(CAMPAIGN_CONFLICT, message, Some("give one of them a higher `priority`".to_owned()));
    }
}
