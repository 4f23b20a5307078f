//! Of how many people what a strategy learned must be, under both policies.

use jardin_policy::rules::{PeopleRule, StrategyName};

use super::{ChangeKind, Found};

/// `old` is `None` where the strategy did not learn. To be told whose visits are whose reaches further, and so does what
/// fewer people did.
pub(super) fn compare_people_counted(
    name: &StrategyName,
    old: Option<PeopleRule>,
    new: PeopleRule,
    found: &mut Found,
) {
    let links = (old.is_some_and(PeopleRule::links_visits), new.links_visits());
    if links == (false, true) {
        let message = "it would be told which visits are one person's";
        found.add(ChangeKind::WiderReach, name.as_str(), message);
    }
    let Some(old) = old else { return };
    if links == (true, false) {
        let message = "it would no longer be told which visits are one person's";
        found.add(ChangeKind::NarrowerReach, name.as_str(), message);
        found.add(ChangeKind::Effect, name.as_str(), "one person would count as often as they come");
    }
    if old.at_least != new.at_least {
        let (is, was) = (people_text(new.at_least), people_text(old.at_least));
        let message = format!("what it shows would be of at least {is} instead of {was}");
        found.either(new.at_least < old.at_least, name.as_str(), message);
    }
    if let (Some(was), Some(is)) = (old.a_person_counts, new.a_person_counts)
        && was != is
    {
        let message = format!("one person would count up to {is} times instead of {was}");
        found.either(is > was, name.as_str(), message);
    }
}

fn people_text(count: u32) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}
