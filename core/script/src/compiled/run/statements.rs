//! Statements over a selection of candidates. Candidates leave a selection by `return` and by failing.

use std::{rc::Rc, sync::Arc};

use super::{
    Machine, Variable,
    mask::{Mask, any, either, none, rows, without},
    numbers::Numbers,
    scalar::Flow,
};
use crate::{
    compiled::{
        node::{Block, Move, Node, Step},
        value::{Stop, Value},
    },
    host::{BOOST, BURY},
};

impl<'v> Machine<'v, '_> {
    /// Runs statements; says which candidates reached the end.
    pub(super) fn block(&mut self, block: &Block, mut here: Mask) -> Result<Mask, Stop> {
        for step in block {
            if !any(&here) {
                break;
            }
            self.spend(1)?;
            here = self.step(step, here)?;
        }
        Ok(here)
    }

    fn step(&mut self, step: &Step, here: Mask) -> Result<Mask, Stop> {
        match step {
            Step::Value(node) => self.statement(node, here),
            Step::Set(slot, node) => self.assign(*slot, node, here),
            Step::Return(None) => Ok(none(&here)),
            Step::Return(Some(node)) => {
                // only a failure of the value counts
                let reached = self.statement(node, here)?;
                Ok(none(&reached))
            }
            Step::For(each) => self.one_by_one(&here, |machine, row| machine.each(each, row)),
            Step::Break | Step::Continue => Err(Stop::Bail),
        }
    }

    fn statement(&mut self, node: &Node, here: Mask) -> Result<Mask, Stop> {
        match node {
            Node::Constant(_) => Ok(here),
            Node::If(parts) => {
                let yes = self.holds(&parts.0, &here)?;
                let no = self.open(without(here, &yes));
                let reached = self.block(&parts.1, yes)?;
                let others = self.block(&parts.2, no)?;
                Ok(either(reached, &others))
            }
            Node::Block(block) => self.block(block, here),
            Node::Move(moved) => self.move_all(moved, here),
            Node::Static(index) => match self.fixed(*index) {
                Ok(_) => Ok(here),
                Err(stop) => self.all_fail(stop, &here),
            },
            Node::Call(given, block) => {
                let mut here = here;
                for (slot, node) in given {
                    here = self.assign(*slot, node, here)?;
                }
                // `return` ends the function and not the rule
                self.block(block, here.clone())?;
                Ok(self.open(here))
            }
            _ => self.one_by_one(&here, |machine, row| machine.flow(node, row)),
        }
    }

    /// The rule fails on every selected candidate, or altogether.
    pub(super) fn all_fail(&mut self, stop: Stop, here: &Mask) -> Result<Mask, Stop> {
        if stop != Stop::Fault {
            return Err(stop);
        }
        rows(here).for_each(|row| self.fail(row));
        Ok(none(here))
    }

    /// A statement for each candidate by itself.
    fn one_by_one(&mut self, here: &Mask, mut run: impl FnMut(&mut Self, u32) -> Result<Flow<'v>, Stop>) -> Result<Mask, Stop> {
        let mut reached = here.clone();
        for row in rows(here) {
            let stays = match run(self, row) {
                Ok(Flow::Next(_)) => true,
                Ok(Flow::Return(_)) => false,
                Ok(Flow::Break | Flow::Continue) => return Err(Stop::Bail),
                Err(Stop::Fault) => {
                    self.fail(row);
                    false
                }
                Err(stop) => return Err(stop),
            };
            if let Some(place) = reached.get_mut(row as usize) {
                *place = stays;
            }
        }
        Ok(reached)
    }

    fn assign(&mut self, slot: usize, node: &Node, here: Mask) -> Result<Mask, Stop> {
        if let Node::Static(index) = node {
            return match self.fixed(*index) {
                Ok(value) => {
                    self.assign_one(slot, &value, &here);
                    Ok(here)
                }
                Err(stop) => self.all_fail(stop, &here),
            };
        }
        let numbers = self.numbers(node, &here)?.and_then(|n| n.complete(&here));
        if let Some(numbers) = numbers.filter(|n| n.are_decimal) {
            self.assign_numbers(slot, &numbers, &here);
            return Ok(here);
        }
        self.one_by_one(&here, |machine, row| {
            let value = machine.value(node, row)?;
            machine.set(slot, row, value);
            Ok(Flow::Next(Value::Unit))
        })
    }

    fn assign_one(&mut self, slot: usize, value: &Value<'v>, here: &Mask) {
        if self.program.only_static.get(slot).copied().unwrap_or(false) {
            // every use of it was replaced by what it stands for
            return;
        }
        rows(here).for_each(|row| self.set(slot, row, value.clone()));
    }

    fn assign_numbers(&mut self, slot: usize, numbers: &Numbers, here: &Mask) {
        match self.variables.get_mut(slot) {
            Some(variable @ Variable::Unset) => *variable = Variable::Numbers(Rc::clone(&numbers.all)),
            Some(Variable::Numbers(all)) => {
                for ((place, n), h) in Rc::make_mut(all).iter_mut().zip(&*numbers.all).zip(here) {
                    *place = if *h { *n } else { *place };
                }
            }
            _ => {
                for row in rows(here) {
                    let n = numbers.all.get(row as usize).copied().unwrap_or(f64::NAN);
                    self.set(slot, row, Value::Number(n));
                }
            }
        }
    }

    fn move_all(&mut self, moved: &Move, here: Mask) -> Result<Mask, Stop> {
        match moved {
            Move::Drop(note) => rows(&here).for_each(|row| self.leave_out(row, note)),
            Move::Say(code) => rows(&here).for_each(|row| self.say(row, code)),
            Move::Scale(is_boost, factor, note) => return self.scale_all(*is_boost, factor, note, here),
        }
        Ok(here)
    }

    fn scale_all(&mut self, is_boost: bool, factor: &Node, note: &Arc<str>, here: Mask) -> Result<Mask, Stop> {
        if let Node::Constant(_) | Node::Static(_) = factor {
            let allowed = if is_boost { BOOST } else { BURY };
            let fixed = match self.fixed_value(factor)?.and_then(|v| v.number()) {
                Some(n) if allowed.contains(&n) => n,
                _ => return self.all_fail(Stop::Fault, &here),
            };
            for (place, h) in self.factors.iter_mut().zip(&here) {
                *place *= if *h { fixed } else { 1.0 };
            }
            if self.request.explains() {
                rows(&here).for_each(|row| self.note(row, Some(fixed), note));
            }
            return Ok(here);
        }
        let numbers = self.numbers(factor, &here)?.and_then(|n| n.complete(&here));
        self.one_by_one(&here, |machine, row| {
            let factor = match &numbers {
                Some(numbers) => numbers.all.get(row as usize).copied().ok_or(Stop::Bail)?,
                None => machine.value(factor, row)?.number().ok_or(Stop::Fault)?,
            };
            machine.scale(row, is_boost, factor, note)?;
            Ok(Flow::Next(Value::Unit))
        })
    }
}
