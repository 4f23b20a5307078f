//! `jardin policy test`.

use std::process::ExitCode;

use jardin_policy::Outcome;

use super::{check::counted, shop::ShopFolder};
use crate::cli::print;

/// Run the tests that stand in the policy
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy test examples/shop\n\
                        Exit code: 0 every test passes, 1 one fails or the policy has errors, 2 the tests could not be run")]
pub(super) struct TestArgs {
    #[command(flatten)]
    shop: ShopFolder,
}

pub(super) fn run(args: &TestArgs) -> anyhow::Result<ExitCode> {
    let Some(policy) = args.shop.policy()? else {
        return Ok(ExitCode::from(1));
    };
    let outcomes = policy.run_tests();
    outcomes.iter().for_each(show);
    let failed = outcomes.iter().filter(|o| !o.failures.is_empty()).count();
    let passed = outcomes.len() - failed;
    print::line(&format!("{}, {passed} passed, {failed} failed", counted(outcomes.len(), "test")));
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
