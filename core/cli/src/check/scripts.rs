//! The scripts of a shop folder, each against the grants of its strategy.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};

use anyhow::Context as _;
use jardin_engine::{Config, ShopFiles};
use jardin_policy::{Code, Finding, Policy, Report, StrategyKind, StrategyRule};
use jardin_script_check::ScriptText;

use super::{Checked, CheckedFile};
use crate::folder::text;

/// Checks every script that a strategy names, and looks for those that none does.
pub(super) fn check(
    checked: &mut Checked,
    shop: &Path,
    files: &ShopFiles,
    policy: &Policy,
    config: &Config,
) -> anyhow::Result<()> {
    let folder = shop.join(&*files.scripts);
    let reasons: BTreeSet<Arc<str>> = config.reasons.keys().cloned().collect();
    let mut by_file = BTreeMap::<Arc<str>, Vec<Arc<StrategyRule>>>::new();
    for rule in policy.rules().strategies.values() {
        if let StrategyKind::Script(file) = &rule.kind {
            by_file.entry(Arc::clone(file)).or_default().push(Arc::clone(rule));
        }
    }
    for (name, rules) in &by_file {
        if !folder.join(&**name).is_file() {
            missing(checked, name, rules, files);
            continue;
        }
        let (file, source) = text(&folder, name)?;
        let mut one = CheckedFile::of(Report::new(&file, &source));
        for rule in rules {
            let params = config.params.get(&rule.name).cloned().unwrap_or_default();
            let script = ScriptText {
                name: rule.name.as_str(),
                file: &file,
                source: &source,
                reasons: &reasons,
                params: &params,
            };
            add(&mut one, &script, policy);
        }
        checked.files.push(one);
    }
    unused(checked, &folder, &by_file)
}

/// A script that two strategies share is checked against the grants of each; what both find is shown once.
fn add(one: &mut CheckedFile, script: &ScriptText<'_>, policy: &Policy) {
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
fn missing(checked: &mut Checked, name: &str, rules: &[Arc<StrategyRule>], files: &ShopFiles) {
    let Some(of_policy) = checked.files.first_mut() else {
        return;
    };
    for rule in rules {
        of_policy.report.findings.push(Finding {
            code: Code::InvalidValue,
            span: rule.span,
            message: format!("the script `{name}` of `{}` is not in `{}`", rule.name, files.scripts),
            help: Some("write the script, or name another file".to_owned()),
        });
    }
    of_policy.report.findings.sort_by_key(|f| (f.span, f.code));
}

/// A script that no strategy names.
fn unused(
    checked: &mut Checked,
    folder: &Path,
    used: &BTreeMap<Arc<str>, Vec<Arc<StrategyRule>>>,
) -> anyhow::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let entries = fs::read_dir(folder).with_context(|| format!("`{}` cannot be read", folder.display()))?;
    let names = entries.flatten().filter_map(|e| e.file_name().into_string().ok());
    let mut idle: Vec<String> =
        names.filter(|n| n.ends_with(".rhai") && !used.contains_key(n.as_str())).collect();
    idle.sort();
    for name in idle {
        let (file, source) = text(folder, &name)?;
        let mut report = Report::new(&file, &source);
        report.findings.push(Finding {
            code: Code::NeverCalled,
            span: (0..0).into(),
            message: format!("no strategy of the policy runs `{name}`"),
            help: Some("name it under `script` of a strategy, or remove it".to_owned()),
        });
        checked.add(report);
    }
    Ok(())
}
