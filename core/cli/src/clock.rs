//! `jardin clock`.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::{Args, Subcommand};
use jardin_host::{MachineClock, ShopContent, StartOptions};

use super::{
    print,
    serve::{open_shop, runtime},
    shop_arg::open_folder,
};

/// Look after the clock that a shop goes by
#[derive(Debug, Args)]
pub(crate) struct ClockArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Trust the clock as it is now, after it leapt: what is too old by it is removed again
    Accept(AcceptArgs),
}

#[derive(Debug, Args)]
struct AcceptArgs {
    /// The shop folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(crate) fn run(args: &ClockArgs) -> anyhow::Result<ExitCode> {
    let What::Accept(args) = &args.what;
    let content = ShopContent::read_for_start(&open_folder(&args.folder)?, args.data.as_deref())?;
    let options =
        StartOptions { data: args.data.clone(), listen: None, clock: Arc::new(MachineClock), seed: 0 };
    runtime()?.block_on(async { anyhow::Ok(open_shop(&content, options).await?.accept_clock().await?) })?;
    print::line("the clock is accepted as it is");
    Ok(ExitCode::SUCCESS)
}
