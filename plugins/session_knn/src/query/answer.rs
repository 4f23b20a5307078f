//! The candidates of a question, and their order.

use super::{
    candidates::{Candidate, Candidates},
    count::{self, Totals},
    features::{Measures, Visit},
    neighbours::{self, Buffers, key},
    params::Current,
    plan::{Counted, Plan},
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
    promises: Vec<u32>,
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
        self.describe_counted(items, allowed, (plan, Counted::ALL), scratch);
        &scratch.described
    }

    fn describe_counted(
        &mut self,
        items: &[u32],
        allowed: Option<&[u32]>,
        (plan, counted): (&Plan, Counted),
        scratch: &mut Scratch,
    ) {
        let question = Question::new(self, items, plan.params.last_items);
        let windows = plan.windows.map(|hours| self.window(hours));
        let Scratch { counting, buffers, candidates, promises, best, described, .. } = scratch;
        let mut totals = Totals::default();
        candidates.clear();
        if counted.hops {
            count::hopping(&question).for_each(|item| self.make_companions(item, counting));
        }
        neighbours::find(self, &question, plan, buffers);
        count::neighbours(self, &question, (plan, counted), buffers, candidates);
        if counted.steps {
            totals = count::steps(self, &question, plan, &mut buffers.labels, candidates);
        }
        if counted.hops {
            count::hops(self, &question, candidates);
        }
        count::seen(self, &question, candidates);
        let measures = Measures::of(&candidates.rows);
        let choice = Choice { promises, sorted: &mut buffers.keys, best };
        choose(&candidates.rows, &measures, choice, |row| {
            self.count(row.item) as usize >= plan.params.at_least_visits
                && (plan.params.current == Current::Allow || Some(row.item) != question.last())
                && allowed.is_none_or(|allowed| allowed.binary_search(&row.item).is_ok())
        });
        let chosen = best.items();
        if counted.trend {
            chosen.clone().for_each(|item| self.prefetch_posting(item));
            chosen.clone().for_each(|item| self.prefetch_labels(item));
        }
        let visit = Visit::new(&question, (totals, counted), measures, windows, self.living());
        described.clear();
        for row in chosen {
            let Some(row) = candidates.get(row) else { continue };
            described.push(Described { item: row.item, features: visit.features(self, row) });
        }
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
        self.describe_counted(items, allowed, (plan, plan.counted), scratch);
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
    Choice { promises, sorted, best }: Choice<'_>,
    may_come: impl Fn(&Candidate) -> bool,
) {
    promises.clear();
    // what the visit has seen is always a candidate
    let promise = |row: &Candidate| key(measures.promise(row) + if row.back > 0 { 100.0 } else { 0.0 });
    promises.extend(rows.iter().map(promise));
    let mut offer = |least: u32| {
        best.start(MAX_CANDIDATES);
        let promising = rows.iter().zip(promises.iter()).filter(|(_, promise)| **promise >= least);
        let coming = promising.filter(|(row, _)| may_come(row));
        coming.inspect(|(row, promise)| best.offer(row.item, f32::from_bits(**promise))).count()
    };
    // mostly enough may come of twice as many, and whether the others may need not be looked up
    let enough = 2 * MAX_CANDIDATES;
    if rows.len() > enough {
        sorted.clone_from(promises);
        let (_, least, _) = sorted.select_nth_unstable_by(enough, |a, b| b.cmp(a));
        if offer(*least) >= MAX_CANDIDATES {
            return;
        }
    }
    offer(0);
}

/// What candidates are chosen with.
struct Choice<'s> {
    /// What each row promises.
    promises: &'s mut Vec<u32>,
    sorted: &'s mut Vec<u32>,
    best: &'s mut Best,
}
