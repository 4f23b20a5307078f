//! What to write instead of what has the wrong type.

use jardin_diagnostics::{Code, Finding};
use rhai::{Expr, FnCallExpr};

use super::{Walk, abstracts::Object, types::Typed, value_type::Types};
use crate::operators::Operator;

/// How much of an expression is shown, in characters.
const MAX_SHOWN: usize = 60;

impl Walk<'_> {
    /// The text of an expression, as far as the tree tells where it ends.
    pub(super) fn shown(&self, expr: &Expr) -> String {
        let text = self.source.text_within(self.span_of(expr));
        let is_short = text.chars().count() <= MAX_SHOWN && !text.contains('\n');
        if is_short {
            text.to_owned()
        } else {
            text.chars().take_while(|c| *c != '\n').take(MAX_SHOWN).collect()
        }
    }

    /// Adds a finding over a whole expression.
    pub(super) fn add_finding_over(
        &mut self,
        code: Code,
        expr: &Expr,
        message: String,
        help: Option<String>,
    ) {
        let span = self.span_of(expr);
        self.findings.push(Finding { code, span, message, help });
    }

    /// What to write where two values do not go together.
    pub(super) fn help_for_pair(&self, a: Typed<'_>, b: Typed<'_>) -> Option<String> {
        if let Some(help) = self.help_for_chain(a.1, b.1).or_else(|| self.help_for_negated(a.1, b.1)) {
            return Some(help);
        }
        let (x, y) = (a.0.own.types, b.0.own.types);
        self.help_for_type(a, y).or_else(|| self.help_for_type(b, x)).or_else(|| {
            let (list, one) = if x.is_within(Types::LIST) { (a, b) } else { (b, a) };
            list.0
                .own
                .types
                .is_within(Types::LIST)
                .then(|| format!("write `{} in {}`", self.shown(one.1), self.shown(list.1)))
        })
    }

    /// What to write in the place of a value, where one of some types is wanted.
    pub(super) fn help_for_type(&self, (value, expr): Typed<'_>, wanted: Types) -> Option<String> {
        if let Expr::StringConstant(text, _) = expr {
            let is_number = wanted.meets(Types::NUMBER) && text.trim().parse::<f64>().is_ok();
            let is_flag = wanted.meets(Types::FLAG) && matches!(text.as_str(), "true" | "false");
            if is_number || is_flag {
                return Some(format!("write `{}` without quotes", text.trim()));
            }
            if wanted.meets(Types::NUMBER) && text.starts_with(['<', '>']) {
                return Some("compare in `adjust`: `if item.price < 20 { … }`".to_owned());
            }
            if wanted.meets(Types::NUMBER) {
                return text
                    .contains(',')
                    .then(|| "write a number without quotes, such as `19.90`".to_owned());
            }
        }
        if wanted.is_within(Types::DATE.or(Types::TIME)) {
            let line = self.setting_line("since", "2026-01-31");
            return Some(format!("{line}, without quotes, and `params.since` here"));
        }
        if wanted.meets(Types::TEXT) && matches!(expr, Expr::IntegerConstant(..) | Expr::FloatConstant(..)) {
            return Some(format!("write `\"{}\"`", self.shown(expr)));
        }
        if wanted.is_within(Types::FLAG) {
            return Some(format!("compare it with what it must be: `{} == …`", self.shown(expr)));
        }
        let setting = value.place.as_ref().filter(|place| place.object == Object::Settings);
        setting
            .and_then(|place| place.field.as_deref())
            .map(|name| self.setting_line(name, example_of(wanted)))
    }

    /// `10 < x < 20`.
    fn help_for_chain(&self, a: &Expr, b: &Expr) -> Option<String> {
        let call = comparison(a)?;
        let is_number = |expr: &&Expr| !matches!(expr, Expr::IntegerConstant(..) | Expr::FloatConstant(..));
        // of `x > 10 < 20` it is `x` that is held to both
        let middle = call.args.iter().rev().find(is_number)?;
        let (left, right) = (self.span_of(a), self.span_of(b));
        let between = self.source.text_within((left.end..right.start).into()).trim();
        let sign = if between.is_empty() { "<" } else { between };
        Some(format!("write `{} && {} {sign} {}`", self.shown(a), self.shown(middle), self.shown(b)))
    }

    /// `!x in list`, which is read as `(!x) in list`.
    fn help_for_negated(&self, x: &Expr, list: &Expr) -> Option<String> {
        let Expr::FnCall(call, _) = x else {
            return None;
        };
        let inner = call.args.first().filter(|_| is_negation(call))?;
        Some(format!("write `!({} in {})`", self.shown(inner), self.shown(list)))
    }
}

/// True of `!x`.
pub(super) fn is_negation(call: &FnCallExpr) -> bool {
    Operator::from_sign(&call.name, call.args.len()) == Some(Operator::Not)
}

/// The call of `a < b` and its like.
fn comparison(expr: &Expr) -> Option<&FnCallExpr> {
    match expr {
        Expr::FnCall(call, _) => {
            let operator = Operator::from_sign(&call.name, call.args.len());
            matches!(operator, Some(Operator::Compare(_))).then_some(call)
        }
        _ => None,
    }
}

const fn example_of(wanted: Types) -> &'static str {
    if wanted.meets(Types::NUMBER) {
        "1.5"
    } else if wanted.meets(Types::FLAG) {
        "true"
    } else if wanted.meets(Types::LIST) {
        "[\"…\"]"
    } else {
        "\"…\""
    }
}
