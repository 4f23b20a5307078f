//! Metrics at k.

use std::collections::{HashMap, HashSet};

use crate::{ByKind, Kind, Question, kinds::KindTally, sessions::Item};

/// A mean with the ends of its 95 % interval: mean ± 1.96 standard errors, by the normal approximation.
/// Questions of one session resemble each other, so that the true interval is somewhat wider.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A running mean with its variance (Welford 1962).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mean {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Mean {
    pub(crate) fn add(&mut self, x: f64) {
        self.n += 1.0;
        let away = x - self.mean;
        self.mean += away / self.n;
        self.squares += away * (x - self.mean);
    }

    pub(crate) const fn count(&self) -> usize {
        self.n as usize
    }

    pub(crate) fn interval(&self) -> Interval {
        let error = if self.n > 1.0 { 1.96 * (self.squares / (self.n - 1.0) / self.n).sqrt() } else { 0.0 };
        Interval { mean: self.mean, low: self.mean - error, high: self.mean + error }
    }
}

/// How often items stand in the training sessions, for coverage and popularity.
#[derive(Debug, Clone, Default)]
pub struct Shares {
    counts: HashMap<Item, u32>,
    most: u32,
}

impl Shares {
    /// Counts items.
    #[must_use]
    pub fn of<'a>(items: impl Iterator<Item = &'a Item>) -> Self {
        let mut counts: HashMap<Item, u32> = HashMap::new();
        for item in items {
            *counts.entry(Item::clone(item)).or_default() += 1;
        }
        let most = counts.values().copied().max().unwrap_or(0);
        Self { counts, most }
    }

    /// How many different items there are.
    #[must_use]
    pub fn items(&self) -> usize {
        self.counts.len()
    }

    /// Every item, the most frequent first, ties to the lower id.
    pub(crate) fn most_popular(&self) -> Vec<Item> {
        let mut items: Vec<(&Item, u32)> = self.counts.iter().map(|(item, count)| (item, *count)).collect();
        items.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        items.into_iter().map(|(item, _)| Item::clone(item)).collect()
    }

    fn share(&self, item: &str) -> f64 {
        let count = self.counts.get(item).copied().unwrap_or(0);
        f64::from(count) / f64::from(self.most.max(1))
    }
}

/// What is measured at k over many questions.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// How many questions.
    pub questions: usize,
    /// Hit rate: 1 where the next item is among the first k.
    pub hr: Interval,
    /// Mean reciprocal rank: 1 / rank of the next item, 0 where it is not among the first k.
    pub mrr: Interval,
    /// Normalised discounted cumulative gain of all that followed, each worth 1 (Järvelin and Kekäläinen
    /// 2002).
    pub ndcg: Interval,
    /// Which share of k places held something that followed.
    pub precision: Interval,
    /// Which share of the different items that followed stood among the first k.
    pub recall: Interval,
    /// How popular recommended items are on average: occurrences in training over those of the most popular
    /// item.
    pub popularity: Interval,
    /// Which share of the training's items was recommended at least once.
    pub coverage: f64,
    /// Which share of the questions was answered with k items.
    pub full: f64,
    /// HR and MRR apart by what came next.
    pub by_kind: ByKind,
}

/// Adds up judgements of answers.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    k: usize,
    shares: Shares,
    hr: Mean,
    mrr: Mean,
    ndcg: Mean,
    precision: Mean,
    recall: Mean,
    popularity: Mean,
    full: Mean,
    by_kind: KindTally,
    recommended: HashSet<Item>,
}

impl Tally {
    /// Judges the first `k` items of each answer.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self { k, ..Self::default() }
    }

    /// With the training's items, for coverage and popularity.
    #[must_use]
    pub fn with_shares(mut self, shares: Shares) -> Self {
        self.shares = shares;
        self
    }

    /// Judges one answer, the best item first. A question of which nothing followed counts nothing.
    pub fn add(&mut self, question: &Question, answer: &[Item]) {
        let Some(next) = question.followed.first() else {
            return;
        };
        let answer = answer.get(..self.k).unwrap_or(answer);
        let rank = answer.iter().position(|item| item == next);
        let hit = if rank.is_some() { 1.0 } else { 0.0 };
        let reciprocal = rank.map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
        self.hr.add(hit);
        self.mrr.add(reciprocal);
        if let Some(kind) = Kind::of(question) {
            self.by_kind.add(kind, hit, reciprocal);
        }
        let followed: HashSet<&Item> = question.followed.iter().collect();
        let hits: Vec<usize> =
            (0..).zip(answer).filter(|(_, item)| followed.contains(item)).map(|(rank, _)| rank).collect();
        #[expect(clippy::disallowed_methods, reason = "a figure that is printed to three digits")]
        let gain = |ranks: &mut dyn Iterator<Item = usize>| {
            ranks.map(|rank| 1.0 / (rank as f64 + 2.0).log2()).sum::<f64>()
        };
        let ideal = gain(&mut (0..self.k.min(followed.len())));
        self.ndcg.add(gain(&mut hits.iter().copied()) / ideal);
        self.precision.add(hits.len() as f64 / self.k as f64);
        self.recall.add(hits.len() as f64 / followed.len() as f64);
        let shares: f64 = answer.iter().map(|item| self.shares.share(item)).sum();
        self.popularity.add(shares / answer.len().max(1) as f64);
        self.full.add(if answer.len() == self.k { 1.0 } else { 0.0 });
        for item in answer {
            if !self.recommended.contains(item) {
                self.recommended.insert(Item::clone(item));
            }
        }
    }

    /// The figures so far.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let known = self.recommended.iter().filter(|item| self.shares.counts.contains_key(*item)).count();
        Figures {
            questions: self.hr.n as usize,
            hr: self.hr.interval(),
            mrr: self.mrr.interval(),
            ndcg: self.ndcg.interval(),
            precision: self.precision.interval(),
            recall: self.recall.interval(),
            popularity: self.popularity.interval(),
            coverage: known as f64 / self.shares.items().max(1) as f64,
            full: self.full.mean,
            by_kind: self.by_kind.parts(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<Item> {
        text.split_whitespace().map(Item::from).collect()
    }

    fn question(followed: &str) -> Question {
        Question { shown: items("x"), followed: items(followed) }
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    /// Worked by hand, k = 4:
    ///
    /// | followed | answer  | hr | mrr | dcg                   | ideal             | precision | recall |
    /// |----------|---------|----|-----|-----------------------|-------------------|-----------|--------|
    /// | b c      | a b c d | 1  | 1/2 | .630930 + .5          | 1 + .630930       | 2/4       | 2/2    |
    /// | a        | b c d e | 0  | 0   | 0                     | 1                 | 0         | 0      |
    /// | c d c e a| c       | 1  | 1   | 1                     | 1+.630930+.5+.430677 | 1/4    | 1/4    |
    #[test]
    fn equal_a_table_worked_by_hand() {
        let mut tally = Tally::new(4).with_shares(Shares::of(items("a a a a b b c d f f").iter()));
        for (followed, answer) in [("b c", "a b c d"), ("a", "b c d e"), ("c d c e a", "c")] {
            tally.add(&question(followed), &items(answer));
        }
        let figures = tally.figures();
        assert_eq!(figures.questions, 3);
        close(figures.hr.mean, 2.0 / 3.0);
        close(figures.mrr.mean, 0.5);
        close(figures.ndcg.mean, (1.130_930 / 1.630_930 + 0.0 + 1.0 / 2.561_606) / 3.0);
        close(figures.precision.mean, (0.5 + 0.0 + 0.25) / 3.0);
        close(figures.recall.mean, (1.0 + 0.0 + 0.25) / 3.0);
        // a 1, b .5, c .25, d .25, e 0: (2 / 4 + 1 / 4 + .25) / 3
        close(figures.popularity.mean, (0.5 + 0.25 + 0.25) / 3.0);
        // a b c d of a b c d f
        close(figures.coverage, 0.8);
        close(figures.full, 2.0 / 3.0);
    }

    /// Values 1, 0, 1, 1: mean .75, variance .25, standard error .25, half width .49.
    #[test]
    fn the_interval_is_two_standard_errors_wide() {
        let mut tally = Tally::new(1);
        for followed in ["a", "b", "a", "a"] {
            tally.add(&question(followed), &items("a"));
        }
        let hr = tally.figures().hr;
        close(hr.mean, 0.75);
        close(hr.low, 0.26);
        close(hr.high, 1.24);
    }

    /// After a visit of x and y: y again is hit first, x is hit second, z is not, w is hit first.
    #[test]
    fn what_came_next_is_told_apart() {
        let mut tally = Tally::new(2);
        for (followed, answer) in [("y", "y a"), ("x", "a x"), ("z", "a b"), ("w x", "w a")] {
            tally.add(&Question { shown: items("x y"), followed: items(followed) }, &items(answer));
        }
        let [new, seen, again] = tally.figures().by_kind;
        assert_eq!([new.questions, seen.questions, again.questions], [2, 1, 1]);
        assert_eq!([new.hr.mean, seen.hr.mean, again.hr.mean], [0.5, 1.0, 1.0]);
        assert_eq!([new.mrr.mean, seen.mrr.mean, again.mrr.mean], [0.5, 0.5, 1.0]);
    }

    #[test]
    fn only_the_first_k_count_and_nothing_followed_counts_nothing() {
        let mut tally = Tally::new(1);
        tally.add(&question("b"), &items("a b"));
        tally.add(&question(""), &items("a b"));
        assert_eq!((tally.figures().questions, tally.figures().hr.mean), (1, 0.0));
    }
}
