//! From a script's text to a proof, or to a report of everything that is wrong with it.

use std::{collections::BTreeSet, sync::Arc};

use jardin_contract::Params;
use jardin_diagnostics::{Code, Finding, Report};
use jardin_model::FieldPath;
use jardin_policy::{
    Policy, StrategyRule,
    codes::{NAME_COLLISION, UNKNOWN_STRATEGY},
};

use crate::{
    CheckedScript, Granted, SourceNames, limits,
    parsed::Parsed,
    parser,
    proof::{self, Checked, Names},
    source::Source,
};

/// The text of a script, and what the shop's configuration says around it.
#[derive(Debug, Clone, Copy)]
pub struct ScriptText<'a> {
    /// The strategy's name in the policy.
    pub name: &'a str,
    /// The file, as findings show it.
    pub file: &'a str,
    /// The text.
    pub source: &'a str,
    /// The codes of the reasons about products; those about a person come from the policy.
    pub reasons: &'a BTreeSet<Arc<str>>,
    /// The strategy's settings without campaigns: what type each has, and whether it is set at all.
    pub params: &'a Params,
    /// What each campaign lays over them.
    pub laid_over: &'a [Params],
}

impl ScriptText<'_> {
    /// Proves the script under the policy's grants. With the proof comes a report of its warnings. It holds
    /// for this policy: under another one the script must be checked again.
    ///
    /// # Errors
    /// The report with every error, and every warning, that was found. Which fields exist beside the granted
    /// ones it does not tell.
    pub fn check(&self, policy: &Policy) -> Result<(CheckedScript, Report), Report> {
        let context = Context::of_text(self, policy)?;
        let (parsed, checked, report) = context.walk_text(self)?;
        if report.has_errors() {
            return Err(report);
        }
        let script = CheckedScript::from_proof(context, &parsed, checked, (self.file, self.source), policy);
        Ok((script, report))
    }

    /// What the script reads, as far as it was found, with every finding: also where it has errors, which may
    /// hide reads.
    ///
    /// # Errors
    /// The report, where the script cannot even be walked: the policy does not know its strategy, or it is no
    /// Rhai.
    pub fn reads(&self, policy: &Policy) -> Result<(Reads, Report), Report> {
        let context = Context::of_text(self, policy)?;
        let (_, checked, report) = context.walk_text(self)?;
        let reads = Reads {
            maybe: checked.reads.difference(&checked.always).cloned().collect(),
            always: checked.always,
        };
        Ok((reads, report))
    }

    /// The names of the script's tests, functions called `test_…`, in the order of their names; none where
    /// the script cannot be read.
    #[must_use]
    pub fn tests(&self) -> Vec<Arc<str>> {
        let parsed = Parsed::parse_source(&parser(), self.source);
        let names = parsed.map(|p| p.functions.into_keys()).into_iter().flatten().map(|(name, _)| name);
        let mut tests: Vec<Arc<str>> =
            names.filter(|name| name.starts_with("test_")).map(Arc::from).collect();
        tests.dedup();
        tests
    }

    fn report(&self, findings: Vec<Finding>) -> Report {
        let mut report = Report::new(self.file, self.source);
        report.findings = findings;
        report
    }
}

/// What a script reads of what it is granted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads {
    /// Fields that it reads whichever way a run takes.
    pub always: BTreeSet<FieldPath>,
    /// Fields that it reads on some ways.
    pub maybe: BTreeSet<FieldPath>,
}

/// What the policy says of the script's strategy.
pub(crate) struct Context {
    pub(crate) rule: Arc<StrategyRule>,
    pub(crate) granted: Arc<Granted>,
    pub(crate) sources: SourceNames,
    reasons: BTreeSet<Arc<str>>,
    /// Where the policy says what it may read.
    place: String,
}

impl Context {
    fn of_text(text: &ScriptText<'_>, policy: &Policy) -> Result<Self, Report> {
        let valid = policy.rules();
        let Some(rule) = policy.strategy(text.name) else {
            return Err(text.report(vec![at_start(
                UNKNOWN_STRATEGY,
                format!("the policy has no strategy `{}`", text.name),
                "declare it in the policy with what it may read",
            )]));
        };
        let sources = SourceNames::of_strategy(rule);
        if let Some(word) = sources.collisions().next() {
            return Err(text.report(vec![at_start(
                NAME_COLLISION,
                format!("two sources of this script are both called `{word}`"),
                "rename one of the strategies under `may_ask`",
            )]));
        }
        let mut reasons = text.reasons.clone();
        // what a shopper is told about herself is for profiling purposes only
        if valid.purpose(rule.purpose).is_some_and(|p| p.profiling) {
            reasons.extend(valid.reasons.keys().cloned());
        }
        Ok(Self {
            granted: Arc::new(Granted::of_strategy(rule, valid)),
            place: policy.place_of_grants(rule),
            rule: Arc::clone(rule),
            sources,
            reasons,
        })
    }

    /// The tree and what a walk over it found, with its errors.
    fn walk_text(&self, text: &ScriptText<'_>) -> Result<(Parsed, Checked, Report), Report> {
        if text.source.len() > limits::SOURCE_BYTES {
            return Err(text.report(vec![proof::too_large()]));
        }
        let source = Source::new(text.source);
        let parsed = Parsed::parse_source(&parser(), text.source)
            .map_err(|e| text.report(vec![proof::of_parser(&e, source)]))?;
        let names = Names {
            granted: &self.granted,
            sources: &self.sources,
            reasons: &self.reasons,
            strategy: text.name,
            params: text.params,
            laid_over: text.laid_over,
            policy_place: &self.place,
        };
        let mut checked = proof::prove(&parsed, source, &names);
        let report = text.report(std::mem::take(&mut checked.findings));
        Ok((parsed, checked, report))
    }
}

fn at_start(code: Code, message: String, help: &str) -> Finding {
    Finding { code, span: (0..0).into(), message, help: Some(help.to_owned()) }
}
