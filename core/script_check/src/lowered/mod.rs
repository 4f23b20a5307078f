//! A rule lowered to a tree of its own, from which column kernels run. What is not lowered is left to the
//! interpreter for the whole request, so that both always agree.

mod help;
mod lower;
mod node;
mod statics;

use std::{collections::BTreeSet, sync::Arc};

use crate::{Binding, Granted, parsed::Parsed};

pub use node::{Block, Case, List, Loop, LoweredMove, Node, Step, Switch};

pub(crate) use help::help_for;
pub(crate) use lower::Reason;

/// A lowered `adjust`.
#[derive(Debug)]
pub struct Program {
    /// Its statements.
    pub body: Block,
    /// The expressions that depend on the request alone; [`Node::Static`] is a position here.
    pub statics: Vec<Node>,
    /// The columns that it reads; [`Node::Field`] is a position here.
    pub columns: Vec<Arc<str>>,
    /// How many variables it has; [`Node::Slot`] is one of them.
    pub slots: usize,
    /// The functions that it calls.
    pub called: BTreeSet<String>,
}

impl Program {
    /// Lowers `adjust`.
    pub(crate) fn compile(parsed: &Parsed, granted: &Granted, params: &[Binding]) -> Result<Self, Reason> {
        let lowered = lower::lower_adjust(parsed, granted, params)?;
        let marked = statics::mark_statics(lowered.body, lowered.slots);
        Ok(Self {
            body: marked.body,
            statics: marked.nodes,
            columns: lowered.columns,
            slots: lowered.slots,
            called: lowered.called,
        })
    }
}
