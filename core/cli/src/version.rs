//! `jardin version`.

use std::process::ExitCode;

use jardin_abi::{ABI_MAJOR, ABI_MINOR};
use jardin_policy::LANGUAGE_VERSION;
use serde_json::json;

use super::print;

/// The version of the HTTP API, as it stands in each path.
const API_VERSION: &str = "v1";

/// Tell the versions of the program, its API, the policy language and the interface of plugins
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin version --json")]
pub(crate) struct VersionArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Tells the versions.
///
/// # Errors
/// None; a command may have some.
pub(crate) fn run(args: &VersionArgs) -> anyhow::Result<ExitCode> {
    let (program, abi) = (env!("CARGO_PKG_VERSION"), format!("{ABI_MAJOR}.{ABI_MINOR}"));
    if args.json {
        let versions = json!({
            "program": program,
            "api": API_VERSION,
            "policy_language": LANGUAGE_VERSION,
            "abi": abi,
        });
        print::line(&format!("{versions:#}"));
    } else {
        print::line(&format!(
            "jardin {program}\nAPI {API_VERSION}\npolicy language {LANGUAGE_VERSION}\nplugin ABI {abi}"
        ));
    }
    Ok(ExitCode::SUCCESS)
}
