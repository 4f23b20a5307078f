//! From a script's text to a strategy, or to a report of everything that is wrong with it.

use std::{collections::BTreeSet, sync::Arc};

use jardin_contract::{Clock, Enforcement, Kind, Params, StrategyInfo};
use jardin_model::FieldPath;
use jardin_policy::{Code, Finding, Policy, Report, StrategyName, StrategyRule};
use sha2::{Digest as _, Sha256};

use crate::{
    check::{self, Binding, Checked, Entry, Names},
    engine::{engine, parser},
    granted::Granted,
    host::SourceNames,
    interpreter::{Interpreter, looped},
    limits,
    parsed::Parsed,
    pool::ScriptPool,
    rule::Rule,
    source::Source,
    strategy::{Counters, ScriptStrategy},
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
    /// The strategy's settings without campaigns; used for hints only.
    pub params: &'a Params,
}

impl ScriptText<'_> {
    /// Checks the script against the policy's grants.
    ///
    /// # Errors
    /// The report with every error, and every warning, that was found. Which fields exist beside the granted
    /// ones it does not tell.
    pub fn check(&self, policy: &Policy) -> Result<(BTreeSet<FieldPath>, Report), Report> {
        let context = Context::of(self, policy)?;
        let (checked, report) = context.checked(self)?;
        Ok((checked.reads, report))
    }

    /// What the script reads, as far as it was found, with every finding: also where it has errors, which may
    /// hide reads.
    ///
    /// # Errors
    /// The report, where the script cannot even be walked: the policy does not know its strategy, or it is no
    /// Rhai.
    pub fn reads(&self, policy: &Policy) -> Result<(Reads, Report), Report> {
        let context = Context::of(self, policy)?;
        let (checked, report) = context.walked(self)?;
        let reads = Reads {
            maybe: checked.reads.difference(&checked.always).cloned().collect(),
            always: checked.always,
        };
        Ok((reads, report))
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
struct Context {
    rule: Arc<StrategyRule>,
    granted: Arc<Granted>,
    sources: SourceNames,
    reasons: BTreeSet<Arc<str>>,
    /// Where the policy says what it may read.
    place: String,
}

impl Context {
    fn of(text: &ScriptText<'_>, policy: &Policy) -> Result<Self, Report> {
        let valid = policy.rules();
        let Some(rule) = policy.strategy(text.name) else {
            return Err(text.report(vec![at_start(
                Code::UnknownStrategy,
                format!("the policy has no strategy `{}`", text.name),
                "declare it in the policy with what it may read",
            )]));
        };
        let sources = SourceNames::of(rule);
        if let Some(word) = sources.collisions().next() {
            return Err(text.report(vec![at_start(
                Code::NameCollision,
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
            granted: Arc::new(Granted::of(rule, valid)),
            place: policy.place_of_grants(rule),
            rule: Arc::clone(rule),
            sources,
            reasons,
        })
    }

    fn checked(&self, text: &ScriptText<'_>) -> Result<(Checked, Report), Report> {
        let (checked, report) = self.walked(text)?;
        if report.has_errors() { Err(report) } else { Ok((checked, report)) }
    }

    /// As [`Context::checked`], with its errors where it could be walked at all.
    fn walked(&self, text: &ScriptText<'_>) -> Result<(Checked, Report), Report> {
        if text.source.len() > limits::SOURCE_BYTES {
            return Err(text.report(vec![check::too_large()]));
        }
        let source = Source::new(text.source);
        let parsed = Parsed::parse(&parser(), text.source)
            .map_err(|e| text.report(vec![check::of_parser(&e, source)]))?;
        let names = Names {
            granted: &self.granted,
            sources: &self.sources,
            reasons: &self.reasons,
            params: text.params,
            policy_place: &self.place,
        };
        let mut checked = check::check(&parsed, source, &names);
        let report = text.report(std::mem::take(&mut checked.findings));
        Ok((checked, report))
    }

    fn rule(&self, text: &ScriptText<'_>, policy: &Policy, clock: &Arc<dyn Clock>) -> Result<Rule, Report> {
        let engine = engine(&self.granted, &self.sources, Arc::clone(clock));
        // read once more, by the interpreter that will run it: what that one refuses does not run, whatever
        // the walk found
        let ast = engine.compile(text.source);
        let ast = ast.map_err(|e| text.report(vec![check::of_parser(&e, Source::new(text.source))]))?;
        let parsed = Parsed::of(&ast);
        let bound = |entry: Entry| -> Option<Vec<Binding>> {
            let function = parsed.entry(entry.name())?;
            Some(function.params.iter().filter_map(|p| Binding::of(p)).collect())
        };
        let adjust = bound(Entry::Adjust);
        let looped = adjust.as_ref().map(|params| looped(&engine, &ast, params)).transpose();
        let looped = looped.map_err(|e| text.report(vec![check::of_parser(&e, Source::new(text.source))]))?;
        let interpreter = Interpreter {
            granted: Arc::clone(&self.granted),
            zone: policy.rules().zone.clone(),
            candidates: bound(Entry::Candidates),
            adjust,
            arrange: bound(Entry::Arrange),
            engine,
            ast,
            looped,
        };
        Ok(Rule::new(interpreter, &parsed, Arc::clone(clock)))
    }
}

fn at_start(code: Code, message: String, help: &str) -> Finding {
    Finding { code, span: (0..0).into(), message, help: Some(help.to_owned()) }
}

impl ScriptStrategy {
    /// Checks a script against the policy's grants and makes it ready to run. With it comes a report of its
    /// warnings. The script is bound to this policy: under another one it must be loaded again.
    ///
    /// # Errors
    /// The report with every error, and every warning, that was found.
    pub fn load(
        text: &ScriptText<'_>,
        policy: &Policy,
        clock: &Arc<dyn Clock>,
        pool: &ScriptPool,
    ) -> Result<(Self, Report), Report> {
        let context = Context::of(text, policy)?;
        let (checked, report) = context.checked(text)?;
        let rule = context.rule(text, policy, clock)?;
        let strategy = Self {
            info: info(&context.rule.name, text.source),
            rule: Arc::new(rule),
            reads: checked.reads,
            pool: pool.clone(),
            counters: Counters::default(),
        };
        Ok((strategy, report))
    }
}

fn info(name: &StrategyName, source: &str) -> StrategyInfo {
    StrategyInfo {
        name: name.clone(),
        kind: Kind::Script,
        digest: Sha256::digest(source.as_bytes()).into(),
        enforcement: Enforcement::Interpreter,
    }
}
