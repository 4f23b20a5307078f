//! `jardin policy report`.

use std::process::ExitCode;

use jardin_policy::tools::{self, ReportFor};

use super::{page::PageArgs, shop::ShopFolder};

/// Write a report: record of processing, notice for shoppers, main parameters, annex to an impact assessment
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: jardin policy report --for notice --language fr --format html examples/shop > notice.html\n\
                        Exit code: 0, 1 the policy has errors, 2 it could not be read"
)]
pub(super) struct ReportArgs {
    /// For whom
    #[arg(long = "for", value_enum)]
    what: What,
    #[command(flatten)]
    shop: ShopFolder,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The record of processing (GDPR Art. 30)
    Art30,
    /// Shoppers (GDPR Art. 13)
    Notice,
    /// Shoppers: why they see these products
    Parameters,
    /// The impact assessment (GDPR Art. 35)
    Dpia,
}

pub(super) fn run(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let Some(policy) = args.shop.policy()? else {
        return Ok(ExitCode::from(1));
    };
    let what = match args.what {
        What::Art30 => ReportFor::Art30,
        What::Notice => ReportFor::Notice,
        What::Parameters => ReportFor::Parameters,
        What::Dpia => ReportFor::Dpia,
    };
    args.page.show(&tools::report(&policy, what, args.page.language.as_deref()));
    Ok(ExitCode::SUCCESS)
}
