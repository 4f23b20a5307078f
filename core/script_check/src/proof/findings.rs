//! What can be wrong with a script, in words.

use jardin_diagnostics::{Code, Finding, Span, did_you_mean};
use rhai::{Expr, ParseError, ParseErrorType, Position};

use super::{
    Walk,
    abstracts::{Absence, Abstract},
};
use crate::{
    Binding,
    codes::{FIELD_NOT_GRANTED, MAY_BE_ABSENT, NOT_IN_SCRIPTS, SCRIPT_LIMIT, SCRIPT_SYNTAX, WHOLE_OBJECT},
    limits,
    parsed::{Step, chain_of},
    source::Source,
};

/// Where the last word of an expression stands, as far as the tree tells.
fn end_of(expr: &Expr) -> Position {
    match chain_of(expr).and_then(|(_, steps)| steps.last().copied()) {
        Some(Step::Property(_, at) | Step::Method(_, at)) => at,
        _ => expr.start_position(),
    }
}

/// A script that is too large to be read.
pub(crate) fn too_large() -> Finding {
    Finding {
        code: SCRIPT_LIMIT,
        span: (0..0).into(),
        message: format!("the script is larger than {} KiB", limits::SOURCE_BYTES / 1024),
        help: Some("move lists of values into the settings in `jardin.toml`".into()),
    }
}

/// What Rhai's parser found: one point, made a word.
pub(crate) fn of_parser(error: &ParseError, source: Source<'_>) -> Finding {
    let at = error.1;
    let (span, message, help) = match &*error.0 {
        ParseErrorType::MissingToken(token, _) if token == ";" => {
            (source.token_before(at), "`;` is missing after this".into(), Some("write `;` here".into()))
        }
        ParseErrorType::MissingToken(token, _) => {
            (source.token_before(at), format!("`{token}` is missing after this"), None)
        }
        ParseErrorType::UnexpectedEOF => {
            (source.token_before(at), "the script ends in the middle of a rule".into(), None)
        }
        ParseErrorType::Reserved(word) => (
            source.token_at(at),
            format!("`{word}` is a reserved word"),
            Some("another name is needed; a field of that name cannot be read".into()),
        ),
        ParseErrorType::VariableUndefined(name) => {
            (source.token_at(at), format!("no variable `{name}`"), help_undefined(name))
        }
        other => (source.token_at(at), lower_first(&other.to_string()), None),
    };
    let limit = matches!(
        &*error.0,
        ParseErrorType::ExprTooDeep | ParseErrorType::TooManyFunctions | ParseErrorType::LiteralTooLarge(..)
    );
    Finding { code: if limit { SCRIPT_LIMIT } else { SCRIPT_SYNTAX }, span, message, help }
}

fn help_undefined(name: &str) -> Option<String> {
    let known = Binding::ALL.map(Binding::name);
    if known.contains(&name) {
        return Some(format!("name `{name}` among the function's parameters"));
    }
    did_you_mean(name, known).map(|k| format!("did you mean `{k}`?"))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    (first + letters.as_str()).replace('\'', "`")
}

impl Walk<'_> {
    /// Reports the word at a place.
    pub(super) fn add_finding(&mut self, code: Code, at: Position, message: String, help: Option<String>) {
        let span = self.source.token_at(at);
        self.findings.push(Finding { code, span, message, help });
    }

    /// A read of a name that is not granted: the same for denied, undeclared and misspelt.
    pub(super) fn not_granted<'n>(
        &mut self,
        shown: &str,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
        at: Position,
    ) {
        let near = did_you_mean(name, known).map(str::to_owned);
        let (message, help) = match near {
            Some(near) => (
                format!("no field `{name}` on {shown}; did you mean `{near}`?"),
                Some(format!("write `{near}`; {} says what this script may read", self.names.policy_place)),
            ),
            None => (
                format!("`{shown}.{name}` is not granted to this script"),
                Some(format!(
                    "what it may read stands at {}, and nothing else exists for it",
                    self.names.policy_place
                )),
            ),
        };
        self.add_finding(FIELD_NOT_GRANTED, at, message, help);
    }

    /// A thing with fields that is used whole.
    pub(super) fn refuse_whole(&mut self, what: &Abstract, at: Position, how: &str) {
        let name = match what {
            Abstract::Item(object) | Abstract::Event(object) => object.to_string(),
            Abstract::Many(_, place, _) => place.to_string(),
            Abstract::Person(namespace) => namespace.word().to_owned(),
            Abstract::Params => "params".to_owned(),
            Abstract::Sources => "sources".to_owned(),
            Abstract::Page => "page".to_owned(),
            Abstract::Value(_) | Abstract::Plan(_) => return,
        };
        let help = match what {
            Abstract::Many(..) => format!("go through it: `for x in {name} ?? [] {{ … }}`"),
            _ => "read one of its fields by name; keep it itself in one `let` that is never assigned again"
                .into(),
        };
        self.add_finding(WHOLE_OBJECT, at, format!("`{name}` is {how} as a whole"), Some(help));
    }

    /// Refuses a value that may be `()` where a value is needed.
    pub(super) fn require_present(&mut self, value: &Abstract, expr: &Expr, how: &str) {
        let span = self.source.span_between(expr.start_position(), end_of(expr));
        self.require_present_at(value, span, how);
    }

    /// As [`Walk::require_present`], of the receiver of a method.
    pub(super) fn require_present_at(&mut self, value: &Abstract, span: Span, how: &str) {
        if self.state.absence_of(value) != Absence::Field {
            return;
        }
        let place = match value {
            Abstract::Value(v) => v.place.clone(),
            Abstract::Many(_, place, _) => Some(place.clone()),
            _ => None,
        };
        let (what, help) = match place {
            Some(place) => (
                format!("`{place}` may be absent and is {how}"),
                format!("write `({place} ?? …)` with what counts instead, or ask `{place} != ()` first"),
            ),
            None => (
                format!("this value may be absent and is {how}"),
                "write `?? …` after it with what counts instead, or ask `!= ()` first".into(),
            ),
        };
        self.findings.push(Finding { code: MAY_BE_ABSENT, span, message: what, help: Some(help) });
    }

    /// A script that cannot be proved with a reasonable effort.
    pub(super) fn too_involved(&mut self, at: Position) {
        if self.findings.iter().any(|f| f.code == SCRIPT_LIMIT) {
            return;
        }
        let help = "use fewer loops within loops and fewer functions".to_owned();
        self.add_finding(SCRIPT_LIMIT, at, "the script is too involved to be proved".into(), Some(help));
    }

    /// What is no part of the language.
    pub(super) fn refuse_banned(&mut self, at: Position, message: String, help: &str) {
        self.add_finding(NOT_IN_SCRIPTS, at, message, Some(help.to_owned()));
    }
}
