//! `jardin plugin bench`: how long a plugin takes to answer one question, asked again and again.

use std::{process::ExitCode, time::Duration};

use super::plugin_trial::{PluginTrial, QuestionArgs};
use crate::{print, serve::runtime};

/// Measure how long a plugin's file takes to answer, in a worker and under a shop's policy
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: jardin plugin bench target/release/libmine.so --shop examples/shop --times 5000\n\
                        What is measured is the strategy's whole run: the message there and back, and the plugin.\n\
                        Exit code: 0 it answered each time, 1 it did not, 2 it could not be tried"
)]
pub(crate) struct BenchArgs {
    #[command(flatten)]
    question: QuestionArgs,
    /// How often it is asked
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    times: u32,
}

/// Measures.
///
/// # Errors
/// Where the shop or the file cannot be read, or the policy has no such strategy.
pub(crate) fn run(args: &BenchArgs) -> anyhow::Result<ExitCode> {
    runtime()?.block_on(async {
        let trial = PluginTrial::start(&args.question).await?;
        let mut times = Vec::new();
        for _ in 0..args.times {
            let run = trial.ask().await?;
            match run.as_ref().filter(|run| run.gave.is_ok()) {
                Some(run) => times.push(run.took),
                None => {
                    trial.tell_failure(run.as_ref());
                    print::line(&format!("it answered {} times and then no more", times.len()));
                    return Ok(ExitCode::from(1));
                }
            }
        }
        times.sort_unstable();
        for per_mille in [500, 900, 990] {
            print::line(&format!("p{:<3} {:>10.1} µs", per_mille / 10, micros(quantile(&times, per_mille))));
        }
        print::line(&format!("{} answers", times.len()));
        Ok(ExitCode::SUCCESS)
    })
}

/// The time that so many of a thousand runs did not exceed.
fn quantile(sorted: &[Duration], per_mille: usize) -> Duration {
    let rank = (sorted.len() * per_mille).div_ceil(1_000).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The nearest rank: of 1 to 200 ms the 100th is the median, the 180th and the 198th follow.
    #[test]
    fn quantiles_are_nearest_ranks() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        let found = [500, 900, 990].map(|per_mille| quantile(&times, per_mille).as_millis());
        assert_eq!(found, [100, 180, 198]);
        assert_eq!(quantile(&[Duration::from_millis(7)], 990), Duration::from_millis(7));
    }
}
