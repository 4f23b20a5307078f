//! `from` and `until`: a day begins and ends at midnight of the policy's time zone, and `until` is the last
//! one.

use jardin_diagnostics::{
    TomlTable, TomlValue,
    codes::{INVALID_VALUE, WRONG_TYPE},
};
use jardin_model::Timestamp;
use jardin_policy::day_and_seconds;

use super::names::ShopNames;

/// The first instant, and the one at which it is over.
pub(super) fn read_span(table: &TomlTable<'_>, names: &ShopNames<'_>) -> Option<(Timestamp, Timestamp)> {
    let from = table.require("from", "2026-11-01").and_then(|n| read_instant(n, names, false));
    let until = table.require("until", "2026-12-31").and_then(|n| read_instant(n, names, true));
    let (from, until) = (from?, until?);
    if from >= until {
        if let Some(node) = table.get("until") {
            node.finding(INVALID_VALUE, "it ends before it begins", None);
        }
        return None;
    }
    Some((from, until))
}

fn read_instant(node: TomlValue<'_>, names: &ShopNames<'_>, is_end: bool) -> Option<Timestamp> {
    let zone = &names.policy.rules().zone;
    let read = day_and_seconds(node).and_then(|(day, seconds)| match seconds {
        Some(seconds) => zone.instant(day, seconds),
        None if is_end => zone.instant(day.tomorrow().ok()?, 0),
        None => zone.instant(day, 0),
    });
    if read.is_none() {
        let help = "write a day such as 2026-11-20, or a time such as 2026-11-20T08:00:00, without quotes and offset".to_owned();
        node.finding(WRONG_TYPE, "expected a day or a time of the policy's time zone", Some(help));
    }
    read
}
