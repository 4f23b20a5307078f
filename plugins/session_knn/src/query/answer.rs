//! The candidates of a question, and their order.

use super::{
    candidates::{Candidate, Candidates},
    count,
    features::{Measures, Visit},
    neighbours::{self, Buffers, key},
    params::Current,
    plan::Plan,
    question::Question,
    ranking::{Best, Scored},
    weights::FEATURES,
};
use crate::store::{Counting, Index};

/// How many candidates are ranked.
pub const MAX_CANDIDATES: usize = 70;

/// Memory that is kept from question to question, some hundred kilobytes. One for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    counting: Counting,
    buffers: Buffers,
    candidates: Candidates,
    chosen: Vec<(u32, u32)>,
    described: Vec<Described>,
    best: Best,
    found: Vec<Scored>,
}

/// An item with its features.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Described {
    /// The item's index.
    pub item: u32,
    /// In the order of [`super::FEATURE_NAMES`].
    pub features: [f32; FEATURES],
}

impl Index {
    /// Makes the lists of companions of items, where learning or forgetting has dropped them. A question makes
    /// those that it needs; this is for who wants to wait for them now.
    pub fn make_lists(&mut self, items: impl Iterator<Item = u32>, scratch: &mut Scratch) {
        items.for_each(|item| self.make_list(item, &mut scratch.counting));
    }

    /// The candidates for a session of `items`, oldest first, with their features. `allowed`, ascending, are
    /// the only ones that may come where they are given.
    pub fn describe<'s>(
        &mut self,
        items: &[u32],
        allowed: Option<&[u32]>,
        plan: &Plan,
        scratch: &'s mut Scratch,
    ) -> &'s [Described] {
        let question = Question::new(self, items, plan.params.last_items);
        let windows = plan.windows.map(|hours| self.window(hours));
        for item in count::hopping(&question) {
            self.make_companions(item, &mut scratch.counting);
        }
        let Scratch { buffers, candidates, chosen, described, .. } = scratch;
        neighbours::find(self, &question, plan, buffers);
        candidates.clear();
        count::neighbours(self, &question, plan, buffers, candidates);
        let totals = count::steps(self, &question, plan, &mut buffers.labels, candidates);
        count::hops(self, &question, candidates);
        count::seen(self, &question, candidates);
        let measures = Measures::of(&candidates.rows);
        choose(&candidates.rows, &measures, chosen, |row| {
            self.count(row.item) as usize >= plan.params.at_least_visits
                && (plan.params.current == Current::Allow || Some(row.item) != question.last())
                && allowed.is_none_or(|allowed| allowed.binary_search(&row.item).is_ok())
        });
        let rows = || chosen.iter().filter_map(|(_, place)| candidates.rows.get(*place as usize));
        rows().for_each(|row| self.prefetch_posting(row.item));
        rows().for_each(|row| self.prefetch_labels(row.item));
        let visit = Visit::new(&question, totals, measures, windows, self.living());
        described.clear();
        described.extend(rows().map(|row| {
            let features = visit.features(self, row).map(|feature| feature as f32);
            Described { item: row.item, features }
        }));
        described
    }

    /// The best `most` items for a session of `items`, oldest first; best first, ties to the lower item.
    ///
    /// Fewer come where there are fewer candidates, and none where no item of the question was ever learned.
    pub fn query<'s>(
        &mut self,
        items: &[u32],
        allowed: Option<&[u32]>,
        most: usize,
        plan: &Plan,
        scratch: &'s mut Scratch,
    ) -> &'s [Scored] {
        self.describe(items, allowed, plan, scratch);
        let Scratch { described, best, found, .. } = scratch;
        best.start(most);
        for Described { item, features } in described.iter() {
            best.offer(*item, plan.params.weights.score(features));
        }
        best.finish(found);
        found
    }
}

/// Chooses the candidates that promise most among those that may come, ties to the lower item.
fn choose(
    rows: &[Candidate],
    measures: &Measures,
    chosen: &mut Vec<(u32, u32)>,
    may_come: impl Fn(&Candidate) -> bool,
) {
    chosen.clear();
    for (row, place) in rows.iter().zip(0_u32..) {
        // what the visit has seen is always a candidate
        let promise = measures.promise(row) + if row.back > 0 { 100.0 } else { 0.0 };
        chosen.push((key(promise), place));
    }
    let row = |place: u32| rows.get(place as usize);
    let order = |a: &(u32, u32), b: &(u32, u32)| {
        b.0.cmp(&a.0).then_with(|| row(a.1).map(|row| row.item).cmp(&row(b.1).map(|row| row.item)))
    };
    let comes = |(_, place): &(u32, u32)| row(*place).is_some_and(&may_come);
    // mostly enough may come of twice as many, and whether the others may need not be looked up
    let first = 2 * MAX_CANDIDATES;
    if chosen.len() > first {
        let (better, ..) = chosen.select_nth_unstable_by(first, order);
        if better.iter().filter(|candidate| comes(candidate)).count() >= MAX_CANDIDATES {
            chosen.truncate(first);
        }
    }
    chosen.retain(comes);
    if chosen.len() > MAX_CANDIDATES {
        chosen.select_nth_unstable_by(MAX_CANDIDATES - 1, order);
        chosen.truncate(MAX_CANDIDATES);
    }
}
