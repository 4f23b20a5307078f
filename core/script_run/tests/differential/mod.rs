//! Compiled and interpreted agree: on random rules, over random products, persons, pages and settings, bit
//! for bit.
//!
//! A run compares 100,000 cases; `JARDIN_CASES=5000000 cargo test --release -p jardin-script-run
//! compiled_and_interpreted_agree -- --nocapture` compares so many, and shows which constructs they held.

mod coverage;
mod dice;
mod rule;
mod shops;
mod statements;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use jardin_contract::{Adjusted, Failure, Ranking, Seed, StrategyRequest};

use self::{coverage::Coverage, dice::Dice};
use crate::shop::{Shop, how};

/// Cases of an ordinary run.
const CASES: u64 = 100_000;
/// Shops, each with its products, person, page and settings.
const SHOPS: usize = 200;
/// Shops that each rule is compared over.
const SHOPS_A_RULE: u64 = 12;

/// A shop with the question that is asked of it.
struct Asked {
    shop: Shop,
    ask: StrategyRequest,
}

/// What became of the cases.
#[derive(Debug, Default)]
struct Tally {
    rules: u64,
    /// Rules that the check refuses.
    refused: u64,
    cases: u64,
    /// Cases where the interpreter took too many steps, which bound its time; a compiled rule takes fewer.
    too_long: u64,
    coverage: Coverage,
}

/// Ends all workers when it is dropped.
struct Stop<'d>(&'d AtomicU64);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(u64::MAX / 2, Ordering::Relaxed);
    }
}

/// The bits of everything that was done, and the whole of every error.
fn bits(outcome: Result<Ranking, Failure>) -> Result<String, String> {
    match outcome {
        Ok(Ranking::Adjusted(Adjusted { effects, page, failed })) => {
            let effects: Vec<_> = effects
                .into_iter()
                .map(|e| {
                    let notes: Vec<_> =
                        e.notes.iter().map(|n| (n.factor.map(f64::to_bits), Arc::clone(&n.text))).collect();
                    (e.factor.to_bits(), e.dropped, e.says, notes)
                })
                .collect();
            Ok(format!("{effects:?} {page:?} {failed}"))
        }
        Ok(Ranking::Picks(_)) => panic!("a script gives moves"),
        Err(failure) => Err(format!("{failure:?}")),
    }
}

/// Where two outcomes begin to differ.
fn difference(a: &Result<String, String>, b: &Result<String, String>) -> String {
    let (a, b) = (format!("{a:?}"), format!("{b:?}"));
    let at = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(100);
    let cut = |text: &str| text.chars().skip(at).take(300).collect::<String>();
    format!("compiled: {}\ninterpreted: {}", cut(&a), cut(&b))
}

/// Compares one rule over some shops.
fn compare(seed: u64, shops: &[Asked], tally: &mut Tally) {
    let mut dice = Dice(Seed(seed));
    let source = rule::script(&mut dice);
    tally.rules += 1;
    let Ok((script, _)) = shops[0].shop.load("probe", &source) else {
        tally.refused += 1;
        return;
    };
    // the comparison is worth something only where rules are compiled
    assert_eq!(how(&script, "adjust"), "compiled", "{source}");
    let oracle = shops[0].shop.loaded("probe", &source).interpreted();
    for _ in 0..SHOPS_A_RULE {
        let Asked { shop, ask } = &shops[dice.below(shops.len())];
        let interpreted = bits(oracle.run_now(ask, &shop.items));
        if interpreted.as_ref().is_err_and(|e| e.contains("steps")) {
            tally.too_long += 1;
            continue;
        }
        let compiled = bits(script.run_now(ask, &shop.items));
        assert!(compiled == interpreted, "seed {seed}\n{source}\n{}", difference(&compiled, &interpreted));
        tally.cases += 1;
    }
    tally.coverage.see(&source, SHOPS_A_RULE, &script);
}

/// Shops, of which each question may be asked for an hour.
fn shops(seed: u64) -> Vec<Asked> {
    let mut dice = Dice(Seed(seed));
    let mut one = || {
        let mut shop = shops::shop(&mut dice);
        shop.time = std::time::Duration::from_secs(3600);
        let ask = shop.ask("probe");
        Asked { shop, ask }
    };
    (0..SHOPS).map(|_| one()).collect()
}

#[expect(clippy::disallowed_methods, reason = "how long a run is, is for whoever runs it to say")]
fn wanted() -> u64 {
    std::env::var("JARDIN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES)
}

#[test]
fn compiled_and_interpreted_agree() {
    let (wanted, shops) = (wanted(), shops(20_261_120));
    let (next, done) = (AtomicU64::new(1), AtomicU64::new(0));
    let work = || {
        let mut tally = Tally::default();
        while done.load(Ordering::Relaxed) < wanted {
            let before = tally.cases;
            // where one worker ends by a difference, the others end as well
            let stop = Stop(&done);
            compare(next.fetch_add(1, Ordering::Relaxed) * 7919, &shops, &mut tally);
            std::mem::forget(stop);
            done.fetch_add(tally.cases - before, Ordering::Relaxed);
        }
        tally
    };
    let tally = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..thread::available_parallelism().map_or(1, usize::from)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().fold(Tally::default(), |mut all, worker| {
            let tally = match worker.join() {
                Ok(tally) => tally,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            all.rules += tally.rules;
            all.refused += tally.refused;
            all.cases += tally.cases;
            all.too_long += tally.too_long;
            all.coverage.add(&tally.coverage);
            all
        })
    });
    println!(
        "{} cases of {} rules agree, {} of them took the interpreter too long; {} rules were refused",
        tally.cases, tally.rules, tally.too_long, tally.refused
    );
    println!("{}", tally.coverage);
    assert!(tally.cases >= wanted, "{}", tally.cases);
    // and where they load and hold everything
    assert!(tally.refused * 2 < tally.rules, "{} of {} are refused", tally.refused, tally.rules);
    tally.coverage.assert_whole(wanted / 1000);
}
