//! `jardin policy report`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::bail;
use jardin_compliance::{Page, ReportFor, write_breach_report, write_observed_report, write_report};
use jardin_host::{ShopFolder, StoreOfShop, file_reads, observed_reads};
use jardin_model::Timestamp;
use jardin_policy::Policy;

use super::page::PageArgs;
use crate::{
    key::parse_time,
    serve::runtime,
    shop_arg::{ShopArg, open_folder},
};

/// Write a report: record of processing, notice, main parameters, annex to an impact assessment, granted
/// against read, notification of a breach
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
    /// Since when the files may have been copied, for `--for breach`, such as 2026-11-20T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    from: Option<Timestamp>,
    /// Until when, for `--for breach`
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    to: Option<Timestamp>,
    /// The data folder, for `--for observed` and `--for breach`; the one of server.toml where none is named
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
    /// The notification of a breach (GDPR Art. 33): what a leak of the data folder between two times touches
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
        What::Breach => {
            args.page.show(&count_breach(args, &policy, language)?);
            return Ok(ExitCode::SUCCESS);
        }
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

/// What a leak of the data folder touches.
fn count_breach(args: &ReportArgs, policy: &Policy, language: Option<&str>) -> anyhow::Result<Page> {
    let (Some(from), Some(to)) = (args.from, args.to) else {
        bail!(
            "say between which times the files may have been copied: `--from 2026-11-20T00:00:00Z --to 2026-11-21T12:00:00Z`"
        );
    };
    if to < from {
        bail!("`--to` lies before `--from`");
    }
    let store = StoreOfShop::of_folder(open_folder(&args.shop.folder)?, args.data.as_deref())?;
    let facts = runtime()?.block_on(store.breach_facts((from, to)))?;
    Ok(write_breach_report(policy, &facts, language))
}
