//! Running until a deadline and no longer.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use jardin_contract::{Deadline, Failure};

/// What comes back before the deadline; else it is late.
pub(super) async fn run_until<T>(
    deadline: Deadline,
    running: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut running = pin!(running);
    // what is ready at once needs no timer
    let begun = poll_fn(|context| Poll::Ready(running.as_mut().poll(context))).await;
    match begun {
        Poll::Ready(given) => given,
        Poll::Pending => {
            tokio::time::timeout_at(deadline.0.into(), running).await.unwrap_or(Err(Failure::Late))
        }
    }
}
