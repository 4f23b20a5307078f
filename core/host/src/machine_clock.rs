//! The clock of the machine, with what its kernel says of it.

use std::time::{Duration, Instant};

use jardin_contract::{Clock, SystemClock};
use jardin_model::Timestamp;

/// The clock of the machine; it knows whether the kernel keeps it in step.
#[derive(Debug, Clone, Copy, Default)]
pub struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn steady_now(&self) -> Instant {
        SystemClock.steady_now()
    }

    fn uptime(&self) -> Duration {
        SystemClock.uptime()
    }

    fn boot_id(&self) -> Option<[u8; 16]> {
        SystemClock.boot_id()
    }

    fn is_synchronised(&self) -> bool {
        jardin_sandbox::clock_is_synchronised()
    }
}
