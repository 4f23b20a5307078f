//! `jardin policy check`.

use std::process::ExitCode;

use jardin_policy::{
    Code, Finding, Policy, Report, StrategyKind,
    lock::{Lock, digest},
    tools,
};

use super::{
    reading::over_granted,
    shop::{ShopFolder, now},
};
use crate::{plugins::find_plugin, print};

/// Find what is wrong in a policy: where, why it matters, and what to write instead
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy check examples/shop\n\
                        Exit code: 0 the policy can be taken (warnings allowed), 1 it has errors, 2 it could not be checked")]
pub(super) struct CheckArgs {
    #[command(flatten)]
    shop: ShopFolder,
    /// How to show the findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Refuse keys that this engine reads and does not enforce yet
    #[arg(long)]
    strict: bool,
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
    let source = args.shop.policy_text()?;
    let lock = args.shop.lock()?;
    let report = match Policy::load(&source.file, &source.text) {
        Ok((policy, mut report)) => {
            report.findings.extend(not_pinned(&policy, &lock, &args.shop)?);
            report.findings.extend(policy.overdue(now()));
            report.findings.extend(over_granted(&args.shop, &policy)?);
            report.findings.sort_by_key(|f| (f.span, f.code));
            report
        }
        Err(report) => report,
    };
    show(&report, args);
    let is_refused = |f: &Finding| args.strict && f.code == Code::NotEnforcedYet;
    let refused = report.has_errors() || report.findings.iter().any(is_refused);
    Ok(ExitCode::from(u8::from(refused)))
}

fn show(report: &Report, args: &CheckArgs) {
    match args.format {
        Format::Json => print::line(&tools::json(report)),
        Format::Sarif => print::line(&tools::sarif(report)),
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
        }
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The strategies whose file nobody reviewed, or was changed since.
pub(crate) fn not_pinned(policy: &Policy, lock: &Lock, shop: &ShopFolder) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let scripts = shop.scripts()?;
    for rule in policy.rules().strategies.values().filter(|rule| rule.pinned) {
        let (name, path) = match &rule.kind {
            StrategyKind::Plugin(name) => (name, find_plugin(&shop.folder, name)),
            StrategyKind::Script(file) => (file, Some(scripts.join(&**file)).filter(|path| path.is_file())),
        };
        let pinned = lock.files().find(|(pinned, _)| **pinned == **name).map(|(_, digest)| *digest);
        let found = path.and_then(|path| std::fs::read(path).ok()).map(|bytes| digest(&bytes));
        let message = match (pinned, found) {
            (None, _) => format!("`{name}` stands in no policy.lock, so `{}` does not run", rule.name),
            (Some(_), None) => format!("the file of `{name}` is not found, so `{}` does not run", rule.name),
            (Some(pinned), Some(found)) if pinned != found => {
                format!(
                    "`{name}` is another file than the one that was reviewed, so `{}` does not run",
                    rule.name
                )
            }
            _ => continue,
        };
        findings.push(Finding {
            code: Code::NotPinned,
            span: rule.span,
            message,
            help: Some("review the file, then run `jardin policy pin`".to_owned()),
        });
    }
    Ok(findings)
}
