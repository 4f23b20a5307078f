//! `jardin policy test`.

use std::process::ExitCode;

use jardin_compliance::{measure_coverage, mutate_policy};
use jardin_diagnostics::{Report, findings_as_sarif};
use jardin_host::{SourceText, counted, every_code};
use jardin_policy::{Outcome, Policy};
use serde_json::{Value, json};

use super::check::Format;
use crate::{
    print,
    shop_arg::{ShopArg, unless_refused},
};

/// Run the tests that stand in the policy
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy test examples/shop --coverage --mutate\n\
                        Exit code: 0 every test passes, 1 one fails or the policy has errors, 2 the tests could not be run")]
pub(super) struct TestArgs {
    #[command(flatten)]
    shop: ShopArg,
    /// Show which decisions no test asserts
    #[arg(long)]
    coverage: bool,
    /// Widen the policy in every way, and show which edits the tests miss
    #[arg(long)]
    mutate: bool,
    /// How to show the outcome
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(args: &TestArgs) -> anyhow::Result<ExitCode> {
    let source = args.shop.open()?.policy_text()?;
    let Some(policy) = unless_refused(source.check_policy())? else {
        return Ok(ExitCode::from(1));
    };
    let outcomes = policy.run_tests();
    let failed = outcomes.iter().filter(|o| !o.failures.is_empty()).count();
    match args.format {
        Format::Human => human(args, &source, &policy, &outcomes, failed),
        Format::Json => print::line(&format!("{:#}", as_json(args, &source, &policy, &outcomes))),
        Format::Sarif => {
            let mut report = Report::new(&source.file, &source.text);
            report.findings = outcomes.iter().filter_map(Outcome::finding).collect();
            print::line(&findings_as_sarif(&report, &every_code()));
        }
    }
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn human(args: &TestArgs, source: &SourceText, policy: &Policy, outcomes: &[Outcome], failed: usize) {
    outcomes.iter().for_each(show);
    let passed = outcomes.len() - failed;
    print::line(&format!("{}, {passed} passed, {failed} failed", counted(outcomes.len(), "test")));
    if args.coverage {
        print::line("");
        print::line(measure_coverage(policy).text().trim_end());
    }
    if args.mutate
        && let Some(mutation) = mutate_policy(&source.file, &source.text)
    {
        print::line("");
        print::line(mutation.text().trim_end());
    }
}

fn show(outcome: &Outcome) {
    print::line(&format!(
        "{}  {}",
        if outcome.failures.is_empty() { "ok    " } else { "FAILED" },
        outcome.name
    ));
    for failure in &outcome.failures {
        print::line(&format!("          {failure}"));
    }
}

/// `{file, tests: [{name, failures}], coverage, mutation}`; what was not asked for is null.
fn as_json(args: &TestArgs, source: &SourceText, policy: &Policy, outcomes: &[Outcome]) -> Value {
    let tests = outcomes.iter().map(|o| json!({ "name": &*o.name, "failures": o.failures }));
    let mutation = args.mutate.then(|| mutate_policy(&source.file, &source.text)).flatten();
    json!({
        "file": source.file,
        "tests": tests.collect::<Vec<_>>(),
        "coverage": args.coverage.then(|| measure_coverage(policy).json()),
        "mutation": mutation.map(|m| m.json()),
    })
}
