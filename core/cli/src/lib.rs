//! Commands: a file a command.

mod audit;
mod backup;
mod check;
mod clock;
mod demo;
mod docs;
mod entry;
mod evaluate;
mod export;
mod feed_args;
mod history;
mod import;
mod init;
mod key;
mod plugin;
mod policy;
mod policy_pages;
mod print;
mod restore;
mod rollback;
mod script;
mod script_tests;
mod serve;
mod shop_arg;
mod strategy_log;
mod subject;
mod try_script;
mod version;
mod written_file;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A personalisation engine for shops that keeps out of everyone's secret garden.
#[derive(Parser)]
#[command(name = "jardin", version, after_help = "Begin with: jardin demo")]
struct Jardin {
    #[command(subcommand)]
    command: Command,
}

/// The commands: a row each, beside the file that holds its arguments and runs it.
macro_rules! commands {
    ($($(#[$says:meta])* $name:ident($module:ident::$args:ident),)*) => {
        #[derive(Subcommand)]
        enum Command {
            $($(#[$says])* $name($module::$args),)*
        }

        impl Command {
            fn run(&self) -> anyhow::Result<ExitCode> {
                match self {
                    $(Self::$name(args) => $module::run(args),)*
                }
            }
        }
    };
}

commands! {
    /// Serve a shop of our own making, with shoppers and their history, to try everything on.
    Demo(demo::DemoArgs),
    /// Write a shop folder to begin with.
    Init(init::InitArgs),
    /// Serve a shop folder over HTTP.
    Serve(serve::ServeArgs),
    /// Read a catalogue or events from a shop's own file into its store.
    Import(import::ImportArgs),
    /// Write a shop's catalogue or events as a file.
    Export(export::ExportArgs),
    /// Tell how good recommendations are, on what people really did next.
    Evaluate(evaluate::EvaluateArgs),
    /// Find what is wrong in a shop folder: policy, configuration, scripts and plugins together.
    Check(check::CheckArgs),
    /// See what a script does to a list: each item before and after, and why it moved.
    Try(try_script::TryArgs),
    /// Run the tests that stand in scripts.
    Test(script_tests::TestArgs),
    /// Copy ready rules, each with its test, into a shop.
    Script(script::ScriptArgs),
    /// Write down what this shop's scripts may use, for people and for editors.
    Docs(docs::DocsArgs),
    /// Look at a compiled plugin without running it.
    Plugin(plugin::PluginArgs),
    /// Make, list, exchange and take back the keys by which programs call the API.
    Key(key::KeyArgs),
    /// Check, test and pin the privacy policy.
    Policy(policy::PolicyArgs),
    /// Answer a person who asks about their data.
    Subject(subject::SubjectArgs),
    /// Look after the clock that a shop goes by.
    Clock(clock::ClockArgs),
    /// Look at the record of who did what to the shop and to people's data, and prove that nobody rewrote it.
    Audit(audit::AuditArgs),
    /// List what was in force: each revision of policy, settings and scripts, with who brought it and what changed.
    History(history::HistoryArgs),
    /// Bring a revision of the history back, while the shop serves.
    Rollback(rollback::RollbackArgs),
    /// Copy a shop's store as it is at one moment, while it serves.
    Backup(backup::BackupArgs),
    /// Put a backup in the place of a shop's store; what was refused since stays refused.
    Restore(restore::RestoreArgs),
    /// Tell the versions of the program, its API, the policy language and the interface of plugins.
    Version(version::VersionArgs),
}

/// Runs the command that the process was started with; a worker is told apart before anything else happens.
pub fn main() -> ExitCode {
    // a worker is started often and must be ready in milliseconds, so it is told apart before anything else
    // happens
    if std::env::args_os().nth(1).is_some_and(|a| a == jardin_native::WORKER_ARGUMENT) {
        return jardin_native::run_worker();
    }
    let result = Jardin::parse().command.run();
    result.unwrap_or_else(|error| {
        print::failure(&error, "");
        ExitCode::from(2)
    })
}
