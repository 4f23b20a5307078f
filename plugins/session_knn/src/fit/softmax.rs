//! What is made small: softmax cross-entropy.

use jardin_sdk::number::{exp, ln};

use crate::FEATURES;

/// The loss of weights on one question, `-ln` of the share that softmax gives to what came next, with its
/// derivative by each weight added to `gradient`. `rows` are the features of all candidates, `target` the
/// place of what came next.
///
/// With `p` the softmax of the scores the derivative is `Σ p(row) · row - row(target)`.
pub fn loss_and_gradient(
    rows: &[[f32; FEATURES]],
    target: usize,
    weights: &[f64; FEATURES],
    scores: &mut Vec<f64>,
    gradient: &mut [f64; FEATURES],
) -> f64 {
    scores.clear();
    scores.extend(
        rows.iter()
            .map(|row| row.iter().zip(weights).fold(0.0, |sum, (x, weight)| sum + f64::from(*x) * weight)),
    );
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let of_target = scores.get(target).copied().unwrap_or(highest) - highest;
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = exp(*score - highest);
        sum += *score;
    }
    for (place, (row, part)) in rows.iter().zip(scores.iter()).enumerate() {
        let share = part / sum - if place == target { 1.0 } else { 0.0 };
        for (slot, x) in gradient.iter_mut().zip(row) {
            *slot += share * f64::from(*x);
        }
    }
    ln(sum) - of_target
}
