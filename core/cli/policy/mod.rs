//! `jardin policy`: what a policy says, whether it holds, and what a change of it means. One file a command.

pub(crate) mod check;
mod pin;
mod report;
pub(crate) mod shop;
mod test;

use std::process::ExitCode;

/// Check, test and pin the privacy policy
#[derive(Debug, clap::Args)]
pub(crate) struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, clap::Subcommand)]
enum PolicyCommand {
    /// Find what is wrong in a policy: where, why it matters, and what to write instead.
    Check(check::CheckArgs),
    /// Write policy.lock: the plugin files, by their sha256, that you have reviewed.
    Pin(pin::PinArgs),
    /// Write a report: the record of processing, the shopper's notice, the main parameters, an annex to an impact assessment.
    Report(report::ReportArgs),
    /// Run the tests that stand in the policy.
    Test(test::TestArgs),
}

/// Runs a command of `jardin policy`.
///
/// # Errors
/// Where a file cannot be read or written; findings are no error, they make the exit code.
pub(crate) fn run(args: &PolicyArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        PolicyCommand::Check(args) => check::run(args),
        PolicyCommand::Pin(args) => pin::run(args),
        PolicyCommand::Report(args) => report::run(args),
        PolicyCommand::Test(args) => test::run(args),
    }
}
