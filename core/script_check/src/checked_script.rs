//! A script that was proved.

use std::{collections::BTreeSet, sync::Arc};

use jardin_diagnostics::{Report, Span};
use jardin_model::{FieldPath, Zone};
use jardin_policy::{Policy, StrategyName};
use rhai::ParseError;

use crate::{
    Binding, Entry, FunctionRuns, Granted, SourceNames,
    lowered::Program,
    parsed::Parsed,
    proof::{self, Checked},
    runs,
    script_text::Context,
    source::Source,
    vocabulary::Function,
};

/// A text that a script holds a field of products to: one that no product has does nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedValue {
    /// The item field; `sku` for the product's own id.
    pub field: Arc<str>,
    /// The text.
    pub text: Arc<str>,
    /// True where it is the one product that is pinned to a position.
    pub is_pinned: bool,
    /// Where it stands.
    pub span: Span,
}

/// A number that a script orders a field of products by: one far from what any product has does nothing, or too much.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldNumber {
    /// The item field.
    pub field: Arc<str>,
    /// The number, or the setting, as the script writes it.
    pub written: Arc<str>,
    /// What it is.
    pub number: f64,
    /// Where it stands.
    pub span: Span,
}

/// How many items a list must have for a rule of the page to do anything.
#[derive(Debug, Clone, PartialEq)]
pub struct NeededPlaces {
    /// The word of the rule.
    pub word: &'static str,
    /// How many items.
    pub places: f64,
    /// Where the number stands.
    pub span: Span,
}

/// A script that was proved to read granted fields alone, with all that a run of it needs. Only
/// [`ScriptText::check`](crate::ScriptText::check) makes one.
#[derive(Debug)]
pub struct CheckedScript {
    name: StrategyName,
    file: Arc<str>,
    source: Arc<str>,
    granted: Arc<Granted>,
    sources: SourceNames,
    zone: Zone,
    reads: BTreeSet<FieldPath>,
    settings: Option<BTreeSet<Arc<str>>>,
    named: BTreeSet<NamedValue>,
    held_numbers: Vec<HeldNumber>,
    needed_places: Vec<NeededPlaces>,
    entries: [Option<Vec<Binding>>; Entry::ALL.len()],
    functions: Vec<FunctionRuns>,
    program: Option<Program>,
}

impl CheckedScript {
    /// Lowers what can be lowered of a script that was proved.
    pub(crate) fn from_proof(
        context: Context,
        parsed: &Parsed,
        checked: Checked,
        text: (&str, &str),
        policy: &Policy,
    ) -> Self {
        let bound = |entry: Entry| -> Option<Vec<Binding>> {
            let function = parsed.function_named(entry.name())?;
            Some(function.params.iter().filter_map(|p| Binding::from_name(p)).collect())
        };
        let lowered = bound(Entry::Adjust).map(|params| Program::compile(parsed, &context.granted, &params));
        Self {
            name: context.rule.name.clone(),
            file: text.0.into(),
            source: text.1.into(),
            granted: context.granted,
            sources: context.sources,
            zone: policy.rules().zone.clone(),
            reads: checked.reads,
            settings: checked.settings,
            named: checked.named,
            held_numbers: checked.held_numbers,
            needed_places: checked.needed_places,
            entries: Entry::ALL.map(bound),
            functions: runs::functions_in_order(parsed, lowered.as_ref()),
            program: lowered.and_then(Result::ok),
        }
    }

    /// The strategy's name in the policy.
    #[must_use]
    pub const fn name(&self) -> &StrategyName {
        &self.name
    }

    /// The text.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The fields that it may name.
    #[must_use]
    pub const fn granted(&self) -> &Arc<Granted> {
        &self.granted
    }

    /// The lists that it may ask for.
    #[must_use]
    pub const fn sources(&self) -> &SourceNames {
        &self.sources
    }

    /// The time zone of the policy, in which a day begins.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Every field that it may read, and every field that its page rules look at: what a run reads, whichever
    /// way it takes.
    #[must_use]
    pub const fn reads(&self) -> &BTreeSet<FieldPath> {
        &self.reads
    }

    /// True where a word that tells the time stands anywhere in the text, in a remark too: without one, what the
    /// script gives does not depend on when it is asked.
    #[must_use]
    pub fn may_read_clock(&self) -> bool {
        [Function::DaysSince, Function::DaysUntil].iter().any(|word| self.source.contains(word.name()))
    }

    /// The settings that it may read; `None` where it computes a name of one, and so may read any.
    #[must_use]
    pub const fn settings(&self) -> Option<&BTreeSet<Arc<str>>> {
        self.settings.as_ref()
    }

    /// The texts that it holds fields of products to.
    #[must_use]
    pub const fn named_values(&self) -> &BTreeSet<NamedValue> {
        &self.named
    }

    /// The numbers that it holds fields of products to.
    #[must_use]
    pub fn held_numbers(&self) -> &[HeldNumber] {
        &self.held_numbers
    }

    /// How long a list its rules of the page need.
    #[must_use]
    pub fn needed_places(&self) -> &[NeededPlaces] {
        &self.needed_places
    }

    /// How each function runs that is asked about items or once a request: `candidates`, `adjust` and
    /// `arrange` first, then those that `adjust` calls, by way of others too, by name.
    #[must_use]
    pub fn functions(&self) -> &[FunctionRuns] {
        &self.functions
    }

    /// What the parameters of an entry are bound to, in their order; `None` where the script has it not.
    #[must_use]
    pub fn params(&self, entry: Entry) -> Option<&[Binding]> {
        self.entries.get(entry as usize)?.as_deref()
    }

    /// The lowered `adjust`; `None` where there is none, or where it is interpreted.
    #[must_use]
    pub const fn program(&self) -> Option<&Program> {
        self.program.as_ref()
    }

    /// The report of a text that another parser does not take.
    #[must_use]
    pub fn refused_by_parser(&self, error: &ParseError) -> Report {
        let mut report = Report::new(&self.file, &self.source);
        report.findings.push(proof::of_parser(error, Source::new(&self.source)));
        report
    }
}
