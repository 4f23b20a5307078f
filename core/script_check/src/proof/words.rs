//! The words of the language: what moves a candidate, describes lists and arranges a page. What each takes stands
//! in the vocabulary.

use std::ops::RangeInclusive;

use jardin_diagnostics::did_you_mean;
use jardin_model::{FieldPath, FieldType, Namespace};
use rhai::{Expr, FnCallExpr, Position};

use super::{
    Walk,
    abstracts::{Absence, Abstract, Object, Origin, Place, Value},
    plan::{Limit, Plan},
    value_type::{Types, ValueType},
};
use crate::{
    NamedValue,
    codes::{HIDES_BY_ORDER, NOT_CONSTANT, OUT_OF_RANGE, UNDECLARED_REASON, UNKNOWN_SOURCE},
    vocabulary::{
        ASK_STRATEGY, Function, Join, Move, PERIODS, PageWord, Signature, SourceWord, Takes, period_of,
    },
};

const NOTES: &str =
    "notes are constant, so that none can tell anything of a shopper; write the words between double quotes";
const CODES: &str = "a shopper is told declared reasons only; write the code between double quotes";
const FIELDS: &str =
    "write the name of an item field between double quotes: what a script reads is proved before it runs";

impl Walk<'_> {
    /// Walks `value.name(…)`.
    pub(super) fn walk_method(&mut self, value: Abstract, call: &FnCallExpr, at: Position) -> Abstract {
        let name = call.name.as_str();
        let known = match &value {
            Abstract::Item(Object::Candidate) => Move::from_name(name).map(Move::signature),
            Abstract::Page => PageWord::from_name(name).map(PageWord::signature),
            Abstract::Plan(_) => Join::from_name(name).map(Join::signature),
            Abstract::Sources => return self.ask_source(call, at),
            Abstract::Many(..) | Abstract::Value(_) => {
                return match Function::from_name(name) {
                    Some(word) if word.counts() || matches!(value, Abstract::Value(_)) => {
                        self.walk_plain_function(word, call, Some(value), at)
                    }
                    _ => self.unknown_method(&value, call, at),
                };
            }
            _ => None,
        };
        let Some(word) = known else {
            return self.unknown_method(&value, call, at);
        };
        if Move::from_name(name) == Some(Move::Drop) {
            self.check_may_hide(at);
        }
        let second = self.call_word(word, call, at).unwrap_or_else(Plan::of_catalogue);
        match value {
            Abstract::Plan(first) => Abstract::Plan(first.followed_by(second, self.next_number())),
            _ => Abstract::UNIT,
        }
    }

    /// Refuses to leave a product out by a field that may change the order alone.
    fn check_may_hide(&mut self, at: Position) {
        let Some(line) = self.state.decided.by_order_only.or(self.called_under).and_then(Position::line)
        else {
            return;
        };
        let message = format!(
            "line {line} decides whether this product is hidden, by a field that may change the order alone"
        );
        let help = format!(
            "write `item.bury(0.1, …)`, or grant the field with `may = \"order and hide\"` at {}",
            self.names.policy_place
        );
        self.add_finding(HIDES_BY_ORDER, at, message, Some(help));
    }

    /// Walks what a word is given, and says what is known of the list among it.
    fn call_word(&mut self, word: &Signature, call: &FnCallExpr, at: Position) -> Option<Plan> {
        if let Some((code, message, help)) = self.wrong_arguments(word, call) {
            self.add_finding(code, at, message, Some(help));
            self.refused_arguments(call);
            return None;
        }
        let (mut list, mut field) = (None, None);
        for (parameter, expr) in word.parameters.iter().zip(&call.args) {
            match parameter.takes {
                Takes::List => list = Some(self.walk_list(expr)),
                Takes::Field => field = self.check_field(expr),
                Takes::Wanted => self.check_wanted(&call.name, field.as_ref(), expr),
                _ => self.walk_argument(&parameter.takes, &call.name, expr),
            }
        }
        self.note_needed_places(call);
        list
    }

    fn walk_argument(&mut self, takes: &Takes, word: &str, expr: &Expr) {
        match takes {
            Takes::Factor(allowed) => self.check_factor(word, allowed, expr),
            Takes::Count(allowed) => {
                self.check_count(word, expr, allowed);
            }
            Takes::Share => {
                self.check_count(word, expr, &(0.0..=1.0));
            }
            Takes::ListLimit(allowed) => self.check_list_number(word, expr, allowed, "the limit of a list"),
            Takes::ListShare => self.check_list_number(word, expr, &(0.0..=1.0), "the share of a list"),
            Takes::Note => {
                self.constant_text(expr, "this note", NOTES);
            }
            Takes::Reason => self.check_reason(expr),
            Takes::Period => self.check_period(expr),
            Takes::Having => self.check_having(expr),
            Takes::List
            | Takes::Field
            | Takes::Wanted
            | Takes::Number
            | Takes::Text
            | Takes::Date
            | Takes::Anything
            | Takes::Countable => {
                let value = self.walk_expression(expr);
                self.plain_value(value, expr.start_position(), &format!("given to `{word}`"));
            }
        }
    }

    /// What a field of the page must be, or which item is meant where no field stands before it.
    fn check_wanted(&mut self, word: &str, field: Option<&Value>, expr: &Expr) {
        let value = self.walk_expression(expr);
        // one that was asked for is only read where it is set
        let may_be_unset = self.state.absence_of(&value) == Absence::Field;
        let value = self.plain_value(value, expr.start_position(), "given to a rule of the page");
        match field {
            None if matches!(expr, Expr::StringConstant(..) | Expr::Array(..)) => self.note_pinned(expr),
            // `()` asks for nothing
            _ if may_be_unset && self.is_unset((&value, expr)) => {}
            _ if value.own.types.is_none() => {}
            Some(field) => self.check_equal((field, expr), (&value, expr)),
            None => {
                self.check_type((&value, expr), Types::TEXT.or(Types::LIST), &format!("`{word}` takes"));
            }
        }
    }

    /// Products that a rule of the page names by their ids. Of a list the first that can be sold is shown.
    fn note_pinned(&mut self, expr: &Expr) {
        let ids = match expr {
            Expr::Array(ids, _) => &ids[..],
            id => std::slice::from_ref(id),
        };
        for id in ids {
            if let Expr::StringConstant(written, _) = id {
                let (text, span) = (written.as_str().into(), self.span_of(id));
                self.named.insert(NamedValue { field: "sku".into(), text, is_pinned: ids.len() == 1, span });
            }
        }
    }

    /// A factor: a constant one is checked here, a computed one when the rule runs.
    fn check_factor(&mut self, word: &str, allowed: &RangeInclusive<f64>, factor: &Expr) {
        let Some(constant) = constant_number(factor) else {
            self.check_number(factor, &Takes::Factor(allowed.clone()), word);
            self.check_settings_within(factor, allowed);
            return;
        };
        if allowed.contains(&constant) {
            return;
        }
        let range = format!("`{word}` takes a factor from {} to {}", allowed.start(), allowed.end());
        let opposite = Move::from_name(word).and_then(Move::opposite);
        let meant = opposite.filter(|o| o.factors().is_some_and(|factors| factors.contains(&constant)));
        let (message, help) = match meant.map(Move::name) {
            Some(meant) => {
                (format!("{range}; did you mean {meant}?"), Some(format!("write `{meant}({constant}, …)`")))
            }
            None => (range, None),
        };
        self.add_finding(OUT_OF_RANGE, factor.start_position(), message, help);
    }

    fn check_reason(&mut self, code: &Expr) {
        let Some(word) = self.constant_text(code, "this code", CODES).map(str::to_owned) else {
            return;
        };
        let reasons = self.names.reasons;
        if reasons.contains(word.as_str()) {
            return;
        }
        let near = did_you_mean(&word, reasons.iter().map(|r| &**r));
        let message = match near {
            Some(near) => format!("no reason `{word}`; did you mean `{near}`?"),
            None => format!("no reason `{word}`"),
        };
        let help = "reasons about products stand under `[reasons]` in `jardin.toml`, reasons about a person in the policy, for strategies that read a person";
        self.add_finding(UNDECLARED_REASON, code.start_position(), message, Some(help.into()));
    }

    /// The name of an item field in a page rule: a literal that counts as a read.
    fn check_field(&mut self, expr: &Expr) -> Option<Value> {
        let name = self.constant_text(expr, "this field", FIELDS).map(str::to_owned)?;
        self.read_item(&name, expr.start_position())
    }

    /// A read of an item field by a rule of the page or a source: what a value is that it may hold.
    fn read_item(&mut self, name: &str, at: Position) -> Option<Value> {
        let granted = self.names.granted;
        let Some(field) = granted.granted_field(Namespace::Item, name) else {
            self.not_granted("item", name, granted.granted_names(Namespace::Item).map(|n| &**n), at);
            return None;
        };
        self.record_read(FieldPath::new(Namespace::Item, name));
        let own = match field.kind {
            FieldType::Texts => ValueType::of_element(field),
            _ => ValueType::of_field(field),
        };
        let place = Some(Place { object: Object::Candidate, field: Some(name.into()) });
        Some(Value { own, place, ..Value::ANYTHING })
    }

    fn check_period(&mut self, expr: &Expr) {
        let words = PERIODS.map(|(word, _)| format!("\"{word}\""));
        let why = match &words {
            [most @ .., last] => format!("write {} or {last}", most.join(", ")),
        };
        let Some(word) = self.constant_text(expr, "this period", &why).map(str::to_owned) else {
            return;
        };
        if period_of(&word).is_none() {
            self.add_finding(OUT_OF_RANGE, expr.start_position(), format!("no period `{word}`"), Some(why));
        }
    }

    fn check_number(&mut self, expr: &Expr, takes: &Takes, word: &str) -> Origin {
        let how = format!("given to `{word}`");
        let value = self.walk_expression(expr);
        self.require_present(&value, expr, &how);
        let value = self.plain_value(value, expr.start_position(), &how);
        self.check_argument(word, takes, (&value, expr));
        value.origin
    }

    /// A number of the settings, as jardin.toml and its campaigns write it.
    fn check_settings_within(&mut self, expr: &Expr, allowed: &RangeInclusive<f64>) {
        if let Some(number) = self.setting_numbers(expr).into_iter().find(|n| !allowed.contains(n)) {
            let message = format!("`{}` is {number}, and {}", self.shown(expr), needed(allowed));
            self.add_finding(OUT_OF_RANGE, expr.start_position(), message, percent(number, allowed));
        }
    }

    /// A number that a strategy which is asked could learn from: it depends on no data.
    fn check_list_number(&mut self, word: &str, expr: &Expr, allowed: &RangeInclusive<f64>, what: &str) {
        if self.check_count(word, expr, allowed).is_data() {
            let message = format!("data decides {what}");
            let help =
                "a strategy that is asked would learn of it: write a number, or a setting from `params`";
            self.add_finding(NOT_CONSTANT, expr.start_position(), message, Some(help.into()));
        }
    }

    fn check_count(&mut self, word: &str, expr: &Expr, allowed: &RangeInclusive<f64>) -> Origin {
        match constant_number(expr) {
            Some(n) if allowed.contains(&n) => Origin::Constant,
            Some(n) => {
                let help = percent(n, allowed);
                self.add_finding(
                    OUT_OF_RANGE,
                    expr.start_position(),
                    format!("{} here", needed(allowed)),
                    help,
                );
                Origin::Constant
            }
            None => {
                self.check_settings_within(expr, allowed);
                self.check_number(expr, &Takes::Number, word)
            }
        }
    }

    /// `sources.NAME(…)`.
    fn ask_source(&mut self, call: &FnCallExpr, at: Position) -> Abstract {
        let name = call.name.as_str();
        let own = SourceWord::from_name(name).map(SourceWord::signature);
        let known = self.names.sources.source_words().any(|word| word == name);
        match own.or_else(|| known.then_some(&ASK_STRATEGY)) {
            Some(word) => {
                self.call_word(word, call, at);
            }
            None => self.unknown_source(call, at),
        }
        if own.is_some() {
            return Abstract::Plan(Plan::of_catalogue());
        }
        let limit = match call.args.first().and_then(constant_number) {
            Some(number) => Limit::Literal(number.to_bits()),
            None => Limit::Computed(self.next_number()),
        };
        Abstract::Plan(Plan::of_strategy(name, limit))
    }

    /// `#{field: value}`: fields are reads, values constant or from the settings.
    fn check_having(&mut self, expr: &Expr) {
        let Expr::Map(entries, _) = expr else {
            self.walk_expression(expr);
            let help = "write `#{field: value}` here".to_owned();
            self.add_finding(
                NOT_CONSTANT,
                expr.start_position(),
                "the fields are not written here".into(),
                Some(help),
            );
            return;
        };
        for (key, value_expr) in &entries.0 {
            let field = self.read_item(&key.name, key.pos);
            let value = self.walk_expression(value_expr);
            let value = self.plain_value(value, value_expr.start_position(), "given to a source");
            if let Some(field) = field {
                self.check_equal((&field, value_expr), (&value, value_expr));
            }
            if value.origin.is_data() {
                let help =
                    "a script passes no data to a source; write a constant, or a setting from `params`"
                        .to_owned();
                self.add_finding(
                    NOT_CONSTANT,
                    value_expr.start_position(),
                    "data is passed to a source".into(),
                    Some(help),
                );
            }
        }
    }

    fn walk_list(&mut self, expr: &Expr) -> Plan {
        if let Abstract::Plan(plan) = self.walk_expression(expr) {
            return plan;
        }
        let help = "write a list such as `sources.catalogue(…)`".to_owned();
        let message = "this is not a list of a source".to_owned();
        self.add_finding(UNKNOWN_SOURCE, expr.start_position(), message, Some(help));
        Plan::of_catalogue()
    }
}

fn needed(allowed: &RangeInclusive<f64>) -> String {
    format!("a number from {} to {} is needed", allowed.start(), allowed.end())
}

/// A share that is written as a percentage.
fn percent(number: f64, allowed: &RangeInclusive<f64>) -> Option<String> {
    let is_share = *allowed.end() <= 1.0 && number > 1.0 && number <= 100.0;
    is_share.then(|| format!("write {} for {number} %", number / 100.0))
}

/// A number that stands in the text.
#[expect(clippy::cast_precision_loss, reason = "a literal far below 2^53, or out of every range")]
pub(super) fn constant_number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::IntegerConstant(i, _) => Some(*i as f64),
        Expr::FloatConstant(f, _) => Some(**f),
        _ => None,
    }
}
