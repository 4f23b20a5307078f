//! `jardin policy explain`.

use std::process::ExitCode;

use anyhow::anyhow;
use jardin_compliance::explain_strategy;
use jardin_diagnostics::did_you_mean;
use jardin_policy::StrategyName;

use super::page::PageArgs;
use crate::shop_arg::ShopArg;

/// Say in prose what a strategy may read: in which form, about which people, why, until when
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy explain for-you examples/shop --language en\n\
                        Exit code: 0, 1 the policy has errors, 2 there is no such strategy")]
pub(super) struct ExplainArgs {
    /// The strategy
    strategy: String,
    #[command(flatten)]
    shop: ShopArg,
    #[command(flatten)]
    page: PageArgs,
}

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let Some((_, policy)) = args.shop.open_with_policy()? else {
        return Ok(ExitCode::from(1));
    };
    let page = explain_strategy(&policy, &args.strategy, args.page.language(&policy)?).ok_or_else(|| {
        let known = policy.rules().strategies.keys().map(StrategyName::as_str);
        let help =
            did_you_mean(&args.strategy, known).map(|m| format!("; did you mean `{m}`?")).unwrap_or_default();
        anyhow!("the policy has no strategy `{}`{help}", args.strategy)
    })?;
    args.page.show(&page);
    Ok(ExitCode::SUCCESS)
}
