//! `jardin script`: ready rules, each with its test, that a shop copies.

mod add;
mod library;
mod missing_lines;
mod rule_head;

use std::process::ExitCode;

use library::RULES;
use rule_head::RuleHead;

use crate::print;

/// Copy ready rules, each with its test, into a shop
#[derive(Debug, clap::Args)]
pub(crate) struct ScriptArgs {
    #[command(subcommand)]
    command: ScriptCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ScriptCommand {
    /// List the rules that there are, each with what it does.
    List,
    /// Copy a rule with its test into a shop, and print the lines that policy.toml and jardin.toml lack for it.
    Add(add::AddArgs),
}

/// Runs a command of `jardin script`.
///
/// # Errors
/// Where a rule or the shop is not found, or a file cannot be written.
pub(crate) fn run(args: &ScriptArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        ScriptCommand::List => {
            list_rules();
            Ok(ExitCode::SUCCESS)
        }
        ScriptCommand::Add(args) => add::run(args),
    }
}

fn list_rules() {
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    for rule in RULES {
        print::line(&format!("{:width$}  {}", rule.name, RuleHead::read(rule.script).title));
    }
}
