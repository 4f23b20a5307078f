//! A mean and how far it may be off.

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
