//! Calls of operators, of plain functions and of the script's own.

use std::collections::BTreeSet;

use jardin_model::FieldPath;
use jardin_policy::{Code, text::did_you_mean};
use rhai::{Expr, FnCallExpr, Position};

use super::{
    Walk,
    abstracts::{Absence, Abstract, Value},
    state::State,
};
use crate::{
    limits,
    operators::{Arithmetic, Comparison},
    vocabulary::{self, MOVES, PAGE, PLAN},
};

/// How many different calls are walked before a script counts as too involved.
const MOST_INSTANCES: usize = 512;

impl Walk<'_> {
    /// Walks `name(…)` or an operator.
    pub(super) fn call(&mut self, expr: &Expr, call: &FnCallExpr, at: Position) -> Abstract {
        let name = call.name.as_str();
        if !call.namespace.is_empty() || call.capture_parent_scope {
            self.banned(at, format!("`{name}` is called in a way that scripts have not"), "write `name(…)`");
            return self.rest(call);
        }
        match (name, &*call.args) {
            ("==" | "!=" | "contains", [_, _]) | ("!", [_]) => self.truth(expr),
            _ if Comparison::of(name).is_some() => self.operator(call, at, "ordered"),
            _ if Arithmetic::of(name).is_some() => self.operator(call, at, "calculated with"),
            (".." | "..=", _) => self.operator(call, at, "used as a border"),
            ("&" | "|" | "^" | "<<" | ">>", _) => {
                let help = "write `&&` for and, `||` for or";
                self.banned(at, format!("`{name}` is no operator of scripts"), help);
                self.rest(call)
            }
            _ => self.function(call, at),
        }
    }

    /// An operator of values that may not be `()`.
    fn operator(&mut self, call: &FnCallExpr, at: Position, how: &str) -> Abstract {
        if call.op_token.is_none() {
            return self.function(call, at);
        }
        let mut whole = Value::CONSTANT;
        for arg in &call.args {
            let value = self.expression(arg);
            self.needed(&value, arg, how);
            let value = self.plain(value, arg.start_position(), how);
            whole.origin = whole.origin.max(value.origin);
        }
        Abstract::Value(whole)
    }

    fn function(&mut self, call: &FnCallExpr, at: Position) -> Abstract {
        let name = call.name.as_str();
        if name.starts_with("anon$") {
            self.closure(at);
            return self.rest(call);
        }
        if let Some(why) = vocabulary::banned(name) {
            let is_closure = name == "curry" || (name == "Fn" && call.op_token.is_none());
            if is_closure {
                self.closure(at)
            } else {
                self.banned(at, format!("`{name}` is no part of scripts"), why)
            }
            return self.rest(call);
        }
        let own = (name.to_owned(), call.args.len());
        if self.parsed.functions.contains_key(&own) {
            let args = call.args.iter().map(|arg| self.expression(arg)).collect();
            return self.own_function(own, args, at);
        }
        if vocabulary::native(name).is_some() {
            return self.native(call, None, at);
        }
        self.unknown_function(name, call, at);
        self.rest(call)
    }

    /// Walks the arguments of a call that was refused.
    pub(super) fn rest(&mut self, call: &FnCallExpr) -> Abstract {
        for arg in &call.args {
            self.expression(arg);
        }
        Abstract::Value(Value::REFUSED)
    }

    /// A function of plain values, as `f(x)` or `x.f()`.
    pub(super) fn native(&mut self, call: &FnCallExpr, receiver: Option<Abstract>, at: Position) -> Abstract {
        let name = call.name.as_str();
        let given = call.args.len() + usize::from(receiver.is_some());
        if vocabulary::native(name) != Some(given) {
            let message = format!("`{name}` is given {given} values");
            self.find(Code::UnknownFunction, at, message, None);
        }
        let about_dates = matches!(name, "days_since" | "days_until");
        let mut whole = Value::CONSTANT;
        let first = receiver.map(|r| (r, at, self.source.token(at)));
        let mut rest = Vec::new();
        for arg in &call.args {
            let span = self.source.token(arg.start_position());
            rest.push((self.expression(arg), arg.start_position(), span));
        }
        for (value, at, span) in first.into_iter().chain(rest) {
            if !about_dates {
                self.needed_at(&value, span, &format!("given to `{name}`"));
            }
            let counts = matches!(name, "len" | "is_empty") && matches!(value, Abstract::Many(..));
            if !counts {
                whole.origin = whole.origin.max(self.plain(value, at, &format!("given to `{name}`")).origin);
            }
        }
        if about_dates {
            whole.absence = Absence::Field;
        }
        Abstract::Value(whole)
    }

    fn unknown_function(&mut self, name: &str, call: &FnCallExpr, at: Position) {
        let method =
            MOVES.contains(&name).then_some("item").or_else(|| PAGE.contains(&name).then_some("page"));
        let method = method.or_else(|| PLAN.contains(&name).then_some("list"));
        let own = self.parsed.functions.keys().map(|(n, _)| n.as_str());
        let known: Vec<&str> = own.chain(vocabulary::natives().map(|n| -> &str { n })).collect();
        let help = match method {
            Some(object) => Some(format!("write `{object}.{name}(…)`")),
            None => did_you_mean(name, known).map(|n| format!("did you mean `{n}`?")),
        };
        let message = format!("no function `{name}` with {} values", call.args.len());
        self.find(Code::UnknownFunction, at, message, help);
    }

    /// Walks a function of the script with what is known of its arguments.
    pub(super) fn own_function(
        &mut self,
        own: (String, usize),
        mut args: Vec<Abstract>,
        at: Position,
    ) -> Abstract {
        self.called.insert(own.clone());
        for arg in &mut args {
            let absence = self.state.absence(arg);
            if let Abstract::Value(value) = arg {
                value.absence = absence;
            }
        }
        let instance = (own.0.clone(), args.clone(), self.state.present.clone());
        if let Some(known) = self.walked.get(&instance) {
            // a function that is being walked calls itself: nothing is known of what it gives
            let (value, read) = known.clone().unwrap_or((Abstract::Value(Value::ANYTHING), BTreeSet::new()));
            self.state.read.extend(read);
            return value;
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
        let (value, read) = self.body(&own, args);
        self.state.read.extend(read.iter().cloned());
        self.walked.insert(instance, Some((value.clone(), read)));
        value
    }

    /// What a function gives, and what it reads on every way through it.
    fn body(&mut self, own: &(String, usize), args: Vec<Abstract>) -> (Abstract, BTreeSet<FieldPath>) {
        let Some(function) = self.parsed.functions.get(own) else {
            return (Abstract::Value(Value::ANYTHING), BTreeSet::new());
        };
        let present: BTreeSet<_> = self.state.present.clone();
        let variables = function.params.iter().cloned().zip(args).collect();
        let outer = std::mem::replace(&mut self.state, State::entry(variables, present));
        let outer_returned = self.returned.take();
        let outer_read = self.read_at_end.take();
        let outer_loops = std::mem::take(&mut self.loops);
        self.depth += 1;
        let last = self.block(&function.body);
        let reached = self.state.reachable;
        let at = function.body.last().map_or(Position::NONE, rhai::Stmt::position);
        if reached {
            self.gives(last, at);
        }
        let returned = self.returned.take();
        let read = std::mem::replace(&mut self.read_at_end, outer_read);
        self.depth -= 1;
        self.loops = outer_loops;
        self.returned = outer_returned;
        self.state = outer;
        (returned.unwrap_or(Abstract::UNIT), read.unwrap_or_default())
    }

    /// Notes what a function gives back.
    pub(super) fn gives(&mut self, value: Abstract, at: Position) {
        if self.state.reachable {
            let read = self.state.read.clone();
            self.read_at_end = Some(match self.read_at_end.take() {
                None => read,
                Some(before) => before.intersection(&read).cloned().collect(),
            });
        }
        let value = match value {
            Abstract::Plan => Abstract::Plan,
            value => {
                let absence = self.state.absence(&value);
                let value = self.plain(value, at, "returned");
                Abstract::Value(Value { absence, ..value })
            }
        };
        self.returned = Some(match self.returned.take() {
            None => value,
            Some(before) => before.join(value).unwrap_or(Abstract::Value(Value::ANYTHING)),
        });
    }
}
