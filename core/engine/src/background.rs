//! Keeps doing what is due, in tasks of their own: a strategy that learns slowly, or is compared with another one,
//! holds nothing else up.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::{sync::Notify, task::AbortHandle, time::MissedTickBehavior};

use crate::{housekeeping::Housekeeping, learning::Learning};

/// How often it is looked whether something is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long many changes in a row are gathered.
const GATHER_TIME: Duration = Duration::from_millis(50);

/// Starts the tasks on the present runtime. Each ends when what it works for is dropped.
pub(crate) fn start_tasks(housekeeping: &Arc<Housekeeping>, learning: &Arc<Learning>) -> [AbortHandle; 3] {
    let keep_house = |h: Arc<Housekeeping>| async move { h.do_due_work().await };
    let learn = |l: Arc<Learning>| async move { l.catch_up().await };
    let verify = |l: Arc<Learning>| async move { l.verify_forgetting().await };
    [
        tokio::spawn(repeat_work(Arc::downgrade(housekeeping), housekeeping.schedule.woken(), keep_house)),
        tokio::spawn(repeat_work(Arc::downgrade(learning), learning.woken(), learn)),
        tokio::spawn(repeat_work(Arc::downgrade(learning), Arc::default(), verify)),
    ]
    .map(|task| task.abort_handle())
}

async fn repeat_work<T, F: Future<Output = ()>>(
    worker: Weak<T>,
    woken: Arc<Notify>,
    work: impl Fn(Arc<T>) -> F,
) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = woken.notified() => tokio::time::sleep(GATHER_TIME).await,
        }
        let Some(worker) = worker.upgrade() else {
            return;
        };
        work(worker).await;
    }
}
