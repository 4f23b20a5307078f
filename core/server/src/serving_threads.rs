//! Threads that answer connections, each with a runtime of its own.
//!
//! A connection stays on the thread that took it, so that nothing of a request moves from one core to another and
//! nobody must be woken for it.

use std::{
    future::Future,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

/// Threads that answer connections; with none, connections are answered by the runtime of the caller.
pub(crate) struct ServingThreads(Vec<ServingThread>);

/// One thread, which ends with this.
struct ServingThread {
    runtime: Handle,
    open: Arc<AtomicUsize>,
    _ends: oneshot::Sender<()>,
}

impl ServingThreads {
    /// # Errors
    /// Where the system gives no thread.
    pub(crate) fn start(count: usize) -> io::Result<Self> {
        (0..count).map(ServingThread::start).collect::<io::Result<_>>().map(Self)
    }

    /// No threads.
    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

    /// True where connections are answered by threads of their own.
    pub(crate) const fn is_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Serves a connection on the thread that has the fewest of them.
    pub(crate) fn spawn_connection(&self, connection: impl Future<Output = ()> + Send + 'static) {
        let Some(thread) = self.0.iter().min_by_key(|thread| thread.open.load(Ordering::Relaxed)) else {
            tokio::spawn(connection);
            return;
        };
        let place = OpenConnection::count(&thread.open);
        thread.runtime.spawn(async move {
            connection.await;
            drop(place);
        });
    }
}

impl ServingThread {
    fn start(number: usize) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (ends, is_over) = oneshot::channel();
        // it ends with the sender, and what is still open with it
        let serve = move || drop(runtime.block_on(is_over));
        thread::Builder::new().name(format!("serving-{number}")).spawn(serve)?;
        Ok(Self { runtime: handle, open: Arc::default(), _ends: ends })
    }
}

/// A connection that is open on a thread.
struct OpenConnection(Arc<AtomicUsize>);

impl OpenConnection {
    fn count(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(open))
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Mutex};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_connection_goes_where_the_fewest_are_open() {
        let threads = ServingThreads::start(3).unwrap();
        let (names, close) = (Arc::new(Mutex::new(BTreeMap::new())), Arc::new(Notify::new()));
        let (begun, mut all_begun) = tokio::sync::mpsc::unbounded_channel();
        for _ in 0..9 {
            let (names, close, begun) = (Arc::clone(&names), Arc::clone(&close), begun.clone());
            threads.spawn_connection(async move {
                let name = thread::current().name().map(str::to_owned);
                *names.lock().unwrap().entry(name).or_insert(0) += 1;
                begun.send(()).unwrap();
                close.notified().await;
            });
        }
        for _ in 0..9 {
            all_begun.recv().await.unwrap();
        }
        let counts: Vec<usize> = names.lock().unwrap().values().copied().collect();
        assert_eq!(counts, [3, 3, 3]);
        let open = |place: usize| threads.0[place].open.load(Ordering::Relaxed);
        assert_eq!([open(0), open(1), open(2)], [3, 3, 3]);
    }

    #[tokio::test]
    async fn without_threads_of_their_own_the_caller_s_runtime_answers() {
        let threads = ServingThreads::start(0).unwrap();
        let (told, tells) = oneshot::channel();
        threads.spawn_connection(async move { told.send(thread::current().id()).unwrap() });
        assert_eq!(tells.await.unwrap(), thread::current().id());
    }
}
