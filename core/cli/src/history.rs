//! `jardin history`.

use std::{path::PathBuf, process::ExitCode};

use jardin_contract::ShopRevision;
use jardin_host::{history_path, read_history};

use super::{print, shop_arg::open_folder};

/// List what was in force: each revision of policy, settings and scripts, with who brought it and what changed
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin history my-shop\n\
                        The newest stands first. The files of a revision lie under its name in the folder that is printed: `jardin policy diff`\n\
                        and any other tool can compare them. Plugins and server.toml are not among them: policy.lock says which file may run,\n\
                        and a key that was taken back stays taken back. `jardin import --put-back` puts the last catalogue back.\n\
                        Exit code: 0 it is listed, 2 it cannot be read")]
pub(crate) struct HistoryArgs {
    /// The shop folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
    /// How many
    #[arg(long, default_value_t = 20)]
    last: usize,
}

pub(crate) fn run(args: &HistoryArgs) -> anyhow::Result<ExitCode> {
    let folder = open_folder(&args.folder)?;
    let data = folder.data_path(args.data.as_deref())?;
    let revisions = read_history(&data)?;
    if revisions.is_empty() {
        print::line("nothing was in force yet: the shop has not been served");
        return Ok(ExitCode::SUCCESS);
    }
    for revision in revisions.iter().rev().take(args.last) {
        print::line(&describe_revision(revision));
    }
    print::line(&format!("their files: {}", history_path(&data).display()));
    Ok(ExitCode::SUCCESS)
}

/// `3f9a1c07b2d4 2026-11-29T10:00:00Z by the shop folder: policy 2026-11-28.1; changed: policy.toml`
fn describe_revision(revision: &ShopRevision) -> String {
    let ShopRevision { name, at, by, policy_revision, changed, .. } = revision;
    let changed =
        if changed.is_empty() { "the first".to_owned() } else { format!("changed: {}", changed.join(", ")) };
    format!("{name} {at} by {by}: policy {policy_revision}; {changed}")
}
