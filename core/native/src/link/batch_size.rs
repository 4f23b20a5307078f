//! How many requests may travel together, so that the answer to all of them fits into one message.

use jardin_abi::{Frame, MOST_BYTES, answer_bytes};

use super::{
    frames::{RecommendRow, recommend_frame},
    message::MAX_MESSAGE_BYTES,
    worker_spec::WorkerSpec,
};

/// Plugins may give more than is asked for, since what they give is thinned out afterwards; so many picks are
/// reckoned with at least.
const MIN_PICKS_RECKONED: usize = 100;

/// How many of the first requests fit, by the picks that each asks for: never none, for one whose answer may
/// not fit is still asked.
fn count_fitting(wanted: impl Iterator<Item = usize>) -> usize {
    let mut taken = answer_bytes(0);
    let fits = |wanted: &usize| {
        taken = taken.saturating_add(answer_bytes((*wanted).max(MIN_PICKS_RECKONED)));
        taken <= MOST_BYTES
    };
    wanted.take_while(fits).count().max(1)
}

/// As many of the first requests as fit into one message and whose answers fit into one, and how many these
/// are; no message where not even the first fits. One alone where the strategy reads about people.
pub(crate) fn fitting_batch(spec: &WorkerSpec, rows: &[RecommendRow<'_>]) -> (Option<Frame>, usize) {
    let max_rows = if spec.one_person_a_frame { 1 } else { rows.len() };
    let mut count = count_fitting(rows.iter().take(max_rows).map(RecommendRow::wanted_picks));
    loop {
        let message = recommend_frame(spec.manifest(), rows.get(..count).unwrap_or(rows));
        if message.bytes().len() <= MAX_MESSAGE_BYTES {
            return (Some(message), count);
        }
        if count == 1 {
            return (None, 1);
        }
        count /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 131,072 bytes less 8 of the head: a request for 1,000 takes 16,008, one for 100 takes 1,608.
    #[test]
    fn as_many_as_fit() {
        assert_eq!(count_fitting([1000; 32].into_iter()), 8);
        assert_eq!(count_fitting([6; 32].into_iter()), 32);
        assert_eq!(count_fitting([6; 200].into_iter()), 81);
        assert_eq!(count_fitting([1000, 1000, 6, 6].into_iter()), 4);
    }

    #[test]
    fn one_always_goes() {
        assert_eq!(count_fitting([usize::MAX].into_iter()), 1);
        assert_eq!(count_fitting([100_000, 1].into_iter()), 1);
    }
}
