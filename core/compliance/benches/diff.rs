//! What a check and a comparison of long policies cost: `cargo bench -p jardin-compliance`. Times of one run on
//! one machine; the page of the project holds them against its aims.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock, prints what it measured and ends where it meets the unexpected"
)]

use std::{fmt::Write as _, hint::black_box, time::Instant};

use jardin_compliance::compare_policies;
use jardin_policy::{Policy, lock::Lock};

const FULL: &str = include_str!("../../policy/tests/policies/full.toml");

/// A policy of 500 lines, its tests included.
fn five_hundred_lines() -> String {
    let mut text = FULL.to_owned();
    let mut n = 0;
    while text.lines().count() < 500 {
        let _ = write!(
            text,
            "[strategies.more-{n}]\nscript = \"more_{n}.rhai\"\npurpose = \"personalise\"\nmay_read = {{ catalogue = \"exact\", \"subject.points\" = {{ as = \"round\", to = {} }} }}\n\
             [[test]]\nname = \"more {n}\"\nask = \"more-{n}\"\ngiven = {{ consent = [\"personalisation\"], subject.points = 120 }}\nexpect = {{ runs = \"more-{n}\" }}\n",
            10 + n
        );
        n += 1;
    }
    text
}

fn load(text: &str) -> Policy {
    Policy::load("policy.toml", text).unwrap_or_else(|r| panic!("{}", r.rendered())).0
}

/// The median and the 99th percentile of a call, in microseconds: `times` samples of `each` calls.
fn measured<T>(times: usize, each: u32, mut call: impl FnMut() -> T) -> (f64, f64) {
    let mut samples: Vec<f64> = (0..times)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..each {
                black_box(call());
            }
            start.elapsed().as_secs_f64() * 1e6 / f64::from(each)
        })
        .collect();
    samples.sort_by(f64::total_cmp);
    let at = |share: usize| samples.get(samples.len() * share / 100).copied().unwrap_or(f64::NAN);
    (at(50), at(99))
}

fn show(what: &str, (p50, p99): (f64, f64)) {
    println!("{what:<44}  p50 {p50:>10.2} µs   p99 {p99:>10.2} µs");
}

fn main() {
    let text = five_hundred_lines();
    let changed = text.replace("under       = 18", "under       = 16");
    let lines = text.lines().count();
    show(&format!("check of {lines} lines with its tests"), measured(100, 1, || load(&text)));
    let (old, new) = (load(&text), load(&changed));
    let lock = Lock::default();
    let compare = || compare_policies((&old, &lock), (&new, &lock));
    assert_eq!(compare().exit_code(), 10);
    show(
        &format!("diff of two such, {} strategies", old.rules().strategies.len()),
        measured(100, 1, compare),
    );
}
