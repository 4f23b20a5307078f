//! Words that do not exist where they are written, or take other values, with what to write instead.

use jardin_diagnostics::{Code, did_you_mean};
use rhai::{Expr, FnCallExpr, Position};

use super::{
    Walk,
    abstracts::{Abstract, Object, Value},
};
use crate::{
    codes::{TYPE_MISMATCH, UNKNOWN_FUNCTION, UNKNOWN_SOURCE},
    parsed::{Step, chain_of},
    vocabulary::{self, Function, Join, Move, PageWord, Signature, Takes},
};

const NO_CLOCK: &str = "a rule reads dates by `days_since(date)` and `days_until(date)`; what lasts for some days is a campaign in jardin.toml";
const BY_SCORE: &str =
    "the order is that of the scores: `item.boost(…)` and `item.bury(…)` in `adjust` change it";
const IN: &str = "write `x in list`";

/// Words of other languages, with what scripts write.
const WRITTEN_OTHERWISE: [(&str, &str); 28] = [
    ("between", "write `x >= a && x <= b`"),
    ("equals", "write `==`"),
    ("includes", IN),
    ("has", IN),
    ("index_of", IN),
    ("startswith", "write `starts_with`"),
    ("endswith", "write `ends_with`"),
    ("length", "write `len()`"),
    ("size", "write `len()`"),
    ("count", "write `len()`"),
    ("lower", "write `to_lower()`"),
    ("tolowercase", "write `to_lower()`"),
    ("upper", "write `to_upper()`"),
    ("touppercase", "write `to_upper()`"),
    ("now", NO_CLOCK),
    ("today", NO_CLOCK),
    ("date", NO_CLOCK),
    ("hour", NO_CLOCK),
    ("sort_by", BY_SCORE),
    ("order_by", BY_SCORE),
    ("score", BY_SCORE),
    ("random", "write `page.rotate(6, \"day\")` in `arrange`"),
    ("shuffle", "write `page.rotate(6, \"day\")` in `arrange`"),
    ("hide", "write `item.drop(\"why\")`"),
    ("remove", "write `item.drop(\"why\")`"),
    ("exclude", "write `item.drop(\"why\")`"),
    ("promote", "write `item.boost(2, \"why\")`"),
    ("demote", "write `item.bury(0.5, \"why\")`"),
];

impl Walk<'_> {
    /// A method that a value does not have.
    pub(super) fn unknown_method(&mut self, value: &Abstract, call: &FnCallExpr, at: Position) -> Abstract {
        // nothing more is said of what was refused
        if *value != Abstract::Value(Value::REFUSED) || !self.has_errors() {
            self.find_unknown_method(value, &call.name, at);
        }
        self.refused_arguments(call)
    }

    /// Says of a method, or of a field of what has none, that there is none.
    pub(super) fn find_unknown_method(&mut self, value: &Abstract, name: &str, at: Position) {
        if let Some(why) = vocabulary::reason_against(name) {
            self.refuse_banned(at, format!("`{name}` is not part of scripts"), why);
            return;
        }
        if self.parsed.functions.keys().any(|(own, _)| own == name) {
            let help = format!("write `{name}(…)` with the value among the arguments");
            self.add_finding(UNKNOWN_FUNCTION, at, format!("`{name}` is called as a method"), Some(help));
            return;
        }
        let help = if Move::from_name(name).is_some() && matches!(value, Abstract::Item(_)) {
            Some("only the candidate `item` can be moved".to_owned())
        } else {
            help_for_unknown(name, &methods_of(value))
        };
        self.add_finding(UNKNOWN_FUNCTION, at, format!("no function `{name}` here"), help);
    }

    pub(super) fn unknown_function(&mut self, name: &str, call: &FnCallExpr, at: Position) {
        let own = self.parsed.functions.keys().map(|(n, _)| n.as_str());
        let known: Vec<&str> = own.chain(Function::ALL.iter().map(|word| word.name())).collect();
        let help = help_for_unknown(name, &known);
        let message = format!("no function `{name}` with {} values", call.args.len());
        self.add_finding(UNKNOWN_FUNCTION, at, message, help);
    }

    pub(super) fn unknown_source(&mut self, call: &FnCallExpr, at: Position) {
        let name = call.name.as_str();
        let message = match did_you_mean(name, self.names.sources.source_words()) {
            Some(near) => format!("no source `{name}`; did you mean `{near}`?"),
            None => format!("no source `{name}`"),
        };
        let help =
            "the strategies under `may_ask` in the policy can be asked, with `_` for `-`, and `catalogue`";
        self.add_finding(UNKNOWN_SOURCE, at, message, Some(help.into()));
        self.refused_arguments(call);
    }

    /// `sources.viewed-together(100)`, which is read as a difference: the strategy's name as scripts write it.
    pub(super) fn hyphenated_source(&self, call: &FnCallExpr) -> Option<String> {
        let Some(Expr::FnCall(last, _)) = call.args.last() else {
            return None;
        };
        let (base, _) = chain_of(leftmost(&call.args)?)?;
        let Expr::Variable(variable, ..) = base else {
            return None;
        };
        let is_source = self.state.variable_named(&variable.1) == Some(&Abstract::Sources);
        let before = self.shown(call.args.first().filter(|_| is_source)?);
        let written = format!("{}_{}", before.split_once('.')?.1.replace('-', "_"), last.name);
        let name: String = written.chars().filter(|c| !c.is_whitespace()).collect();
        self.names.sources.source_words().any(|word| word == name).then_some(name)
    }

    /// What is wrong with how many values a word is given, or in which order: code, message and help.
    pub(super) fn wrong_arguments(
        &self,
        word: &Signature,
        call: &FnCallExpr,
    ) -> Option<(Code, String, String)> {
        let given = call.args.len();
        let example = format!("write `{}`", word.example.replace(word.name, &call.name));
        if word.takes_count(given) {
            let swapped = is_swapped(word, &call.args);
            let message = || format!("`{}` takes its values in another order", call.name);
            return swapped.then(|| (TYPE_MISMATCH, message(), example));
        }
        let help = self.help_for_decimals(word, call).unwrap_or(example);
        Some((UNKNOWN_FUNCTION, format!("`{}` does not take {given} values", call.name), help))
    }

    /// `boost(1,5, "why")`: a number with a comma is two values.
    fn help_for_decimals(&self, word: &Signature, call: &FnCallExpr) -> Option<String> {
        let fits = call.args.len().checked_sub(1).is_some_and(|count| word.takes_count(count));
        let pair = call.args.windows(2).find_map(|pair| match pair {
            [a @ Expr::IntegerConstant(..), b @ Expr::IntegerConstant(..)] => {
                Some((self.shown(a), self.shown(b)))
            }
            _ => None,
        });
        pair.filter(|_| fits).map(|(whole, part)| format!("write a decimal point: `{whole}.{part}`"))
    }
}

/// The first operand of what stands left of an operator.
fn leftmost(args: &[Expr]) -> Option<&Expr> {
    let mut first = args.first()?;
    while let Expr::FnCall(call, _) = first {
        first = call.args.first()?;
    }
    let has_one_step =
        matches!(chain_of(first), Some((_, steps)) if matches!(steps[..], [Step::Property(..)]));
    has_one_step.then_some(first)
}

/// True where a constant text stands in the place of a number, and a constant number in the place of something else.
fn is_swapped(word: &Signature, args: &[Expr]) -> bool {
    let pairs = || word.parameters.iter().zip(args);
    let is_number = |takes: &Takes| {
        matches!(
            takes,
            Takes::Factor(_)
                | Takes::Count(_)
                | Takes::Share
                | Takes::ListLimit(_)
                | Takes::ListShare
                | Takes::Number
        )
    };
    let number_missing =
        pairs().any(|(p, arg)| is_number(&p.takes) && matches!(arg, Expr::StringConstant(..)));
    let number_too_many = pairs().any(|(p, arg)| {
        !is_number(&p.takes) && matches!(arg, Expr::IntegerConstant(..) | Expr::FloatConstant(..))
    });
    number_missing && number_too_many
}

/// What to write instead of a word that is not among those that are known.
fn help_for_unknown(name: &str, known: &[&str]) -> Option<String> {
    if let Some(near) = did_you_mean(name, known.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let elsewhere = vocabulary::word_named(name).filter(|word| !word.on.word().is_empty());
    if let Some(word) = elsewhere {
        return Some(match word.on {
            vocabulary::Object::Item => format!("write `{}`, in `adjust`", word.example),
            vocabulary::Object::Page => format!("write `{}`, in `arrange`", word.example),
            _ => format!("write `{}`, in `candidates`", word.example),
        });
    }
    let plain = name.to_ascii_lowercase();
    let otherwise =
        WRITTEN_OTHERWISE.iter().find(|(word, _)| *word == plain).map(|(_, ours)| (*ours).to_owned());
    otherwise.or_else(|| {
        let listed: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
        (!listed.is_empty()).then(|| format!("there are {}", listed.join(", ")))
    })
}

/// The words that can be called on a value.
fn methods_of(value: &Abstract) -> Vec<&'static str> {
    match value {
        Abstract::Item(Object::Candidate) => Move::ALL.iter().map(|word| word.name()).collect(),
        Abstract::Page => PageWord::ALL.iter().map(|word| word.name()).collect(),
        Abstract::Plan(_) => Join::ALL.iter().map(|word| word.name()).collect(),
        Abstract::Value(_) => Function::ALL.iter().map(|word| word.name()).collect(),
        Abstract::Many(..) => {
            Function::ALL.iter().filter(|word| word.counts()).map(|word| word.name()).collect()
        }
        _ => Vec::new(),
    }
}
