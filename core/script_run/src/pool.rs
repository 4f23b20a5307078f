//! Where long runs take place: a bounded number of threads beside the async runtime, in two lanes.
//!
//! A run holds a thread until it ends, which a slow one does only by its budget. So no strategy may hold a whole
//! lane, and finishes, which are laid over every list, have a lane that no list's script can fill.

use std::{sync::Arc, time::Duration};

use jardin_contract::Failure;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};

/// How long after its deadline a run may still be looked for: it sees its deadline within a millisecond.
const GRACE: Duration = Duration::from_millis(5);
/// Threads of a lane at the least: one that a slow strategy may hold, and one for the others.
const MIN_THREADS: usize = 2;

/// A bounded number of threads for long runs, shared by all scripts of a host.
#[derive(Debug, Clone)]
pub struct ScriptPool {
    lists: ScriptLane,
    finishes: ScriptLane,
}

/// The threads for one kind of work.
#[derive(Debug, Clone)]
pub struct ScriptLane {
    threads: Arc<Semaphore>,
    /// How many of them one strategy may hold.
    share: usize,
    /// Whether a strategy that is slow again and again rests. A finish never does: each page asks anew for its
    /// house rules.
    pub(crate) may_rest: bool,
}

/// What one strategy may use of its lane.
#[derive(Debug, Clone)]
pub(crate) struct LaneShare {
    lane: Arc<Semaphore>,
    own: Arc<Semaphore>,
}

impl ScriptPool {
    /// A pool whose two lanes have so many threads each, at least two.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self { lists: ScriptLane::new(threads, true), finishes: ScriptLane::new(threads, false) }
    }

    /// The lane of scripts that give lists.
    #[must_use]
    pub const fn list_lane(&self) -> &ScriptLane {
        &self.lists
    }

    /// The lane of scripts that are the `finish` of a placement.
    #[must_use]
    pub const fn finish_lane(&self) -> &ScriptLane {
        &self.finishes
    }
}

impl ScriptLane {
    fn new(threads: usize, may_rest: bool) -> Self {
        let threads = threads.max(MIN_THREADS);
        Self { threads: Arc::new(Semaphore::new(threads)), share: threads - 1, may_rest }
    }

    /// What one strategy may use of it.
    pub(crate) fn reserve_share(&self) -> LaneShare {
        LaneShare { lane: Arc::clone(&self.threads), own: Arc::new(Semaphore::new(self.share)) }
    }
}

impl LaneShare {
    /// Runs `work` on a thread of the lane; `left` is the time until its deadline.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        left: Duration,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let permits = timeout(left, self.take_thread()).await.map_err(|_| Failure::Overloaded)??;
        let running = spawn_blocking(move || {
            let outcome = work();
            drop(permits);
            outcome
        });
        match timeout(left + GRACE, running).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Failure::Error { what: "the interpreter stopped".into() }),
            Err(_) => Err(Failure::Late),
        }
    }

    /// Waits within the strategy's own share first, so that what waits holds no thread of the others.
    async fn take_thread(&self) -> Result<[OwnedSemaphorePermit; 2], Failure> {
        let own = Arc::clone(&self.own).acquire_owned().await.map_err(|_| Failure::Overloaded)?;
        let lane = Arc::clone(&self.lane).acquire_owned().await.map_err(|_| Failure::Overloaded)?;
        Ok([own, lane])
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::Future,
        pin::Pin,
        sync::{
            Condvar, Mutex,
            atomic::{AtomicUsize, Ordering},
        },
        task::{Context, Poll},
    };

    use super::*;

    /// Long enough for whatever happens in a test.
    const LEFT: Duration = Duration::from_secs(600);

    /// Work that goes on until it is told to end.
    #[derive(Default)]
    struct SlowWork {
        is_over: Mutex<bool>,
        ended: Condvar,
        running: AtomicUsize,
    }

    impl SlowWork {
        fn run(&self) -> Result<(), Failure> {
            self.running.fetch_add(1, Ordering::SeqCst);
            let over = self.is_over.lock().unwrap();
            let _over = self.ended.wait_while(over, |over| !*over).unwrap();
            Ok(())
        }

        fn end(&self) {
            *self.is_over.lock().unwrap() = true;
            self.ended.notify_all();
        }
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
    }

    type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + 'a>>;

    /// Puts so many slow runs to a strategy; each is begun or waits.
    async fn start_slow<'a>(share: &'a LaneShare, slow: &Arc<SlowWork>, count: usize) -> Vec<Running<'a>> {
        let run = |_| {
            let slow = Arc::clone(slow);
            Box::pin(share.run(LEFT, move || slow.run())) as Running<'a>
        };
        let mut all: Vec<_> = (0..count).map(run).collect();
        for running in &mut all {
            std::future::poll_fn(|cx: &mut Context<'_>| {
                assert!(running.as_mut().poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
        }
        all
    }

    /// Lets all end, each as soon as it can, as tasks of their own would.
    async fn end_all(slow: &SlowWork, mut all: Vec<Running<'_>>) {
        slow.end();
        std::future::poll_fn(|cx: &mut Context<'_>| {
            all.retain_mut(|running| match running.as_mut().poll(cx) {
                Poll::Ready(outcome) => {
                    assert_eq!(outcome, Ok(()));
                    false
                }
                Poll::Pending => true,
            });
            if all.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    #[test]
    fn one_strategy_never_holds_a_whole_lane() {
        for threads in [1, 2, 5] {
            block_on(async {
                let (pool, slow) = (ScriptPool::new(threads), Arc::new(SlowWork::default()));
                let (one, other) = (pool.list_lane().reserve_share(), pool.list_lane().reserve_share());
                let all = start_slow(&one, &slow, 30).await;
                for page in 0..30 {
                    assert_eq!(other.run(LEFT, move || Ok(page)).await, Ok(page));
                }
                assert!(slow.running.load(Ordering::SeqCst) < threads.max(MIN_THREADS), "{threads}");
                end_all(&slow, all).await;
                assert_eq!(slow.running.load(Ordering::SeqCst), 30);
            });
        }
    }

    #[test]
    fn no_list_takes_the_room_of_a_finish() {
        block_on(async {
            let (pool, slow) = (ScriptPool::new(2), Arc::new(SlowWork::default()));
            let strategies: Vec<_> = (0..8).map(|_| pool.list_lane().reserve_share()).collect();
            let mut all = Vec::new();
            for strategy in &strategies {
                all.extend(start_slow(strategy, &slow, 30).await);
            }
            let finish = pool.finish_lane().reserve_share();
            for page in 0..30 {
                assert_eq!(finish.run(LEFT, move || Ok(page)).await, Ok(page));
            }
            end_all(&slow, all).await;
        });
    }

    #[test]
    fn what_waits_for_its_own_share_is_told_so_at_its_deadline() {
        block_on(async {
            let (pool, slow) = (ScriptPool::new(2), Arc::new(SlowWork::default()));
            let one = pool.list_lane().reserve_share();
            let all = start_slow(&one, &slow, 1).await;
            assert_eq!(one.run(Duration::ZERO, || Ok(())).await, Err(Failure::Overloaded));
            end_all(&slow, all).await;
        });
    }
}
