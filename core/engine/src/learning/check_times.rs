//! When it is time to verify that a strategy forgot.

use jardin_model::{DAY_MS, MINUTE_MS, Timestamp};

/// One forgetting in so many is verified, and the first one of a day.
const FORGETTINGS_A_CHECK: u32 = 20;

/// When the forgetting of one strategy is verified.
#[derive(Debug, Default)]
pub(super) struct CheckTimes {
    /// How often it has forgotten since it was verified.
    forgettings: u32,
    verified: Option<Timestamp>,
    tried: Option<Timestamp>,
}

impl CheckTimes {
    pub(super) const fn add_forgetting(&mut self) {
        self.forgettings = self.forgettings.saturating_add(1);
    }

    /// How many forgettings a check that begins now is for; `None` where none is due.
    pub(super) fn begin_check(&mut self, now: Timestamp) -> Option<u32> {
        let is_past = |at: Option<Timestamp>, ms| at.is_none_or(|at| now < at || now.ms_since(at) >= ms);
        let is_due = self.forgettings >= FORGETTINGS_A_CHECK
            || (self.forgettings > 0 && is_past(self.verified, DAY_MS));
        if !is_due || !is_past(self.tried, MINUTE_MS) {
            return None;
        }
        self.tried = Some(now);
        Some(self.forgettings)
    }

    /// What came after the check began waits for the next one.
    pub(super) const fn end_check(&mut self, forgettings: u32, now: Timestamp) {
        self.forgettings = self.forgettings.saturating_sub(forgettings);
        (self.verified, self.tried) = (Some(now), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first of a day, and one in twenty of the others.
    #[test]
    fn one_forgetting_in_twenty_and_one_a_day_is_verified() {
        let begun = Timestamp::from_ms(0);
        let mut times = CheckTimes::default();
        let checks: Vec<u32> = (1..=100)
            .filter_map(|forgetting| {
                times.add_forgetting();
                let now = begun.plus_ms(forgetting * MINUTE_MS);
                let due = times.begin_check(now)?;
                times.end_check(due, now);
                u32::try_from(forgetting).ok()
            })
            .collect();
        assert_eq!(checks, [1, 21, 41, 61, 81]);
        assert_eq!(times.begin_check(begun.plus_ms(DAY_MS + 81 * MINUTE_MS - 1)), None, "not a day");
        assert_eq!(times.begin_check(begun.plus_ms(DAY_MS + 81 * MINUTE_MS)), Some(19));
        times.end_check(19, begun.plus_ms(2 * DAY_MS));
        assert_eq!(times.begin_check(begun.plus_ms(9 * DAY_MS)), None, "nothing was forgotten");
    }

    #[test]
    fn a_check_that_could_not_be_made_is_tried_again_after_a_minute() {
        let mut times = CheckTimes::default();
        times.add_forgetting();
        let begun = Timestamp::from_ms(0);
        assert_eq!(times.begin_check(begun), Some(1));
        times.add_forgetting();
        assert_eq!(times.begin_check(begun.plus_ms(MINUTE_MS - 1)), None);
        assert_eq!(times.begin_check(begun.plus_ms(MINUTE_MS)), Some(2));
    }
}
