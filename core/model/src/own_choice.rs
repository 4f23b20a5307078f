//! What somebody decides by themselves about what a shop does for them, whatever its policy asks. It is kept among their
//! answers, under names that no question of a policy has.

use std::{collections::BTreeMap, ops::Bound, sync::Arc};

use crate::{Choice, ChoiceStatus, ItemId, Timestamp};

/// How the names of what people decide by themselves begin; a policy asks no question of such a name.
pub const OWN_CHOICE_PREFIX: &str = "own:";
/// How the name of what somebody said of one product begins.
const ITEM_PREFIX: &str = "own:item/";

/// What somebody switches off and on. Everything is on until they say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnSwitch {
    /// Lists that are made for them.
    PersonalLists,
    /// Learning from what they do.
    Learning,
    /// This visit: off, nothing of it is recorded and nothing in it is made for them.
    Visit,
    /// That they have not objected: off, they object. For a visit this is their objection; of a person it is the trace of
    /// one, which stays when it is lifted.
    NoObjection,
    /// That the use of their data is not restricted: the trace of a restriction.
    NoRestriction,
}

impl OwnSwitch {
    /// Every switch.
    pub const ALL: [Self; 5] =
        [Self::PersonalLists, Self::Learning, Self::Visit, Self::NoObjection, Self::NoRestriction];

    /// The name under which it is kept.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PersonalLists => "own:personal-lists",
            Self::Learning => "own:learning",
            Self::Visit => "own:visit",
            Self::NoObjection => "own:no-objection",
            Self::NoRestriction => "own:no-restriction",
        }
    }

    /// What it is called in exports, and what is told of it there while it is on: an objection holds while it is off.
    #[must_use]
    pub const fn word(self) -> (&'static str, bool) {
        match self {
            Self::PersonalLists => ("personal_lists", true),
            Self::Learning => ("learning", true),
            Self::Visit => ("visit", true),
            Self::NoObjection => ("objection", false),
            Self::NoRestriction => ("restriction", false),
        }
    }

    /// Whether somebody had switched it off by a time. Of two answers of one instant the stricter counts.
    #[must_use]
    pub fn is_off(self, choices: &BTreeMap<Arc<str>, Vec<Choice>>, until: Timestamp) -> bool {
        let said = choices.get(self.name()).map_or(&[][..], Vec::as_slice);
        let given = || said.iter().filter(|choice| choice.at <= until);
        let last = given().map(|choice| choice.at).max();
        given().any(|choice| Some(choice.at) == last && choice.status != ChoiceStatus::Granted)
    }
}

/// The name under which it is kept what somebody said of one product.
#[must_use]
pub fn item_choice_name(item: &ItemId) -> String {
    format!("{ITEM_PREFIX}{}", item.as_str())
}

/// The products that somebody dismissed and has not called useful since.
pub fn dismissed_items(choices: &BTreeMap<Arc<str>, Vec<Choice>>) -> impl Iterator<Item = ItemId> + '_ {
    let from = choices.range::<str, _>((Bound::Included(ITEM_PREFIX), Bound::Unbounded));
    let of_items = from.map_while(|(name, said)| Some((name.strip_prefix(ITEM_PREFIX)?, said)));
    of_items.filter_map(|(item, said)| {
        let is_dismissed = said.last().is_some_and(|choice| choice.status != ChoiceStatus::Granted);
        is_dismissed.then(|| ItemId::new(item).ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, answers: &[(ChoiceStatus, i64)]) -> BTreeMap<Arc<str>, Vec<Choice>> {
        let choice = |(status, at): &(ChoiceStatus, i64)| Choice {
            status: *status,
            text_version: "".into(),
            at: Timestamp::from_ms(*at),
            source: "".into(),
        };
        [(Arc::from(name), answers.iter().map(choice).collect())].into()
    }

    #[test]
    fn a_switch_is_on_until_it_is_switched_off_and_the_stricter_of_one_instant_counts() {
        use ChoiceStatus::{Granted, Refused, Withdrawn};
        for (answers, until, is_off) in [
            (&[][..], 9, false),
            (&[(Refused, 1)], 9, true),
            (&[(Refused, 1)], 0, false),
            (&[(Withdrawn, 1)], 9, true),
            (&[(Refused, 1), (Granted, 2)], 9, false),
            (&[(Refused, 1), (Granted, 2)], 1, true),
            (&[(Granted, 1), (Refused, 1)], 9, true),
            (&[(Refused, 1), (Granted, 1)], 9, true),
        ] {
            let choices = said(OwnSwitch::Learning.name(), answers);
            assert_eq!(
                OwnSwitch::Learning.is_off(&choices, Timestamp::from_ms(until)),
                is_off,
                "{answers:?} {until}"
            );
            assert!(!OwnSwitch::Visit.is_off(&choices, Timestamp::from_ms(until)));
        }
    }

    #[test]
    fn a_product_is_dismissed_until_it_is_called_useful() {
        let item = ItemId::new("TEN/103").unwrap();
        let name = item_choice_name(&item);
        let mut choices = said(&name, &[(ChoiceStatus::Refused, 1)]);
        choices.extend(said("own:learning", &[(ChoiceStatus::Refused, 1)]));
        choices.extend(said("personalisation", &[(ChoiceStatus::Refused, 1)]));
        assert_eq!(dismissed_items(&choices).collect::<Vec<_>>(), [item]);
        choices.extend(said(&name, &[(ChoiceStatus::Refused, 1), (ChoiceStatus::Granted, 2)]));
        assert_eq!(dismissed_items(&choices).count(), 0);
    }
}
