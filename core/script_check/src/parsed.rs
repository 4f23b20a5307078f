//! A script as a tree.

use std::collections::BTreeMap;

use rhai::{AST, ASTFlags, ASTNode, BinaryExpr, Engine, Expr, FnCallExpr, ParseError, Position, Stmt};

/// One function of a script.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its parameters, in their order.
    pub params: Vec<String>,
    /// Its statements.
    pub body: Vec<Stmt>,
    /// True for a function that belongs to a type (`fn Item.name()`).
    pub is_method: bool,
}

/// A script as a tree.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// Statements outside of every function.
    pub top: Vec<Stmt>,
    /// The functions by name and number of parameters.
    pub functions: BTreeMap<(String, usize), Function>,
}

impl Parsed {
    /// Reads a script.
    pub fn parse_source(engine: &Engine, source: &str) -> Result<Self, ParseError> {
        Ok(Self::of_tree(&engine.compile(source)?))
    }

    pub fn of_tree(ast: &AST) -> Self {
        let metas: Vec<_> = ast
            .iter_functions()
            .map(|m| {
                (
                    m.name.to_owned(),
                    m.params.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>(),
                    m.this_type.is_some(),
                )
            })
            .collect();
        let function = |(name, params, is_method): (String, Vec<String>, bool)| {
            let body = function_body(ast, &name, params.len());
            ((name, params.len()), Function { params, body, is_method })
        };
        Self { top: ast.statements().to_vec(), functions: metas.into_iter().map(function).collect() }
    }

    /// A function by its name, whatever its parameters; `None` where there is none or more than one.
    pub fn function_named(&self, name: &str) -> Option<&Function> {
        let mut found = self.functions.iter().filter(|((n, _), _)| n == name);
        let first = found.next();
        first.filter(|_| found.next().is_none()).map(|(_, f)| f)
    }
}

/// The bodies of functions are not public in Rhai's API: a clone that keeps one function alone is walked. (Of
/// 1.27's two ways to such a clone, `clone_functions_only_filtered` keeps all of them.)
fn function_body(ast: &AST, name: &str, params: usize) -> Vec<Stmt> {
    let mut one = ast.clone_functions_only();
    one.retain_functions(|_, _, n, p| n == name && p == params);
    let mut body = Vec::new();
    one.walk(&mut |path: &[ASTNode]| {
        if let [ASTNode::Stmt(statement)] = path {
            body.push((*statement).clone());
        }
        true
    });
    body
}

/// One step of a chain such as `params.goes_with[here.category].len()`.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// `.name`.
    Property(&'a str, Position),
    /// `.name(…)`.
    Method(&'a FnCallExpr, Position),
    /// `[…]`.
    Index(&'a Expr),
    /// What this version of Rhai does not make.
    Unknown(Position),
}

/// A chain: what it begins with, and its steps. `None` for any other expression.
pub fn chain_of(expr: &Expr) -> Option<(&Expr, Vec<Step<'_>>)> {
    let mut steps = Vec::new();
    let base = match expr {
        Expr::Dot(pair, flags, _) => {
            push_dotted(&pair.rhs, *flags, &mut steps);
            &pair.lhs
        }
        Expr::Index(pair, flags, _) => {
            push_indexed(pair, *flags, &mut steps);
            &pair.lhs
        }
        _ => return None,
    };
    Some((base, steps))
}

fn push_dotted<'a>(rhs: &'a Expr, flags: ASTFlags, steps: &mut Vec<Step<'a>>) {
    match rhs {
        Expr::Dot(pair, more, _) if !flags.contains(ASTFlags::BREAK) => {
            push_dotted(&pair.lhs, ASTFlags::BREAK, steps);
            push_dotted(&pair.rhs, *more, steps);
        }
        Expr::Index(pair, more, _) if !flags.contains(ASTFlags::BREAK) => {
            push_dotted(&pair.lhs, ASTFlags::BREAK, steps);
            push_indexed(pair, *more, steps);
        }
        Expr::Property(names, at) => steps.push(Step::Property(&names.2, *at)),
        Expr::MethodCall(call, at) => steps.push(Step::Method(call, *at)),
        other => steps.push(Step::Unknown(other.position())),
    }
}

fn push_indexed<'a>(pair: &'a BinaryExpr, flags: ASTFlags, steps: &mut Vec<Step<'a>>) {
    match &pair.rhs {
        Expr::Dot(next, more, _) if !flags.contains(ASTFlags::BREAK) => {
            steps.push(Step::Index(&next.lhs));
            push_dotted(&next.rhs, *more, steps);
        }
        Expr::Index(next, more, _) if !flags.contains(ASTFlags::BREAK) => {
            steps.push(Step::Index(&next.lhs));
            push_indexed(next, *more, steps);
        }
        key => steps.push(Step::Index(key)),
    }
}
