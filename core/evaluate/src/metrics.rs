//! Metrics at k.

use std::collections::HashSet;

use crate::{
    ByKind, Interval, Kind, Question, Shares,
    interval::Mean,
    judgement::{Judgement, first_occurrences},
    kinds::KindTally,
    sessions::Item,
};

/// What is measured at k over many questions. An answer's repeats are left out, and so are those among what followed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// What the figures are divided by.
    pub denominators: Denominators,
    /// Hit rate: 1 where the next item is among the first k.
    pub hr: Interval,
    /// Mean reciprocal rank: 1 / rank of the next item, 0 where it is not among the first k.
    pub mrr: Interval,
    /// 1 where anything that followed is among the first k.
    pub hr_any: Interval,
    /// 1 / rank of the first item that followed at all, 0 where none is among the first k.
    pub mrr_any: Interval,
    /// Right items over k.
    pub precision: Interval,
    /// Right items over all that followed.
    pub recall: Interval,
    /// Right items over as many as there could be: the smaller of k and all that followed.
    pub capped_recall: Interval,
    /// Normalised discounted cumulative gain of all that followed, each worth 1, over that of a list that begins with
    /// as many of them as k allows (Järvelin and Kekäläinen 2002).
    pub ndcg: Interval,
    /// Mean average precision: the precisions at the right items, over all that followed.
    pub map: Interval,
    /// The same over the smaller of k and all that followed.
    pub capped_map: Interval,
    /// How popular recommended items are on average: occurrences in training over those of the most popular
    /// item. Over the answered questions alone.
    pub popularity: Interval,
    /// How new recommended items are on average: −log2 of the share of the training's visits that hold them. Over the
    /// answered questions alone.
    pub novelty: Interval,
    /// Which share of the training's items was recommended at least once.
    pub coverage: f64,
    /// Which share of the questions was answered with k items.
    pub full: f64,
    /// HR and MRR apart by what came next.
    pub by_kind: ByKind,
}

/// What figures are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Denominators {
    /// Questions, answered or not: every mean is over them.
    pub questions: usize,
    /// How many of them were answered with nothing.
    pub unanswered: usize,
    /// Different items that followed, added up over the questions.
    pub followed: usize,
    /// Of these as many as an answer could hold, added up.
    pub capped: usize,
    /// Different items of the training.
    pub items: usize,
    /// Visits of the training.
    pub visits: usize,
}

/// Adds up judgements of answers.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    k: usize,
    shares: Shares,
    counts: Denominators,
    hr: Mean,
    mrr: Mean,
    hr_any: Mean,
    mrr_any: Mean,
    precision: Mean,
    recall: Mean,
    capped_recall: Mean,
    ndcg: Mean,
    map: Mean,
    capped_map: Mean,
    popularity: Mean,
    novelty: Mean,
    full: Mean,
    by_kind: KindTally,
    recommended: HashSet<Item>,
}

impl Tally {
    /// Judges the first `k` different items of each answer.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self { k, ..Self::default() }
    }

    /// With the training's items, for coverage, popularity and novelty.
    #[must_use]
    pub fn with_shares(mut self, shares: Shares) -> Self {
        self.shares = shares;
        self
    }

    /// Judges one answer, the best item first. A question of which nothing followed counts nothing.
    pub fn add(&mut self, question: &Question, answer: &[Item]) {
        let answer = first_occurrences(answer, self.k);
        let Some(judged) = Judgement::judge_answer(question, &answer, self.k) else {
            return;
        };
        self.add_judgement(&judged);
        if let Some(kind) = Kind::of(question) {
            self.by_kind.add(kind, judged.hr, judged.mrr);
        }
        self.full.add(if answer.len() == self.k { 1.0 } else { 0.0 });
        if answer.is_empty() {
            self.counts.unanswered += 1;
            return;
        }
        let mean =
            |of: &dyn Fn(&str) -> f64| answer.iter().map(|item| of(item)).sum::<f64>() / answer.len() as f64;
        self.popularity.add(mean(&|item| self.shares.popularity(item)));
        self.novelty.add(mean(&|item| self.shares.novelty(item)));
        for item in answer {
            if !self.recommended.contains(item) {
                self.recommended.insert(Item::clone(item));
            }
        }
    }

    fn add_judgement(&mut self, judged: &Judgement) {
        for (mean, value) in [
            (&mut self.hr, judged.hr),
            (&mut self.mrr, judged.mrr),
            (&mut self.hr_any, judged.hr_any),
            (&mut self.mrr_any, judged.mrr_any),
            (&mut self.precision, judged.precision),
            (&mut self.recall, judged.recall),
            (&mut self.capped_recall, judged.capped_recall),
            (&mut self.ndcg, judged.ndcg),
            (&mut self.map, judged.map),
            (&mut self.capped_map, judged.capped_map),
        ] {
            mean.add(value);
        }
        self.counts.questions += 1;
        self.counts.followed += judged.followed;
        self.counts.capped += judged.followed.min(self.k);
    }

    /// The figures so far.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let known = self.recommended.iter().filter(|item| self.shares.holds(item)).count();
        let (items, visits) = (self.shares.items(), self.shares.visits());
        Figures {
            denominators: Denominators { items, visits, ..self.counts },
            hr: self.hr.interval(),
            mrr: self.mrr.interval(),
            hr_any: self.hr_any.interval(),
            mrr_any: self.mrr_any.interval(),
            precision: self.precision.interval(),
            recall: self.recall.interval(),
            capped_recall: self.capped_recall.interval(),
            ndcg: self.ndcg.interval(),
            map: self.map.interval(),
            capped_map: self.capped_map.interval(),
            popularity: self.popularity.interval(),
            novelty: self.novelty.interval(),
            coverage: known as f64 / items.max(1) as f64,
            full: self.full.interval().mean,
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
        let mut tally =
            Tally::new(4).with_shares(Shares::count_visits([items("a a b c f"), items("a a b d f")]));
        for (followed, answer) in [("b c", "a b c d"), ("a", "b c d e"), ("c d c e a", "c")] {
            tally.add(&question(followed), &items(answer));
        }
        let figures = tally.figures();
        assert_eq!(figures.denominators.questions, 3);
        close(figures.hr.mean, 2.0 / 3.0);
        close(figures.mrr.mean, 0.5);
        close(figures.ndcg.mean, (1.130_930 / 1.630_930 + 0.0 + 1.0 / 2.561_606) / 3.0);
        close(figures.precision.mean, (0.5 + 0.0 + 0.25) / 3.0);
        close(figures.recall.mean, (1.0 + 0.0 + 0.25) / 3.0);
        // a 1, b .5, c .25, d .25, e 0: (2 / 4 + 1 / 4 + .25) / 3
        close(figures.popularity.mean, (0.5 + 0.25 + 0.25) / 3.0);
        // of two visits a and b stand in both, c and d in one each, and e, which no visit holds, counts as if it stood in
        // one: (2 / 4 + 3 / 4 + 1) / 3 bits
        close(figures.novelty.mean, (0.5 + 0.75 + 1.0) / 3.0);
        // a b c d of a b c d f
        close(figures.coverage, 0.8);
        close(figures.full, 2.0 / 3.0);
        let Denominators { questions, unanswered, followed, capped, items, visits } = figures.denominators;
        assert_eq!((questions, unanswered, followed, capped, items, visits), (3, 0, 7, 7, 5, 2));
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
        assert_eq!((tally.figures().denominators.questions, tally.figures().hr.mean), (1, 0.0));
    }
}
