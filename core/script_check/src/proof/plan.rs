//! What is known of a list of candidates: which strategies are asked for it, how often and for how many items. It
//! may depend on the text and on the settings, and on no data: a strategy that is asked would learn of it.

use std::{collections::BTreeMap, sync::Arc};

use rhai::Position;

/// How many asks are told apart; a plan that names more is refused when it runs.
const MAX_ASKS: usize = 64;

/// How many items a strategy is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Limit {
    /// A number that stands in the text, by its bits.
    Literal(u64),
    /// Made of constants and settings. Its number is its own, so that it equals itself alone.
    Computed(usize),
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Asks {
    /// These strategies, each with the limits of its asks in their order.
    Known(BTreeMap<Arc<str>, Vec<Limit>>),
    /// One of several, as the settings say. The number of the meeting of ways and the place of the variable there
    /// are its own, so that it equals itself alone.
    Either { fork: usize, variable: usize },
}

/// Where two ways meet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fork {
    /// A number that no other meeting has.
    pub(crate) number: usize,
    /// The condition on data that chose between the two, if one did.
    pub(crate) data: Option<Position>,
}

/// A list of candidates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Plan {
    asks: Asks,
    /// The condition on data that chose between different asks, if one did.
    chosen_at: Option<Position>,
}

impl Plan {
    /// A list of which no strategy is asked.
    pub(crate) const fn of_catalogue() -> Self {
        Self { asks: Asks::Known(BTreeMap::new()), chosen_at: None }
    }

    /// The list of one strategy.
    pub(crate) fn of_strategy(name: &str, limit: Limit) -> Self {
        Self { asks: Asks::Known(BTreeMap::from([(name.into(), vec![limit])])), chosen_at: None }
    }

    /// Both lists, the first one asked for first. `number` is one that nothing else has.
    pub(crate) fn followed_by(self, second: Self, number: usize) -> Self {
        let chosen_at = self.chosen_at.or(second.chosen_at);
        let unknown = Self { asks: Asks::Either { fork: number, variable: 0 }, chosen_at };
        let (Asks::Known(mut all), Asks::Known(more)) = (self.asks, second.asks) else {
            return unknown;
        };
        for (name, limits) in more {
            all.entry(name).or_default().extend(limits);
        }
        let is_small = all.values().map(Vec::len).sum::<usize>() <= MAX_ASKS;
        if is_small { Self { asks: Asks::Known(all), chosen_at } } else { unknown }
    }

    /// One of two lists, of the variable at this place where several meet.
    pub(crate) fn either(self, other: Self, fork: Fork, variable: usize) -> Self {
        let chosen_at = self.chosen_at.or(other.chosen_at);
        if self.asks == other.asks {
            return Self { chosen_at, ..self };
        }
        Self { asks: Asks::Either { fork: fork.number, variable }, chosen_at: chosen_at.or(fork.data) }
    }

    /// This list, or none at all.
    pub(crate) fn or_none(self, fork: Fork) -> Self {
        Self { chosen_at: self.chosen_at.or(fork.data), ..self }
    }

    /// What a function gives back: called twice, it may have computed other limits and gone another way.
    /// `next_number` gives one that nothing else has.
    pub(crate) fn given_back(mut self, mut next_number: impl FnMut() -> usize) -> Self {
        match &mut self.asks {
            Asks::Known(all) => {
                for limit in all.values_mut().flatten() {
                    if let Limit::Computed(own) = limit {
                        *own = next_number();
                    }
                }
            }
            Asks::Either { fork, .. } => *fork = next_number(),
        }
        self
    }

    /// The condition on data that chose what is asked, if one did.
    pub(crate) const fn chosen_at(&self) -> Option<Position> {
        self.chosen_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Data chose.
    fn by_data(number: usize) -> Fork {
        Fork { number, data: Some(Position::new(2, 2)) }
    }

    /// The settings chose.
    fn by_settings(number: usize) -> Fork {
        Fork { number, data: None }
    }

    fn ask(name: &str, limit: u64) -> Plan {
        Plan::of_strategy(name, Limit::Literal(limit))
    }

    #[test]
    fn the_same_asks_in_another_order_of_strategies_are_the_same() {
        let [ab, ba] = [("a", "b"), ("b", "a")].map(|(x, y)| ask(x, 1).followed_by(ask(y, 1), 1));
        assert_eq!(ab.clone().either(ba, by_data(2), 0).chosen_at(), None);
        // of one strategy the order tells something
        let [up, down] = [(1, 2), (2, 1)].map(|(x, y)| ask("a", x).followed_by(ask("a", y), 3));
        assert!(up.either(down, by_data(4), 0).chosen_at().is_some());
        // and so does how often it is asked
        let twice = ab.clone().followed_by(ask("a", 1), 5);
        assert!(ab.either(twice, by_data(6), 0).chosen_at().is_some());
    }

    #[test]
    fn a_computed_limit_equals_itself_until_a_function_gives_it_back() {
        let plan = Plan::of_strategy("a", Limit::Computed(1));
        assert_eq!(plan.clone().either(plan.clone(), by_data(2), 0).chosen_at(), None);
        let [first, second] = [3, 4].map(|number| plan.clone().given_back(|| number));
        assert!(first.either(second, by_data(5), 0).chosen_at().is_some());
    }

    #[test]
    fn data_may_not_choose_between_what_the_settings_chose() {
        let (a, b) = (ask("a", 1), ask("a", 2));
        let one = a.clone().either(b.clone(), by_settings(1), 0);
        let other = b.either(a.clone(), by_settings(1), 1);
        assert_eq!((one.chosen_at(), other.chosen_at()), (None, None));
        assert_eq!(one.clone().either(one.clone(), by_data(2), 0).chosen_at(), None);
        assert!(one.clone().either(other, by_data(2), 0).chosen_at().is_some());
        assert!(one.either(a, by_data(2), 0).chosen_at().is_some());
    }

    #[test]
    fn a_plan_that_doubles_is_not_followed_for_ever() {
        let mut plan = ask("a", 1);
        for number in 0..64 {
            plan = plan.clone().followed_by(plan, number);
        }
        assert!(matches!(plan.asks, Asks::Either { .. }));
    }
}
