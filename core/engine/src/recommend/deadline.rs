//! Running until a deadline and no longer.

use std::future::Future;

use jardin_contract::{Deadline, Failure};

/// What comes back before the deadline; else it is late.
pub(super) async fn run_until<T>(
    deadline: Deadline,
    running: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::time::timeout_at(deadline.0.into(), running).await.unwrap_or(Err(Failure::Late))
}
