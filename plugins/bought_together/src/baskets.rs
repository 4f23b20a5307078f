//! Counts of people's baskets, in integers.

use std::collections::{BTreeMap, HashMap};

use jardin_sdk::{PeopleRule, PersonSessions, Tally, Weighed};

/// The most items of one session that are counted; a wholesale order says nothing about what goes together,
/// and pairs grow with its square.
const MOST_ITEMS: usize = 100;

/// For each item in how many baskets it was, and beside which others; of one person no more of them count than the rule
/// says. Equal to what it would be had it only ever learned the sessions that were not forgotten.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Baskets {
    rule: PeopleRule,
    /// The different items of each session, in their order.
    sessions: PersonSessions<Vec<u32>>,
    counts: HashMap<u32, Tally>,
    /// For each item the others that were in a basket with it; symmetric, so that each pair stands twice.
    pairs: HashMap<u32, BTreeMap<u32, Tally>>,
    /// How many others stand beside all items, and how many items stand in all sessions, for
    /// [`Baskets::bytes`].
    entries: usize,
    events: usize,
}

impl Baskets {
    pub(crate) fn new(rule: PeopleRule) -> Self {
        Self {
            rule,
            sessions: PersonSessions::default(),
            counts: HashMap::new(),
            pairs: HashMap::new(),
            entries: 0,
            events: 0,
        }
    }

    /// Adds an item to a session. The first items of a session up to the most are counted, whichever way they
    /// came.
    pub(crate) fn add(&mut self, session: u64, person: Option<u32>, item: u32) {
        let items = self.sessions.open(session, person);
        if items.contains(&item) || items.len() >= MOST_ITEMS {
            return;
        }
        let earlier = items.len();
        items.push(item);
        self.events += 1;
        let Self { rule, sessions, counts, pairs, entries, .. } = self;
        let holding = with_item(sessions.others_of(person, session), item);
        counts.entry(item).or_default().add(1, &mut times(&holding, item, *rule), *rule);
        for other in sessions.get(session).into_iter().flatten().take(earlier) {
            let mut others = times(&holding, *other, *rule);
            for (a, b) in [(item, *other), (*other, item)] {
                let tally = pairs.entry(a).or_default().entry(b).or_default();
                *entries += usize::from(tally.people == 0);
                tally.add(1, &mut others, *rule);
            }
        }
    }

    /// Takes a session back.
    pub(crate) fn remove(&mut self, session: u64) {
        let Some((person, items)) = self.sessions.close(session) else { return };
        self.events -= items.len();
        let Self { rule, sessions, counts, pairs, entries, .. } = self;
        for (i, item) in items.iter().enumerate() {
            let holding = with_item(sessions.others_of(person, session), *item);
            if take_back(counts.get_mut(item), &mut times(&holding, *item, *rule), *rule) {
                counts.remove(item);
            }
            for other in items.iter().take(i) {
                let mut others = times(&holding, *other, *rule);
                for (a, b) in [(item, other), (other, item)] {
                    let Some(beside) = pairs.get_mut(a) else { continue };
                    if take_back(beside.get_mut(b), &mut others, *rule) {
                        beside.remove(b);
                        *entries -= 1;
                    }
                    if beside.is_empty() {
                        pairs.remove(a);
                    }
                }
            }
        }
    }

    /// Each item that stood beside one of `seeds` in baskets of enough people, with the sum of its shrunken cosines;
    /// the seeds themselves are left out.
    pub(crate) fn beside(&self, seeds: &[u32], shrink: f64) -> BTreeMap<u32, f64> {
        let count = |item: u32| self.counts.get(&item).map_or(0.0, |tally| f64::from(tally.sum));
        let mut scores = BTreeMap::new();
        for seed in seeds {
            let beside = self.pairs.get(seed).into_iter().flatten().filter(|(item, _)| !seeds.contains(item));
            for (item, tally) in beside.filter(|(_, tally)| tally.people as usize >= self.rule.at_least) {
                let pairs = f64::from(tally.sum);
                let cosine = pairs / (count(*seed) * count(*item)).sqrt();
                *scores.entry(*item).or_insert(0.0) += cosine * pairs / (pairs + shrink);
            }
        }
        scores
    }
}

impl Weighed for Baskets {
    fn bytes(&self) -> usize {
        self.sessions.bytes() + 12 * self.events + 27 * self.entries + 300 * self.pairs.len()
    }
}

/// Those of a person's other baskets that hold an item.
fn with_item<'a>(others: impl Iterator<Item = &'a Vec<u32>>, item: u32) -> Vec<&'a Vec<u32>> {
    others.filter(|held| held.contains(&item)).collect()
}

/// A one for each basket that holds an item; those that cannot count any more are left out.
fn times(baskets: &[&Vec<u32>], item: u32, rule: PeopleRule) -> Vec<u32> {
    baskets.iter().filter(|held| held.contains(&item)).map(|_| 1).take(rule.a_person_counts).collect()
}

/// Takes a basket back, and says whether nobody's is left.
fn take_back(tally: Option<&mut Tally>, others: &mut [u32], rule: PeopleRule) -> bool {
    tally.is_some_and(|tally| {
        tally.remove(1, others, rule);
        tally.people == 0
    })
}
