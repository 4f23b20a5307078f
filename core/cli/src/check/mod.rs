//! `jardin check`: everything that a shop folder says, checked together.

mod show;

use std::{process::ExitCode, thread, time::Duration};

use jardin_contract::{Clock as _, SystemClock};
use jardin_host::{CheckedShop, FolderWatch};

use super::{print, shop_arg::ShopArg};

/// Find what is wrong in a shop folder: policy, configuration, scripts and plugins together
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin check examples/shop\n\
                        Exit code: 0 the shop can be served (warnings allowed), 1 a file has errors, 2 it could not be checked")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    shop: ShopArg,
    /// How to show the findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Check again whenever a file is saved, until the program is told to end
    #[arg(long)]
    watch: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// With the lines concerned
    Human,
    /// For programs
    Json,
}

/// How often a watched folder is looked at.
const LOOK: Duration = Duration::from_millis(200);

pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    if !args.watch {
        return once(args);
    }
    let mut watch = FolderWatch::new(&args.shop.open()?);
    again(args);
    loop {
        thread::sleep(LOOK);
        anyhow::ensure!(args.shop.folder.is_dir(), "`{}` is gone", args.shop.folder.display());
        if watch.has_changed() {
            print::line("");
            again(args);
        }
    }
}

fn once(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let checked = CheckedShop::of_folder(&args.shop.open()?, SystemClock.now())?;
    print::line(&match args.format {
        Format::Human => show::human(&checked),
        Format::Json => show::json(&checked),
    });
    Ok(ExitCode::from(u8::from(checked.error_count() > 0)))
}

/// A file that is half written when it is looked at must not end the watch.
fn again(args: &CheckArgs) {
    if let Err(error) = once(args) {
        print::failure(&error, "");
    }
}
