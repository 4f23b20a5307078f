//! Calls: operators, plain functions, moves, and the script's own functions, which are laid out where they
//! are called.

use std::sync::Arc;

use rhai::{Expr, FnCallExpr, Position};

use super::{Known, Lower, Reason};
use crate::{
    limits,
    lowered::{Move, Native, Node, Step},
    operators::{Arithmetic, Comparison},
    parsed::Function,
};

impl Lower<'_> {
    /// Lays out `name(…)` or an operator.
    pub(super) fn call(&mut self, call: &FnCallExpr, at: Position) -> Result<Node, Reason> {
        self.count(at)?;
        let name = call.name.as_str();
        match &*call.args {
            [a] if name == "!" => Ok(Node::Not(Box::new(self.expression(a)?))),
            [a] if name == "-" => Ok(Node::Negate(Box::new(self.expression(a)?))),
            [a, b] => {
                if let Some(node) = self.operator(name, a, b)? {
                    return Ok(node);
                }
                self.function(call, at)
            }
            _ => self.function(call, at),
        }
    }

    fn operator(&mut self, name: &str, a: &Expr, b: &Expr) -> Result<Option<Node>, Reason> {
        let node: Box<dyn FnOnce(Box<Node>, Box<Node>) -> Node> =
            match (name, Comparison::of(name), Arithmetic::of(name)) {
                ("==", ..) => Box::new(Node::Equal),
                ("!=", ..) => Box::new(|a, b| Node::Not(Box::new(Node::Equal(a, b)))),
                ("contains", ..) => Box::new(Node::Contains),
                (_, Some(op), _) => Box::new(move |a, b| Node::Compare(op, a, b)),
                (_, _, Some(op)) => Box::new(move |a, b| Node::Arithmetic(op, a, b)),
                _ => return Ok(None),
            };
        let (a, b) = (self.expression(a)?, self.expression(b)?);
        Ok(Some(node(Box::new(a), Box::new(b))))
    }

    fn function(&mut self, call: &FnCallExpr, at: Position) -> Result<Node, Reason> {
        let own = (call.name.to_string(), call.args.len());
        match self.parsed.functions.get(&own) {
            Some(function) => self.own(&own.0, function, &call.args, at),
            None => self.native(call, None, at),
        }
    }

    /// A function of plain values, as `f(x)` or `x.f()`.
    pub(super) fn native(
        &mut self,
        call: &FnCallExpr,
        receiver: Option<Node>,
        at: Position,
    ) -> Result<Node, Reason> {
        let Some(native) = Native::of(&call.name) else {
            return Err(self.reason(at, "a function that is not compiled"));
        };
        let mut given: Vec<Node> = receiver.into_iter().collect();
        given.extend(self.all(call.args.iter())?);
        Ok(Node::Native(native, given))
    }

    fn own(&mut self, name: &str, function: &Function, args: &[Expr], at: Position) -> Result<Node, Reason> {
        if self.calls.iter().any(|(c, _)| c == name) {
            return Err(self.reason(at, "a function calls itself"));
        }
        if self.calls.len() >= limits::CALLS {
            return Err(self.reason(at, "functions call each other too deeply"));
        }
        self.called.insert(name.to_owned());
        let (mut seen, mut given) = (Vec::new(), Vec::new());
        for (param, arg) in function.params.iter().zip(args) {
            let known = match arg {
                Expr::Variable(names, ..) => {
                    Some(self.known(&names.1, at)?).filter(|k| !matches!(k, Known::Slot(_) | Known::Same(_)))
                }
                _ => None,
            };
            let known = match known {
                Some(object) => object,
                None => match self.expression(arg)? {
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
        let body = self.block(&function.body)?;
        self.calls.pop();
        self.names = outer;
        Ok(match (given.as_slice(), body.as_slice()) {
            // one expression of objects, columns and constants stands for itself
            ([], [Step::Value(node) | Step::Return(Some(node))]) => node.clone(),
            _ => Node::Call(given, body),
        })
    }

    /// A move of the candidate.
    pub(super) fn moved(&mut self, call: &FnCallExpr, at: Position) -> Result<Node, Reason> {
        let note = |expr: &Expr| match expr {
            Expr::StringConstant(text, _) => Some(Arc::<str>::from(text.as_str())),
            _ => None,
        };
        let moved = match (call.name.as_str(), &*call.args) {
            (name @ ("boost" | "bury"), [factor]) => {
                Some(Move::Scale(name == "boost", self.expression(factor)?, "".into()))
            }
            (name @ ("boost" | "bury"), [factor, text]) => {
                let factor = self.expression(factor)?;
                note(text).map(|text| Move::Scale(name == "boost", factor, text))
            }
            ("drop", []) => Some(Move::Drop("".into())),
            ("drop", [text]) => note(text).map(Move::Drop),
            ("say", [code]) => note(code).map(Move::Say),
            _ => None,
        };
        let moved = moved.ok_or_else(|| self.reason(at, "a move that is not compiled"))?;
        Ok(Node::Move(Box::new(moved)))
    }
}
