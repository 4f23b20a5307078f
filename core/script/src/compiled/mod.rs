//! Rules compiled to columns: the interpreter's meaning at some times the cost of native code. Whatever a
//! compiled rule does not know how to do, the interpreter does for the whole request, so that both always
//! agree.

mod help;
mod lower;
mod native;
mod node;
mod run;
mod statics;
mod value;

use std::{collections::BTreeSet, sync::Arc};

use jardin_contract::{Clock, Deadline, Effects};
use jardin_model::ItemIndex;

use self::node::{Block, Node};
use crate::{check::Binding, granted::Granted, host::Request, parsed::Parsed};

pub(crate) use help::help;
pub(crate) use lower::Reason;

/// A compiled `adjust`.
#[derive(Debug)]
pub(crate) struct Program {
    body: Block,
    statics: Vec<Node>,
    columns: Vec<Arc<str>>,
    slots: usize,
    /// The functions that it calls.
    pub(crate) called: BTreeSet<String>,
}

/// How a compiled run ended.
#[derive(Debug)]
pub(crate) enum Ran {
    /// The effects on each candidate, and on how many the rule failed.
    Done(Effects, usize),
    /// The interpreter must do this request.
    Unsure,
    /// The deadline passed.
    Late,
}

impl Program {
    /// Compiles `adjust`.
    pub(crate) fn compile(parsed: &Parsed, granted: &Granted, params: &[Binding]) -> Result<Self, Reason> {
        let lowered = lower::lower(parsed, granted, params)?;
        let marked = statics::mark(lowered.body, lowered.slots);
        Ok(Self {
            body: marked.body,
            statics: marked.nodes,
            columns: lowered.columns,
            slots: lowered.slots,
            called: lowered.called,
        })
    }

    /// Runs over candidates until a deadline.
    pub(crate) fn run(
        &self,
        request: &Arc<Request>,
        items: &[ItemIndex],
        clock: &dyn Clock,
        deadline: Deadline,
    ) -> Ran {
        run::run(self, request, items, clock, deadline)
    }
}
