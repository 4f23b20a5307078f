//! Questions with their candidates and what really came next.

use crate::{Described, FEATURES, Index, Plan, Scratch, Weights};

/// Questions whose next item is known, with the features of their candidates.
#[derive(Debug, Default)]
pub struct Examples {
    /// The candidates of all questions, one question after the other.
    rows: Vec<[f32; FEATURES]>,
    items: Vec<u32>,
    questions: Vec<Example>,
}

/// One question.
#[derive(Debug, Clone, Copy)]
struct Example {
    from: usize,
    to: usize,
    /// The place among all rows of what came next; `None` where it is not among the candidates.
    target: Option<usize>,
    /// Which half of the visits it is of.
    half: bool,
}

/// How often what came next is among the first, and how far up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reached {
    /// HR@k.
    pub hr: f64,
    /// MRR@k.
    pub mrr: f64,
}

impl Examples {
    /// Adds every beginning of a visit that something follows, up to `longest` items. `half` tells apart
    /// visits on which weights are fitted from those on which they are judged.
    pub fn add(
        &mut self,
        index: &mut Index,
        visit: &[u32],
        longest: usize,
        half: bool,
        plan: &Plan,
        scratch: &mut Scratch,
    ) {
        for n in 1..visit.len().min(longest + 1) {
            if let Some((shown, [next, ..])) = visit.split_at_checked(n) {
                let described = index.describe(shown, None, plan, scratch);
                self.push(described, *next, half);
            }
        }
    }

    fn push(&mut self, described: &[Described], next: u32, half: bool) {
        let from = self.rows.len();
        let target = described.iter().position(|candidate| candidate.item == next).map(|at| from + at);
        self.rows.extend(described.iter().map(|candidate| candidate.features));
        self.items.extend(described.iter().map(|candidate| candidate.item));
        self.questions.push(Example { from, to: self.rows.len(), target, half });
    }

    /// How many questions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.questions.len()
    }

    /// True where there is no question.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty()
    }

    /// How many questions are of one half.
    pub(super) fn len_of(&self, half: bool) -> usize {
        self.questions.iter().filter(|question| question.half == half).count()
    }

    /// The candidates of each question that can be learned from, with the place of what came next.
    pub(super) fn learnable(&self, half: Option<bool>) -> Vec<(&[[f32; FEATURES]], usize)> {
        let questions =
            self.questions.iter().filter(|question| half.is_none_or(|half| question.half == half));
        questions
            .filter_map(|question| {
                let rows = self.rows.get(question.from..question.to)?;
                Some((rows, question.target? - question.from))
            })
            .collect()
    }

    /// Every candidate's features.
    pub(super) fn rows(&self) -> &[[f32; FEATURES]] {
        &self.rows
    }

    /// What weights reach at k on the questions of one half, or of both.
    #[must_use]
    pub fn reached(&self, weights: &Weights, half: Option<bool>, k: usize) -> Reached {
        let (mut reached, mut questions) = (Reached::default(), 0.0);
        for question in self.questions.iter().filter(|q| half.is_none_or(|half| q.half == half)) {
            questions += 1.0;
            if let Some(rank) = self.rank(question, weights).filter(|rank| *rank <= k) {
                reached.hr += 1.0;
                reached.mrr += 1.0 / rank as f64;
            }
        }
        let questions = f64::max(questions, 1.0);
        Reached { hr: reached.hr / questions, mrr: reached.mrr / questions }
    }

    fn rank(&self, question: &Example, weights: &Weights) -> Option<usize> {
        let target = question.target?;
        let score = |row: &[f32; FEATURES]| weights.score(row);
        let (own, item) = (score(self.rows.get(target)?), self.items.get(target)?);
        let rows = self.rows.get(question.from..question.to)?.iter();
        let others = rows.zip(self.items.get(question.from..question.to)?);
        let above = others.filter(|(row, other)| {
            let score = score(row);
            score > own || (score == own && *other < item)
        });
        Some(1 + above.count())
    }
}
