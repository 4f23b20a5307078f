//! `jardin restore`.

use std::{path::PathBuf, process::ExitCode};

use jardin_host::FolderAct;

use super::{
    backup::open_store_of,
    print,
    shop_arg::{open_folder, record_act},
};

/// Put a backup in the place of a shop's store; what was refused since stays refused
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin restore my-shop --from /var/backups/my-shop-2026-11-28\n\
                        The shop must not run. Into an empty data folder, put `master.key` and the newest `refusals` first. What was stored\n\
                        after the backup was made is gone; withdrawals, objections, restrictions and erasures since are obeyed.\n\
                        Exit code: 0 it is restored, 2 it is not and nothing has changed")]
pub(crate) struct RestoreArgs {
    /// The shop folder
    folder: PathBuf,
    /// The backup
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(crate) fn run(args: &RestoreArgs) -> anyhow::Result<ExitCode> {
    let store = open_store_of(&args.folder, args.data.as_deref())?;
    store.restore(&args.from)?;
    record_act(&open_folder(&args.folder)?, args.data.as_deref(), FolderAct::Restore);
    print::line(&format!(
        "the store in `{}` is as `{}` has it; what was refused since is obeyed",
        store.data_path().display(),
        args.from.display()
    ));
    Ok(ExitCode::SUCCESS)
}
