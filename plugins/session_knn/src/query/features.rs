//! What is told of a candidate.

use jardin_sdk::number::ln;

use super::{
    candidates::Candidate,
    count::{PARTS, Totals},
    plan::Counted,
    question::Question,
    weights::FEATURES,
};
use crate::store::{Index, Window};

/// One over the highest value of each count, by which candidates are measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measures {
    near: f64,
    hops_of_last: f64,
    hops: f64,
    shared: f64,
    nearest: f64,
    after_previous: f64,
    after: f64,
    before: f64,
}

impl Measures {
    pub(super) fn of(rows: &[Candidate]) -> Self {
        let mut top =
            Candidate { near: 1e-9, hops_of_last: 1e-9, hops: 1e-9, nearest: 1e-9, ..Candidate::default() };
        for row in rows {
            // no count is not a number, for which `f64::max` would look
            top.near = if row.near > top.near { row.near } else { top.near };
            top.hops_of_last =
                if row.hops_of_last > top.hops_of_last { row.hops_of_last } else { top.hops_of_last };
            top.hops = if row.hops > top.hops { row.hops } else { top.hops };
            top.nearest = if row.nearest > top.nearest { row.nearest } else { top.nearest };
            top.shared = top.shared.max(row.shared);
            top.after_previous = top.after_previous.max(row.after_previous);
            top.after = top.after.max(row.after);
            top.before = top.before.max(row.before);
        }
        let count = |count: u32| 1.0 / f64::from(count.max(1));
        Self {
            near: 1.0 / top.near,
            hops_of_last: 1.0 / top.hops_of_last,
            hops: 1.0 / top.hops,
            shared: count(top.shared),
            nearest: 1.0 / f64::from(top.nearest),
            after_previous: count(top.after_previous),
            after: count(top.after),
            before: count(top.before),
        }
    }

    /// By what candidates are chosen.
    #[inline]
    pub(super) fn promise(&self, row: &Candidate) -> f64 {
        row.near * self.near
            + f64::from(row.after) * self.after
            + 0.5 * (row.hops_of_last * self.hops_of_last + row.hops * self.hops)
    }
}

/// What is said of the question once for all candidates.
pub(super) struct Visit<'a> {
    items: &'a [u32],
    last: u32,
    length: f64,
    is_reloaded: f64,
    is_returned: f64,
    variety: f64,
    known: f64,
    totals: Totals,
    counted: Counted,
    measures: Measures,
    windows: [Window; 2],
    living: f64,
    /// Most counts of most candidates are 0, and these are their logarithms.
    ln_of_0: LnOf0,
}

/// Logarithms of what is added to shares.
#[derive(Debug, Clone, Copy)]
struct LnOf0 {
    thousandth: f64,
    hundredth: f64,
}

fn yes(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

impl<'a> Visit<'a> {
    pub(super) fn new(
        question: &Question<'a>,
        (totals, counted): (Totals, Counted),
        measures: Measures,
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
            counted,
            measures,
            windows,
            living: living.max(1) as f64,
            ln_of_0: LnOf0 { thousandth: ln(0.001), hundredth: ln(0.01) },
        }
    }

    /// Logarithms of how often the visit has an item, of how many places ago, and of one and how often it went
    /// there from its newest item.
    fn own(&self, row: &Candidate) -> (f64, f64, f64) {
        let times = self.items.iter().filter(|held| **held == row.item).count();
        let steps = self.items.iter().zip(self.items.iter().skip(1));
        let again = steps.filter(|(from, to)| **from == self.last && **to == row.item).count();
        (ln(times.max(1) as f64), ln(f64::from(row.back)), ln(1.0 + again as f64))
    }

    /// Logarithms of the visits with an item in each window over those to be expected.
    fn trends(&self, index: &Index, item: u32, count: f64) -> [f64; 2] {
        if !self.counted.trend {
            return [0.0; 2];
        }
        self.windows.map(|window| {
            let expected = window.sessions as f64 / self.living * count;
            ln((index.count_from(item, window.from) as f64 + 1.0) / (expected + 1.0))
        })
    }

    /// The features of a candidate, in the order of [`super::FEATURE_NAMES`].
    pub(super) fn features(&self, index: &Index, row: &Candidate) -> [f32; FEATURES] {
        let Self { length, known, measures, totals, ln_of_0, .. } = *self;
        let thousandth = |share: f64| if share == 0.0 { ln_of_0.thousandth } else { ln(share + 0.001) };
        let hundredth = |share: f64| if share == 0.0 { ln_of_0.hundredth } else { ln(share + 0.01) };
        let share = |value: u32, measure: f64| hundredth(f64::from(value) * measure);
        let of_all = |value: u32, all: f64| f64::from(value) / all;
        let near = thousandth(row.near * measures.near);
        let hops_of_last = thousandth(row.hops_of_last * measures.hops_of_last);
        let next = thousandth(of_all(row.next, f64::from(totals.next) + 1.0));
        let count = f64::from(index.count(row.item));
        let popularity = ln(count.max(1.0));
        let [trend, short_trend] = self.trends(index, row.item, count);
        let last = yes(row.item == self.last);
        let seen = yes(row.back > 0) * (1.0 - last);
        let [same_category, price_distance, same_brand, same_group] =
            index.item_fields().features(self.last, row.item);
        let (times, back, again) = if row.back > 0 { self.own(row) } else { (0.0, 0.0, 0.0) };
        let exact = [
            near,
            hops_of_last,
            thousandth(row.hops * measures.hops),
            share(row.shared, measures.shared),
            share(row.after_previous, measures.after_previous),
            share(row.before, measures.before),
            f64::from(row.nearest) * measures.nearest,
            next,
            hundredth(of_all(row.next_of_pair, f64::from(totals.next_of_pair) + 1.0)),
            thousandth(of_all(row.after, f64::from(totals.after) + f64::from(PARTS))),
            popularity,
            trend,
            short_trend,
            last,
            last * self.is_reloaded,
            last * length,
            last * near,
            seen,
            seen * back,
            seen * length,
            seen * self.is_returned,
            seen * near,
            times,
            popularity * length,
            hops_of_last * length,
            next * known,
            hops_of_last * known,
            f64::from(row.freshness),
            seen * self.variety,
            seen * again,
            same_category,
            price_distance,
            same_brand,
            same_group,
        ];
        let mut features = [0.0; FEATURES];
        features.iter_mut().zip(exact).for_each(|(feature, exact)| *feature = exact as f32);
        features
    }
}
