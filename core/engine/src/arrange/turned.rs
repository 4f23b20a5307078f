//! `rotate`: the first items turn from period to period.

use jardin_contract::{PageRule, Period, Seed};
use jardin_model::{DAY_MS, Timestamp, Zone};

use super::list::{ArrangedList, Arrangement, ListRules, Surroundings};

/// Turns the first `top` entries by one for each period that passes; where the turning begins depends on the
/// place. Everybody sees the same.
pub(super) fn rotate_first(list: &mut ArrangedList, side: ListRules<'_>, rules: &Arrangement<'_>) {
    for rule in side.rules {
        if let PageRule::Rotate { top, every } = rule {
            let count = list.make(*top, rules);
            turn_entries(&mut list.made, count, *every, &rules.around);
        }
    }
}

/// The same of a list that was made whole.
#[cfg(test)]
pub(super) fn rotate_items(
    mut list: Vec<super::ScoredItem>,
    side: ListRules<'_>,
    around: &Surroundings<'_>,
) -> Vec<super::ScoredItem> {
    for rule in side.rules {
        if let PageRule::Rotate { top, every } = rule {
            let count = list.len().min(*top);
            turn_entries(&mut list, count, *every, around);
        }
    }
    list
}

fn turn_entries<T>(list: &mut [T], count: usize, every: Period, around: &Surroundings<'_>) {
    if let Some(first) = list.get_mut(..count).filter(|first| !first.is_empty()) {
        let period = period_number(around.now, every, around.zone);
        first.rotate_left(turn_count(around.place, period, count));
    }
}

fn turn_count(place: &str, period: i64, count: usize) -> usize {
    let modulus = i64::try_from(count).unwrap_or(i64::MAX);
    let begin = i64::try_from(Seed::of(&[place.as_bytes()]).0 >> 1).unwrap_or(0);
    usize::try_from(begin.wrapping_add(period).rem_euclid(modulus)).unwrap_or(0)
}

/// The number of a period of the zone: hours or days since 1970-01-01, or weeks that begin on Monday.
pub(super) fn period_number(now: Timestamp, every: Period, zone: &Zone) -> i64 {
    let day = zone.day(now).map_or_else(|| now.ms().div_euclid(DAY_MS), days_since_1970);
    match every {
        Period::Hour => day * 24 + i64::from(zone.hour(now).unwrap_or(0)),
        Period::Day => day,
        // 1970-01-01 was a Thursday, so that the Monday before it begins week 0
        Period::Week => (day + 3).div_euclid(7),
    }
}

fn days_since_1970(day: jardin_model::Date) -> i64 {
    let midnight = Zone::utc().instant(day, 0);
    midnight.map_or(0, |t| t.ms().div_euclid(DAY_MS))
}
