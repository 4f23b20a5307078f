//! `jardin policy report`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::bail;
use jardin_compliance::{Page, ReportFor, write_observed_report, write_report};
use jardin_host::{ShopFolder, file_reads, observed_reads};
use jardin_policy::Policy;

use super::page::PageArgs;
use crate::shop_arg::ShopArg;

/// Write a report: record of processing, notice, main parameters, annex to an impact assessment, granted
/// against read
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: jardin policy report --for notice --language fr --format html examples/shop > notice.html\n\
                        Exit code: 0, 1 the policy has errors, 2 it could not be read or written"
)]
pub(super) struct ReportArgs {
    /// For whom
    #[arg(long = "for", value_enum)]
    what: What,
    #[command(flatten)]
    shop: ShopArg,
    /// The data folder, for `--for observed`; the one of server.toml where none is named
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
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
    /// Data minimisation (GDPR Art. 5): what is granted, what the files read, what runs really read
    Observed,
    /// A breach (GDPR Art. 33): what it touched; waits for the audit, which records no decision yet
    Breach,
}

pub(super) fn run(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let Some((folder, policy)) = args.shop.open_with_policy()? else {
        return Ok(ExitCode::from(1));
    };
    let language = args.page.language(&policy)?;
    let what = match args.what {
        What::Art30 => ReportFor::Art30,
        What::Notice => ReportFor::Notice,
        What::Parameters => ReportFor::Parameters,
        What::Dpia => ReportFor::Dpia,
        What::Observed => {
            args.page.show(&observed(args, &folder, &policy, language)?);
            return Ok(ExitCode::SUCCESS);
        }
        What::Breach => bail!(
            "the report of a breach waits for the audit: this engine records no decision yet, so none can be looked up"
        ),
    };
    args.page.show(&write_report(&policy, what, language));
    Ok(ExitCode::SUCCESS)
}

/// Granted, proved and observed side by side. The counts can be read while a server writes them.
fn observed(
    args: &ReportArgs,
    folder: &ShopFolder,
    policy: &Policy,
    language: Option<&str>,
) -> anyhow::Result<Page> {
    let data = match &args.data {
        Some(data) => data.clone(),
        None => folder.path().join(&*folder.read_server_config()?.store_folder),
    };
    let observed = observed_reads(folder, &data)?;
    Ok(write_observed_report(policy, &file_reads(folder, policy), &observed, language))
}
