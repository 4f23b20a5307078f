//! Commands: a file a command.

mod folder;
mod host;
mod print;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A personalisation engine for shops that keeps out of everyone's secret garden.
#[derive(Parser)]
#[command(name = "jardin", version, after_help = "Begin with: jardin demo")]
struct Jardin {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a shop folder over HTTP.
    Serve(serve::ServeArgs),
}

pub(crate) fn main() -> ExitCode {
    // a worker is started often and must be ready in milliseconds, so it is told apart before anything else happens
    if std::env::args_os().nth(1).is_some_and(|a| a == jardin_native::WORKER_ARGUMENT) {
        return jardin_native::worker();
    }
    let result = match Jardin::parse().command {
        Command::Serve(args) => serve::run(&args),
    };
    result.unwrap_or_else(|error| {
        print::error(&format!("error: {error:#}"));
        ExitCode::from(2)
    })
}
