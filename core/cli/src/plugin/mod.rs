//! `jardin plugin`: for whoever writes compiled plugins.

mod bench;
mod inspect;
mod new;
mod plugin_trial;
mod trial;

use std::process::ExitCode;

/// Write, look at and try a compiled plugin
#[derive(Debug, clap::Args)]
pub(crate) struct PluginArgs {
    #[command(subcommand)]
    command: PluginCommand,
}

#[derive(Debug, clap::Subcommand)]
enum PluginCommand {
    New(new::NewArgs),
    Try(trial::TryArgs),
    Bench(bench::BenchArgs),
    Inspect(inspect::InspectArgs),
}

/// Runs a command of `jardin plugin`.
///
/// # Errors
/// What the command says.
pub(crate) fn run(args: &PluginArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        PluginCommand::New(args) => new::run(args),
        PluginCommand::Try(args) => trial::run(args),
        PluginCommand::Bench(args) => bench::run(args),
        PluginCommand::Inspect(args) => inspect::run(args),
    }
}
