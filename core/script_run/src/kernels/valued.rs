//! Control flow with a value: `if`, `switch`, blocks, and functions of the script with their early returns.

use jardin_script_check::lowered::{Block, Node, Step, Switch};

use super::{
    Machine,
    evaluate::Found,
    lanes::{Lanes, Mask},
    value::{Stop, Value},
};

/// The values that were given so far.
struct Given<'v> {
    lanes: Lanes<'v>,
    rows: Mask,
    /// True where `return` gives the value; elsewhere it would leave the rule.
    in_call: bool,
}

/// Which candidates reached the end; `None` where lanes do not hold the value.
type Reached = Result<Option<Mask>, Stop>;

impl<'v, 'p> Machine<'v, 'p> {
    /// What was done once is not done again in another way: the interpreter begins anew.
    pub(super) const fn not_twice(&self, done: u64) -> Result<(), Stop> {
        if self.done == done { Ok(()) } else { Err(Stop::Bail) }
    }

    /// The value of control flow.
    pub(super) fn control_flow_lanes(&mut self, node: &'p Node, within: Mask) -> Found<'v> {
        let done = self.done;
        let mut given = Given { lanes: Lanes::Fixed(Value::Unit), rows: 0, in_call: false };
        let reached = if let Node::Call(args, body) = node {
            let mut here = within;
            for (slot, arg) in args {
                here = self.assign_slot(*slot, arg, here)?;
            }
            given.in_call = true;
            self.steps_valued(body, here, &mut given, true)?
        } else {
            self.run_tail(node, within, &mut given, true)?
        };
        if reached.is_none() {
            self.not_twice(done)?;
            return Ok(None);
        }
        Ok(Some(given.lanes))
    }

    fn give_lanes(&mut self, given: &mut Given<'v>, lanes: &Lanes<'v>, here: Mask) -> bool {
        let here = self.open_rows(here);
        let before = std::mem::replace(&mut given.lanes, Lanes::Fixed(Value::Unit));
        match self.blend_lanes(before, given.rows, lanes, here) {
            Some(blended) => {
                given.lanes = blended;
                given.rows |= here;
                true
            }
            None => false,
        }
    }

    fn give_of(&mut self, node: &'p Node, here: Mask, given: &mut Given<'v>) -> Result<bool, Stop> {
        match self.evaluate_lanes(node, here)? {
            Some(lanes) => Ok(self.give_lanes(given, &lanes, here)),
            None => Ok(false),
        }
    }

    /// A statement, whose value is the whole one's where it is the last.
    fn run_tail(&mut self, node: &'p Node, here: Mask, given: &mut Given<'v>, is_last: bool) -> Reached {
        if here == 0 {
            return Ok(Some(0));
        }
        match node {
            Node::If(parts) => {
                let yes = self.rows_where(&parts.0, here)?;
                let no = self.open_rows(here & !yes);
                let Some(reached) = self.steps_valued(&parts.1, yes, given, is_last)? else {
                    return Ok(None);
                };
                let others = self.steps_valued(&parts.2, no, given, is_last)?;
                Ok(others.map(|others| reached | others))
            }
            Node::Block(block) => self.steps_valued(block, here, given, is_last),
            Node::Switch(switch) => self.switch_valued(switch, here, given, is_last),
            other if is_last => {
                let fits = self.give_of(other, here, given)?;
                Ok(fits.then(|| self.open_rows(here)))
            }
            other => self.run_statement(other, here).map(Some),
        }
    }

    fn switch_valued(
        &mut self,
        switch: &'p Switch,
        here: Mask,
        given: &mut Given<'v>,
        is_last: bool,
    ) -> Reached {
        let (mut reached, mut fits) = (0, true);
        let rest = self.run_switch(switch, here, &mut |machine, arm, rows| {
            if fits {
                match machine.run_tail(arm, rows, given, is_last)? {
                    Some(rows) => reached |= rows,
                    None => fits = false,
                }
            }
            Ok(())
        })?;
        let Some(rest) = rest.filter(|_| fits) else {
            return Ok(None);
        };
        if is_last && !self.give_lanes(given, &Lanes::Fixed(Value::Unit), rest) {
            return Ok(None);
        }
        Ok(Some(reached | rest))
    }

    fn steps_valued(
        &mut self,
        block: &'p Block,
        mut here: Mask,
        given: &mut Given<'v>,
        is_last: bool,
    ) -> Reached {
        let unit = Lanes::Fixed(Value::Unit);
        for (place, step) in block.iter().enumerate() {
            if here == 0 {
                return Ok(Some(0));
            }
            let is_last = is_last && place + 1 == block.len();
            match step {
                Step::Value(node) => match self.run_tail(node, here, given, is_last)? {
                    Some(reached) => here = reached,
                    None => return Ok(None),
                },
                Step::Set(slot, node) => {
                    // a function changes variables of its own, which it finds anew each time
                    self.done += u64::from(!given.in_call);
                    here = self.assign_slot(*slot, node, here)?;
                    if is_last && !self.give_lanes(given, &unit, here) {
                        return Ok(None);
                    }
                }
                Step::Return(_) if !given.in_call => return Err(Stop::Bail),
                Step::Return(None) => {
                    let fits = self.give_lanes(given, &unit, here);
                    return Ok(fits.then_some(0));
                }
                Step::Return(Some(node)) => {
                    let fits = self.give_of(node, here, given)?;
                    return Ok(fits.then_some(0));
                }
                Step::For(_) | Step::Break | Step::Continue => return Ok(None),
            }
        }
        if is_last && block.is_empty() && !self.give_lanes(given, &unit, here) {
            return Ok(None);
        }
        Ok(Some(here))
    }
}
