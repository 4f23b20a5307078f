//! What strategies say, in the log of `serve`: why a plugin is not loaded, in the loader's words or its own, how
//! a worker ended, which sentence of its manifest holds.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jardin_host::Host;

use crate::print;

/// How often strategies are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often one of them is heard at most.
const LINE_INTERVAL: Duration = Duration::from_secs(60);

/// What each strategy said last, and when.
#[derive(Default)]
struct Heard(HashMap<String, (String, Instant)>);

impl Heard {
    /// True where it is something else than what the strategy said last, and that is long enough ago.
    fn is_news(&mut self, strategy: &str, note: &str, now: Instant) -> bool {
        let is_news = self
            .0
            .get(strategy)
            .is_none_or(|(last, said)| last != note && now.saturating_duration_since(*said) >= LINE_INTERVAL);
        if is_news {
            self.0.insert(strategy.to_owned(), (note.to_owned(), now));
        }
        is_news
    }
}

/// Writes what strategies say, each at most once a minute, until the task is ended.
#[expect(clippy::disallowed_methods, reason = "the time between two lines of the log")]
pub(crate) async fn log_strategies(host: Arc<Host>) {
    let mut heard = Heard::default();
    loop {
        tokio::time::sleep(LOOK).await;
        for strategy in host.engine.health().strategies {
            let Some(note) = strategy.note else { continue };
            if heard.is_news(strategy.name.as_str(), &note, Instant::now()) {
                print::error(&format!("strategy `{}`: {note}", strategy.name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "some instant to count from")]
    fn a_strategy_says_a_new_thing_once_a_minute() {
        let begun = Instant::now();
        let mut heard = Heard::default();
        for (seconds, strategy, note, expected) in [
            (0, "a", "signal 11", true),
            (1, "a", "signal 11", false),
            (2, "a", "it exited", false),
            (3, "b", "signal 11", true),
            (60, "a", "it exited", true),
            (200, "a", "it exited", false),
        ] {
            let now = begun + Duration::from_secs(seconds);
            assert_eq!(heard.is_news(strategy, note, now), expected, "{seconds} s: {strategy}, {note}");
        }
    }
}
