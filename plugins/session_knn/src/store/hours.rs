//! When visits were.

use std::collections::BTreeMap;

/// How many visits began in each hour.
#[derive(Debug, Clone, Default)]
pub(super) struct Hours(BTreeMap<u32, u32>);

impl Hours {
    pub(super) fn add(&mut self, hour: u32) {
        *self.0.entry(hour).or_default() += 1;
    }

    pub(super) fn remove(&mut self, hour: u32) {
        if let Some(count) = self.0.get_mut(&hour) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(&hour);
            }
        }
    }

    /// The newest hour; 0 where there is none.
    pub(super) fn newest(&self) -> u32 {
        self.0.last_key_value().map_or(0, |(hour, _)| *hour)
    }

    /// How many visits began in the newest `hours`.
    pub(super) fn within(&self, hours: u32) -> usize {
        let from = self.newest().saturating_sub(hours.saturating_sub(1));
        self.0.range(from..).map(|(_, count)| *count as usize).sum()
    }

    /// About how many bytes are set aside.
    pub(super) fn reserved(&self) -> usize {
        // eight bytes an entry, of a node that is at least half full
        16 * self.0.len()
    }
}
