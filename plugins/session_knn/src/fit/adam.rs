//! Adam (Kingma and Ba, 2015) with a falling rate, the last round averaged (Polyak and Juditsky, 1992).

use super::{Examples, examples::Reached, softmax::loss_and_gradient};
use crate::{FEATURES, Weights};

/// How often every question is learned from.
const ROUNDS: usize = 8;
/// How many questions make one step.
const BATCH: usize = 100;
const RATE: f64 = 0.03;
/// The rate falls to this part of itself.
const LEAST_RATE: f64 = 0.02;
/// How fast the means of the gradient and of its square forget.
const MEAN: f64 = 0.9;
const SQUARE: f64 = 0.99;
/// How much large weights cost.
const DECAY: f64 = 1e-5;
/// Where weights begin, in units of their features' spread.
const BEGIN: f64 = 0.1;
/// Where the order of the questions begins.
const SEED: u64 = 99;

/// Weights with what they reach on visits that they were not fitted on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// Fitted on all questions, to three decimals.
    pub weights: Weights,
    /// What weights that were fitted on one half of the visits reach on the other.
    pub reached: Reached,
}

impl Examples {
    /// Fits weights. The same questions give the same weights, on every run and machine.
    #[must_use]
    pub fn fit(&self, k: usize) -> Fitted {
        let weights = self.weights(None, ROUNDS);
        Fitted { weights, reached: self.validated(k, ROUNDS) }
    }

    /// What weights that were fitted on one half of the visits reach at k on the other, in the mean of both
    /// ways.
    #[must_use]
    pub fn validated(&self, k: usize, rounds: usize) -> Reached {
        let halves = [true, false];
        let [one, other] = halves.map(|half| self.reached(&self.weights(Some(half), rounds), Some(!half), k));
        let count = |half| self.len_of(half) as f64;
        let mean = |one: f64, other: f64| {
            // each is of the half that it was not fitted on
            (one * count(false) + other * count(true)) / (self.len().max(1) as f64)
        };
        Reached { hr: mean(one.hr, other.hr), mrr: mean(one.mrr, other.mrr) }
    }

    fn weights(&self, half: Option<bool>, rounds: usize) -> Weights {
        let mut questions = self.learnable(half);
        let scale = self.scales();
        let steps = questions.len().div_ceil(BATCH) * rounds;
        let mut adam = Adam::new(steps);
        let (mut sum, mut summed) = ([0.0; FEATURES], 0.0);
        let mut numbers = SEED;
        for round in 1..=rounds {
            shuffle(&mut questions, &mut numbers);
            for batch in questions.chunks(BATCH) {
                adam.step(batch, &scale);
                if round == rounds {
                    summed += 1.0;
                    sum.iter_mut().zip(adam.weights).for_each(|(sum, weight)| *sum += weight);
                }
            }
        }
        let mut weights = Weights::NONE;
        for ((slot, sum), scale) in weights.0.iter_mut().zip(sum).zip(scale) {
            *slot = rounded(sum / f64::max(summed, 1.0) * scale);
        }
        weights
    }

    /// One over the standard deviation of each feature; 0 where it does not vary.
    fn scales(&self) -> [f64; FEATURES] {
        let (mut sums, mut squares) = ([0.0; FEATURES], [0.0; FEATURES]);
        for row in self.rows() {
            for ((x, sum), square) in row.iter().zip(&mut sums).zip(&mut squares) {
                *sum += f64::from(*x);
                *square += f64::from(*x) * f64::from(*x);
            }
        }
        let count = self.rows().len().max(1) as f64;
        let mut scales = [0.0; FEATURES];
        for ((slot, sum), square) in scales.iter_mut().zip(sums).zip(squares) {
            let mean = sum / count;
            let variance = square / count - mean * mean;
            // what is the same for all candidates tells nothing
            *slot = if variance > 1e-9 { 1.0 / variance.max(1e-6).sqrt() } else { 0.0 };
        }
        scales
    }
}

/// To three decimals: settings that can be read.
fn rounded(weight: f64) -> f64 {
    let thousandths = weight * 1_000.0;
    (thousandths + if thousandths < 0.0 { -0.5 } else { 0.5 }) as i64 as f64 / 1_000.0
}

/// Every order is as likely (Fisher and Yates), by xorshift numbers (Marsaglia, 2003).
fn shuffle<T>(questions: &mut [T], numbers: &mut u64) {
    for n in (1..questions.len()).rev() {
        *numbers ^= *numbers << 13;
        *numbers ^= *numbers >> 7;
        *numbers ^= *numbers << 17;
        questions.swap(n, (*numbers % (n as u64 + 1)) as usize);
    }
}

/// The state of a descent. Weights are in units of their features' spread.
struct Adam {
    weights: [f64; FEATURES],
    means: [f64; FEATURES],
    squares: [f64; FEATURES],
    /// `MEAN` and `SQUARE` to the power of the steps so far.
    powers: (f64, f64),
    step: f64,
    steps: f64,
    scores: Vec<f64>,
}

impl Adam {
    fn new(steps: usize) -> Self {
        let zero = [0.0; FEATURES];
        Self {
            weights: [BEGIN; FEATURES],
            means: zero,
            squares: zero,
            powers: (1.0, 1.0),
            step: 0.0,
            steps: steps.max(1) as f64,
            scores: Vec::new(),
        }
    }

    fn step(&mut self, batch: &[(&[[f32; FEATURES]], usize)], scale: &[f64; FEATURES]) {
        let mut weights = self.weights;
        weights.iter_mut().zip(scale).for_each(|(weight, scale)| *weight *= scale);
        let mut gradient = [0.0; FEATURES];
        for (rows, target) in batch {
            loss_and_gradient(rows, *target, &weights, &mut self.scores, &mut gradient);
        }
        self.step += 1.0;
        self.powers = (self.powers.0 * MEAN, self.powers.1 * SQUARE);
        let rate = RATE * (1.0 - self.step / self.steps).max(LEAST_RATE);
        let size = batch.len() as f64;
        let moments = self.means.iter_mut().zip(&mut self.squares);
        let slopes = gradient.iter().zip(scale);
        for ((weight, (mean, square)), (slope, scale)) in self.weights.iter_mut().zip(moments).zip(slopes) {
            let slope = slope * scale / size + DECAY * *weight;
            *mean = MEAN * *mean + (1.0 - MEAN) * slope;
            *square = SQUARE * *square + (1.0 - SQUARE) * slope * slope;
            let (mean, square) = (*mean / (1.0 - self.powers.0), *square / (1.0 - self.powers.1));
            *weight -= rate * mean / (square.sqrt() + 1e-8);
        }
    }
}
