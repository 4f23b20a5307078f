//! The scripts of a shop folder, each against the grants of its strategy.

use std::{collections::BTreeMap, fs, sync::Arc};

use jardin_diagnostics::{Finding, Report, codes::INVALID_VALUE, did_you_mean};
use jardin_engine::{Config, Placement};
use jardin_policy::Policy;
use jardin_script_check::{CheckedScript, ScriptText, codes::NEVER_CALLED};

use super::{
    checked_shop::{CheckedFile, CheckedShop},
    known_items::KnownItems,
};
use crate::{
    HostError, ScriptSettings, ShopFolder, SourceText, StrategyFile,
    codes::{NO_SUCH_VALUE, UNREAD_SETTING},
    strategy_files,
};

/// The scripts by name, each with the strategies that run it.
type ByName = BTreeMap<Arc<str>, Vec<StrategyFile>>;

/// What scripts are checked against.
pub(super) struct ShopRules<'a> {
    pub(super) policy: &'a Policy,
    pub(super) config: &'a Config,
    /// The catalogue of the folder, where it has one.
    pub(super) items: Option<&'a KnownItems>,
}

/// Checks every script that a strategy names, and looks for those that none does.
pub(super) fn check_scripts(
    checked: &mut CheckedShop,
    folder: &ShopFolder,
    rules: &ShopRules<'_>,
) -> Result<(), HostError> {
    let settings = ScriptSettings::of_config(rules.config);
    let mut scripts = ByName::new();
    for file in strategy_files(folder, rules.policy, None).into_iter().filter(StrategyFile::is_script) {
        scripts.entry(Arc::clone(&file.name)).or_default().push(file);
    }
    for files in scripts.values() {
        check_script(checked, files, folder, rules, &settings)?;
    }
    find_unused(checked, folder, &scripts)
}

/// A script that two strategies share is checked against the grants of each.
fn check_script(
    checked: &mut CheckedShop,
    files: &[StrategyFile],
    folder: &ShopFolder,
    rules: &ShopRules<'_>,
    settings: &ScriptSettings,
) -> Result<(), HostError> {
    let Some(first) = files.first() else {
        return Ok(());
    };
    if first.path().is_none() {
        add_missing(checked, files, folder, &rules.config.files.scripts);
        return Ok(());
    }
    let source = first.script_text()?;
    let mut one = CheckedFile::of_report(Report::new(&source.file, &source.text));
    let mut unread = Vec::new();
    for file in files {
        unread.extend(add_findings(&mut one, &settings.script(&file.rule, &source), rules));
    }
    checked.add_config_findings(unread);
    checked.files.push(one);
    Ok(())
}

/// Settings of a script that it does not read: they change nothing, whoever sets them.
fn unread_settings(script: &CheckedScript, config: &Config) -> Vec<Finding> {
    let Some(read) = script.settings() else {
        return Vec::new();
    };
    let written = config.settings.iter().chain(config.campaigns.iter().flat_map(|c| &c.settings));
    let unread = written.filter(|place| place.strategy == *script.name() && !read.contains(&place.setting));
    unread
        .map(|place| Finding {
            code: UNREAD_SETTING,
            span: place.span,
            message: format!(
                "the script of `{}` does not read the setting `{}`",
                place.strategy, place.setting
            ),
            help: Some(match did_you_mean(&place.setting, read.iter().map(|name| &**name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("read it as `params.{}` in the script, or remove it", place.setting),
            }),
        })
        .collect()
}

/// Rules of the page that need a longer list than any placement of the script has.
fn places_beyond_lists(script: &CheckedScript, config: &Config) -> Vec<Finding> {
    let is_there = |place: &&Placement| {
        place.chain.contains(script.name()) || place.finish.as_ref() == Some(script.name())
    };
    let Some(longest) = config.placements.values().filter(is_there).map(|place| place.limit).max() else {
        return Vec::new();
    };
    #[expect(clippy::cast_precision_loss, reason = "a placement has at most 1,000 items")]
    let beyond = script.needed_places().iter().filter(|needed| needed.places > longest as f64);
    beyond
        .map(|needed| Finding {
            code: NO_SUCH_VALUE,
            span: needed.span,
            message: format!(
                "`{}` needs a list of {} items, and no list of `{}` has more than {longest}",
                needed.word,
                needed.places,
                script.name()
            ),
            help: Some(
                "write a smaller number, or a larger `limit` of the placement in jardin.toml".to_owned(),
            ),
        })
        .collect()
}

/// What the grants of two strategies both find is shown once. Gives what is found in jardin.toml.
fn add_findings(one: &mut CheckedFile, script: &ScriptText<'_>, rules: &ShopRules<'_>) -> Vec<Finding> {
    let mut unread = Vec::new();
    let report = match script.check(rules.policy) {
        Ok((proved, mut report)) => {
            one.functions = proved.functions().to_vec();
            unread = unread_settings(&proved, rules.config);
            let (named, held) = (proved.named_values().iter(), proved.held_numbers().iter());
            report.findings.extend(named.filter_map(|named| rules.items?.find_unknown(named)));
            report.findings.extend(held.filter_map(|held| rules.items?.find_out_of_scale(held)));
            report.findings.extend(places_beyond_lists(&proved, rules.config));
            report
        }
        Err(report) => report,
    };
    let findings = &mut one.report.findings;
    findings.extend(report.findings);
    findings.sort_by_key(|f| (f.span, f.code));
    findings.dedup();
    unread
}

/// A script that is not there is an error of the policy that names it.
fn add_missing(checked: &mut CheckedShop, files: &[StrategyFile], folder: &ShopFolder, scripts: &str) {
    let there = script_names(folder);
    let Some(of_policy) = checked.files.first_mut() else {
        return;
    };
    for StrategyFile { rule, name, .. } in files {
        of_policy.report.findings.push(Finding {
            code: INVALID_VALUE,
            span: rule.span,
            message: format!("the script `{name}` of `{}` is not in `{scripts}`", rule.name),
            help: Some(did_you_mean(name, there.iter().map(String::as_str)).map_or_else(
                || "write the script, or name another file".to_owned(),
                |near| format!("did you mean `{near}`?"),
            )),
        });
    }
    of_policy.report.findings.sort_by_key(|f| (f.span, f.code));
}

/// The scripts of the folder, by their names; none where their folder is not there or cannot be read.
fn script_names(folder: &ShopFolder) -> Vec<String> {
    let entries = fs::read_dir(folder.scripts_path()).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut scripts: Vec<String> = names.filter(|name| name.ends_with(".rhai")).collect();
    scripts.sort();
    scripts
}

/// A script that no strategy names.
fn find_unused(checked: &mut CheckedShop, folder: &ShopFolder, used: &ByName) -> Result<(), HostError> {
    let scripts = folder.scripts_path();
    for name in script_names(folder).into_iter().filter(|name| !used.contains_key(name.as_str())) {
        let source = SourceText::read(&scripts.join(&name))?;
        let mut report = Report::new(&source.file, &source.text);
        report.findings.push(Finding {
            code: NEVER_CALLED,
            span: (0..0).into(),
            message: format!("no strategy of the policy runs `{name}`"),
            help: Some("name it under `script` of a strategy, or remove it".to_owned()),
        });
        checked.add_report(report);
    }
    Ok(())
}
