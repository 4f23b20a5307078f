//! Where long runs take place: a bounded number of threads beside the async runtime.

use std::{sync::Arc, time::Duration};

use jardin_contract::Failure;
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// How long after its deadline a run may still be looked for: it sees its deadline within a millisecond.
const GRACE: Duration = Duration::from_millis(5);

/// A bounded number of threads for long runs, shared by all scripts of a host.
#[derive(Debug, Clone)]
pub struct ScriptPool(Arc<Semaphore>);

impl ScriptPool {
    /// A pool that runs this number of scripts at once, at least one.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self(Arc::new(Semaphore::new(threads.max(1))))
    }

    /// Runs `work` on a thread of the pool; `left` is the time until its deadline.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        left: Duration,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = timeout(left, Arc::clone(&self.0).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return Err(Failure::Overloaded);
        };
        let running = spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        match timeout(left + GRACE, running).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Failure::Error { what: "the interpreter stopped".into() }),
            Err(_) => Err(Failure::Late),
        }
    }
}
