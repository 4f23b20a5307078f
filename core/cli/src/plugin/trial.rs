//! `jardin plugin try`: one question to a plugin's file, and what it gave.

use std::process::ExitCode;

use jardin_contract::Ranking;
use jardin_host::trial::{StrategyRun, TrialEngine};

use super::plugin_trial::{PluginTrial, QuestionArgs};
use crate::{print, serve::runtime};

/// Ask a plugin's file one question, in a worker and under a shop's policy
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin plugin try target/release/libmine.so --shop examples/shop\n\
                        Example: jardin plugin try libmine.so --shop . --context page_item=TEN-103\n\
                        The file need not be pinned, and nothing is stored.\n\
                        Exit code: 0 it answered, 1 it did not, 2 it could not be tried")]
pub(crate) struct TryArgs {
    #[command(flatten)]
    question: QuestionArgs,
}

/// Asks.
///
/// # Errors
/// Where the shop or the file cannot be read, or the policy has no such strategy.
pub(crate) fn run(args: &TryArgs) -> anyhow::Result<ExitCode> {
    runtime()?.block_on(async {
        let trial = PluginTrial::start(&args.question).await?;
        let run = trial.ask().await?;
        print::line(&format!("{} at {}", trial.strategy, trial.placement()));
        let has_answered = run.as_ref().is_some_and(|run| show_picks(run, &trial.engine));
        if !has_answered {
            trial.tell_failure(run.as_ref());
        }
        Ok(ExitCode::from(u8::from(!has_answered)))
    })
}

/// Shows what the plugin gave, the best first; false where it gave nothing.
fn show_picks(run: &StrategyRun, engine: &TrialEngine) -> bool {
    let Ok(Ranking::Picks(picks)) = &run.gave else { return false };
    let mut picks: Vec<_> = picks.iter().collect();
    picks.sort_by(|a, b| b.score.total_cmp(&a.score));
    for pick in &picks {
        let id = engine.item_id(pick.item).map(|id| id.as_str().to_owned()).unwrap_or_default();
        let reason = pick.reason.as_deref().unwrap_or_default();
        print::line(&format!("  {id:<20} {:>12.4}  {reason}", pick.score));
    }
    print::line(&format!("{} items in {} µs", picks.len(), run.took.as_micros()));
    !picks.is_empty()
}
