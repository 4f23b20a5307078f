//! Methods: what moves a candidate, arranges a page, asks for lists.

use std::ops::RangeInclusive;

use jardin_model::{FieldPath, Namespace};
use jardin_policy::{Code, text::did_you_mean};
use rhai::{Expr, FnCallExpr, Position};

use super::{
    Walk,
    abstracts::{Abstract, Object, Origin},
};
use crate::{
    SourceNames,
    vocabulary::{self, BOOST, BURY, MOVES, PAGE, PLAN},
};

const NOTES: &str =
    "notes are constant, so that none can tell anything of a shopper; write the words between double quotes";
const CODES: &str = "a shopper is told declared reasons only; write the code between double quotes";

impl Walk<'_> {
    /// Walks `value.name(…)`.
    pub(super) fn method(&mut self, value: Abstract, call: &FnCallExpr, at: Position) -> Abstract {
        let name = call.name.as_str();
        match &value {
            Abstract::Item(Object::Candidate) if MOVES.contains(&name) => self.moved(call, at),
            Abstract::Page if PAGE.contains(&name) => self.arranged(call, at),
            Abstract::Sources => self.asked(call, at),
            Abstract::Plan if PLAN.contains(&name) => self.planned(call, at),
            Abstract::Many(..) if matches!(name, "len" | "is_empty") => self.native(call, Some(value), at),
            Abstract::Value(_) if vocabulary::native(name).is_some() => self.native(call, Some(value), at),
            _ => {
                self.unknown_method(&value, name, at);
                self.rest(call)
            }
        }
    }

    /// A method that a value does not have.
    pub(super) fn unknown_method(&mut self, value: &Abstract, name: &str, at: Position) {
        if let Some(why) = vocabulary::banned(name) {
            self.banned(at, format!("`{name}` is no part of scripts"), why);
            return;
        }
        if self.parsed.functions.keys().any(|(own, _)| own == name) {
            let help = format!("write `{name}(…)` with the value among the arguments");
            self.find(Code::UnknownFunction, at, format!("`{name}` is called as a method"), Some(help));
            return;
        }
        let words: Vec<&str> = match value {
            Abstract::Item(Object::Candidate) => MOVES.to_vec(),
            Abstract::Page => PAGE.to_vec(),
            Abstract::Plan => PLAN.to_vec(),
            Abstract::Many(..) => vec!["len", "is_empty"],
            Abstract::Value(_) => vocabulary::natives().collect(),
            _ => Vec::new(),
        };
        let help = if MOVES.contains(&name) && matches!(value, Abstract::Item(_)) {
            Some("only the candidate `item` can be moved".to_owned())
        } else {
            did_you_mean(name, words).map(|n| format!("did you mean `{n}`?"))
        };
        self.find(Code::UnknownFunction, at, format!("no function `{name}` here"), help);
    }

    fn moved(&mut self, call: &FnCallExpr, at: Position) -> Abstract {
        match (call.name.as_str(), &*call.args) {
            ("boost" | "bury", [factor]) => self.factor(&call.name, factor),
            ("boost" | "bury", [factor, note]) => {
                self.factor(&call.name, factor);
                self.constant_text(note, "this note", NOTES);
            }
            ("drop", []) => {}
            ("drop", [note]) => {
                self.constant_text(note, "this note", NOTES);
            }
            ("say", [code]) => self.reason(code),
            _ => self.miscounted(call, at),
        }
        Abstract::UNIT
    }

    /// The factor of a boost or bury: a constant one is checked here, a computed one when the rule runs.
    fn factor(&mut self, name: &str, factor: &Expr) {
        let is_boost = name == "boost";
        let (allowed, other) = if is_boost { (BOOST, "bury") } else { (BURY, "boost") };
        let other_allowed = if is_boost { BURY } else { BOOST };
        let Some(constant) = constant_number(factor) else {
            self.number(factor, &format!("given to `{name}`"));
            return;
        };
        if allowed.contains(&constant) {
            return;
        }
        let range = format!("`{name}` takes a factor from {} to {}", allowed.start(), allowed.end());
        let (message, help) = if other_allowed.contains(&constant) {
            (format!("{range}; did you mean {other}?"), Some(format!("write `{other}({constant}, …)`")))
        } else {
            (range, None)
        };
        self.find(Code::OutOfRange, factor.start_position(), message, help);
    }

    fn reason(&mut self, code: &Expr) {
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
        let help = "reasons about products stand under `[reasons]` in `jardin.toml`, reasons about a person in the policy";
        self.find(Code::UndeclaredReason, code.start_position(), message, Some(help.into()));
    }

    fn arranged(&mut self, call: &FnCallExpr, at: Position) -> Abstract {
        match (call.name.as_str(), &*call.args) {
            ("max_per", [field, n]) => {
                self.field(field);
                self.count(n, 1.0..=1000.0);
            }
            ("diversify", [field, strength]) => {
                self.field(field);
                self.count(strength, 0.0..=1.0);
            }
            ("at_least", [n, field, value, top]) => {
                self.count(n, 0.0..=1000.0);
                self.field(field);
                self.any(value);
                self.count(top, 1.0..=1000.0);
            }
            ("rotate", [top, period]) => {
                self.count(top, 1.0..=1000.0);
                self.period(period);
            }
            ("slot", [position, field, value]) => {
                self.count(position, 1.0..=1000.0);
                self.field(field);
                self.any(value);
            }
            ("pin", [position, items]) => {
                self.count(position, 1.0..=1000.0);
                self.any(items);
            }
            ("limit", [n]) => self.count(n, 0.0..=1000.0),
            _ => self.miscounted(call, at),
        }
        Abstract::UNIT
    }

    /// The name of an item field in a page rule: a literal that counts as a read.
    fn field(&mut self, expr: &Expr) {
        let why = "write the name of an item field between double quotes: what a script reads is proved before it runs";
        let Some(name) = self.constant_text(expr, "this field", why).map(str::to_owned) else {
            return;
        };
        self.read_item(&name, expr.start_position());
    }

    fn read_item(&mut self, name: &str, at: Position) {
        if self.names.granted.field(Namespace::Item, name).is_some() {
            self.read(FieldPath::new(Namespace::Item, name));
        } else {
            let granted = self.names.granted;
            self.not_granted("item", name, granted.names(Namespace::Item).map(|n| &**n), at);
        }
    }

    fn period(&mut self, expr: &Expr) {
        let known = ["hour", "day", "week"];
        let why = "write \"hour\", \"day\" or \"week\"";
        let Some(word) = self.constant_text(expr, "this period", why).map(str::to_owned) else {
            return;
        };
        if !known.contains(&word.as_str()) {
            self.find(
                Code::OutOfRange,
                expr.start_position(),
                format!("no period `{word}`"),
                Some(why.into()),
            );
        }
    }

    fn any(&mut self, expr: &Expr) {
        let value = self.expression(expr);
        self.plain(value, expr.start_position(), "given to a rule of the page");
    }

    fn number(&mut self, expr: &Expr, how: &str) {
        let value = self.expression(expr);
        self.needed(&value, expr, how);
        self.plain(value, expr.start_position(), how);
    }

    fn count(&mut self, expr: &Expr, allowed: RangeInclusive<f64>) {
        match constant_number(expr) {
            Some(n) if allowed.contains(&n) => {}
            Some(_) => {
                let message =
                    format!("a number from {} to {} is needed here", allowed.start(), allowed.end());
                self.find(Code::OutOfRange, expr.start_position(), message, None);
            }
            None => self.number(expr, "used as a number"),
        }
    }

    fn asked(&mut self, call: &FnCallExpr, at: Position) -> Abstract {
        let name = call.name.as_str();
        let is_known = self.names.sources.words().any(|word| word == name);
        match &*call.args {
            [limit, having] if name == SourceNames::CATALOGUE => {
                self.count(limit, 1.0..=1000.0);
                self.having(having);
            }
            [limit] if is_known && name != SourceNames::CATALOGUE => self.count(limit, 1.0..=1000.0),
            _ if is_known => self.miscounted(call, at),
            _ => self.unknown_source(call, at),
        }
        Abstract::Plan
    }

    fn unknown_source(&mut self, call: &FnCallExpr, at: Position) {
        let name = call.name.as_str();
        let message = match did_you_mean(name, self.names.sources.words()) {
            Some(near) => format!("no source `{name}`; did you mean `{near}`?"),
            None => format!("no source `{name}`"),
        };
        let help =
            "the strategies under `may_ask` in the policy can be asked, with `_` for `-`, and `catalogue`";
        self.find(Code::UnknownSource, at, message, Some(help.into()));
        self.rest(call);
    }

    /// `#{field: value}`: fields are reads, values constant or from the settings.
    fn having(&mut self, expr: &Expr) {
        let Expr::Map(entries, _) = expr else {
            self.expression(expr);
            let help = "write `#{field: value}` here".to_owned();
            self.find(
                Code::NotConstant,
                expr.start_position(),
                "the fields are not written here".into(),
                Some(help),
            );
            return;
        };
        for (key, value_expr) in &entries.0 {
            self.read_item(&key.name, key.pos);
            let value = self.expression(value_expr);
            let value = self.plain(value, value_expr.start_position(), "given to a source");
            if value.origin == Origin::Data {
                let help =
                    "a script passes no data to a source; write a constant, or a setting from `params`"
                        .to_owned();
                self.find(
                    Code::NotConstant,
                    value_expr.start_position(),
                    "data is passed to a source".into(),
                    Some(help),
                );
            }
        }
    }

    fn planned(&mut self, call: &FnCallExpr, at: Position) -> Abstract {
        let lists = match (call.name.as_str(), &*call.args) {
            ("or", [list]) => Some(list),
            ("mix", [list, share]) => {
                self.count(share, 0.0..=1.0);
                Some(list)
            }
            _ => None,
        };
        let Some(list) = lists else {
            self.miscounted(call, at);
            return Abstract::Plan;
        };
        if self.expression(list) != Abstract::Plan {
            let help = "write a list such as `sources.catalogue(…)`".to_owned();
            self.find(
                Code::UnknownSource,
                list.start_position(),
                "this is no list of a source".into(),
                Some(help),
            );
        }
        Abstract::Plan
    }

    fn miscounted(&mut self, call: &FnCallExpr, at: Position) {
        let name = call.name.as_str();
        let message = format!("`{name}` does not take {} values", call.args.len());
        self.find(Code::UnknownFunction, at, message, usage(name).map(|u| format!("write `{u}`")));
        self.rest(call);
    }
}

fn usage(name: &str) -> Option<&'static str> {
    Some(match name {
        "boost" => "item.boost(1.2, \"why\")",
        "bury" => "item.bury(0.8, \"why\")",
        "drop" => "item.drop(\"why\")",
        "say" => "item.say(\"code\")",
        "max_per" => "page.max_per(\"field\", 2)",
        "diversify" => "page.diversify(\"field\", 0.3)",
        "at_least" => "page.at_least(2, \"field\", value, 6)",
        "rotate" => "page.rotate(24, \"day\")",
        "slot" => "page.slot(3, \"field\", value)",
        "pin" => "page.pin(1, \"id\")",
        "limit" => "page.limit(6)",
        "or" => "a.or(b)",
        "mix" => "a.mix(b, 0.5)",
        SourceNames::CATALOGUE => "sources.catalogue(100, #{field: value})",
        _ => return None,
    })
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
