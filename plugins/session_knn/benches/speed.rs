//! How fast it answers, learns and forgets: `cargo bench -p jardin-session-knn`. Online Retail where its data
//! is there, made-up clicks, and a made-up shop of 500,000 items and 15 million events; `-- retail`, `-- clicks`
//! and `-- large` are one of them alone.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a benchmark prints and may end"
)]

use std::{hint::black_box, time::Instant};

use session_knn::{Index, Params, Plan, Row, Scratch, Weights};

#[path = "../tests/proof/support/mod.rs"]
#[expect(
    dead_code,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "shared with the tests"
)]
mod support;

use support::{Visit, made_up, retail};

/// Prints the times at p50, p90 and p99 in microseconds.
fn report(what: &str, mut nanoseconds: Vec<u64>) {
    nanoseconds.sort_unstable();
    let at = |percent: usize| nanoseconds[(nanoseconds.len() - 1) * percent / 100] as f64 / 1000.0;
    println!("  {what:<34} p50 {:7.2}   p90 {:7.2}   p99 {:7.2} µs", at(50), at(90), at(99));
}

fn timed(work: impl FnOnce()) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
    let start = Instant::now();
    work();
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// How often each question is asked. The fastest counts: the others were interrupted by who else wants the
/// machine.
const ROUNDS: usize = 5;

fn answers(what: &str, index: &mut Index, questions: &[Vec<u32>], params: Params) {
    let (plan, mut scratch) = (Plan::new(params), Scratch::default());
    for question in questions {
        black_box(index.query(question, None, 20, &plan, &mut scratch));
    }
    let mut fastest = vec![u64::MAX; questions.len()];
    for _ in 0..ROUNDS {
        for (fastest, question) in fastest.iter_mut().zip(questions) {
            *fastest = timed(|| {
                black_box(index.query(question, None, 20, &plan, &mut scratch));
            })
            .min(*fastest);
        }
    }
    report(what, fastest);
}

/// VMIS-kNN, Serenade's neighbours: neither how long a visit was nor when it was counts, and nothing else speaks
/// for an item.
fn vmis() -> Params {
    let weights = Weights::read("near=1").expect("the name of a feature");
    Params { length_exponent: 0.0, age_days: Params::AGELESS_DAYS, weights, ..Params::default() }
}

fn all(name: &str, rows: &[Vec<Row>], questions: &[Vec<u32>]) {
    let events: usize = rows.iter().map(Vec::len).sum();
    let mut index = Index::default();
    let nanoseconds = timed(|| rows.iter().for_each(|rows| index.observe(rows).expect("within the limits")));
    let size = index.size();
    let (bytes, each) = (index.reserved(), size.events as f64);
    println!("{name}: {} sessions, {} items, {} events", size.sessions, index.items(), size.events);
    println!("  learned at {:.1} million events a second", events as f64 / nanoseconds as f64 * 1000.0);
    println!("  {bytes} bytes, {:.1} an event", bytes as f64 / each);
    answers("answer", &mut index, questions, Params::default());
    answers("… by VMIS alone", &mut index, questions, vmis());
    println!("  {:.1} bytes an event, with the lists of companions", index.reserved() as f64 / each);
    let step = (rows.len() / 1_000).max(1);
    let forget = (0..rows.len()).step_by(step).map(|n| timed(|| index.forget(&[support::id(n)])));
    report("forget a session", forget.collect());
    let mut scratch = Scratch::default();
    let again = (step / 2..rows.len()).step_by(step).map(|n| {
        timed(|| {
            index.forget(&[support::id(n)]);
            index.make_lists(rows[n].iter().map(|row| row.item), &mut scratch);
        })
    });
    report("… and make its items' lists anew", again.collect());
    index.make_lists(0..index.items() as u32, &mut scratch);
    println!(
        "  {:.1} bytes an event, with every list made",
        index.reserved() as f64 / index.size().events as f64
    );
}

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|argument| argument == name);
    if let Some(split) = is_wanted("retail").then(retail::split).flatten() {
        let questions: Vec<Vec<u32>> = split.questions.into_iter().map(|(question, _)| question).collect();
        all("Online Retail", &support::rows(&split.train), &questions);
    }
    if is_wanted("clicks") {
        let questions = made_up::beginnings(&made_up::clicks(4, 6_000, 40_000));
        all("made-up clicks", &support::rows(&made_up::clicks(3, 300_000, 40_000)), &questions);
    }
    if is_wanted("large") {
        let visits: Vec<Visit> = made_up::visits(1, 1_600_000, 500_000);
        all("made up", &support::rows(&visits), &made_up::questions(2, 20_000, 500_000));
    }
}
