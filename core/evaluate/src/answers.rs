//! Asking every question, once.

use std::time::Duration;

use crate::{Figures, Question, Shares, Tally, sessions::Item};

/// Whoever answers questions: an engine with a policy, or anything that it is compared with.
pub trait Answers {
    /// What goes wrong.
    type Error;

    /// The best items for a question, the best first, with how long that took.
    ///
    /// # Errors
    /// Its own.
    fn answer(&mut self, question: &Question, k: usize) -> Result<(Vec<Item>, Duration), Self::Error>;
}

/// How long answers took, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Latency {
    /// Half of them took no longer.
    pub p50: f64,
    /// Nine of ten took no longer.
    pub p90: f64,
    /// All but one of a hundred took no longer.
    pub p99: f64,
}

/// What was measured of one that answers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// How good the answers are.
    pub figures: Figures,
    /// How long they took.
    pub latency: Latency,
}

/// Asks every question; `each` is called with each answer.
///
/// # Errors
/// The first of whoever answers.
pub fn measure<A: Answers>(
    answers: &mut A,
    questions: &[Question],
    k: usize,
    shares: &Shares,
    mut each: impl FnMut(&[Item]),
) -> Result<Measured, A::Error> {
    let mut tally = Tally::new(k).with_shares(shares.clone());
    let mut times = Vec::with_capacity(questions.len());
    for question in questions {
        let (items, time) = answers.answer(question, k)?;
        tally.add(question, &items);
        times.push(time);
        each(&items);
    }
    Ok(Measured { figures: tally.figures(), latency: Latency::of(times) })
}

impl Latency {
    /// Percentiles by the nearest rank.
    #[must_use]
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).max(1) - 1;
            times.get(rank).map_or(0.0, |time| time.as_secs_f64() * 1e6)
        };
        Self { p50: at(50), p90: at(90), p99: at(99) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u64);

    impl Answers for Always {
        type Error = std::convert::Infallible;

        fn answer(&mut self, _: &Question, k: usize) -> Result<(Vec<Item>, Duration), Self::Error> {
            self.0 += 1;
            let items = ["a", "b"].into_iter().take(k).map(Item::from).collect();
            Ok((items, Duration::from_micros(self.0)))
        }
    }

    #[test]
    fn every_question_is_asked_once() {
        let question = Question { shown: vec!["x".into()], followed: vec!["b".into()] };
        let mut asked = 0;
        let Ok(measured) =
            measure(&mut Always(0), &vec![question; 200], 2, &Shares::default(), |_| asked += 1);
        assert_eq!((asked, measured.figures.denominators.questions), (200, 200));
        assert_eq!((measured.figures.hr.mean, measured.figures.mrr.mean), (1.0, 0.5));
        // 1 to 200 µs: by the nearest rank
        assert_eq!((measured.latency.p50, measured.latency.p90, measured.latency.p99), (100.0, 180.0, 198.0));
    }
}
