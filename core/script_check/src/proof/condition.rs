//! Conditions, and what is known where they hold and where they do not.

use rhai::Expr;

use super::{
    Walk,
    abstracts::{Absence, Abstract, Decided, Origin, Value},
    call::is_membership,
    state::State,
    type_help::is_negation,
    value_type::Types,
};
use crate::{codes::TYPE_MISMATCH, operators::Operator};

/// What is known after a condition.
pub(super) struct Branches {
    /// Where it holds.
    pub(super) yes: State,
    /// Where it does not.
    pub(super) no: State,
    /// What the condition was made of.
    pub(super) origin: Origin,
}

impl Walk<'_> {
    /// Walks a condition from the present state.
    pub(super) fn walk_condition(&mut self, expr: &Expr) -> Branches {
        let mut branches = match expr {
            Expr::And(parts, _) => self.walk_and(parts.iter()),
            Expr::Or(parts, _) => self.walk_or(parts.iter()),
            Expr::BoolConstant(value, _) => self.constant_condition(*value),
            Expr::FnCall(call, _) if call.namespace.is_empty() && !call.capture_parent_scope => {
                match (Operator::from_sign(&call.name, call.args.len()), &*call.args) {
                    (Some(Operator::Not), [inner]) => self.walk_condition(inner).inverted(),
                    (Some(Operator::Equal), [a, b]) => self.walk_equality(a, b),
                    (Some(Operator::Unequal), [a, b]) => self.walk_equality(a, b).inverted(),
                    (None, [list, x]) if is_membership(call) => self.walk_membership(list, x),
                    _ => self.walk_flag(expr),
                }
            }
            _ => self.walk_flag(expr),
        };
        let decided = Decided::by(branches.origin, expr.start_position());
        branches.yes.note_decided(decided);
        branches.no.note_decided(decided);
        branches
    }

    fn walk_and<'e>(&mut self, parts: impl Iterator<Item = &'e Expr>) -> Branches {
        let (mut no, mut origin) = (None, Origin::Constant);
        for part in parts {
            let branches = self.walk_condition(part);
            no = Some(self.join_states(no, branches.no));
            origin = origin.max(branches.origin);
            self.state = branches.yes;
        }
        let yes = self.state.clone();
        Branches { no: no.unwrap_or_else(|| yes.clone()), yes, origin }
    }

    fn walk_or<'e>(&mut self, parts: impl Iterator<Item = &'e Expr>) -> Branches {
        let (mut yes, mut origin) = (None, Origin::Constant);
        for part in parts {
            let branches = self.walk_condition(part);
            yes = Some(self.join_states(yes, branches.yes));
            origin = origin.max(branches.origin);
            self.state = branches.no;
        }
        let no = self.state.clone();
        Branches { yes: yes.unwrap_or_else(|| no.clone()), no, origin }
    }

    fn join_states(&mut self, a: Option<State>, b: State) -> State {
        match a {
            Some(a) => a.join(b, self.next_number()),
            None => b,
        }
    }

    fn constant_condition(&self, value: bool) -> Branches {
        let unreachable = State { reachable: false, ..self.state.clone() };
        let branches = Branches { yes: self.state.clone(), no: unreachable, origin: Origin::Constant };
        if value { branches } else { branches.inverted() }
    }

    /// `a == b`: where one is `()` the other is known; where one is never `()` neither is the other.
    fn walk_equality(&mut self, a: &Expr, b: &Expr) -> Branches {
        let (left, right) = (self.walk_expression(a), self.walk_expression(b));
        self.check_comparable(&left, &right, a);
        self.check_comparable(&right, &left, b);
        let asks_whether_there_is_one = matches!(a, Expr::Unit(_)) || matches!(b, Expr::Unit(_));
        if let (Abstract::Value(x), Abstract::Value(y), false) = (&left, &right, asks_whether_there_is_one) {
            self.check_equal((x, a), (y, b));
        }
        let (mut yes, mut no) = (self.state.clone(), self.state.clone());
        for ((value, expr), (other, other_expr)) in [((&left, a), (&right, b)), ((&right, b), (&left, a))] {
            if matches!(other_expr, Expr::Unit(_)) {
                no.is_present(value, variable_name(expr));
            } else if !matches!(value, Abstract::Item(_)) && self.state.absence_of(other) == Absence::Never {
                yes.is_present(value, variable_name(expr));
            }
        }
        Branches { yes, no, origin: self.origin_of(&left).max(self.origin_of(&right)) }
    }

    /// A product is comparable with `()` alone: that asks whether there is one.
    fn check_comparable(&mut self, value: &Abstract, other: &Abstract, expr: &Expr) {
        let asks = *other == Abstract::UNIT && matches!(value, Abstract::Item(_) | Abstract::Many(..));
        if !asks {
            self.plain_value(value.clone(), expr.start_position(), "compared");
        }
    }

    /// `x in list`: where it holds neither is `()`.
    fn walk_membership(&mut self, list: &Expr, x: &Expr) -> Branches {
        let whole = self.walk_expression(list);
        let part = self.walk_member(list, x);
        let searched = self.plain_value(whole.clone(), list.start_position(), "searched");
        let wanted = self.plain_value(part.clone(), x.start_position(), "looked for");
        self.check_member((&searched, list), (&wanted, x));
        let mut yes = self.state.clone();
        yes.is_present(&whole, variable_name(list));
        yes.is_present(&part, variable_name(x));
        let origin = self.origin_of(&whole).max(self.origin_of(&part));
        Branches { yes, no: self.state.clone(), origin }
    }

    /// What is looked for. `!x in list` is read as `(!x) in list`, and never meant so where `x` is no flag.
    fn walk_member(&mut self, list: &Expr, x: &Expr) -> Abstract {
        let Expr::FnCall(call, _) = x else {
            return self.walk_expression(x);
        };
        let Some(inner) = call.args.first().filter(|_| is_negation(call)) else {
            return self.walk_expression(x);
        };
        let value = self.walk_expression(inner);
        let held = self.plain_value(value, inner.start_position(), "looked for");
        if !held.own.types.is_none() && !held.own.types.meets(Types::FLAG) {
            let message = format!("`!` turns `{}` round, and not the whole test", self.shown(inner));
            let help = format!("write `!({} in {})`", self.shown(inner), self.shown(list));
            self.add_finding_over(TYPE_MISMATCH, x, message, Some(help));
        }
        Abstract::Value(Value { origin: held.origin, ..Value::CONSTANT })
    }

    fn walk_flag(&mut self, expr: &Expr) -> Branches {
        let value = self.walk_expression(expr);
        let held = self.plain_value(value.clone(), expr.start_position(), "used as a condition");
        if self.check_type((&held, expr), Types::FLAG, "a condition is") {
            self.require_present(&value, expr, "used as a condition");
        }
        Branches { yes: self.state.clone(), no: self.state.clone(), origin: self.origin_of(&value) }
    }
}

impl Branches {
    /// What is known after the opposite condition.
    fn inverted(self) -> Self {
        Self { yes: self.no, no: self.yes, origin: self.origin }
    }
}

fn variable_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Variable(names, ..) => Some(&names.1),
        _ => None,
    }
}
