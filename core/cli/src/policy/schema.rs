//! `jardin policy schema`.

use std::process::ExitCode;

use jardin_compliance::write_schema;

use crate::print;

/// Write the language as a JSON Schema, for editors
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy schema > policy.schema.json\n\
                        An editor finds it by the line `#:schema ./policy.schema.json` at the head of the policy")]
pub(super) struct SchemaArgs {}

pub(super) fn run(_: &SchemaArgs) -> anyhow::Result<ExitCode> {
    print::line(write_schema().trim_end());
    Ok(ExitCode::SUCCESS)
}
