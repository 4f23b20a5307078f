//! `jardin script add`: a ready rule in a shop's folder. The policy and the places stay as they are: who owns them
//! pastes the lines.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use jardin_diagnostics::did_you_mean;
use jardin_host::SourceText;

use super::{
    library::{LibraryRule, RULES},
    missing_lines::missing_lines,
    rule_head::RuleHead,
};
use crate::{print, shop_arg::open_folder, written_file::write_file};

/// Copy a rule with its test into a shop, and print the lines that policy.toml and jardin.toml lack for it
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin script add best_sellers my-shop\n\
                        Nothing but the rule and its fixtures is written: policy.toml belongs to whoever is responsible for the data.\n\
                        Exit code: 0 the rule is written, 2 it is not")]
pub(crate) struct AddArgs {
    /// The rule's name, as `jardin script list` shows it
    name: String,
    /// The shop folder
    #[arg(default_value = ".")]
    shop: PathBuf,
}

/// Writes the files of a rule, and prints what else it needs.
///
/// # Errors
/// Where there is no such rule, the shop cannot be read, or has a script of that name.
pub(crate) fn run(args: &AddArgs) -> anyhow::Result<ExitCode> {
    let rule = find_rule(&args.name)?;
    let folder = open_folder(&args.shop)?;
    let (policy, config) = (folder.policy_text()?, folder.config_text()?);
    let head = RuleHead::read(rule.script);
    let policy_lines = find_missing(&policy, &head.policy)?;
    let config_lines = find_missing(&config, &head.config)?;
    write_rule(rule, &folder.scripts_path())?;
    show_lines("to paste into policy.toml, with whoever is responsible for the data:", &policy_lines);
    show_lines("to paste into jardin.toml:", &config_lines);
    let shop = args.shop.display();
    print::line("A table that stands in the file already takes the lines under its head.");
    print::line(&format!("next: jardin check {shop}; jardin test {shop}"));
    Ok(ExitCode::SUCCESS)
}

/// A rule by the name of its file or of its strategy.
fn find_rule(name: &str) -> anyhow::Result<&'static LibraryRule> {
    let wanted = name.trim_end_matches(".rhai").replace('-', "_");
    if let Some(rule) = RULES.iter().find(|rule| rule.name == wanted) {
        return Ok(rule);
    }
    let near = did_you_mean(&wanted, RULES.iter().map(|rule| rule.name));
    let hint =
        near.map_or("`jardin script list` shows them".to_owned(), |near| format!("did you mean `{near}`?"));
    bail!("there is no rule `{name}`; {hint}")
}

/// What a file of the shop does not say yet of the lines of a rule.
fn find_missing(file: &SourceText, wanted: &[&'static str]) -> anyhow::Result<Vec<&'static str>> {
    let there = file
        .text
        .parse()
        .with_context(|| format!("`{}` is not TOML; `jardin check` says where", file.file))?;
    Ok(missing_lines(wanted, &there))
}

/// Writes the script and its fixtures, where neither is there yet.
fn write_rule(rule: &LibraryRule, scripts: &Path) -> anyhow::Result<()> {
    let script = scripts.join(format!("{}.rhai", rule.name));
    let fixtures = scripts.join(format!("{}.fixtures.json", rule.name));
    for path in [&script, &fixtures] {
        if path.exists() {
            bail!("`{}` is there already; remove it, or keep it", path.display());
        }
    }
    fs::create_dir_all(scripts).with_context(|| format!("`{}` cannot be made", scripts.display()))?;
    write_file(&script, rule.script.as_bytes())?;
    write_file(&fixtures, rule.fixtures.as_bytes())?;
    print::line(&format!("written: {}, {}", script.display(), fixtures.display()));
    Ok(())
}

fn show_lines(what: &str, lines: &[&str]) {
    if !lines.is_empty() {
        print::line(&format!("\n{what}\n\n{}\n", lines.join("\n")));
    }
}
