//! Expressions.

use rhai::{Dynamic, Expr, FnPtr};

use super::{
    MOST_STEPS, Walk,
    abstracts::{Absence, Abstract, Decided, Value},
    value_type::{Types, ValueType},
};
use crate::codes::NOT_CONSTANT;

impl Walk<'_> {
    /// Walks an expression and says what is known of its value.
    pub(super) fn walk_expression(&mut self, expr: &Expr) -> Abstract {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            self.too_involved(expr.start_position());
            return Abstract::Value(Value::REFUSED);
        }
        match expr {
            Expr::Unit(_) => Abstract::UNIT,
            Expr::BoolConstant(..) => Abstract::Value(Value::FLAG),
            Expr::IntegerConstant(..) => Abstract::Value(Value::of_type(ValueType::plain(Types::WHOLE))),
            Expr::FloatConstant(..) => Abstract::Value(Value::of_type(ValueType::plain(Types::DECIMAL))),
            Expr::StringConstant(text, _) => Abstract::Value(Value::of_type(ValueType::of_text(text))),
            Expr::CharConstant(_, at) => {
                let help = "write the text in double quotes";
                self.refuse_banned(*at, "a text stands in single quotes".into(), help);
                Abstract::CONSTANT
            }
            Expr::DynamicConstant(value, at) => self.constant_value(value, *at),
            Expr::Variable(names, _, at) => self.walk_variable(&names.1, names.2.is_empty(), *at),
            Expr::ThisPtr(at) => {
                self.refuse_banned(
                    *at,
                    "`this` is not part of scripts".into(),
                    "name the value among the function's parameters",
                );
                Abstract::Value(Value::REFUSED)
            }
            Expr::And(..) | Expr::Or(..) => self.walk_truth(expr),
            Expr::FnCall(call, at) => self.walk_call(expr, call, *at),
            Expr::Coalesce(parts, _) => self.walk_coalesce(parts.iter()),
            Expr::InterpolatedString(parts, _) => {
                self.walk_parts(parts.iter(), "put into a text", ValueType::TEXT)
            }
            Expr::Array(parts, _) => {
                self.walk_parts(parts.iter(), "put into a list", ValueType::plain(Types::LIST))
            }
            Expr::Map(entries, _) => {
                let parts = entries.0.iter().map(|(_, e)| e);
                self.walk_parts(parts, "put into a table", ValueType::plain(Types::TABLE))
            }
            Expr::Stmt(block) => self.walk_block(block.statements()),
            Expr::Dot(..) | Expr::Index(..) => self.walk_chain(expr),
            other => {
                self.refuse_banned(
                    other.position(),
                    "this is not part of scripts".into(),
                    "write a rule of fields, numbers and texts",
                );
                Abstract::Value(Value::REFUSED)
            }
        }
    }

    /// A truth: walked as a condition, of which only the value is wanted.
    pub(super) fn walk_truth(&mut self, expr: &Expr) -> Abstract {
        self.walk_enclosed(|walk| {
            let branches = walk.walk_condition(expr);
            walk.state = branches.yes.join(branches.no, walk.next_number());
            Abstract::Value(Value { origin: branches.origin, ..Value::FLAG })
        })
    }

    fn constant_value(&mut self, value: &Dynamic, at: rhai::Position) -> Abstract {
        if value.is::<FnPtr>() {
            self.refuse_closure(at);
        }
        Abstract::CONSTANT
    }

    /// A function used as a value.
    pub(super) fn refuse_closure(&mut self, at: rhai::Position) {
        self.refuse_banned(
            at,
            "a function is used as a value".into(),
            "go through the list: `for x in list { … }`",
        );
    }

    fn walk_variable(&mut self, name: &str, is_plain: bool, at: rhai::Position) -> Abstract {
        if !is_plain {
            self.refuse_banned(
                at,
                "a name from another module".into(),
                "a script sees its parameters and its own variables only",
            );
        }
        match self.state.variable_named(name) {
            Some(value) if is_plain => value.clone(),
            _ => Abstract::Value(Value::REFUSED),
        }
    }

    /// `a ?? b`: absent only where the last one is.
    fn walk_coalesce<'e>(&mut self, parts: impl Iterator<Item = &'e Expr>) -> Abstract {
        self.walk_enclosed(|walk| walk.walk_alternatives(parts))
    }

    fn walk_alternatives<'e>(&mut self, parts: impl Iterator<Item = &'e Expr>) -> Abstract {
        let mut so_far: Option<Abstract> = None;
        for part in parts {
            let before = self.state.clone();
            let value = self.walk_expression(part);
            // it may not have run at all, but for the first
            let read = so_far.is_none().then(|| self.state.read.clone());
            let number = self.next_number();
            self.state = std::mem::replace(&mut self.state, before.clone()).join(before, number);
            self.state.read.extend(read.into_iter().flatten());
            // whether the next one is asked depends on it
            let decided = Decided::by(self.origin_of(&value), part.start_position());
            self.state.note_decided(decided);
            so_far = Some(match so_far {
                None => value,
                Some(first) => self.join_coalesced(first, value, part),
            });
        }
        so_far.unwrap_or(Abstract::UNIT)
    }

    fn join_coalesced(&mut self, first: Abstract, second: Abstract, at: &Expr) -> Abstract {
        let empty = matches!(at, Expr::Array(parts, _) if parts.is_empty());
        match (first, second) {
            (Abstract::Value(first), Abstract::Value(second)) => {
                let present = Value { absence: Absence::Never, place: None, ..first };
                Abstract::Value(present.join_values(second))
            }
            (Abstract::Many(elements, place, _), Abstract::Value(_)) if empty => {
                Abstract::Many(elements, place, Absence::Never)
            }
            (first, second) => {
                self.plain_value(first, at.start_position(), "joined with another value");
                self.plain_value(second, at.start_position(), "joined with another value");
                Abstract::Value(Value::REFUSED)
            }
        }
    }

    /// Parts of a text, list or table.
    fn walk_parts<'e>(
        &mut self,
        parts: impl Iterator<Item = &'e Expr>,
        how: &str,
        own: ValueType,
    ) -> Abstract {
        let holds = !own.types.meets(Types::TEXT);
        let mut whole = Value { element: ValueType::NONE, ..Value::of_type(own) };
        for part in parts {
            let value = self.walk_expression(part);
            let absence = self.state.absence_of(&value);
            let part_value = self.plain_value(value, part.start_position(), how);
            whole.origin = whole.origin.max(part_value.origin);
            if holds {
                whole.inner = whole.inner.max(absence).max(part_value.inner);
                whole.element = whole.element.join_types(part_value.own);
            }
        }
        Abstract::Value(whole)
    }

    /// A constant text, such as a note; anything else is refused.
    pub(super) fn constant_text<'e>(&mut self, expr: &'e Expr, what: &str, why: &str) -> Option<&'e str> {
        if let Expr::StringConstant(text, _) = expr {
            return Some(text);
        }
        self.walk_expression(expr);
        self.add_finding(
            NOT_CONSTANT,
            expr.start_position(),
            format!("{what} is not a constant text"),
            Some(why.to_owned()),
        );
        None
    }
}
