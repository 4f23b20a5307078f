//! Whether the clock stepped back.

use jardin_contract::StateStore;
use jardin_model::{SECOND_MS, Timestamp};

/// How far the clock may step back before no consent can be trusted to be fresh.
const MAX_STEP_MS: i64 = 5 * SECOND_MS;

/// True where the clock lies so far behind what is durable that a consent could be brought back to life by
/// it.
pub(crate) fn clock_stepped_back(state: &dyn StateStore, now: Timestamp) -> bool {
    state.latest_durable().is_some_and(|latest| latest.ms_since(now) > MAX_STEP_MS)
}
