//! What can be wrong with a script, in words.

use jardin_diagnostics::{Code, Finding, Severity, Span, did_you_mean};
use rhai::{Expr, FnCallExpr, Position};

use super::{
    Walk,
    abstracts::{Absence, Abstract, Object, Place},
};
use crate::{
    codes::{FIELD_NOT_GRANTED, MAY_BE_ABSENT, NOT_IN_SCRIPTS, SCRIPT_LIMIT, WHOLE_OBJECT},
    limits,
    operators::Operator,
    parsed::{Step, chain_of},
};

/// Where the last word of an expression stands, as far as the tree tells.
fn end_of(expr: &Expr) -> Position {
    match chain_of(expr).and_then(|(_, steps)| steps.last().copied()) {
        Some(Step::Property(_, at) | Step::Method(_, at)) => return at,
        Some(Step::Index(key)) => return end_of(key),
        _ => {}
    }
    match expr {
        Expr::FnCall(call, at) => operands(call).and_then(<[Expr]>::last).map_or(*at, end_of),
        Expr::And(parts, _) | Expr::Or(parts, _) | Expr::Coalesce(parts, _) => {
            parts.last().map_or_else(|| expr.start_position(), end_of)
        }
        _ => expr.start_position(),
    }
}

/// Where the first word of an expression stands: of an operator Rhai tells where its sign is.
fn start_of(expr: &Expr) -> Position {
    match expr {
        Expr::FnCall(call, at) => {
            operands(call).filter(|args| args.len() > 1).and_then(<[Expr]>::first).map_or(*at, start_of)
        }
        Expr::And(parts, _) | Expr::Or(parts, _) | Expr::Coalesce(parts, _) => {
            parts.first().map_or_else(|| expr.start_position(), start_of)
        }
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => start_of(&pair.lhs),
        _ => expr.start_position(),
    }
}

/// What an operator stands between; `None` for any other call.
fn operands(call: &FnCallExpr) -> Option<&[Expr]> {
    Operator::from_sign(&call.name, call.args.len()).map(|_| &*call.args)
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

impl Walk<'_> {
    /// Reports the word at a place.
    pub(super) fn add_finding(&mut self, code: Code, at: Position, message: String, help: Option<String>) {
        let span = self.source.token_at(at);
        self.findings.push(Finding { code, span, message, help });
    }

    pub(super) fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.code.severity() == Severity::Error)
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
            _ if (shown, name) == ("item", "score") => (
                "a rule cannot read a score".to_owned(),
                Some("write `item.boost(2, \"why\")` to double it, or `item.bury(0.5, \"why\")`".to_owned()),
            ),
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

    /// The whole of an expression.
    pub(super) fn span_of(&self, expr: &Expr) -> Span {
        self.source.close_brackets(self.source.span_between(start_of(expr), end_of(expr)))
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
            Some(Place { object: Object::Settings, field: Some(name) }) => (
                format!("the setting `{name}` is not always set and is {how}"),
                format!("{}, or `(params.{name} ?? …)` here", self.setting_line(&name, "…")),
            ),
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
