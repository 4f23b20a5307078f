//! `jardin policy fmt`.

use std::{path::Path, process::ExitCode};

use anyhow::anyhow;
use jardin_compliance::format_policy;

use crate::{print, shop_arg::ShopArg, written_file::write_file};

/// Lay the policy out: order and comments stay, only spaces move
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy fmt examples/shop --check\n\
                        Exit code: 0, 1 with --check where it is not laid out, 2 it is not TOML or could not be written")]
pub(super) struct FmtArgs {
    #[command(flatten)]
    shop: ShopArg,
    /// Write nothing; say whether anything would move
    #[arg(long)]
    check: bool,
}

pub(super) fn run(args: &FmtArgs) -> anyhow::Result<ExitCode> {
    let source = args.shop.open()?.policy_text()?;
    let formatted = format_policy(&source.text)
        .ok_or_else(|| anyhow!("`{}` is not TOML; `jardin policy check` says where", source.file))?;
    if formatted == source.text {
        print::line(&format!("{}: as it should be", source.file));
        return Ok(ExitCode::SUCCESS);
    }
    if args.check {
        print::line(&format!("{}: not laid out; run `jardin policy fmt`", source.file));
        return Ok(ExitCode::from(1));
    }
    write_file(Path::new(&*source.file), formatted.as_bytes())?;
    print::line(&format!("{}: laid out", source.file));
    Ok(ExitCode::SUCCESS)
}
