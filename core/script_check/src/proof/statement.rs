//! Statements.

use std::collections::BTreeSet;

use rhai::{ASTFlags, Expr, FlowControl, OpAssignment, Position, Stmt, SwitchCasesCollection};

use super::{
    Walk,
    abstracts::{Abstract, Decided, Value},
    plan::Fork,
    state::State,
    types::Typed,
    value_type::ValueType,
};
use crate::operators::Arithmetic;

impl Walk<'_> {
    /// Walks a block and says what is known of its last value.
    pub(super) fn walk_block(&mut self, statements: &[Stmt]) -> Abstract {
        let depth = self.state.variables.len();
        let mut last = Abstract::UNIT;
        for statement in statements {
            last = self.walk_statement(statement);
        }
        self.state.variables.truncate(depth);
        last
    }

    fn walk_statement(&mut self, statement: &Stmt) -> Abstract {
        match statement {
            Stmt::Expr(expr) => return self.walk_expression(expr),
            Stmt::FnCall(call, at) => return self.walk_call(&Expr::FnCall(call.clone(), *at), call, *at),
            Stmt::Block(block) => return self.walk_block(block.statements()),
            Stmt::If(flow, _) => return self.walk_if(flow),
            Stmt::Switch(parts, _) => return self.walk_switch(&parts.0, &parts.1),
            Stmt::While(flow, at) => self.while_loop(flow, *at),
            Stmt::Do(flow, ..) => self.do_loop(flow),
            Stmt::For(parts, at) => self.for_loop(&parts.0, parts.1.as_ref(), &parts.2, *at),
            Stmt::Var(parts, ..) => {
                let value = self.walk_expression(&parts.1);
                self.state.variables.push((parts.0.name.to_string(), value));
            }
            Stmt::Assignment(parts) => self.walk_assignment(&parts.0, &parts.1.lhs, &parts.1.rhs),
            Stmt::BreakLoop(value, flags, at) => {
                self.leave_loop(value.as_deref(), flags.contains(ASTFlags::BREAK), *at)
            }
            Stmt::Return(value, flags, at) => {
                self.return_or_throw(value.as_deref(), flags.contains(ASTFlags::BREAK), *at)
            }
            Stmt::TryCatch(flow, at) => self.try_catch(flow, *at),
            Stmt::Noop(_) => {}
            Stmt::Share(_) => self.refuse_closure(statement.position()),
            other => {
                let help = "a script is one file, and what changes by date comes from the settings";
                self.refuse_banned(other.position(), "this is not part of scripts".into(), help);
            }
        }
        Abstract::UNIT
    }

    fn walk_if(&mut self, flow: &FlowControl) -> Abstract {
        self.walk_enclosed(|walk| walk.walk_branches(flow))
    }

    fn walk_branches(&mut self, flow: &FlowControl) -> Abstract {
        let branches = self.walk_condition(&flow.expr);
        let decided = Decided::by(branches.origin, flow.expr.start_position());
        self.state = branches.yes;
        let first = self.walk_block(flow.body.statements());
        let after = std::mem::replace(&mut self.state, branches.no);
        let second = self.walk_block(flow.branch.statements());
        let (first_reached, second_reached) = (after.reachable, self.state.reachable);
        let (first, second) =
            (self.settle_absence(first, &after), self.settle_absence(second, &self.state.clone()));
        self.state = after.join(self.state.clone(), self.next_number());
        match (first_reached, second_reached) {
            (true, false) => first,
            (false, true) => second,
            _ => self.one_of(first, second, flow.expr.start_position(), decided),
        }
    }

    /// A value with what its own branch knew of it.
    fn settle_absence(&self, value: Abstract, state: &State) -> Abstract {
        let absence = state.absence_of(&value);
        match value {
            Abstract::Value(v) => Abstract::Value(Value { absence, ..v }),
            other => other,
        }
    }

    /// The value of whichever branch ran, as what `decided` says.
    fn one_of(&mut self, first: Abstract, second: Abstract, at: Position, decided: Decided) -> Abstract {
        let fork = Fork { number: self.next_number(), data: decided.by_data };
        match first.clone().join(second.clone(), fork, 0) {
            Some(Abstract::Value(value)) => {
                return Abstract::Value(Value { origin: value.origin.max(decided.origin()), ..value });
            }
            Some(joined) => return joined,
            None => {}
        }
        // a branch that gives `()` is one whose value nobody wants
        if first == Abstract::UNIT || second == Abstract::UNIT {
            return match if first == Abstract::UNIT { second } else { first } {
                Abstract::Plan(plan) => Abstract::Plan(plan.or_none(fork)),
                other => other,
            };
        }
        self.plain_value(first, at, "one of two values");
        self.plain_value(second, at, "one of two values");
        Abstract::Value(Value::REFUSED)
    }

    fn walk_switch(&mut self, expr: &Expr, cases: &SwitchCasesCollection) -> Abstract {
        let value = self.walk_expression(expr);
        let value = self.plain_value(value, expr.start_position(), "switched on");
        let decided = Decided::by(value.origin, expr.start_position());
        self.check_cases((&value, expr), cases);
        let numbers = cases.cases.values().any(|case| case.value.is_int() || case.value.is_float());
        if numbers {
            let help = "numbers of fields are decimal: write a range such as `1..=1`, or `if`";
            self.refuse_banned(
                expr.start_position(),
                "a `switch` has a whole number among its cases".into(),
                help,
            );
        }
        self.walk_enclosed(|walk| walk.walk_cases(expr, cases, decided))
    }

    /// A case must be able to be the value: of its type, and one of its choices.
    fn check_cases(&mut self, value: Typed<'_>, cases: &SwitchCasesCollection) {
        let texts = cases.cases.values().filter_map(|case| case.value.clone().into_immutable_string().ok());
        for text in texts.collect::<BTreeSet<_>>() {
            let one = Value::of_type(ValueType::of_text(&text));
            self.check_equal(value, (&one, &Expr::StringConstant(text, value.1.start_position())));
        }
    }

    fn walk_cases(&mut self, expr: &Expr, cases: &SwitchCasesCollection, mut decided: Decided) -> Abstract {
        let start = self.state.clone();
        // where no case fits and there is no default, nothing happens
        let mut after: Option<State> = cases.def_case.is_none().then(|| start.clone());
        let mut given: Option<Abstract> = cases.def_case.is_none().then_some(Abstract::UNIT);
        for case in &cases.expressions {
            self.state = start.clone();
            let branches = self.walk_condition(&case.lhs);
            // whether a later case is tried depends on it as well
            decided = decided.or(Decided::by(branches.origin, case.lhs.start_position()));
            self.state = branches.yes;
            self.state.note_decided(decided);
            let value = self.walk_expression(&case.rhs);
            let value = self.settle_absence(value, &self.state.clone());
            if self.state.reachable {
                given = Some(match given {
                    Some(before) => self.one_of(before, value, expr.start_position(), decided),
                    None => value,
                });
            }
            let here = self.state.clone();
            after = Some(match after {
                Some(before) => before.join(here, self.next_number()),
                None => here,
            });
        }
        self.state = after.unwrap_or(start);
        given.unwrap_or(Abstract::UNIT)
    }

    fn walk_assignment(&mut self, op: &OpAssignment, target: &Expr, expr: &Expr) {
        let mut value = self.walk_expression(expr);
        let is_whole = !matches!(value, Abstract::Value(_) | Abstract::Plan(_));
        if is_whole {
            value = Abstract::Value(self.plain_value(value, expr.start_position(), "assigned"));
        }
        if op.is_op_assignment() {
            self.require_present(&value, expr, "calculated with");
            let before = self.walk_expression(target);
            self.require_present(&before, target, "calculated with");
            value = self.sum_of(op, (&before, target), (&value, expr));
        }
        match target {
            Expr::Variable(names, _, at) => self.assign_variable(&names.1, value, *at, op.is_op_assignment()),
            _ => self.refuse_assign_inside(target),
        }
    }

    /// What `target += expr` and its like leave in the target.
    fn sum_of(
        &mut self,
        op: &OpAssignment,
        target: (&Abstract, &Expr),
        added: (&Abstract, &Expr),
    ) -> Abstract {
        let operator = op.get_op_assignment_info().and_then(|info| Arithmetic::from_sign(info.5));
        match (operator, target.0, added.0) {
            (Some(operator), Abstract::Value(before), Abstract::Value(value)) => {
                let own = self.check_sum(operator, (before, target.1), (value, added.1));
                Abstract::Value(Value { own, place: None, ..value.clone() })
            }
            _ => added.0.clone(),
        }
    }

    fn assign_variable(&mut self, name: &str, value: Abstract, at: Position, keeps: bool) {
        let absence = self.state.absence_of(&value);
        let decided = self.state.decided.origin();
        let Some(held) = self.state.variable_mut(name) else {
            return;
        };
        match (held, value) {
            (Abstract::Value(held), Abstract::Value(value)) => {
                let origin = if keeps { held.origin.max(value.origin) } else { value.origin };
                // whether it is assigned tells as much as what is
                *held = Value { absence, origin: origin.max(decided), ..value };
            }
            (Abstract::Plan(held), Abstract::Plan(value)) => *held = value,
            (held, value) => {
                let held = held.clone();
                self.plain_value(held, at, "assigned again");
                if matches!(value, Abstract::Plan(_)) {
                    self.refuse_banned(
                        at,
                        "a list takes the place of another kind of value".into(),
                        "use a second `let`",
                    );
                }
            }
        }
    }

    /// `x.key = value`: fields and settings are read-only, and so is what stands in a list or table. Rhai
    /// does not watch the size of a table that grows in this way.
    fn refuse_assign_inside(&mut self, target: &Expr) {
        self.walk_expression(target);
        let help = "fields, settings, lists and tables are read-only; assign to a variable";
        self.refuse_banned(target.start_position(), "a part of a value is assigned".into(), help);
    }

    fn return_or_throw(&mut self, value: Option<&Expr>, throws: bool, at: Position) {
        let given = value.map_or(Abstract::UNIT, |v| self.walk_expression(v));
        if throws {
            self.refuse_banned(at, "`throw` is not part of scripts".into(), "end the rule with `return;`");
        }
        self.ways_out.returns += 1;
        self.record_return(given, value.map_or(at, Expr::start_position));
        self.state.reachable = false;
    }

    fn try_catch(&mut self, flow: &FlowControl, at: Position) {
        let help = "a rule has nothing to catch: guard what may be absent with `??`; an item on which a rule fails is left out";
        self.refuse_banned(at, "`try` is not part of scripts".into(), help);
        self.walk_block(flow.body.statements());
    }
}
