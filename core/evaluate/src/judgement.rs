//! One answer, judged by what really followed.

use std::collections::HashSet;

use crate::{Question, sessions::Item};

/// The figures of one answer at k, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) hr: f64,
    pub(crate) mrr: f64,
    pub(crate) hr_any: f64,
    pub(crate) mrr_any: f64,
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    pub(crate) capped_recall: f64,
    pub(crate) ndcg: f64,
    pub(crate) map: f64,
    pub(crate) capped_map: f64,
    /// How many different items followed.
    pub(crate) followed: usize,
}

/// An answer whose repeats are left out, so that each item stands where it stood first, and what lies beyond the
/// `k`-th.
pub(crate) fn first_occurrences(answer: &[Item], k: usize) -> Vec<&Item> {
    let mut seen = HashSet::new();
    answer.iter().filter(|item| seen.insert(*item)).take(k).collect()
}

impl Judgement {
    /// Judges an answer of at most `k` different items, the best first. `None` where nothing followed.
    pub(crate) fn judge_answer(question: &Question, answer: &[&Item], k: usize) -> Option<Self> {
        let next = question.followed.first()?;
        let followed: HashSet<&Item> = question.followed.iter().collect();
        let ranks: Vec<usize> =
            (1..).zip(answer).filter(|(_, item)| followed.contains(*item)).map(|(rank, _)| rank).collect();
        let (hits, right, best) = (ranks.len() as f64, followed.len() as f64, followed.len().min(k));
        let mrr = reciprocal((1..).zip(answer).find(|(_, item)| **item == next).map(|(rank, _)| rank));
        let mrr_any = reciprocal(ranks.first().copied());
        // precision at the rank of each right item
        let precisions: f64 = (1..).zip(&ranks).map(|(n, rank)| f64::from(n) / *rank as f64).sum();
        Some(Self {
            hr: hit(mrr),
            mrr,
            hr_any: hit(mrr_any),
            mrr_any,
            precision: hits / k as f64,
            recall: hits / right,
            capped_recall: hits / best as f64,
            ndcg: gain(ranks.into_iter()) / gain(1..best + 1),
            map: precisions / right,
            capped_map: precisions / best as f64,
            followed: followed.len(),
        })
    }
}

/// 1 / rank, 0 where there is none.
fn reciprocal(rank: Option<usize>) -> f64 {
    rank.map_or(0.0, |rank| 1.0 / rank as f64)
}

/// 1 where something stands at a rank.
fn hit(reciprocal: f64) -> f64 {
    if reciprocal > 0.0 { 1.0 } else { 0.0 }
}

/// The discounted cumulative gain of right items at these ranks, each worth 1 (Järvelin and Kekäläinen 2002).
fn gain(ranks: impl Iterator<Item = usize>) -> f64 {
    #[expect(clippy::disallowed_methods, reason = "a figure that is printed to four digits")]
    let of = |rank: usize| 1.0 / (rank as f64 + 1.0).log2();
    ranks.map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<Item> {
        text.split_whitespace().map(Item::from).collect()
    }

    fn judge(followed: &str, answer: &str, k: usize) -> Judgement {
        let question = Question { shown: items("x"), followed: items(followed) };
        let answer = items(answer);
        Judgement::judge_answer(&question, &first_occurrences(&answer, k), k).unwrap()
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    /// b, c and d follow, and the list a d b has d second and b third: 1/2 and 2/3 are the precisions there.
    #[test]
    fn what_followed_is_divided_by_itself_or_by_the_list() {
        let judged = judge("b c d", "a d b", 2);
        // at 2 only d is there: one of two places, of three that followed, of two that could be
        close(judged.precision, 1.0 / 2.0);
        close(judged.recall, 1.0 / 3.0);
        close(judged.capped_recall, 1.0 / 2.0);
        close(judged.map, 0.5 / 3.0);
        close(judged.capped_map, 0.5 / 2.0);
        let judged = judge("b c d", "a d b", 5);
        close(judged.precision, 2.0 / 5.0);
        close(judged.recall, 2.0 / 3.0);
        close(judged.capped_recall, 2.0 / 3.0);
        close(judged.map, (0.5 + 2.0 / 3.0) / 3.0);
        close(judged.capped_map, (0.5 + 2.0 / 3.0) / 3.0);
        // the ideal has three right ones first, and the fourth place adds nothing
        close(judged.ndcg, (0.630_930 + 0.5) / (1.0 + 0.630_930 + 0.5));
    }

    /// The next item is b; d, which came later, stands before it.
    #[test]
    fn the_next_item_and_any_item_are_two_things() {
        let judged = judge("b c d", "a d b", 2);
        assert_eq!((judged.hr, judged.mrr, judged.hr_any, judged.mrr_any), (0.0, 0.0, 1.0, 0.5));
        let judged = judge("b c d", "a d b", 3);
        assert_eq!((judged.hr, judged.mrr, judged.hr_any, judged.mrr_any), (1.0, 1.0 / 3.0, 1.0, 0.5));
        let judged = judge("b", "a d", 3);
        assert_eq!((judged.hr, judged.mrr, judged.hr_any, judged.mrr_any), (0.0, 0.0, 0.0, 0.0));
    }

    /// A list that repeats itself is judged as if it did not, and what follows moves up.
    #[test]
    fn only_the_first_occurrence_counts_on_either_side() {
        assert_eq!(judge("b c", "b b x c", 2), judge("b c", "b x", 2));
        assert_eq!(judge("b c b b", "c a", 2), judge("b c", "c a", 2));
        assert_eq!(judge("b c b b", "c a", 2).followed, 2);
    }

    #[test]
    fn a_perfect_list_has_one_of_everything_but_precision_and_recall() {
        // one item followed, four places
        let judged = judge("b", "b x y z", 4);
        assert_eq!((judged.ndcg, judged.map, judged.capped_map, judged.capped_recall), (1.0, 1.0, 1.0, 1.0));
        assert_eq!((judged.precision, judged.recall), (0.25, 1.0));
        // four followed, one place
        let judged = judge("b c d e", "b", 1);
        assert_eq!((judged.ndcg, judged.map, judged.capped_map, judged.capped_recall), (1.0, 0.25, 1.0, 1.0));
        assert_eq!((judged.precision, judged.recall), (1.0, 0.25));
    }
}
