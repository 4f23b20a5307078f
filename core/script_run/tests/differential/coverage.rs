//! Which constructs the compared rules held, by the words that they are written in.

use std::fmt;

use jardin_script_run::ScriptStrategy;

/// Each construct, with words of which a rule must hold one.
const CONSTRUCTS: [(&str, &[&str]); 36] = [
    ("local variables", &["let v"]),
    ("assignment", &[" = v", " += ", " -= ", " *= ", " /= "]),
    ("+ - * / % **", &[" + ", " - ", " * ", " / ", " % ", " ** "]),
    ("negation", &["-item", "-(", "-v", "-params"]),
    ("< <= > >=", &[" < ", " <= ", " > ", " >= "]),
    ("== !=", &[" == ", " != "]),
    ("== ()", &["== ()", "!= ()"]),
    ("&&", &["&&"]),
    ("||", &["||"]),
    ("!", &["!("]),
    ("in a list", &[" in ["]),
    ("in a field", &[" in item.tags", " in (item.seasons"]),
    ("in a setting", &[" in params.", " in (params."]),
    ("in a range", &[" in 0..", " in 1..", " in 2..", " in 3..", " in 4.."]),
    ("if and else", &["} else {"]),
    ("else if", &["else if"]),
    ("if with a value", &["(if "]),
    ("switch over texts", &["{ \"tents\" =>"]),
    ("switch over ranges", &["0..5 =>"]),
    ("switch with a condition", &["\"warm\" if "]),
    ("switch with a value", &["(switch "]),
    ("block with a value", &["* 2 }"]),
    ("for over a list", &["for v"]),
    ("for with a counter", &["for (v"]),
    ("break and continue", &["break;", "continue;"]),
    ("early return", &["return;"]),
    ("computed factor", &["boost(1 + ", "max(1, min(", "bury(1 / "]),
    ("page_item.x", &["context.page_item."]),
    ("the page's product by name", &["let here"]),
    ("params[...]", &["params[", "params.rates[", "params.goes_with["]),
    ("texts", &["to_upper", "to_lower", "starts_with", "ends_with", "`$"]),
    ("tags", &["item.tags"]),
    ("??", &["??"]),
    (
        "min, max, abs, floor, ceil, round, sqrt",
        &["min(", "max(", "abs(", "floor(", "ceil(", "round(", "sqrt("],
    ),
    ("days_since and days_until", &["days_since", "days_until"]),
    ("functions called with items", &["= shown(item", "named(item", "is_so(item", "mark(item"]),
];

/// How many compared cases held each construct, and how many of all ran compiled to their end.
#[derive(Debug)]
pub(super) struct Coverage {
    cases: [u64; CONSTRUCTS.len()],
    all: u64,
}

impl Default for Coverage {
    fn default() -> Self {
        Self { cases: [0; CONSTRUCTS.len()], all: 0 }
    }
}

impl Coverage {
    /// Counts the cases of one rule.
    pub(super) fn see(&mut self, source: &str, cases: u64, _: &ScriptStrategy) {
        self.all += cases;
        for (seen, (_, words)) in self.cases.iter_mut().zip(CONSTRUCTS) {
            if words.iter().any(|word| source.contains(word)) {
                *seen += cases;
            }
        }
    }

    /// Adds what another worker saw.
    pub(super) fn add(&mut self, other: &Self) {
        self.all += other.all;
        for (seen, more) in self.cases.iter_mut().zip(other.cases) {
            *seen += more;
        }
    }

    /// Every construct stood in so many cases.
    pub(super) fn assert_whole(&self, least: u64) {
        for (seen, (name, _)) in self.cases.iter().zip(CONSTRUCTS) {
            assert!(*seen >= least, "`{name}` stood in {seen} cases only");
        }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (seen, (name, _)) in self.cases.iter().zip(CONSTRUCTS) {
            writeln!(f, "{seen:>9} cases hold {name}")?;
        }
        Ok(())
    }
}
