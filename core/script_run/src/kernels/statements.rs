//! Statements over a selection of candidates. Candidates leave a selection by `return` and by failing.

use jardin_script_check::lowered::{Block, Node, Step, Switch};

use super::{
    Machine,
    lanes::{Lanes, Mask, each_row, row_bit},
    scalar::Flow,
    value::{Stop, Value},
};

/// What is done with an arm of a `switch` for the candidates that take it.
type Run<'r, 'v, 'p> = &'r mut dyn FnMut(&mut Machine<'v, 'p>, &'p Node, Mask) -> Result<(), Stop>;

impl<'v, 'p> Machine<'v, 'p> {
    /// Runs statements; says which candidates reached the end.
    pub(super) fn run_statements(&mut self, block: &'p Block, mut here: Mask) -> Result<Mask, Stop> {
        for step in block {
            if here == 0 {
                break;
            }
            self.spend_steps(1)?;
            here = self.run_step(step, here)?;
        }
        Ok(here)
    }

    fn run_step(&mut self, step: &'p Step, here: Mask) -> Result<Mask, Stop> {
        match step {
            Step::Value(node) => self.run_statement(node, here),
            Step::Set(slot, node) => {
                self.done += 1;
                self.assign_slot(*slot, node, here)
            }
            Step::Return(None) => Ok(0),
            Step::Return(Some(node)) => {
                // only a failure of the value counts
                self.run_statement(node, here)?;
                Ok(0)
            }
            Step::For(each) => self.for_each(each, here),
            Step::Break => self.leave_round(here, true),
            Step::Continue => self.leave_round(here, false),
        }
    }

    pub(super) fn run_statement(&mut self, node: &'p Node, here: Mask) -> Result<Mask, Stop> {
        match node {
            Node::Constant(_) => Ok(here),
            Node::If(parts) => {
                let yes = self.rows_where(&parts.0, here)?;
                let no = self.open_rows(here & !yes);
                let reached = self.run_statements(&parts.1, yes)?;
                Ok(reached | self.run_statements(&parts.2, no)?)
            }
            Node::Switch(switch) => {
                let (done, mut reached) = (self.done, 0);
                let rest = self.run_switch(switch, here, &mut |machine, arm, rows| {
                    reached |= machine.run_statement(arm, rows)?;
                    Ok(())
                })?;
                match rest {
                    Some(rest) => Ok(reached | rest),
                    None => {
                        self.not_twice(done)?;
                        self.one_by_one(here, |machine, row| machine.run_node(node, row))
                    }
                }
            }
            Node::Block(block) => self.run_statements(block, here),
            Node::Move(moved) => self.move_all(moved, here),
            Node::Call(given, block) => {
                let mut here = here;
                for (slot, node) in given {
                    here = self.assign_slot(*slot, node, here)?;
                }
                // `return` ends the function and not the rule
                self.run_statements(block, here)?;
                Ok(self.open_rows(here))
            }
            _ => {
                let done = self.done;
                if self.evaluate_lanes(node, here)?.is_some() {
                    return Ok(self.open_rows(here));
                }
                self.not_twice(done)?;
                self.one_by_one(here, |machine, row| machine.run_node(node, row))
            }
        }
    }

    /// A statement for each candidate by itself.
    pub(super) fn one_by_one(
        &mut self,
        here: Mask,
        mut run: impl FnMut(&mut Self, u32) -> Result<Flow<'v>, Stop>,
    ) -> Result<Mask, Stop> {
        let mut reached = 0;
        for row in each_row(self.open_rows(here)) {
            match run(self, row) {
                Ok(Flow::Next(_)) => reached |= row_bit(row),
                Ok(Flow::Return(_)) => {}
                Ok(Flow::Break) => {
                    self.leave_round(row_bit(row), true)?;
                }
                Ok(Flow::Continue) => {
                    self.leave_round(row_bit(row), false)?;
                }
                Err(stop) => self.fail_one(stop, row)?,
            }
        }
        Ok(reached)
    }

    /// Gives a variable a value.
    pub(super) fn assign_slot(&mut self, slot: usize, node: &'p Node, here: Mask) -> Result<Mask, Stop> {
        let done = self.done;
        if let Some(lanes) = self.evaluate_lanes(node, here)? {
            let here = self.open_rows(here);
            self.set_all(slot, lanes, here)?;
            return Ok(here);
        }
        self.not_twice(done)?;
        self.one_by_one(here, |machine, row| {
            let value = machine.evaluate_one(node, row)?;
            machine.set_value(slot, row, value)?;
            Ok(Flow::Next(Value::Unit))
        })
    }

    /// Tells which arm each candidate takes; gives those that take none, or `None` where lanes do not tell.
    pub(super) fn run_switch(
        &mut self,
        switch: &'p Switch,
        here: Mask,
        run: Run<'_, 'v, 'p>,
    ) -> Result<Option<Mask>, Stop> {
        let Some(value) = self.evaluate_lanes(&switch.value, here)? else {
            return Ok(None);
        };
        if matches!(value, Lanes::Cells(_) | Lanes::Fixed(Value::Item(_))) {
            return Ok(None);
        }
        let mut open = self.open_rows(here);
        for case in &switch.cases {
            let Some(wanted) = self.evaluate_lanes(&case.constant, open)? else {
                return Ok(None);
            };
            let Some(same) = self.equal_lanes(&value, &wanted) else {
                return Ok(None);
            };
            for arm in &case.arms {
                open = self.run_arm(switch, *arm, open, same, run)?;
            }
        }
        for (range, arm) in &switch.ranges {
            if open == 0 {
                break;
            }
            let mut within = 0;
            for row in each_row(open) {
                let value = self.lane(&value, row)?.to_dynamic(self.request);
                within |= Mask::from(range.contains(&value)) << row;
            }
            open = self.run_arm(switch, *arm, open, within, run)?;
        }
        let default = switch.default.and_then(|arm| switch.arms.get(arm));
        match default {
            Some((_, node)) if open != 0 => {
                run(self, node, open)?;
                Ok(Some(0))
            }
            _ => Ok(Some(open)),
        }
    }

    /// One arm, for the candidates whose value fits it; gives those that go on.
    fn run_arm(
        &mut self,
        switch: &'p Switch,
        arm: usize,
        open: Mask,
        fits: Mask,
        run: Run<'_, 'v, 'p>,
    ) -> Result<Mask, Stop> {
        if open & fits == 0 {
            return Ok(open);
        }
        let (condition, node) = switch.arms.get(arm).ok_or(Stop::Bail)?;
        let yes = self.rows_where(condition, open & fits)?;
        let others = self.open_rows(open & !yes);
        if yes != 0 {
            run(self, node, yes)?;
        }
        Ok(others)
    }
}
