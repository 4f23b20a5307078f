//! A rule as a tree of its own: names are resolved, calls are laid out where they stand, and what depends on
//! the request alone is marked.

use std::sync::Arc;

use jardin_model::Namespace;
use rhai::{Dynamic, RangeCase};

use crate::{
    operators::{Arithmetic, Comparison},
    vocabulary::{Function, Move},
};

/// An expression.
#[derive(Debug, Clone)]
pub enum Node {
    /// A constant.
    Constant(Dynamic),
    /// A column of the candidate.
    Field(usize),
    /// A variable.
    Slot(usize),
    /// What depends on the request alone and is found once a request.
    Static(usize),
    /// A field of subject, session or context, and whether it holds a product.
    Person(Namespace, Arc<str>, bool),
    /// The settings.
    Params,
    /// `base.name` of another product, an event or a table.
    Property(Box<Node>, Arc<str>),
    /// `base[key]`.
    Index(Box<Node>, Box<Node>),
    /// `!a`.
    Not(Box<Node>),
    /// `-a`.
    Negate(Box<Node>),
    /// `a + b` and its like.
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    /// `a < b` and its like.
    Compare(Comparison, Box<Node>, Box<Node>),
    /// `a == b`.
    Equal(Box<Node>, Box<Node>),
    /// `x in list`, the list first.
    Contains(Box<Node>, Box<Node>),
    /// `a && b`.
    And(Vec<Node>),
    /// `a || b`.
    Or(Vec<Node>),
    /// `a ?? b`.
    Coalesce(Vec<Node>),
    /// A function of plain values.
    Function(Function, Vec<Node>),
    /// `a..b`, and `a..=b` where it is true.
    Range(Box<Node>, Box<Node>, bool),
    /// `[a, b]`.
    Array(Vec<Node>),
    /// `#{a: b}`.
    Map(Vec<(Arc<str>, Node)>),
    /// A text with values in it.
    Text(Vec<Node>),
    /// `if`, with the value of whichever block ran.
    If(Box<(Node, Block, Block)>),
    /// `switch`.
    Switch(Box<Switch>),
    /// A block, with the value of its last statement.
    Block(Block),
    /// A function of the script: its variables with what they are given, and its statements.
    Call(Vec<(usize, Node)>, Block),
    /// A move of the candidate.
    Move(Box<LoweredMove>),
}

/// Statements; the last one's value is the block's.
pub type Block = Vec<Step>;

/// A statement.
#[derive(Debug, Clone)]
pub enum Step {
    /// An expression.
    Value(Node),
    /// A variable is given a value.
    Set(usize, Node),
    /// `for x in list`.
    For(Box<Loop>),
    /// `return`.
    Return(Option<Node>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
}

/// `for x in list`.
#[derive(Debug, Clone)]
pub struct Loop {
    /// The variable.
    pub slot: usize,
    /// The variable that counts.
    pub counter: Option<usize>,
    /// What is gone through.
    pub list: List,
    /// What is done each time.
    pub body: Block,
}

/// What a loop goes through.
#[derive(Debug, Clone)]
pub enum List {
    /// The elements of a value.
    Of(Node),
    /// Whole numbers from one to another, and whether the last one counts.
    Range(Node, Node, bool),
}

/// `switch`.
#[derive(Debug, Clone)]
pub struct Switch {
    /// What is looked at.
    pub value: Node,
    /// Constants, no two of them the same.
    pub cases: Vec<Case>,
    /// Ranges, in their order.
    pub ranges: Vec<(RangeCase, usize)>,
    /// The arm where no other fits.
    pub default: Option<usize>,
    /// Each arm with its condition.
    pub arms: Vec<(Node, Node)>,
}

/// One constant of a `switch`.
#[derive(Debug, Clone)]
pub struct Case {
    /// The constant.
    pub value: Dynamic,
    /// The same as an expression.
    pub constant: Node,
    /// The arms to try, in their order.
    pub arms: Vec<usize>,
}

/// A move of the candidate.
#[derive(Debug, Clone)]
pub enum LoweredMove {
    /// A word with a factor, and its note.
    Scale(Move, Node, Arc<str>),
    /// `drop`, with its note.
    Drop(Arc<str>),
    /// `say`, with its code.
    Say(Arc<str>),
}

impl Node {
    /// Every expression directly within this one.
    pub fn visit_inner(&self, see: &mut dyn FnMut(&Self)) {
        match self {
            Self::Constant(_)
            | Self::Field(_)
            | Self::Slot(_)
            | Self::Static(_)
            | Self::Person(..)
            | Self::Params => {}
            Self::Property(a, _) | Self::Not(a) | Self::Negate(a) => see(a),
            Self::Index(a, b)
            | Self::Arithmetic(_, a, b)
            | Self::Compare(_, a, b)
            | Self::Equal(a, b)
            | Self::Contains(a, b)
            | Self::Range(a, b, _) => {
                see(a);
                see(b);
            }
            Self::And(all)
            | Self::Or(all)
            | Self::Coalesce(all)
            | Self::Function(_, all)
            | Self::Array(all)
            | Self::Text(all) => {
                all.iter().for_each(see);
            }
            Self::Map(all) => all.iter().for_each(|(_, n)| see(n)),
            Self::If(parts) => {
                see(&parts.0);
                visit_block(&parts.1, see);
                visit_block(&parts.2, see);
            }
            Self::Switch(switch) => {
                see(&switch.value);
                for (condition, value) in &switch.arms {
                    see(condition);
                    see(value);
                }
            }
            Self::Block(block) => visit_block(block, see),
            Self::Call(given, block) => {
                given.iter().for_each(|(_, n)| see(n));
                visit_block(block, see);
            }
            Self::Move(moved) => {
                if let LoweredMove::Scale(_, factor, _) = &**moved {
                    see(factor);
                }
            }
        }
    }
}

/// Every expression directly within statements.
fn visit_block(block: &Block, see: &mut dyn FnMut(&Node)) {
    for step in block {
        match step {
            Step::Value(node) | Step::Set(_, node) | Step::Return(Some(node)) => see(node),
            Step::For(each) => {
                match &each.list {
                    List::Of(node) => see(node),
                    List::Range(from, to, _) => {
                        see(from);
                        see(to);
                    }
                }
                visit_block(&each.body, see);
            }
            Step::Return(None) | Step::Break | Step::Continue => {}
        }
    }
}
