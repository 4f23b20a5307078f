//! A long run shares its thread: a compiled rule takes turns, and what holds a thread too long leaves it.

use std::{
    collections::HashSet,
    future::Future,
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    thread::{ThreadId, current},
    time::{Duration, Instant},
};

use jardin_contract::{Clock, Ranking, Strategy as _, SystemClock};
use jardin_model::{ItemIndex, Timestamp};

use crate::shop::{Shop, item};

/// Long enough for whatever happens in a test.
const LONG: Duration = Duration::from_secs(600);

/// A shop, and all its products as candidates.
fn shop(items: u32) -> (Shop, Vec<ItemIndex>) {
    let all: Vec<_> = (0..items).map(|n| item(&format!("I{n}"), "tents", "10", &[])).collect();
    let mut shop = Shop::with(&all);
    shop.time = LONG;
    (shop, (0..items).map(ItemIndex).collect())
}

/// What a run gives, and how often it let others have the thread.
fn count_pauses<T>(run: impl Future<Output = T>) -> (T, usize) {
    let (mut run, mut context) = (pin!(run), Context::from_waker(Waker::noop()));
    for pauses in 0..10_000 {
        if let Poll::Ready(outcome) = run.as_mut().poll(&mut context) {
            return (outcome, pauses);
        }
    }
    panic!("it never ends");
}

/// Some thousand steps for each block of candidates.
const HEAVY: &str = "fn adjust(item) { let n = 0; for i in 0..25 { n += i * i; n -= i; n += i * 3; } if n > 7 { item.boost(2); } }";

#[test]
fn a_heavy_compiled_rule_takes_turns_and_gives_the_same() {
    let (shop, candidates) = shop(1_000);
    let script = shop.loaded("probe", HEAVY);
    let ask = shop.ask("probe");
    let (turned, pauses) = count_pauses(script.recommend(&ask, &candidates));
    assert_eq!(turned, script.run_now(&ask, &candidates));
    assert_eq!(turned, shop.loaded("probe", HEAVY).interpreted().run_now(&ask, &candidates));
    assert!(pauses >= 1, "{pauses}");
    assert_eq!(script.health().counters["compiled"], 1);
}

#[test]
fn a_light_rule_holds_its_thread_for_one_turn() {
    let (shop, candidates) = shop(1_000);
    let script = shop.loaded("probe", "fn adjust(item) { if item.price > 5 { item.boost(2); } }");
    let (outcome, pauses) = count_pauses(script.recommend(&shop.ask("probe"), &candidates));
    assert!(matches!(outcome, Ok(Ranking::Adjusted(_))));
    assert_eq!(pauses, 0);
}

/// A clock that notes on which threads it is looked at.
#[derive(Default)]
struct WatchedClock(Mutex<HashSet<ThreadId>>);

impl Clock for WatchedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn steady_now(&self) -> Instant {
        self.0.lock().unwrap().insert(current().id());
        SystemClock.steady_now()
    }

    fn uptime(&self) -> Duration {
        SystemClock.uptime()
    }
}

/// Some 70,000 steps for each block: too long for a turn.
const TOO_LONG: &str = "fn adjust(item) { let n = 0; for i in 0..60 { for j in 0..60 { n += i * j; } } if n > 7 { item.boost(2); } }";

#[test]
fn a_block_that_is_too_long_leaves_the_thread() {
    let (mut shop, candidates) = shop(1_000);
    let clock = Arc::new(WatchedClock::default());
    shop.clock = Arc::<WatchedClock>::clone(&clock);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let threads_of = |source: &str| {
        clock.0.lock().unwrap().clear();
        let (script, ask) = (shop.loaded("probe", source), shop.ask("probe"));
        let outcome = runtime.block_on(script.recommend(&ask, &candidates));
        let threads = clock.0.lock().unwrap().clone();
        assert_eq!(outcome, script.run_now(&ask, &candidates));
        threads
    };
    assert_eq!(threads_of(HEAVY), HashSet::from([current().id()]));
    assert!(threads_of(TOO_LONG).len() > 1);
}
