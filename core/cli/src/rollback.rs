//! `jardin rollback`.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use jardin_host::{MachineClock, ShopContent, StartOptions};

use super::{
    print,
    serve::{open_shop, runtime},
    shop_arg::open_folder,
};

/// Bring a revision of the history back, while the shop serves
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin rollback my-shop --to 3f9a1c07b2d4\n\
                        No file of the shop folder is written. The revision holds until the folder's content changes to something that is\n\
                        neither it nor what it holds now, and over a restart; `/health/ready` shows it as `rolled_back_to`. A `[stop]` in the\n\
                        folder's policy is obeyed meanwhile. A policy that was in force needs no new approval, unless approvals are signed.\n\
                        Exit code: 0 it is in force, 2 it is not and nothing has changed")]
pub(crate) struct RollbackArgs {
    /// The shop folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The revision's name, or the beginning of it
    #[arg(long, value_name = "REVISION")]
    to: String,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(crate) fn run(args: &RollbackArgs) -> anyhow::Result<ExitCode> {
    let content = ShopContent::read_for_start(&open_folder(&args.folder)?, args.data.as_deref())?;
    let options =
        StartOptions { data: args.data.clone(), listen: None, clock: Arc::new(MachineClock), seed: 0 };
    let revision = runtime()?
        .block_on(async { anyhow::Ok(open_shop(&content, options).await?.roll_back(&args.to).await?) })?;
    print::line(&format!(
        "`{}` is in force, with policy {}, until the shop folder changes",
        revision.name, revision.policy_revision
    ));
    Ok(ExitCode::SUCCESS)
}
