//! `jardin policy diff`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::anyhow;
use jardin_compliance::compare_policies;
use jardin_host::{SourceText, read_lock};
use jardin_policy::{Policy, lock::Lock};

use crate::{
    print,
    shop_arg::{open_folder, unless_refused},
};

/// Say who is treated otherwise under a new policy, and which guards moved
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy diff old.toml policy.toml\n\
                        REACH↑ and REACH↓: who is read. EFFECT: which lists change (with the policy.lock beside each file). TEXT: what \
                        people are told. PARTIES: who receives. PROOF: how it is shown.\n\
                        Exit code: 10 for REACH↑, 11 EFFECT, 12 PROOF, 13 TEXT or PARTIES, the first that applies; 0 none of these; \
                        2 they could not be compared")]
pub(super) struct DiffArgs {
    /// The old policy: a file, or a shop folder
    old: PathBuf,
    /// The new policy: a file, or a shop folder
    new: PathBuf,
    /// How to show the changes
    #[arg(long, value_enum, default_value_t = Look::Human)]
    format: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Look {
    /// One line a change
    Human,
    /// For programs
    Json,
}

pub(super) fn run(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let (old, new) = (side(&args.old)?, side(&args.new)?);
    let diff = compare_policies((&old.0, &old.1), (&new.0, &new.1));
    let text = match args.format {
        Look::Human => diff.text(),
        Look::Json => diff.json(),
    };
    print::line(text.trim_end());
    Ok(ExitCode::from(diff.exit_code()))
}

fn side(path: &Path) -> anyhow::Result<(Policy, Lock)> {
    let (text, folder) = if path.is_dir() {
        (open_folder(path)?.policy_text()?, path.to_owned())
    } else {
        (SourceText::read(path)?, path.parent().map(Path::to_owned).unwrap_or_default())
    };
    let policy = unless_refused(text.check_policy())?.ok_or_else(|| anyhow!("`{}` has errors", text.file))?;
    Ok((policy, read_lock(&folder)?))
}
