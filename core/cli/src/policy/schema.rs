//! `jardin policy schema`.

use std::process::ExitCode;

use jardin_compliance::{reference_page, write_schema};

use crate::print;

/// Write the language as a JSON Schema, for editors
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy schema > policy.schema.json\n\
                        An editor finds it by the line `#:schema ./policy.schema.json` at the head of the policy")]
pub(super) struct SchemaArgs {
    /// Write a page for people instead, as docs/policy-reference.md is
    #[arg(long)]
    page: bool,
}

pub(super) fn run(args: &SchemaArgs) -> anyhow::Result<ExitCode> {
    let text = if args.page { reference_page() } else { write_schema() };
    print::line(text.trim_end());
    Ok(ExitCode::SUCCESS)
}
