//! Which of several idle workers is asked.

use std::cmp::Reverse;

/// How well a worker suits a request; the last is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It does not know the request's catalogue.
    Unknowing,
    /// It is kept on another core than the caller's.
    Elsewhere,
    /// It runs where the kernel likes.
    Anywhere,
    /// It is kept on the caller's core.
    Near,
}

/// The slot of the one that suits best, of equals the first; `None` where none knows the catalogue.
pub(super) fn best_slot(fits: impl Iterator<Item = (usize, Fit)>) -> Option<usize> {
    let knowing = fits.filter(|(_, fit)| *fit != Fit::Unknowing);
    knowing.max_by_key(|(slot, fit)| (*fit, Reverse(*slot))).map(|(slot, _)| slot)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Fit::{Anywhere, Elsewhere, Near, Unknowing};

    #[test]
    fn the_nearest_that_knows_the_catalogue_is_asked_of_equals_the_first() {
        for (fits, asked) in [
            ([Anywhere, Near, Near], Some(1)),
            ([Elsewhere, Anywhere, Anywhere], Some(1)),
            ([Unknowing, Unknowing, Elsewhere], Some(2)),
            ([Unknowing; 3], None),
        ] {
            assert_eq!(best_slot(fits.into_iter().enumerate()), asked);
        }
    }
}
