//! `jardin policy`: what a policy says, whether it holds, and what a change of it means. One file a command.

mod approve;
pub(crate) mod check;
mod diff;
mod erasure;
mod explain;
mod fmt;
mod matrix;
mod page;
mod pin;
mod reads;
mod report;
mod schema;
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
    /// Approve the policy as it is written now: what reaches further comes into force by it.
    Approve(approve::ApproveArgs),
    /// Find what is wrong in a policy: where, why it matters, and what to write instead.
    Check(check::CheckArgs),
    /// Say who is treated otherwise under a new policy, and which guards moved.
    Diff(diff::DiffArgs),
    /// Say in prose what a strategy may read: in which form, about which people, why, until when.
    Explain(explain::ExplainArgs),
    /// Lay the policy out: order and comments stay, only spaces move.
    Fmt(fmt::FmtArgs),
    /// Show fields against strategies: who may read what, and in which form.
    Matrix(matrix::MatrixArgs),
    /// Write policy.lock: the plugin files, by their sha256, that you have reviewed.
    Pin(pin::PinArgs),
    /// Say which fields a script reads, may read and never reads, of those that it is granted.
    Reads(reads::ReadsArgs),
    /// Write a report: record of processing, notice, main parameters, annex to an impact assessment, granted
    /// against read.
    Report(report::ReportArgs),
    /// Write the language as a JSON Schema, for editors.
    Schema(schema::SchemaArgs),
    /// Run the tests that stand in the policy.
    Test(test::TestArgs),
}

/// Runs a command of `jardin policy`.
///
/// # Errors
/// Where a file cannot be read or written; findings are no error, they make the exit code.
pub(crate) fn run(args: &PolicyArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        PolicyCommand::Approve(args) => approve::run(args),
        PolicyCommand::Check(args) => check::run(args),
        PolicyCommand::Diff(args) => diff::run(args),
        PolicyCommand::Explain(args) => explain::run(args),
        PolicyCommand::Fmt(args) => fmt::run(args),
        PolicyCommand::Matrix(args) => matrix::run(args),
        PolicyCommand::Pin(args) => pin::run(args),
        PolicyCommand::Reads(args) => reads::run(args),
        PolicyCommand::Report(args) => report::run(args),
        PolicyCommand::Schema(args) => schema::run(args),
        PolicyCommand::Test(args) => test::run(args),
    }
}
