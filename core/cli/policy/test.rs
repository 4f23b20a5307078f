//! `jardin policy test`.

use std::process::ExitCode;

use jardin_policy::{Outcome, tools};

use super::{
    check::counted,
    shop::{ShopFolder, checked},
};
use crate::cli::print;

/// Run the tests that stand in the policy
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy test examples/shop --coverage --mutate\n\
                        Exit code: 0 every test passes, 1 one fails or the policy has errors, 2 the tests could not be run")]
pub(super) struct TestArgs {
    #[command(flatten)]
    shop: ShopFolder,
    /// Show which decisions no test asserts
    #[arg(long)]
    coverage: bool,
    /// Widen the policy in every way, and show which edits the tests miss
    #[arg(long)]
    mutate: bool,
}

pub(super) fn run(args: &TestArgs) -> anyhow::Result<ExitCode> {
    let source = args.shop.policy_text()?;
    let Some(policy) = checked(&source) else {
        return Ok(ExitCode::from(1));
    };
    let outcomes = policy.run_tests();
    outcomes.iter().for_each(show);
    let failed = outcomes.iter().filter(|o| !o.failures.is_empty()).count();
    let passed = outcomes.len() - failed;
    print::line(&format!("{}, {passed} passed, {failed} failed", counted(outcomes.len(), "test")));
    if args.coverage {
        print::line("");
        print::line(tools::coverage(&policy).text().trim_end());
    }
    if args.mutate
        && let Some(mutation) = tools::mutate(&source.file, &source.text)
    {
        print::line("");
        print::line(mutation.text().trim_end());
    }
    Ok(ExitCode::from(u8::from(failed > 0)))
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
