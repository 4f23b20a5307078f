//! `jardin policy matrix`.

use std::process::ExitCode;

use jardin_compliance::draw_matrix;

use super::page::PageArgs;
use crate::shop_arg::ShopArg;

/// Show fields against strategies: who may read what, and in which form
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy matrix examples/shop --format html > matrix.html\n\
                        Exit code: 0, 1 the policy has errors, 2 it could not be read")]
pub(super) struct MatrixArgs {
    #[command(flatten)]
    shop: ShopArg,
    #[command(flatten)]
    page: PageArgs,
}

pub(super) fn run(args: &MatrixArgs) -> anyhow::Result<ExitCode> {
    let Some((_, policy)) = args.shop.open_with_policy()? else {
        return Ok(ExitCode::from(1));
    };
    args.page.show(&draw_matrix(&policy, args.page.language(&policy)?));
    Ok(ExitCode::SUCCESS)
}
