//! The features of candidates, and their order.

use super::{
    candidates::{Candidate, Candidates},
    count::{self, PARTS, Totals},
    neighbours::{self, Buffers, key},
    params::Current,
    plan::Plan,
    question::Question,
    ranking::{Best, Scored},
    weights::FEATURES,
};
use crate::{
    number::ln,
    store::{Counting, Index, Window},
};

/// How many candidates are ranked.
pub const MAX_CANDIDATES: usize = 70;

/// Memory that is kept from question to question: 8 bytes an item of the index, some kilobytes beside. One
/// for each thread.
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

/// The highest value of each count, by which candidates are measured.
#[derive(Debug, Clone, Copy)]
struct Highest {
    near: f64,
    hops_of_last: f64,
    hops: f64,
    shared: f64,
    nearest: f64,
    after_previous: f64,
    after: f64,
    before: f64,
}

impl Highest {
    fn of(rows: &[Candidate]) -> Self {
        let mut top =
            Candidate { near: 1e-9, hops_of_last: 1e-9, hops: 1e-9, nearest: 1e-9, ..Candidate::default() };
        for row in rows {
            top.near = top.near.max(row.near);
            top.hops_of_last = top.hops_of_last.max(row.hops_of_last);
            top.hops = top.hops.max(row.hops);
            top.nearest = top.nearest.max(row.nearest);
            top.shared = top.shared.max(row.shared);
            top.after_previous = top.after_previous.max(row.after_previous);
            top.after = top.after.max(row.after);
            top.before = top.before.max(row.before);
        }
        let count = |count: u32| f64::from(count.max(1));
        Self {
            near: top.near,
            hops_of_last: top.hops_of_last,
            hops: top.hops,
            shared: count(top.shared),
            nearest: f64::from(top.nearest),
            after_previous: count(top.after_previous),
            after: count(top.after),
            before: count(top.before),
        }
    }

    /// By what candidates are chosen.
    fn promise(&self, row: &Candidate) -> f64 {
        row.near / self.near
            + f64::from(row.after) / self.after
            + 0.5 * (row.hops_of_last / self.hops_of_last + row.hops / self.hops)
    }
}

/// What is said of the question once for all candidates.
struct Visit<'a> {
    items: &'a [u32],
    last: u32,
    length: f64,
    is_reloaded: f64,
    is_returned: f64,
    variety: f64,
    known: f64,
    totals: Totals,
    highest: Highest,
    windows: [Window; 2],
    living: f64,
}

fn yes(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

impl<'a> Visit<'a> {
    fn new(
        question: &Question<'a>,
        totals: Totals,
        highest: Highest,
        windows: [Window; 2],
        living: usize,
    ) -> Self {
        let items = question.items;
        let earlier = |n: usize| items.iter().take(n);
        let pairs = || items.iter().zip(items.iter().skip(1));
        let came_back = |n: usize, item: &u32| {
            n > 1 && earlier(n).next_back() != Some(item) && earlier(n).any(|other| other == item)
        };
        let different = items.iter().enumerate().filter(|(n, item)| !earlier(*n).any(|other| other == *item));
        Self {
            items,
            last: question.last().unwrap_or(u32::MAX),
            length: ln(question.len.max(1) as f64),
            is_reloaded: yes(pairs().any(|(one, next)| one == next)),
            is_returned: yes(items.iter().enumerate().any(|(n, item)| came_back(n, item))),
            variety: ln(different.count().max(1) as f64 / items.len().max(1) as f64),
            known: ln(f64::from(totals.next + 1)),
            totals,
            highest,
            windows,
            living: living.max(1) as f64,
        }
    }

    /// How often the visit has an item, and how often it went there from its newest item.
    fn times(&self, item: u32) -> (f64, f64) {
        let times = self.items.iter().filter(|held| **held == item).count();
        let steps = self.items.iter().zip(self.items.iter().skip(1));
        let again = steps.filter(|(from, to)| **from == self.last && **to == item).count();
        (times as f64, again as f64)
    }

    fn trend(&self, index: &Index, item: u32, count: f64, window: &Window) -> f64 {
        let expected = window.sessions as f64 / self.living * count;
        ln((index.count_from(item, window.from) as f64 + 1.0) / (expected + 1.0))
    }

    fn features(&self, index: &Index, row: &Candidate) -> [f64; FEATURES] {
        let Self { length, known, highest: high, totals, .. } = *self;
        let share = |value: u32, of: f64| f64::from(value) / of;
        let near = ln(row.near / high.near + 0.001);
        let hops_of_last = ln(row.hops_of_last / high.hops_of_last + 0.001);
        let next = ln(share(row.next, f64::from(totals.next) + 1.0) + 0.001);
        let parts = f64::from(PARTS);
        let count = f64::from(index.count(row.item));
        let popularity = ln(count.max(1.0));
        let [long, short] = &self.windows;
        let last = yes(row.item == self.last);
        let seen = yes(row.back > 0) * (1.0 - last);
        let (times, again) = if row.back > 0 { self.times(row.item) } else { (1.0, 0.0) };
        [
            near,
            hops_of_last,
            ln(row.hops / high.hops + 0.001),
            ln(share(row.shared, high.shared) + 0.01),
            ln(share(row.after_previous, high.after_previous) + 0.01),
            ln(share(row.before, high.before) + 0.01),
            f64::from(row.nearest) / high.nearest,
            next,
            ln(share(row.next_of_pair, f64::from(totals.next_of_pair) + 1.0) + 0.01),
            ln(share(row.after, f64::from(totals.after) + parts) + 0.001),
            popularity,
            self.trend(index, row.item, count, long),
            self.trend(index, row.item, count, short),
            last,
            last * self.is_reloaded,
            last * length,
            last * near,
            seen,
            seen * ln(f64::from(row.back.max(1))),
            seen * length,
            seen * self.is_returned,
            seen * near,
            ln(times),
            popularity * length,
            hops_of_last * length,
            next * known,
            hops_of_last * known,
            f64::from(row.freshness),
            seen * self.variety,
            seen * ln(1.0 + again),
        ]
    }
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
        candidates.start(self.items());
        count::neighbours(self, &question, plan, &buffers.neighbours, candidates);
        let totals = count::steps(self, &question, plan, candidates);
        count::hops(self, &question, candidates);
        count::seen(self, &question, candidates);
        let highest = Highest::of(&candidates.rows);
        let may_come = |row: &Candidate| {
            self.count(row.item) as usize >= plan.params.at_least_visits
                && (plan.params.current == Current::Allow || Some(row.item) != question.last())
                && allowed.is_none_or(|allowed| allowed.binary_search(&row.item).is_ok())
        };
        chosen.clear();
        for (row, place) in candidates.rows.iter().zip(0_u32..).filter(|(row, _)| may_come(row)) {
            // what the visit has seen is always a candidate
            let promise = highest.promise(row) + if row.back > 0 { 100.0 } else { 0.0 };
            chosen.push((key(promise), place));
        }
        keep_promising(chosen, &candidates.rows);
        let visit = Visit::new(&question, totals, highest, windows, self.living());
        described.clear();
        described.extend(chosen.iter().filter_map(|(_, place)| {
            let row = candidates.rows.get(*place as usize)?;
            let features = visit.features(self, row).map(|feature| feature as f32);
            Some(Described { item: row.item, features })
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

/// Keeps the candidates that promise most, ties to the lower item.
fn keep_promising(chosen: &mut Vec<(u32, u32)>, rows: &[Candidate]) {
    if chosen.len() > MAX_CANDIDATES {
        let item = |place: u32| rows.get(place as usize).map(|row| row.item);
        chosen.select_nth_unstable_by(MAX_CANDIDATES - 1, |a, b| {
            b.0.cmp(&a.0).then_with(|| item(a.1).cmp(&item(b.1)))
        });
        chosen.truncate(MAX_CANDIDATES);
    }
}
