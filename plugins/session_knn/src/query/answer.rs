//! The candidates of a question, and their order.

use super::{
    candidates::{Candidate, Candidates},
    choice::Choice,
    count::{self, Totals},
    features::{Measures, Visit},
    near,
    neighbours::{self, Buffers},
    params::{Current, Params},
    plan::{Counted, Plan, Query},
    question::Question,
    ranking::{Best, Scored},
    sums::{Sum, Sums},
    weights::FEATURES,
};
use crate::store::{Counting, Index};

/// Is added to what an item promises that always is a candidate; no other promise is as high.
const ALWAYS: f64 = 100.0;

/// Memory that is kept from question to question, some hundred kilobytes. One for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    counting: Counting,
    buffers: Buffers,
    candidates: Candidates,
    sums: Sums,
    choice: Choice,
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
        let Scratch { counting, buffers, candidates, choice, described, .. } = scratch;
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
        // what the visit has seen is always a candidate
        let promise = |row: &Candidate| measures.promise(row) + if row.back > 0 { ALWAYS } else { 0.0 };
        choice.promise_all(candidates.rows.iter().map(|row| (row.item, promise(row) as f32)));
        let chosen = choice.choose(|item| self.may_come(item, &question, allowed, &plan.params));
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

    /// Whether an item may be answered.
    fn may_come(&self, item: u32, question: &Question<'_>, allowed: Option<&[u32]>, params: &Params) -> bool {
        self.has_enough_people(item)
            && (params.current == Current::Allow || Some(item) != question.last())
            && allowed.is_none_or(|allowed| allowed.binary_search(&item).is_ok())
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
        scratch.best.start(most);
        match plan.query {
            Query::Near(weight) => self.rank_near(items, allowed, (plan, weight), scratch),
            Query::Full => {
                self.describe_counted(items, allowed, (plan, plan.counted), scratch);
                for Described { item, features } in scratch.described.iter() {
                    scratch.best.offer(*item, plan.params.weights.score(features));
                }
            }
        }
        scratch.best.finish(&mut scratch.found);
        &scratch.found
    }

    /// Ranks items by what stands near in the neighbours alone.
    fn rank_near(
        &self,
        items: &[u32],
        allowed: Option<&[u32]>,
        (plan, weight): (&Plan, f64),
        Scratch { buffers, sums, choice, best, .. }: &mut Scratch,
    ) {
        let question = Question::new(self, items, plan.params.last_items);
        sums.clear();
        neighbours::find(self, &question, plan, buffers);
        near::sum_neighbours(self, &question, plan, buffers, sums);
        near::mark_seen(self, &question, sums);
        let measure = near::measure(sums);
        let promise = |sum: &Sum| sum.near * measure + if sum.is_seen { ALWAYS } else { 0.0 };
        choice.promise_all(sums.all().map(|sum| (sum.item, promise(sum) as f32)));
        for item in choice.choose(|item| self.may_come(item, &question, allowed, &plan.params)) {
            best.offer(item, near::score(sums.sum_of(item).near * measure, weight));
        }
    }
}
