//! Two plugins that work together: one is told a bit of somebody, the other wants to know it. Nothing is sent from
//! the one to the other; they do the same thing at the same moment, and the other counts how often it could.

use std::sync::Arc;

use jardin_contract::{Ranking, Strategy as _};
use jardin_model::ItemIndex;
use jardin_native::{NativeStrategy, PluginFile};

use crate::{Bench, build};

/// What is left to a worker that stays, by the numbers of `colluding.c`.
const DOINGS: [&str; 16] = [
    "computing",
    "clock_gettime",
    "getrandom",
    "sched_yield",
    "mmap, munmap",
    "madvise",
    "mremap",
    "brk",
    "futex (private)",
    "rt_sigprocmask",
    "sigaltstack",
    "getpid, gettid",
    "recvfrom",
    "a megabyte of memory",
    "a line of the C library",
    "the time between calls",
];
/// Half of them teach how to read the count, the others are guessed.
const BITS: usize = 200;
const NAME: &str = "colluding";

/// How many bits of a hundred the receiver reads right, by what the two do; 50 is chance.
pub async fn show(bench: &Bench, folder: &std::path::Path) {
    let file = std::fs::read(build(folder, NAME)).unwrap();
    let file = PluginFile::from_bytes(NAME, file).unwrap();
    println!("two plugins that work together: bits of {} that came over, 50 % by chance", BITS / 2);
    for (doing, name) in DOINGS.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a number below 16")]
        let doing = doing as f64;
        let sender = bench.start_file(&file, NAME, &[("doing", doing), ("sends", 1.0)]).await;
        let receiver = bench.start_file(&file, NAME, &[("doing", doing)]).await;
        let mut told = Vec::with_capacity(BITS);
        for n in 0..BITS {
            let bit = bit_of(n);
            let count = if name.starts_with("the time") {
                ask(bench, &sender, bit).await;
                ask(bench, &receiver, bit).await
            } else {
                tokio::join!(ask(bench, &sender, bit), ask(bench, &receiver, bit)).1
            };
            told.push((bit, count));
        }
        println!("  {name:<24}{:>4} %", 100 * count_right(&told) / (BITS / 2));
    }
}

/// A bit that nobody can guess from the one before: of the number's hash (the finaliser of splitmix64).
fn bit_of(n: usize) -> u32 {
    let mut x = (n as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    u32::from((x ^ (x >> 27)) & 1 == 1)
}

async fn ask(bench: &Bench, strategy: &Arc<NativeStrategy>, bit: u32) -> f64 {
    match strategy.recommend(&bench.ask(), &[ItemIndex(bit)]).await.unwrap() {
        Ranking::Picks(picks) => picks[0].score,
        Ranking::Adjusted(_) => panic!("a plugin gives picks"),
    }
}

/// The best threshold over the first half, on the side that suits it, applied to the second.
fn count_right(told: &[(u32, f64)]) -> usize {
    let (learned, guessed) = told.split_at(told.len() / 2);
    let right = |of: &[(u32, f64)], threshold: f64, above: bool| {
        of.iter().filter(|(bit, count)| (*bit == 1) == ((*count > threshold) == above)).count()
    };
    let rules = learned.iter().flat_map(|(_, count)| [(*count, true), (*count, false)]);
    let (threshold, above) = rules.max_by_key(|(t, above)| right(learned, *t, *above)).unwrap();
    right(guessed, threshold, above)
}
