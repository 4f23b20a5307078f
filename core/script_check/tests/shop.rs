//! A policy, and scripts checked under it.

use std::{collections::BTreeSet, sync::Arc};

use jardin_contract::{Param, Params};
use jardin_diagnostics::Report;
use jardin_policy::Policy;
use jardin_script_check::{CheckedScript, ScriptText};

pub(crate) fn policy() -> Policy {
    match Policy::load("policy.toml", include_str!("policy.toml")) {
        Ok((policy, _)) => policy,
        Err(report) => panic!("{}", report.rendered()),
    }
}

/// Settings by name.
pub(crate) fn table(params: &[(&str, Param)]) -> Params {
    Params(Arc::new(params.iter().map(|(k, v)| (Arc::from(*k), v.clone())).collect()))
}

/// Checks a script as one of the policy's strategies.
pub(crate) fn check(
    strategy: &str,
    source: &str,
    params: &Params,
) -> Result<(CheckedScript, Report), Report> {
    check_with(strategy, source, params, &[])
}

/// The same with what campaigns lay over the settings.
pub(crate) fn check_with(
    strategy: &str,
    source: &str,
    params: &Params,
    laid_over: &[Params],
) -> Result<(CheckedScript, Report), Report> {
    let reasons: BTreeSet<Arc<str>> =
        ["goes_with", "instead", "new_in", "gift_idea", "good_deal"].map(Arc::from).into();
    let text =
        ScriptText { name: strategy, file: "probe.rhai", source, reasons: &reasons, params, laid_over };
    text.check(&policy())
}

/// The codes and messages of a refused script with some settings, one a line.
pub(crate) fn refusal(source: &str) -> String {
    let sizes = Param::List(vec![Param::Integer(1)].into());
    let mut settings =
        vec![("share", Param::Number(0.5)), ("word", Param::Text("a".into())), ("sizes", sizes)];
    settings.push(("region", Param::Text("corse".into())));
    settings.extend(["a", "b", "n", "x"].map(|name| (name, Param::Integer(1))));
    let Err(report) = check("probe", source, &table(&settings)) else {
        return "loads".to_owned();
    };
    let line = |f| {
        let (line, column) = report.place(f);
        format!("{line}:{column} {}: {}", f.code.word(), f.message)
    };
    report.findings.iter().map(line).collect::<Vec<_>>().join("\n")
}
