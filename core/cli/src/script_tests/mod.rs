//! `jardin test`: the tests that stand in scripts, over fixtures.

mod fixtures;
mod shop;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use fixtures::{Fixtures, fixtures_path};
use jardin_host::{ScriptSettings, ShopContent, SourceText, counted, trial::TrialEngine};
use jardin_policy::StrategyRule;
use jardin_script_run::{TestFailure, run_test};
use shop::FixtureShop;

use super::{print, serve::runtime, shop_arg::read_shop};

/// Run the tests that stand in scripts: functions called test_…
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin test examples/shop\n\
                        The items and people of a script's tests stand in NAME.fixtures.json beside NAME.rhai, or in scripts/fixtures.json for\n\
                        all of them; without either the shop's items.jsonl serves.\n\
                        Exit code: 0 every test passes, 1 one fails or a file has errors, 2 the tests could not be run")]
pub(crate) struct TestArgs {
    /// The shop folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Run only tests whose name contains this
    #[arg(long)]
    only: Option<String>,
}

/// One test of a script.
struct Test {
    rule: Arc<StrategyRule>,
    source: SourceText,
    name: Arc<str>,
    /// The file of its fixtures.
    fixtures: PathBuf,
}

pub(crate) fn run(args: &TestArgs) -> anyhow::Result<ExitCode> {
    let Ok(mut folder) = read_shop(&args.folder).inspect_err(|error| print::failure(error, "")) else {
        return Ok(ExitCode::from(1));
    };
    judge_scripts_alone(&mut folder);
    let folder = Arc::new(folder);
    let tests = tests(&folder, args.only.as_deref())?;
    let failed = runtime()?.block_on(async {
        let mut failed = 0;
        let groups = tests.chunk_by(|a, b| a.fixtures == b.fixtures);
        for (n, tests) in groups.enumerate() {
            failed += run_over_fixtures(tests, &folder, n == 0).await?;
        }
        Ok::<_, anyhow::Error>(failed)
    })?;
    print::line(&format!(
        "{}, {} passed, {failed} failed",
        counted(tests.len(), "test"),
        tests.len() - failed
    ));
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// Runs tests of the same fixtures over one engine; gives how many failed. The first one tells what is to be told of the
/// shop.
async fn run_over_fixtures(
    tests: &[Test],
    folder: &Arc<ShopContent>,
    is_first: bool,
) -> anyhow::Result<usize> {
    let Some(first) = tests.first() else {
        return Ok(0);
    };
    let fixtures = Fixtures::read(folder, &first.fixtures)?;
    let (engine, notices) = fixtures.start_engine(folder).await?;
    if is_first {
        print::notices(&notices);
    }
    let (engine, mut failed) = (Arc::new(engine), 0);
    for test in tests {
        let outcome = one(test, &engine, folder, &fixtures).await?;
        failed += usize::from(outcome.is_err());
        show(test, outcome.err().as_ref());
    }
    Ok(failed)
}

/// How many items a page of the shop needs is no matter of a script, whose fixtures are few.
fn judge_scripts_alone(folder: &mut ShopContent) {
    for placement in Arc::make_mut(&mut folder.config).placements.values_mut() {
        placement.at_least = 0;
    }
}

/// A test runs on a thread of its own, since it waits for answers.
async fn one(
    test: &Test,
    engine: &Arc<TrialEngine>,
    folder: &Arc<ShopContent>,
    fixtures: &Fixtures,
) -> anyhow::Result<Result<(), TestFailure>> {
    let shop = FixtureShop {
        engine: Arc::clone(engine),
        folder: Arc::clone(folder),
        strategy: test.rule.name.clone(),
        at: fixtures.at,
        people: fixtures.people.keys().cloned().collect(),
        runtime: tokio::runtime::Handle::current(),
    };
    let (source, name) = (test.source.text.clone(), Arc::clone(&test.name));
    tokio::task::spawn_blocking(move || run_test(&source, &name, Arc::new(shop)))
        .await
        .context("a test ended without a result")
}

fn tests(folder: &ShopContent, only: Option<&str>) -> anyhow::Result<Vec<Test>> {
    let settings = ScriptSettings::of_config(&folder.config);
    let mut tests = Vec::new();
    for file in folder.strategy_files().into_iter().filter(|file| file.is_script()) {
        let source = file.script_text()?;
        let names = settings.script(&file.rule, &source).tests();
        let named = names.into_iter().filter(|name| only.is_none_or(|only| name.contains(only)));
        let fixtures = fixtures_path(folder, &file.name);
        tests.extend(named.map(|name| Test {
            rule: Arc::clone(&file.rule),
            source: source.clone(),
            name,
            fixtures: fixtures.clone(),
        }));
    }
    Ok(tests)
}

fn show(test: &Test, failure: Option<&TestFailure>) {
    let word = if failure.is_some() { "FAILED" } else { "ok    " };
    print::line(&format!("{word}  {}  {}", test.rule.name, test.name));
    if let Some(failure) = failure {
        print::line(&format!(
            "          {}:{}:{}: {}",
            test.source.file, failure.at.0, failure.at.1, failure.message
        ));
    }
}
