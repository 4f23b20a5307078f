//! What a script reads, proved before it runs: a walk over its tree that follows every object with fields
//! through variables, branches, loops and the script's own functions. What it cannot follow is refused, so
//! that the static set of reads is sound.

mod abstracts;
mod call;
mod chains;
mod condition;
mod entry;
mod expression;
mod findings;
mod flow;
mod held_numbers;
mod plan;
mod settings;
mod state;
mod statement;
mod syntax;
mod type_help;
mod types;
mod unknown_words;
mod value_type;
mod words;
mod written_number;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use self::{
    abstracts::{Abstract, Object, Place, Value},
    state::State,
};
use jardin_contract::Params;
use jardin_diagnostics::Finding;
use jardin_model::FieldPath;
use rhai::Position;

use crate::{Granted, HeldNumber, NamedValue, NeededPlaces, SourceNames, parsed::Parsed, source::Source};

pub(crate) use abstracts::Origin;
pub(crate) use findings::too_large;
pub(crate) use syntax::of_parser;

/// What a script may name.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    /// Fields.
    pub(crate) granted: &'a Granted,
    /// Strategies.
    pub(crate) sources: &'a SourceNames,
    /// Reasons.
    pub(crate) reasons: &'a BTreeSet<Arc<str>>,
    /// The strategy.
    pub(crate) strategy: &'a str,
    /// Settings.
    pub(crate) params: &'a Params,
    /// What campaigns lay over them.
    pub(crate) laid_over: &'a [Params],
    /// The place in the policy that says what the script may read.
    pub(crate) policy_place: &'a str,
}

/// What the walk found.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The settings that it reads by their names; `None` where it computes a name, and so may read any.
    pub(crate) settings: Option<BTreeSet<Arc<str>>>,
    /// The texts that fields of products are held to.
    pub(crate) named: BTreeSet<NamedValue>,
    /// The numbers that they are held to.
    pub(crate) held_numbers: Vec<HeldNumber>,
    /// How long a list its rules of the page need.
    pub(crate) needed_places: Vec<NeededPlaces>,
    /// Every field that the script may read, with every field that its page rules look at.
    pub(crate) reads: BTreeSet<FieldPath>,
    /// Those that are read whichever way a run takes.
    pub(crate) always: BTreeSet<FieldPath>,
    /// What is wrong, in the order of the places.
    pub(crate) findings: Vec<Finding>,
}

/// Checks a script.
pub(crate) fn prove(parsed: &Parsed, source: Source<'_>, names: &Names<'_>) -> Checked {
    let mut walk = Walk::new(parsed, source, names);
    walk.walk_script();
    let mut findings = walk.findings;
    findings.sort_by_key(|f| (f.span, f.code));
    // a function that is called from several places is walked each time
    findings.dedup_by(|a, b| (a.span, a.code) == (b.span, b.code));
    Checked {
        settings: walk.settings,
        named: walk.named,
        held_numbers: walk.held_numbers,
        needed_places: walk.needed_places,
        reads: walk.reads,
        always: walk.state.read,
        findings,
    }
}

/// A call as far as it changes what a function does: its name, its arguments, which fields are known to be present, and
/// whether a field that may change the order alone decides if it is made.
type Instance = (String, Vec<Abstract>, BTreeSet<Place>, bool);

/// How often a function was left, and how often a loop or a round of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct WaysOut {
    returns: usize,
    in_loops: usize,
}

struct Walk<'a> {
    parsed: &'a Parsed,
    source: Source<'a>,
    names: &'a Names<'a>,
    findings: Vec<Finding>,
    reads: BTreeSet<FieldPath>,
    /// The settings that are read; `None` once a name is computed.
    settings: Option<BTreeSet<Arc<str>>>,
    named: BTreeSet<NamedValue>,
    held_numbers: Vec<HeldNumber>,
    needed_places: Vec<NeededPlaces>,
    state: State,
    /// What the function that is walked returns.
    returned: Option<Abstract>,
    /// What is read on every way to an end of the function that is walked.
    read_at_end: Option<BTreeSet<FieldPath>>,
    /// For each loop that is walked its depth of variables, and what is known where it is left and where it
    /// is repeated.
    loops: Vec<(usize, Option<State>, Option<State>)>,
    /// How many calls deep the walk is.
    depth: usize,
    /// The condition on a field that may change the order alone, by which the function that is walked is called or not.
    called_under: Option<Position>,
    /// The products and events of loops over fields that may change the order alone.
    order_only: BTreeSet<Object>,
    walked: BTreeMap<Instance, Option<(Abstract, BTreeSet<FieldPath>)>>,
    called: BTreeSet<(String, usize)>,
    /// How often a way out was met in the function that is walked.
    ways_out: WaysOut,
    /// How many numbers were given, so that each is one of its own.
    numbers: usize,
    /// How many expressions were walked: loops within loops are walked again and again.
    steps: usize,
}

/// How many expressions are walked before a script counts as too involved.
const MOST_STEPS: usize = 200_000;

impl<'a> Walk<'a> {
    fn new(parsed: &'a Parsed, source: Source<'a>, names: &'a Names<'a>) -> Self {
        Self {
            parsed,
            source,
            names,
            findings: Vec::new(),
            reads: BTreeSet::new(),
            settings: Some(BTreeSet::new()),
            named: BTreeSet::new(),
            held_numbers: Vec::new(),
            needed_places: Vec::new(),
            state: State::at_entry(Vec::new(), BTreeSet::new()),
            returned: None,
            read_at_end: None,
            loops: Vec::new(),
            depth: 0,
            called_under: None,
            order_only: BTreeSet::new(),
            walked: BTreeMap::new(),
            called: BTreeSet::new(),
            ways_out: WaysOut::default(),
            numbers: 0,
            steps: 0,
        }
    }

    /// A number that nothing else has.
    fn next_number(&mut self) -> usize {
        self.numbers += 1;
        self.numbers
    }

    /// Walks what may leave by `return`, `break` or `continue`. Where none of it does, whatever data decided within
    /// decides nothing of what follows.
    fn walk_enclosed<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> T {
        let (decided, ways_out) = (self.state.decided, self.ways_out);
        let given = walk(self);
        if self.ways_out == ways_out {
            self.state.decided = decided;
        }
        given
    }

    /// What a value was made of.
    fn origin_of(&self, value: &Abstract) -> Origin {
        match value {
            Abstract::Value(value) => value.origin,
            Abstract::Plan(_) => Origin::Constant,
            Abstract::Params | Abstract::Sources | Abstract::Page => Origin::Settings,
            Abstract::Item(object) | Abstract::Event(object) => self.origin_of_object(object),
            Abstract::Many(_, place, _) => self.origin_of_place(place),
            Abstract::Person(_) => Origin::Data,
        }
    }

    fn origin_of_place(&self, place: &Place) -> Origin {
        match (&place.object, &place.field) {
            (Object::Of(namespace), Some(name)) => self.names.granted.origin_of_field(*namespace, name),
            (object, _) => self.origin_of_object(object),
        }
    }

    /// What the fields of an object were made of.
    fn origin_of_object(&self, object: &Object) -> Origin {
        match object {
            Object::Named(namespace, name) => self.names.granted.origin_of_field(*namespace, name),
            Object::Looped(..) if self.order_only.contains(object) => Origin::OrderOnly,
            Object::Settings => Origin::Settings,
            Object::Candidate | Object::Of(_) | Object::Looped(..) => Origin::Data,
        }
    }

    /// Notes that a field is read here.
    fn record_read(&mut self, field: FieldPath) {
        self.state.read.insert(field.clone());
        self.reads.insert(field);
    }

    /// The plain value of an expression; a thing with fields that is used whole is refused.
    fn plain_value(&mut self, value: Abstract, at: Position, how: &str) -> Value {
        match value {
            Abstract::Value(value) => value,
            Abstract::Plan(_) => Value::CONSTANT,
            whole => {
                self.refuse_whole(&whole, at, how);
                Value::REFUSED
            }
        }
    }
}
