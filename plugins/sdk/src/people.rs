//! People instead of sessions: whose sessions are whose, and how much of what one person did counts.

use std::collections::HashMap;

use crate::{PeopleRule, Weighed};

/// What is kept of each session, and which of them are one person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonSessions<T> {
    kept: HashMap<u64, (Option<u32>, T)>,
    /// The sessions of each person, ascending.
    of_person: HashMap<u32, Vec<u64>>,
}

impl<T> Default for PersonSessions<T> {
    fn default() -> Self {
        Self { kept: HashMap::new(), of_person: HashMap::new() }
    }
}

impl<T: Default> PersonSessions<T> {
    /// What is kept of a session; of one that is new, nothing yet.
    pub fn open(&mut self, session: u64, person: Option<u32>) -> &mut T {
        let of_person = &mut self.of_person;
        let kept = self.kept.entry(session).or_insert_with(|| {
            if let Some(person) = person {
                let sessions = of_person.entry(person).or_default();
                if let Err(at) = sessions.binary_search(&session) {
                    sessions.insert(at, session);
                }
            }
            (person, T::default())
        });
        &mut kept.1
    }

    /// What is kept of a session that was opened.
    #[must_use]
    pub fn get(&self, session: u64) -> Option<&T> {
        self.kept.get(&session).map(|(_, kept)| kept)
    }

    /// Takes a session away, with whose it was.
    pub fn close(&mut self, session: u64) -> Option<(Option<u32>, T)> {
        let (person, kept) = self.kept.remove(&session)?;
        if let Some((whose, sessions)) =
            person.and_then(|whose| Some((whose, self.of_person.get_mut(&whose)?)))
        {
            sessions.retain(|known| *known != session);
            if sessions.is_empty() {
                self.of_person.remove(&whose);
            }
        }
        Some((person, kept))
    }

    /// The person's other sessions; none where it is nobody's.
    pub fn other_ids(&self, person: Option<u32>, session: u64) -> impl Iterator<Item = u64> {
        let sessions = person.and_then(|person| self.of_person.get(&person)).into_iter().flatten();
        sessions.filter(move |other| **other != session).copied()
    }

    /// What is kept of the person's other sessions; nothing where it is nobody's.
    pub fn others_of(&self, person: Option<u32>, session: u64) -> impl Iterator<Item = &T> {
        self.other_ids(person, session).filter_map(|other| self.get(other))
    }
}

impl<T> Weighed for PersonSessions<T> {
    fn bytes(&self) -> usize {
        150 * self.kept.len() + 140 * self.of_person.len()
    }
}

/// How many people did something, and what that adds up to where of each person the greatest values count, no more of
/// them than [`PeopleRule::a_person_counts`]. It is a function of the values, in whichever order they come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many people.
    pub people: u32,
    /// The sum.
    pub sum: u32,
}

impl Tally {
    /// Adds a value of somebody whose `others` are counted.
    pub fn add(&mut self, value: u32, others: &mut [u32], rule: PeopleRule) {
        self.people += u32::from(others.is_empty());
        self.sum += share_of(value, others, rule);
    }

    /// Takes a value back of somebody whose `others` stay.
    pub fn remove(&mut self, value: u32, others: &mut [u32], rule: PeopleRule) {
        self.people -= u32::from(others.is_empty());
        self.sum -= share_of(value, others, rule);
    }
}

/// How much more a person counts with a value than with the others alone.
fn share_of(value: u32, others: &mut [u32], rule: PeopleRule) -> u32 {
    let place = rule.a_person_counts.saturating_sub(1);
    if others.len() <= place {
        return value;
    }
    let (_, least, _) = others.select_nth_unstable_by(place, |a, b| b.cmp(a));
    value.saturating_sub(*least)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rule(a_person_counts: usize) -> PeopleRule {
        PeopleRule { at_least: 1, a_person_counts }
    }

    #[test]
    fn the_sessions_of_a_person_are_told_apart_from_those_of_others() {
        let mut sessions = PersonSessions::<Vec<u32>>::default();
        for (session, person) in [(5, Some(1)), (3, Some(1)), (4, Some(2)), (6, None), (7, None)] {
            sessions.open(session, person).push(session as u32);
        }
        let others = |sessions: &PersonSessions<Vec<u32>>, person, session| {
            sessions.others_of(person, session).flatten().copied().collect::<Vec<u32>>()
        };
        assert_eq!(others(&sessions, Some(1), 5), [3]);
        assert_eq!(others(&sessions, Some(2), 4), [0_u32; 0]);
        assert_eq!(others(&sessions, None, 6), [0_u32; 0], "nobody known is nobody's other");
        assert_eq!(sessions.close(3), Some((Some(1), vec![3])));
        assert_eq!(others(&sessions, Some(1), 5), [0_u32; 0]);
        sessions.close(5);
        let mut never = PersonSessions::<Vec<u32>>::default();
        for (session, person) in [(7, None), (6, None), (4, Some(2))] {
            never.open(session, person).push(session as u32);
        }
        assert_eq!(sessions, never);
    }

    /// Worked by hand: one person's 3, 5 and 2, another's 4. Of each the greatest: 5 + 4; the two greatest: 5 + 3 + 4.
    #[test]
    fn of_a_person_the_greatest_values_count() {
        for (counts, sum) in [(1, 9), (2, 12), (3, 14), (usize::MAX, 14)] {
            let mut tally = Tally::default();
            tally.add(3, &mut [], rule(counts));
            tally.add(5, &mut [3], rule(counts));
            tally.add(2, &mut [3, 5], rule(counts));
            tally.add(4, &mut [], rule(counts));
            assert_eq!(tally, Tally { people: 2, sum }, "{counts}");
            tally.remove(5, &mut [2, 3], rule(counts));
            tally.remove(3, &mut [2], rule(counts));
            tally.remove(2, &mut [], rule(counts));
            assert_eq!(tally, Tally { people: 1, sum: 4 }, "{counts}");
        }
    }
}
