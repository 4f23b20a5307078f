//! A client that asks at times drawn ahead, whether it was answered or not, so that a server that stands still is
//! seen by everybody who would have come meanwhile. It spins, on a core of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{io::AsyncWriteExt as _, net::TcpStream, task::yield_now};

use crate::load::{read_answer, request_text};

/// Requests of some kinds at a rate.
pub struct OpenLoad<'a> {
    /// As `http://host:port`.
    pub address: &'a str,
    /// Each with how many of a hundred requests are of it.
    pub kinds: &'a [(&'a str, u64)],
    pub per_second: f64,
    pub connections: usize,
    pub lasts: Duration,
}

/// When somebody comes, and which kind they ask for.
#[derive(Clone, Copy)]
struct Arrival {
    after: Duration,
    kind: usize,
}

impl OpenLoad<'_> {
    /// How long each answer of a kind took from the time that it was meant to be asked for, in microseconds and in
    /// order.
    pub fn measure(&self) -> Vec<Vec<f64>> {
        // answers are looked for after a few looks at the clock
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().event_interval(8).build().unwrap();
        let mut of_kinds = vec![Vec::new(); self.kinds.len()];
        for (kind, took) in runtime.block_on(self.ask_all()) {
            of_kinds[kind].push(took);
        }
        of_kinds.iter_mut().for_each(|all| all.sort_by(f64::total_cmp));
        of_kinds
    }

    /// Exponential gaps: people come without looking at one another.
    fn draw_arrivals(&self) -> Vec<Arrival> {
        let mut state = 1_u64;
        let mut draw = || {
            // Knuth's constants of MMIX
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 11
        };
        let mut all = Vec::new();
        let mut after = 0.0;
        while after < self.lasts.as_secs_f64() {
            after -= ((draw() + 1) as f64 / (1_u64 << 53) as f64).ln() / self.per_second;
            let mut place = (draw() >> 20) % 100;
            let kind = self.kinds.iter().position(|(_, share)| {
                let is_it = place < *share;
                place = place.saturating_sub(*share);
                is_it
            });
            all.push(Arrival {
                after: Duration::from_secs_f64(after),
                kind: kind.expect("the shares make a hundred"),
            });
        }
        all
    }

    async fn ask_all(&self) -> Vec<(usize, f64)> {
        let host = self.address.trim_start_matches("http://");
        let texts: Arc<Vec<String>> =
            Arc::new(self.kinds.iter().map(|(body, _)| request_text(host, body)).collect());
        let (arrivals, next) = (Arc::new(self.draw_arrivals()), Arc::new(AtomicUsize::new(0)));
        let mut streams = Vec::new();
        for _ in 0..self.connections {
            let stream = TcpStream::connect(host).await.unwrap();
            stream.set_nodelay(true).unwrap();
            streams.push(stream);
        }
        let begun = Instant::now();
        let asking = streams.into_iter().map(|stream| {
            tokio::spawn(ask_in_time(
                stream,
                Arc::clone(&texts),
                Arc::clone(&arrivals),
                Arc::clone(&next),
                begun,
            ))
        });
        let mut all = Vec::new();
        for asked in asking.collect::<Vec<_>>() {
            all.extend(asked.await.unwrap());
        }
        all
    }
}

/// Takes the next arrival, asks when its time has come, and so on.
async fn ask_in_time(
    mut stream: TcpStream,
    texts: Arc<Vec<String>>,
    arrivals: Arc<Vec<Arrival>>,
    next: Arc<AtomicUsize>,
    begun: Instant,
) -> Vec<(usize, f64)> {
    let (mut took, mut read) = (Vec::new(), Vec::new());
    while let Some(arrival) = arrivals.get(next.fetch_add(1, Ordering::Relaxed)) {
        let meant = begun + arrival.after;
        while Instant::now() < meant {
            yield_now().await;
        }
        stream.write_all(texts[arrival.kind].as_bytes()).await.unwrap();
        read_answer(&mut stream, &mut read).await;
        took.push((arrival.kind, meant.elapsed().as_secs_f64() * 1e6));
    }
    took
}

/// What a share of all was at most, of a list in order.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
