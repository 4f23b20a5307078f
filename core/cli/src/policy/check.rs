//! `jardin policy check`.

use std::{path::PathBuf, process::ExitCode};

use jardin_contract::{Clock as _, SystemClock};
use jardin_diagnostics::{Finding, Report, codes::NOT_ENFORCED_YET, findings_as_json, findings_as_sarif};
use jardin_host::{ShopContent, counted, every_code, not_pinned, over_granted};
use jardin_policy::Policy;

use super::erasure::show_erasure;
use crate::{print, shop_arg::ShopArg};

/// Find what is wrong in a policy: where, why it matters, and what to write instead
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy check examples/shop\n\
                        Exit code: 0 the policy can be taken (warnings allowed), 1 it has errors, 2 it could not be checked")]
pub(super) struct CheckArgs {
    #[command(flatten)]
    shop: ShopArg,
    /// How to show the findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Refuse keys that this engine reads and does not enforce yet
    #[arg(long)]
    strict: bool,
    /// Count what the policy would erase of the store in this data folder; nothing is erased
    #[arg(long, value_name = "DIR", conflicts_with = "format")]
    data: Option<PathBuf>,
}

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// With the lines concerned
    Human,
    /// For programs
    Json,
    /// For code hosts
    Sarif,
}

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let folder = args.shop.open()?;
    let source = folder.policy_text()?;
    let lock = folder.read_lock()?;
    let report = match Policy::load(&source.file, &source.text) {
        Ok((policy, mut report)) => {
            report.findings.extend(not_pinned(&folder, &policy, &lock));
            report.findings.extend(policy.dated_ahead(SystemClock.now()));
            report.findings.extend(policy.overdue(SystemClock.now()));
            report.findings.extend(over_granted(&folder, &policy));
            report.findings.sort_by_key(|f| (f.span, f.code));
            report
        }
        Err(report) => report,
    };
    let is_refused = |f: &&Finding| args.strict && f.code == NOT_ENFORCED_YET;
    let refused: Vec<&Finding> = report.findings.iter().filter(is_refused).collect();
    show_findings(&report, &refused, args);
    if let Some(data) = args.data.as_deref().filter(|_| !report.has_errors()) {
        show_erasure(&ShopContent::read(&folder)?, data)?;
    }
    Ok(ExitCode::from(u8::from(report.has_errors() || !refused.is_empty())))
}

fn show_findings(report: &Report, refused: &[&Finding], args: &CheckArgs) {
    match args.format {
        Format::Json => print::line(&findings_as_json(report)),
        Format::Sarif => print::line(&findings_as_sarif(report, &every_code())),
        Format::Human => {
            if !report.findings.is_empty() {
                print::line(&report.rendered());
                print::line("");
            }
            print::line(&format!(
                "{}: {}, {}",
                report.file,
                counted(report.errors().count(), "error"),
                counted(report.warnings().count(), "warning")
            ));
            for finding in refused {
                print::line(&format!("refused by --strict: {} ({})", finding.message, finding.code.word()));
            }
        }
    }
}
