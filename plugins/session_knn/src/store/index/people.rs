//! Which sessions of one person count, and of how many people there are some.

use jardin_sdk::PeopleRule;

use super::Index;

/// Which place a session has among those that count.
enum Place {
    /// One of its own.
    Free,
    /// That of an older one.
    Of(u32),
    /// None: enough newer ones count.
    None,
}

impl Index {
    /// The same, empty as it is, that counts people by a rule.
    #[must_use]
    pub const fn counting_people(mut self, rule: PeopleRule) -> Self {
        self.rule = rule;
        self
    }

    /// Whether so many people hold an item that it may be shown.
    #[inline]
    pub(crate) fn has_enough_people(&self, item: u32) -> bool {
        self.people.get(item as usize).copied().unwrap_or(0) as usize >= self.rule.at_least
    }

    /// Counts a session with an item; one of its person's `others` with it, newest first, gives way where too many would
    /// count.
    pub(super) fn count_session(&mut self, item: usize, label: u32, others: &[u32]) {
        let place = self.place_beside(label, others);
        if let Some(people) = self.people.get_mut(item) {
            *people += u32::from(others.is_empty());
        }
        let (Some(posting), Some(count)) = (self.postings.get_mut(item), self.counts.get_mut(item)) else {
            return;
        };
        match place {
            Place::Free => *count += 1,
            Place::Of(older) => posting.remove(older),
            Place::None => return,
        }
        posting.insert(label);
    }

    /// Takes a session with an item back; one of its person's `others` that gave way comes back.
    pub(super) fn uncount_session(&mut self, item: usize, label: u32, others: &[u32]) {
        let place = self.place_beside(label, others);
        if let Some(people) = self.people.get_mut(item) {
            *people -= u32::from(others.is_empty());
        }
        let (Some(posting), Some(count)) = (self.postings.get_mut(item), self.counts.get_mut(item)) else {
            return;
        };
        match place {
            Place::Free => *count -= 1,
            Place::Of(older) => posting.insert(older),
            Place::None => return,
        }
        posting.remove(label);
    }

    /// Where a session stands among its person's others, newest first.
    fn place_beside(&self, label: u32, others: &[u32]) -> Place {
        match others.get(self.rule.a_person_counts.saturating_sub(1)) {
            None => Place::Free,
            Some(older) if *older < label => Place::Of(*older),
            Some(_) => Place::None,
        }
    }

    /// The labels of a person's other sessions that hold an item, newest first; none where it is nobody's.
    pub(super) fn others_with(&self, session: u64, person: Option<u32>, item: u32) -> Vec<u32> {
        let others = self.of_people.other_ids(person, session).filter_map(|other| self.label(other));
        let holds = |label: &u32| self.sessions.get(*label).is_some_and(|other| other.items.contains(&item));
        let mut labels: Vec<u32> = others.filter(holds).collect();
        labels.sort_unstable_by(|a, b| b.cmp(a));
        labels
    }
}
