//! When what is done from time to time was done last, and what is asked for sooner.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use jardin_model::{HOUR_MS, MINUTE_MS, Timestamp};
use tokio::sync::Notify;

/// When housekeeping is due.
#[derive(Default)]
pub(crate) struct Schedule {
    counted: Mutex<Option<Timestamp>>,
    swept: Mutex<Option<Timestamp>>,
    /// Much has been sent since popularity was counted.
    count_soon: AtomicBool,
    woken: Arc<Notify>,
}

impl Schedule {
    /// Asks for popularity within a minute.
    pub(crate) fn count_soon(&self) {
        self.count_soon.store(true, Ordering::Relaxed);
    }

    /// Asks that somebody looks at once whether something is due.
    pub(crate) fn wake(&self) {
        self.woken.notify_one();
    }

    pub(crate) fn woken(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }

    /// True, and noted as done, where popularity is to be counted.
    pub(crate) fn take_count(&self, now: Timestamp) -> bool {
        let soon = self.count_soon.load(Ordering::Relaxed);
        let due = take_due(&self.counted, now, if soon { MINUTE_MS } else { HOUR_MS });
        if due {
            self.count_soon.store(false, Ordering::Relaxed);
        }
        due
    }

    /// True, and noted as done, where the sweep is to be made.
    pub(crate) fn take_sweep(&self, now: Timestamp) -> bool {
        take_due(&self.swept, now, HOUR_MS)
    }
}

/// True, and noted as done, where `every` has passed since it was done last, or the clock stepped back.
fn take_due(last: &Mutex<Option<Timestamp>>, now: Timestamp, every: i64) -> bool {
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    let due = last.is_none_or(|last| now < last || now.ms_since(last) >= every);
    if due {
        *last = Some(now);
    }
    due
}
