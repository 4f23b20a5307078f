//! Statements.

use std::ops::{Range, RangeInclusive};

use rhai::{ASTFlags, Expr, FlowControl, INT, Ident, OpAssignment, Position, Stmt, SwitchCasesCollection};

use super::{Known, Lower, Reason, constant};
use crate::{
    lowered::{Block, Case, List, Loop, Node, Step, Switch},
    operators::{Arithmetic, Operator},
};

impl Lower<'_> {
    /// Lays out a block.
    pub(super) fn lower_block(&mut self, statements: &[Stmt]) -> Result<Block, Reason> {
        let depth = self.names.len();
        let mut block = Vec::new();
        for statement in statements {
            block.extend(self.lower_statement(statement)?);
        }
        self.names.truncate(depth);
        Ok(block)
    }

    fn lower_statement(&mut self, statement: &Stmt) -> Result<Option<Step>, Reason> {
        Ok(Some(match statement {
            Stmt::Noop(_) => Step::Value(constant(())),
            Stmt::Expr(expr) => Step::Value(self.lower_expression(expr)?),
            Stmt::FnCall(call, at) => Step::Value(self.lower_call(call, *at)?),
            Stmt::Block(block) => Step::Value(Node::Block(self.lower_block(block.statements())?)),
            Stmt::If(flow, _) => Step::Value(self.lower_if(flow)?),
            Stmt::Switch(parts, at) => Step::Value(self.lower_switch(&parts.0, &parts.1, *at)?),
            Stmt::For(parts, at) => self.lower_for(&parts.0, parts.1.as_ref(), &parts.2, *at)?,
            Stmt::Var(parts, ..) => return self.lower_let(&parts.0, &parts.1),
            Stmt::Assignment(parts) => self.lower_assignment(&parts.0, &parts.1.lhs, &parts.1.rhs)?,
            Stmt::Return(value, flags, at) if !flags.contains(ASTFlags::BREAK) => {
                self.count_node(*at)?;
                Step::Return(value.as_ref().map(|v| self.lower_expression(v)).transpose()?)
            }
            Stmt::BreakLoop(None, flags, _) => {
                if flags.contains(ASTFlags::BREAK) {
                    Step::Break
                } else {
                    Step::Continue
                }
            }
            Stmt::While(_, at) | Stmt::Do(_, _, at) => {
                return Err(self.reason_at(*at, "a loop without an end in sight"));
            }
            other => return Err(self.reason_at(other.position(), "a statement that is not compiled")),
        }))
    }

    fn lower_if(&mut self, flow: &FlowControl) -> Result<Node, Reason> {
        let condition = self.lower_expression(&flow.expr)?;
        let yes = self.lower_block(flow.body.statements())?;
        let no = self.lower_block(flow.branch.statements())?;
        Ok(Node::If(Box::new((condition, yes, no))))
    }

    fn lower_switch(
        &mut self,
        expr: &Expr,
        parts: &SwitchCasesCollection,
        at: Position,
    ) -> Result<Node, Reason> {
        let value = self.lower_expression(expr)?;
        let mut cases = Vec::new();
        #[expect(
            clippy::iter_over_hash_type,
            reason = "a value meets one case at most, whichever comes first"
        )]
        for case in parts.cases.values() {
            // Rhai keeps each range among the cases too, where no value meets it
            if case.value.is::<Range<INT>>() || case.value.is::<RangeInclusive<INT>>() {
                continue;
            }
            let is_plain = case.value.is_string() || case.value.is_bool() || case.value.is_unit();
            if !is_plain {
                return Err(self.reason_at(at, "a case that is not a text"));
            }
            cases.push(Case {
                value: case.value.clone(),
                constant: constant(case.value.clone()),
                arms: case.blocks.to_vec(),
            });
        }
        let ranges = parts.ranges.iter().map(|r| (r.clone(), r.index())).collect();
        let mut arms = Vec::new();
        for arm in &parts.expressions {
            arms.push((self.lower_expression(&arm.lhs)?, self.lower_expression(&arm.rhs)?));
        }
        Ok(Node::Switch(Box::new(Switch { value, cases, ranges, default: parts.def_case, arms })))
    }

    fn lower_for(
        &mut self,
        name: &Ident,
        counter: Option<&Ident>,
        flow: &FlowControl,
        at: Position,
    ) -> Result<Step, Reason> {
        let list = match &flow.expr {
            Expr::FnCall(call, _) => match (Operator::from_sign(&call.name, call.args.len()), &*call.args) {
                (Some(Operator::Range(with_last)), [from, to]) => {
                    List::Range(self.lower_expression(from)?, self.lower_expression(to)?, with_last)
                }
                _ => List::Of(self.lower_expression(&flow.expr)?),
            },
            other => List::Of(self.lower_expression(other)?),
        };
        let depth = self.names.len();
        let counter = counter.map(|c| self.new_variable(&c.name, at)).transpose()?;
        let slot = self.new_variable(&name.name, at)?;
        let body = self.lower_block(flow.body.statements())?;
        self.names.truncate(depth);
        Ok(Step::For(Box::new(Loop { slot, counter, list, body })))
    }

    /// `let`: another name for an object, or a variable.
    fn lower_let(&mut self, name: &Ident, expr: &Expr) -> Result<Option<Step>, Reason> {
        if let Expr::Variable(names, ..) = expr {
            let known = self.known_name(&names.1, name.pos)?;
            if !matches!(known, Known::Slot(_) | Known::Same(_)) {
                self.names.push((name.name.to_string(), known));
                return Ok(None);
            }
        }
        let value = self.lower_expression(expr)?;
        let slot = self.new_variable(&name.name, name.pos)?;
        Ok(Some(Step::Set(slot, value)))
    }

    fn lower_assignment(&mut self, op: &OpAssignment, target: &Expr, expr: &Expr) -> Result<Step, Reason> {
        let at = op.position();
        let Expr::Variable(names, ..) = target else {
            return Err(self.reason_at(at, "a part of a value is assigned"));
        };
        let Known::Slot(slot) = self.known_name(&names.1, at)? else {
            return Err(self.reason_at(at, "an object is assigned"));
        };
        let value = self.lower_expression(expr)?;
        let Some((.., sign)) = op.get_op_assignment_info() else {
            return Ok(Step::Set(slot, value));
        };
        let op = Arithmetic::from_sign(sign)
            .ok_or_else(|| self.reason_at(at, "an operator that is not compiled"))?;
        let calculated = |value| Node::Arithmetic(op, Box::new(Node::Slot(slot)), Box::new(value));
        if !has_assignment(&value) {
            return Ok(Step::Set(slot, calculated(value)));
        }
        // the variable is read after the value was found, which may change it
        let found = self.slots;
        self.slots += 1;
        let steps = vec![Step::Set(found, value), Step::Set(slot, calculated(Node::Slot(found)))];
        Ok(Step::Value(Node::Block(steps)))
    }
}

/// True for what may change a variable: statements stand in it.
fn has_assignment(node: &Node) -> bool {
    let mut found = matches!(node, Node::Block(_) | Node::If(_) | Node::Switch(_));
    node.visit_inner(&mut |inner| found = found || has_assignment(inner));
    found
}
