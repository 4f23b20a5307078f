//! Calls of operators, of plain functions and of the script's own.

use std::collections::BTreeSet;

use jardin_model::FieldPath;
use rhai::{Expr, FnCallExpr, Position};

use super::{
    Walk,
    abstracts::{Absence, Abstract, Origin, Value},
    plan::{Fork, Plan},
    state::State,
    types::given_by,
    value_type::{Types, ValueType},
};
use crate::{
    codes::{UNKNOWN_FUNCTION, UNKNOWN_SOURCE},
    limits,
    operators::{BITWISE, Operator},
    vocabulary::{self, Function},
};

/// How many different calls are walked before a script counts as too involved.
const MOST_INSTANCES: usize = 512;

impl Walk<'_> {
    /// Walks `name(…)` or an operator.
    pub(super) fn walk_call(&mut self, expr: &Expr, call: &FnCallExpr, at: Position) -> Abstract {
        let name = call.name.as_str();
        if !call.namespace.is_empty() || call.capture_parent_scope {
            self.refuse_banned(
                at,
                format!("`{name}` is called in a way that scripts do not allow"),
                "write `name(…)`",
            );
            return self.refused_arguments(call);
        }
        if BITWISE.contains(&name) {
            self.refuse_banned(
                at,
                format!("`{name}` is not an operator of scripts"),
                "write `&&` for and, `||` for or",
            );
            return self.refused_arguments(call);
        }
        match Operator::from_sign(name, call.args.len()) {
            Some(Operator::Not | Operator::Equal | Operator::Unequal) => self.walk_truth(expr),
            Some(operator) => match self.hyphenated_source(call) {
                Some(name) => self.refuse_hyphens(call, &name),
                None => self.walk_operator(call, operator),
            },
            None if is_membership(call) => self.walk_truth(expr),
            None => self.walk_function(call, at),
        }
    }

    /// A strategy whose name is written with hyphens.
    fn refuse_hyphens(&mut self, call: &FnCallExpr, name: &str) -> Abstract {
        let message = "a name with `-` is read as a difference".to_owned();
        let help = Some(format!("write `sources.{name}(…)`"));
        if let Some(first) = call.args.first() {
            self.add_finding_over(UNKNOWN_SOURCE, first, message, help);
        }
        Abstract::Plan(Plan::of_catalogue())
    }

    /// An operator of values that may not be `()`.
    fn walk_operator(&mut self, call: &FnCallExpr, operator: Operator) -> Abstract {
        let how = match operator {
            Operator::Compare(_) => "ordered",
            Operator::Range(_) => "used as a border",
            _ => "calculated with",
        };
        let values: Vec<Value> = call.args.iter().map(|arg| self.walk_operand(arg, how)).collect();
        let own = match (operator, &values[..], &*call.args) {
            (Operator::Compare(_), [a, b], [x, y]) => {
                self.check_order((a, x), (b, y));
                ValueType::plain(Types::FLAG)
            }
            (Operator::Calculate(op), [a, b], [x, y]) => self.check_sum(op, (a, x), (b, y)),
            (Operator::Negate, [a], [x]) => {
                self.check_type((a, x), Types::NUMBER, "`-` takes");
                a.own.clone()
            }
            (Operator::Range(_), [a, b], [x, y]) => {
                self.check_border((a, x));
                self.check_border((b, y));
                ValueType::plain(Types::RANGE)
            }
            _ => ValueType::ANY,
        };
        let origin = values.iter().map(|value| value.origin).max().unwrap_or(Origin::Constant);
        Abstract::Value(Value { origin, element: ValueType::plain(Types::WHOLE), ..Value::of_type(own) })
    }

    fn walk_operand(&mut self, operand: &Expr, how: &str) -> Value {
        let value = self.walk_expression(operand);
        self.require_present(&value, operand, how);
        self.plain_value(value, operand.start_position(), how)
    }

    fn walk_function(&mut self, call: &FnCallExpr, at: Position) -> Abstract {
        let name = call.name.as_str();
        let own = (name.to_owned(), call.args.len());
        if name.starts_with("anon$") {
            self.refuse_closure(at);
        } else if let Some(why) = vocabulary::reason_against(name) {
            let is_closure = name == "curry" || (name == "Fn" && call.op_token.is_none());
            if is_closure {
                self.refuse_closure(at);
            } else {
                self.refuse_banned(at, format!("`{name}` is not part of scripts"), why);
            }
        } else if self.parsed.functions.contains_key(&own) {
            let args = call.args.iter().map(|arg| self.walk_expression(arg)).collect();
            return self.walk_own_function(own, args, at);
        } else if let Some(word) = Function::from_name(name) {
            return self.walk_plain_function(word, call, None, at);
        } else {
            self.unknown_function(name, call, at);
        }
        self.refused_arguments(call)
    }

    /// Walks the arguments of a call that was refused.
    pub(super) fn refused_arguments(&mut self, call: &FnCallExpr) -> Abstract {
        for arg in &call.args {
            self.walk_expression(arg);
        }
        Abstract::Value(Value::REFUSED)
    }

    /// A function of plain values, as `f(x)` or `x.f()`.
    pub(super) fn walk_plain_function(
        &mut self,
        word: Function,
        call: &FnCallExpr,
        receiver: Option<Abstract>,
        at: Position,
    ) -> Abstract {
        let given = call.args.len() + usize::from(receiver.is_some());
        if !word.signature().takes_count(given) {
            let message = format!("`{}` is given {given} values", word.name());
            self.add_finding(UNKNOWN_FUNCTION, at, message, None);
        }
        let mut values: Vec<_> = receiver.into_iter().map(|r| (r, at, None)).collect();
        for arg in &call.args {
            values.push((self.walk_expression(arg), arg.start_position(), Some(arg)));
        }
        let how = format!("given to `{}`", word.name());
        let (mut whole, mut is_taken) = (Value::of_type(given_by(word)), true);
        for ((value, at, expr), parameter) in values.into_iter().zip(word.signature().parameters) {
            if !word.takes_absent() {
                self.require_present_at(&value, self.source.token_at(at), &how);
            }
            whole.origin = whole.origin.max(self.origin_of(&value));
            if !(word.counts() && matches!(value, Abstract::Many(..))) {
                let value = self.plain_value(value, at, &how);
                if let Some(expr) = expr {
                    is_taken &= self.check_argument(word.name(), &parameter.takes, (&value, expr));
                }
            }
        }
        if word.takes_absent() && is_taken {
            whole.absence = Absence::Field;
        }
        Abstract::Value(whole)
    }

    /// Walks a function of the script with what is known of its arguments.
    pub(super) fn walk_own_function(
        &mut self,
        own: (String, usize),
        mut args: Vec<Abstract>,
        at: Position,
    ) -> Abstract {
        self.called.insert(own.clone());
        for arg in &mut args {
            let absence = self.state.absence_of(arg);
            if let Abstract::Value(value) = arg {
                value.absence = absence;
                // each call is walked by what it is given, and which text of the script's own that is tells nothing
                if value.origin == Origin::Constant && value.own.types.meets(Types::TEXT) {
                    value.own.texts = None;
                }
            }
        }
        let called_under = self.called_under.or(self.state.decided.by_order_only);
        let instance = (own.0.clone(), args.clone(), self.state.present.clone(), called_under.is_some());
        if let Some(known) = self.walked.get(&instance) {
            // a function that is being walked calls itself: nothing is known of what it gives
            let (value, read) = known.clone().unwrap_or((Abstract::Value(Value::ANYTHING), BTreeSet::new()));
            self.state.read.extend(read);
            return self.given_back(value);
        }
        if self.depth >= limits::CALLS {
            // the interpreter goes no deeper
            return Abstract::Value(Value::ANYTHING);
        }
        if self.walked.len() >= MOST_INSTANCES {
            self.too_involved(at);
            return Abstract::Value(Value::ANYTHING);
        }
        self.walked.insert(instance.clone(), None);
        let outer = std::mem::replace(&mut self.called_under, called_under);
        let (value, read) = self.walk_body(&own, args);
        self.called_under = outer;
        self.state.read.extend(read.iter().cloned());
        self.walked.insert(instance, Some((value.clone(), read)));
        self.given_back(value)
    }

    /// What a call gives: a list that is none that another call gave.
    fn given_back(&mut self, value: Abstract) -> Abstract {
        match value {
            Abstract::Plan(plan) => Abstract::Plan(plan.given_back(|| self.next_number())),
            other => other,
        }
    }

    /// What a function gives, and what it reads on every way through it.
    fn walk_body(&mut self, own: &(String, usize), args: Vec<Abstract>) -> (Abstract, BTreeSet<FieldPath>) {
        let Some(function) = self.parsed.functions.get(own) else {
            return (Abstract::Value(Value::ANYTHING), BTreeSet::new());
        };
        let present: BTreeSet<_> = self.state.present.clone();
        let variables = function.params.iter().cloned().zip(args).collect();
        let outer = std::mem::replace(&mut self.state, State::at_entry(variables, present));
        let outer_returned = self.returned.take();
        let outer_read = self.read_at_end.take();
        let outer_loops = std::mem::take(&mut self.loops);
        let outer_ways_out = std::mem::take(&mut self.ways_out);
        self.depth += 1;
        let last = self.walk_block(&function.body);
        let reached = self.state.reachable;
        let at = function.body.last().map_or(Position::NONE, rhai::Stmt::position);
        if reached {
            self.record_return(last, at);
        }
        let returned = self.returned.take();
        let read = std::mem::replace(&mut self.read_at_end, outer_read);
        self.depth -= 1;
        self.loops = outer_loops;
        self.ways_out = outer_ways_out;
        self.returned = outer_returned;
        self.state = outer;
        (returned.unwrap_or(Abstract::UNIT), read.unwrap_or_default())
    }

    /// Notes what a function gives back.
    pub(super) fn record_return(&mut self, value: Abstract, at: Position) {
        if self.state.reachable {
            let read = self.state.read.clone();
            self.read_at_end = Some(match self.read_at_end.take() {
                None => read,
                Some(before) => before.intersection(&read).cloned().collect(),
            });
        }
        let value = match value {
            Abstract::Plan(plan) => Abstract::Plan(plan),
            value => {
                let absence = self.state.absence_of(&value);
                let value = self.plain_value(value, at, "returned");
                let origin = value.origin.max(self.state.decided.origin());
                Abstract::Value(Value { absence, origin, ..value })
            }
        };
        let fork = Fork { number: self.next_number(), data: self.state.decided.by_data };
        self.returned = Some(match self.returned.take() {
            None => value,
            Some(before) => before.join(value, fork, 0).unwrap_or(Abstract::Value(Value::ANYTHING)),
        });
    }
}

/// True of `x in list`, and of the same written as a call.
pub(super) fn is_membership(call: &FnCallExpr) -> bool {
    Function::from_name(&call.name) == Some(Function::Contains) && call.args.len() == 2
}
