//! The scripts of a shop folder, each against the grants of its strategy.

use std::{collections::BTreeMap, fs, sync::Arc};

use jardin_diagnostics::{Finding, Report, codes::INVALID_VALUE};
use jardin_engine::Config;
use jardin_policy::Policy;
use jardin_script_check::{ScriptText, codes::NEVER_CALLED};

use super::checked_shop::{CheckedFile, CheckedShop};
use crate::{HostError, ScriptSettings, ShopFolder, SourceText, StrategyFile, strategy_files};

/// The scripts by name, each with the strategies that run it.
type ByName = BTreeMap<Arc<str>, Vec<StrategyFile>>;

/// Checks every script that a strategy names, and looks for those that none does.
pub(super) fn check_scripts(
    checked: &mut CheckedShop,
    folder: &ShopFolder,
    policy: &Policy,
    config: &Config,
) -> Result<(), HostError> {
    let settings = ScriptSettings::of_config(config);
    let mut scripts = ByName::new();
    for file in strategy_files(folder, policy, None).into_iter().filter(StrategyFile::is_script) {
        scripts.entry(Arc::clone(&file.name)).or_default().push(file);
    }
    for files in scripts.values() {
        check_script(checked, files, policy, config, &settings)?;
    }
    find_unused(checked, folder, &scripts)
}

/// A script that two strategies share is checked against the grants of each.
fn check_script(
    checked: &mut CheckedShop,
    files: &[StrategyFile],
    policy: &Policy,
    config: &Config,
    settings: &ScriptSettings,
) -> Result<(), HostError> {
    let Some(first) = files.first() else {
        return Ok(());
    };
    if first.path().is_none() {
        add_missing(checked, files, &config.files.scripts);
        return Ok(());
    }
    let source = first.script_text()?;
    let mut one = CheckedFile::of_report(Report::new(&source.file, &source.text));
    for file in files {
        add_findings(&mut one, &settings.script(&file.rule, &source), policy);
    }
    checked.files.push(one);
    Ok(())
}

/// What the grants of two strategies both find is shown once.
fn add_findings(one: &mut CheckedFile, script: &ScriptText<'_>, policy: &Policy) {
    let report = match script.check(policy) {
        Ok((proved, report)) => {
            one.functions = proved.functions().to_vec();
            report
        }
        Err(report) => report,
    };
    let findings = &mut one.report.findings;
    findings.extend(report.findings);
    findings.sort_by_key(|f| (f.span, f.code));
    findings.dedup();
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
