//! Expressions.

use std::sync::Arc;

use jardin_model::Namespace;
use rhai::{Expr, Position};

use super::{Known, Lower, Reason, constant};
use crate::{
    lowered::Node,
    parsed::{Step, chain_of},
};

/// What a chain has reached.
enum Reached {
    /// An object.
    Known(Known),
    /// A value.
    Node(Node),
}

impl Lower<'_> {
    /// Lays out an expression.
    pub(super) fn lower_expression(&mut self, expr: &Expr) -> Result<Node, Reason> {
        let at = expr.start_position();
        self.count_node(at)?;
        Ok(match expr {
            Expr::Unit(_) => constant(()),
            Expr::BoolConstant(b, _) => constant(*b),
            Expr::IntegerConstant(i, _) => constant(*i),
            Expr::FloatConstant(f, _) => constant(**f),
            Expr::StringConstant(t, _) => constant(t.clone()),
            Expr::DynamicConstant(value, _) => constant((**value).clone()),
            Expr::Variable(names, ..) => match self.known_name(&names.1, at)? {
                Known::Slot(slot) => Node::Slot(slot),
                Known::Same(node) => node,
                Known::Params => Node::Params,
                Known::Candidate | Known::Person(_) => {
                    return Err(self.reason_at(at, "an object is used as a value"));
                }
            },
            Expr::And(parts, _) => Node::And(self.lower_all(parts.iter())?),
            Expr::Or(parts, _) => Node::Or(self.lower_all(parts.iter())?),
            Expr::Coalesce(parts, _) => Node::Coalesce(self.lower_all(parts.iter())?),
            Expr::InterpolatedString(parts, _) => Node::Text(self.lower_all(parts.iter())?),
            Expr::Array(parts, _) => Node::Array(self.lower_all(parts.iter())?),
            Expr::Map(entries, _) => {
                let mut map = Vec::new();
                for (key, value) in &entries.0 {
                    map.push((Arc::from(key.name.as_str()), self.lower_expression(value)?));
                }
                Node::Map(map)
            }
            Expr::Stmt(block) => Node::Block(self.lower_block(block.statements())?),
            Expr::FnCall(call, at) => self.lower_call(call, *at)?,
            Expr::Dot(..) | Expr::Index(..) => self.lower_chain(expr, at)?,
            _ => return Err(self.reason_at(at, "an expression that is not compiled")),
        })
    }

    pub(super) fn lower_all<'e>(
        &mut self,
        parts: impl Iterator<Item = &'e Expr>,
    ) -> Result<Vec<Node>, Reason> {
        parts.map(|part| self.lower_expression(part)).collect()
    }

    fn lower_chain(&mut self, expr: &Expr, at: Position) -> Result<Node, Reason> {
        let Some((base, steps)) = chain_of(expr) else {
            return Err(self.reason_at(at, "a chain that is not compiled"));
        };
        let mut reached = match base {
            Expr::Variable(names, ..) => match self.known_name(&names.1, at)? {
                Known::Slot(slot) => Reached::Node(Node::Slot(slot)),
                Known::Same(node) => Reached::Node(node),
                known => Reached::Known(known),
            },
            other => Reached::Node(self.lower_expression(other)?),
        };
        for step in steps {
            reached = Reached::Node(self.lower_step(reached, step, at)?);
        }
        match reached {
            Reached::Node(node) => Ok(node),
            Reached::Known(_) => Err(self.reason_at(at, "an object is used as a value")),
        }
    }

    fn lower_step(&mut self, reached: Reached, step: Step<'_>, at: Position) -> Result<Node, Reason> {
        self.count_node(at)?;
        match (reached, step) {
            (Reached::Known(known), Step::Property(name, at)) => self.lower_field(&known, name, at),
            (Reached::Known(Known::Params), Step::Index(key)) => {
                let key = self.lower_expression(key)?;
                Ok(Node::Index(Box::new(Node::Params), Box::new(key)))
            }
            (Reached::Known(known), Step::Index(Expr::StringConstant(name, at))) => {
                self.lower_field(&known, name, *at)
            }
            (Reached::Known(Known::Candidate), Step::Method(call, at)) => self.lower_move(call, at),
            (Reached::Node(base), Step::Property(name, _)) => Ok(Node::Property(Box::new(base), name.into())),
            (Reached::Node(base), Step::Index(key)) => {
                let key = self.lower_expression(key)?;
                Ok(Node::Index(Box::new(base), Box::new(key)))
            }
            (Reached::Node(base), Step::Method(call, at)) => self.lower_plain_function(call, Some(base), at),
            _ => Err(self.reason_at(at, "a use of an object that is not compiled")),
        }
    }

    fn lower_field(&mut self, known: &Known, name: &str, at: Position) -> Result<Node, Reason> {
        match known {
            Known::Candidate if self.granted.granted_field(Namespace::Item, name).is_some() => {
                Ok(Node::Field(self.column_index(name)))
            }
            Known::Person(namespace) if self.granted.granted_field(*namespace, name).is_some() => {
                Ok(Node::Person(*namespace, name.into(), self.granted.is_item(*namespace, name)))
            }
            Known::Params => Ok(Node::Property(Box::new(Node::Params), name.into())),
            Known::Slot(slot) => Ok(Node::Property(Box::new(Node::Slot(*slot)), name.into())),
            Known::Same(node) => Ok(Node::Property(Box::new(node.clone()), name.into())),
            Known::Candidate | Known::Person(_) => Err(self.reason_at(at, "a field that is not granted")),
        }
    }
}
