//! Calls: operators, plain functions, moves, and the script's own functions, which are laid out where they
//! are called.

use std::sync::Arc;

use rhai::{Expr, FnCallExpr, Position};

use super::{Known, Lower, Reason};
use crate::{
    limits,
    lowered::{LoweredMove, Node, Step},
    operators::Operator,
    parsed::Function as OwnFunction,
    vocabulary::{Function, Move},
};

impl Lower<'_> {
    /// Lays out `name(…)` or an operator.
    pub(super) fn lower_call(&mut self, call: &FnCallExpr, at: Position) -> Result<Node, Reason> {
        self.count_node(at)?;
        match (Operator::from_sign(&call.name, call.args.len()), &*call.args) {
            (Some(operator), [a]) => self.lower_unary(operator, a, at),
            (Some(operator), [a, b]) => self.lower_binary(operator, a, b, at),
            _ => self.lower_function(call, at),
        }
    }

    fn lower_unary(&mut self, operator: Operator, a: &Expr, at: Position) -> Result<Node, Reason> {
        let a = Box::new(self.lower_expression(a)?);
        match operator {
            Operator::Not => Ok(Node::Not(a)),
            Operator::Negate => Ok(Node::Negate(a)),
            Operator::Equal
            | Operator::Unequal
            | Operator::Compare(_)
            | Operator::Calculate(_)
            | Operator::Range(_) => Err(self.reason_at(at, "an operator that is not compiled")),
        }
    }

    fn lower_binary(&mut self, operator: Operator, a: &Expr, b: &Expr, at: Position) -> Result<Node, Reason> {
        let (a, b) = (Box::new(self.lower_expression(a)?), Box::new(self.lower_expression(b)?));
        match operator {
            Operator::Equal => Ok(Node::Equal(a, b)),
            Operator::Unequal => Ok(Node::Not(Box::new(Node::Equal(a, b)))),
            Operator::Compare(op) => Ok(Node::Compare(op, a, b)),
            Operator::Calculate(op) => Ok(Node::Arithmetic(op, a, b)),
            Operator::Range(with_last) => Ok(Node::Range(a, b, with_last)),
            Operator::Not | Operator::Negate => Err(self.reason_at(at, "an operator that is not compiled")),
        }
    }

    fn lower_function(&mut self, call: &FnCallExpr, at: Position) -> Result<Node, Reason> {
        let own = (call.name.to_string(), call.args.len());
        match self.parsed.functions.get(&own) {
            Some(function) => self.lower_own_function(&own.0, function, &call.args, at),
            None => self.lower_plain_function(call, None, at),
        }
    }

    /// A function of plain values, as `f(x)` or `x.f()`.
    pub(super) fn lower_plain_function(
        &mut self,
        call: &FnCallExpr,
        receiver: Option<Node>,
        at: Position,
    ) -> Result<Node, Reason> {
        let Some(word) = Function::from_name(&call.name) else {
            return Err(self.reason_at(at, "a function that is not compiled"));
        };
        let mut given: Vec<Node> = receiver.into_iter().collect();
        given.extend(self.lower_all(call.args.iter())?);
        Ok(match (word, <[Node; 2]>::try_from(given)) {
            // `x in list`, whichever way it is written
            (Function::Contains, Ok([list, x])) => Node::Contains(Box::new(list), Box::new(x)),
            (_, Ok(both)) => Node::Function(word, both.into()),
            (_, Err(given)) => Node::Function(word, given),
        })
    }

    fn lower_own_function(
        &mut self,
        name: &str,
        function: &OwnFunction,
        args: &[Expr],
        at: Position,
    ) -> Result<Node, Reason> {
        if self.calls.iter().any(|(c, _)| c == name) {
            return Err(self.reason_at(at, "a function calls itself"));
        }
        if self.calls.len() >= limits::CALLS {
            return Err(self.reason_at(at, "functions call each other too deeply"));
        }
        self.called.insert(name.to_owned());
        let (mut seen, mut given) = (Vec::new(), Vec::new());
        for (param, arg) in function.params.iter().zip(args) {
            let known = match arg {
                Expr::Variable(names, ..) => Some(self.known_name(&names.1, at)?)
                    .filter(|k| !matches!(k, Known::Slot(_) | Known::Same(_))),
                _ => None,
            };
            let known = match known {
                Some(object) => object,
                None => match self.lower_expression(arg)? {
                    same @ (Node::Field(_) | Node::Constant(_)) => Known::Same(same),
                    value => {
                        let slot = self.slots;
                        self.slots += 1;
                        given.push((slot, value));
                        Known::Slot(slot)
                    }
                },
            };
            seen.push((param.clone(), known));
        }
        // a function sees its parameters and nothing of its caller
        let outer = std::mem::replace(&mut self.names, seen);
        if let Some((_, place)) = self.calls.last_mut() {
            *place = at;
        }
        self.calls.push((name.to_owned(), Position::NONE));
        let body = self.lower_block(&function.body)?;
        self.calls.pop();
        self.names = outer;
        Ok(match (given.as_slice(), body.as_slice()) {
            // one expression of objects, columns and constants stands for itself
            ([], [Step::Value(node) | Step::Return(Some(node))]) => node.clone(),
            _ => Node::Call(given, body),
        })
    }

    /// A move of the candidate.
    pub(super) fn lower_move(&mut self, call: &FnCallExpr, at: Position) -> Result<Node, Reason> {
        let Some(word) = Move::from_name(&call.name) else {
            return Err(self.reason_at(at, "a move that is not compiled"));
        };
        let text = |expr: Option<&Expr>| match expr {
            None => Some(Arc::<str>::from("")),
            Some(Expr::StringConstant(text, _)) => Some(text.as_str().into()),
            Some(_) => None,
        };
        let moved = match (word, &*call.args) {
            (Move::Boost | Move::Bury, [factor, note @ ..]) => {
                let factor = self.lower_expression(factor)?;
                text(note.first()).map(|note| LoweredMove::Scale(word, factor, note))
            }
            (Move::Drop, note) => text(note.first()).map(LoweredMove::Drop),
            (Move::Say, [code]) => text(Some(code)).map(LoweredMove::Say),
            (Move::Boost | Move::Bury, []) | (Move::Say, _) => None,
        };
        let moved = moved.ok_or_else(|| self.reason_at(at, "a move that is not compiled"))?;
        Ok(Node::Move(Box::new(moved)))
    }
}
