//! Conditions, and what is known where they hold and where they do not.

use rhai::Expr;

use super::{
    Walk,
    abstracts::{Absence, Abstract},
    call::is_membership,
    state::State,
};
use crate::operators::Operator;

/// What is known after a condition.
pub(super) struct Branches {
    /// Where it holds.
    pub(super) yes: State,
    /// Where it does not.
    pub(super) no: State,
}

impl Walk<'_> {
    /// Walks a condition from the present state.
    pub(super) fn condition(&mut self, expr: &Expr) -> Branches {
        match expr {
            Expr::And(parts, _) => self.all(parts.iter()),
            Expr::Or(parts, _) => self.one(parts.iter()),
            Expr::BoolConstant(value, _) => self.constant(*value),
            Expr::FnCall(call, _) if call.namespace.is_empty() && !call.capture_parent_scope => {
                match (Operator::from_sign(&call.name, call.args.len()), &*call.args) {
                    (Some(Operator::Not), [inner]) => {
                        let Branches { yes, no } = self.condition(inner);
                        Branches { yes: no, no: yes }
                    }
                    (Some(Operator::Equal), [a, b]) => self.equality(a, b),
                    (Some(Operator::Unequal), [a, b]) => {
                        let Branches { yes, no } = self.equality(a, b);
                        Branches { yes: no, no: yes }
                    }
                    (None, [list, x]) if is_membership(call) => self.membership(list, x),
                    _ => self.flag(expr),
                }
            }
            _ => self.flag(expr),
        }
    }

    fn all<'e>(&mut self, parts: impl Iterator<Item = &'e Expr>) -> Branches {
        let mut no: Option<State> = None;
        for part in parts {
            let branches = self.condition(part);
            no = Some(joined(no, branches.no));
            self.state = branches.yes;
        }
        let yes = self.state.clone();
        Branches { no: no.unwrap_or_else(|| yes.clone()), yes }
    }

    fn one<'e>(&mut self, parts: impl Iterator<Item = &'e Expr>) -> Branches {
        let mut yes: Option<State> = None;
        for part in parts {
            let branches = self.condition(part);
            yes = Some(joined(yes, branches.yes));
            self.state = branches.no;
        }
        let no = self.state.clone();
        Branches { yes: yes.unwrap_or_else(|| no.clone()), no }
    }

    fn constant(&self, value: bool) -> Branches {
        let unreachable = State { reachable: false, ..self.state.clone() };
        let here = self.state.clone();
        if value { Branches { yes: here, no: unreachable } } else { Branches { yes: unreachable, no: here } }
    }

    /// `a == b`: where one is `()` the other is known; where one is never `()` neither is the other.
    fn equality(&mut self, a: &Expr, b: &Expr) -> Branches {
        let (left, right) = (self.expression(a), self.expression(b));
        self.comparable(&left, &right, a);
        self.comparable(&right, &left, b);
        let (mut yes, mut no) = (self.state.clone(), self.state.clone());
        for ((value, expr), (other, other_expr)) in [((&left, a), (&right, b)), ((&right, b), (&left, a))] {
            if matches!(other_expr, Expr::Unit(_)) {
                no.is_present(value, variable(expr));
            } else if !matches!(value, Abstract::Item(_)) && self.state.absence(other) == Absence::Never {
                yes.is_present(value, variable(expr));
            }
        }
        Branches { yes, no }
    }

    /// A product is comparable with `()` alone: that asks whether there is one.
    fn comparable(&mut self, value: &Abstract, other: &Abstract, expr: &Expr) {
        let asks = *other == Abstract::UNIT && matches!(value, Abstract::Item(_) | Abstract::Many(..));
        if !asks {
            self.plain(value.clone(), expr.start_position(), "compared");
        }
    }

    /// `x in list`: where it holds neither is `()`.
    fn membership(&mut self, list: &Expr, x: &Expr) -> Branches {
        let (whole, part) = (self.expression(list), self.expression(x));
        self.plain(whole.clone(), list.start_position(), "searched");
        self.plain(part.clone(), x.start_position(), "looked for");
        let mut yes = self.state.clone();
        yes.is_present(&whole, variable(list));
        yes.is_present(&part, variable(x));
        Branches { yes, no: self.state.clone() }
    }

    fn flag(&mut self, expr: &Expr) -> Branches {
        let value = self.expression(expr);
        self.plain(value.clone(), expr.start_position(), "used as a condition");
        self.needed(&value, expr, "used as a condition");
        Branches { yes: self.state.clone(), no: self.state.clone() }
    }
}

fn joined(a: Option<State>, b: State) -> State {
    match a {
        Some(a) => a.join(b),
        None => b,
    }
}

fn variable(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Variable(names, ..) => Some(&names.1),
        _ => None,
    }
}
