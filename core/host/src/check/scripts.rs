//! The scripts of a shop folder, each against the grants of its strategy.

use std::{collections::BTreeMap, fs, sync::Arc};

use jardin_diagnostics::{Finding, Report, codes::INVALID_VALUE, did_you_mean};
use jardin_engine::Config;
use jardin_policy::Policy;
use jardin_script_check::{CheckedScript, ScriptText, codes::NEVER_CALLED};

use super::{
    checked_shop::{CheckedFile, CheckedShop},
    known_items::KnownItems,
};
use crate::{
    HostError, ScriptSettings, ShopFolder, SourceText, StrategyFile, codes::UNREAD_SETTING, strategy_files,
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
        check_script(checked, files, rules, &settings)?;
    }
    find_unused(checked, folder, &scripts)
}

/// A script that two strategies share is checked against the grants of each.
fn check_script(
    checked: &mut CheckedShop,
    files: &[StrategyFile],
    rules: &ShopRules<'_>,
    settings: &ScriptSettings,
) -> Result<(), HostError> {
    let Some(first) = files.first() else {
        return Ok(());
    };
    if first.path().is_none() {
        add_missing(checked, files, &rules.config.files.scripts);
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

/// What the grants of two strategies both find is shown once. Gives what is found in jardin.toml.
fn add_findings(one: &mut CheckedFile, script: &ScriptText<'_>, rules: &ShopRules<'_>) -> Vec<Finding> {
    let mut unread = Vec::new();
    let report = match script.check(rules.policy) {
        Ok((proved, mut report)) => {
            one.functions = proved.functions().to_vec();
            unread = unread_settings(&proved, rules.config);
            let named = proved.named_values().iter();
            report.findings.extend(named.filter_map(|named| rules.items?.find_unknown(named)));
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
fn add_missing(checked: &mut CheckedShop, files: &[StrategyFile], scripts: &str) {
    let Some(of_policy) = checked.files.first_mut() else {
        return;
    };
    for StrategyFile { rule, name, .. } in files {
        of_policy.report.findings.push(Finding {
            code: INVALID_VALUE,
            span: rule.span,
            message: format!("the script `{name}` of `{}` is not in `{scripts}`", rule.name),
            help: Some("write the script, or name another file".to_owned()),
        });
    }
    of_policy.report.findings.sort_by_key(|f| (f.span, f.code));
}

/// A script that no strategy names.
fn find_unused(checked: &mut CheckedShop, folder: &ShopFolder, used: &ByName) -> Result<(), HostError> {
    let scripts = folder.scripts_path();
    if !scripts.is_dir() {
        return Ok(());
    }
    let entries = fs::read_dir(&scripts)
        .map_err(|error| HostError::unreadable(&scripts.display().to_string(), error))?;
    let names = entries.flatten().filter_map(|e| e.file_name().into_string().ok());
    let mut idle: Vec<String> =
        names.filter(|n| n.ends_with(".rhai") && !used.contains_key(n.as_str())).collect();
    idle.sort();
    for name in idle {
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
