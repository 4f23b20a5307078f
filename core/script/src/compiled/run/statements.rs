//! Statements over a selection of candidates. Candidates leave a selection by `return` and by failing.

use super::{Machine, Rows, Variable, numbers::Numbers, scalar::Flow};
use crate::{
    compiled::{
        node::{Block, Move, Node, Step},
        value::{Stop, Value},
    },
    host::{BOOST, BURY},
};

impl<'v> Machine<'v, '_> {
    /// Runs statements; says which candidates reached the end.
    pub(super) fn block(&mut self, block: &Block, mut rows: Rows) -> Result<Rows, Stop> {
        for step in block {
            if rows.is_empty() {
                break;
            }
            self.spend(1)?;
            rows = self.step(step, rows)?;
        }
        Ok(rows)
    }

    fn step(&mut self, step: &Step, rows: Rows) -> Result<Rows, Stop> {
        match step {
            Step::Value(node) => self.statement(node, rows),
            Step::Set(slot, node) => self.assign(*slot, node, rows),
            Step::Return(None) => Ok(Rows::new()),
            Step::Return(Some(node)) => {
                // only a failure of the value counts
                self.statement(node, rows)?;
                Ok(Rows::new())
            }
            Step::For(each) => self.one_by_one(rows, |machine, row| machine.each(each, row)),
            Step::Break | Step::Continue => Err(Stop::Bail),
        }
    }

    fn statement(&mut self, node: &Node, rows: Rows) -> Result<Rows, Stop> {
        match node {
            Node::Constant(_) => Ok(rows),
            Node::If(parts) => {
                let (yes, no) = self.select(&parts.0, rows)?;
                let mut reached = self.block(&parts.1, yes)?;
                reached.extend(self.block(&parts.2, no)?);
                Ok(reached)
            }
            Node::Block(block) => self.block(block, rows),
            Node::Move(moved) => self.move_all(moved, rows),
            Node::Static(index) => match self.fixed(*index) {
                Ok(_) => Ok(rows),
                Err(stop) => self.all_fail(stop, &rows),
            },
            Node::Call(given, block) => {
                let mut rows = rows;
                for (slot, node) in given {
                    rows = self.assign(*slot, node, rows)?;
                }
                // `return` ends the function and not the rule
                self.block(block, rows.clone())?;
                rows.retain(|row| !self.has_failed(*row));
                Ok(rows)
            }
            _ => self.one_by_one(rows, |machine, row| machine.flow(node, row)),
        }
    }

    pub(super) fn all_fail(&mut self, stop: Stop, rows: &Rows) -> Result<Rows, Stop> {
        if stop != Stop::Fault {
            return Err(stop);
        }
        rows.iter().for_each(|row| self.fail(*row));
        Ok(Rows::new())
    }

    /// A statement for each candidate by itself.
    fn one_by_one(&mut self, rows: Rows, mut run: impl FnMut(&mut Self, u32) -> Result<Flow<'v>, Stop>) -> Result<Rows, Stop> {
        let mut reached = Rows::with_capacity(rows.len());
        for row in rows {
            match run(self, row) {
                Ok(Flow::Next(_)) => reached.push(row),
                Ok(Flow::Return(_)) => {}
                Ok(Flow::Break | Flow::Continue) => return Err(Stop::Bail),
                Err(Stop::Fault) => self.fail(row),
                Err(stop) => return Err(stop),
            }
        }
        Ok(reached)
    }

    fn assign(&mut self, slot: usize, node: &Node, rows: Rows) -> Result<Rows, Stop> {
        if let Node::Static(index) = node {
            return match self.fixed(*index) {
                Ok(value) => {
                    self.assign_one(slot, &value, &rows);
                    Ok(rows)
                }
                Err(stop) => self.all_fail(stop, &rows),
            };
        }
        let numbers = self.numbers(node, &rows)?.and_then(Numbers::complete);
        if let Some(numbers) = numbers.filter(|n| n.are_decimal) {
            self.assign_numbers(slot, numbers.all, &rows);
            return Ok(rows);
        }
        let mut reached = Rows::with_capacity(rows.len());
        for row in rows {
            match self.value(node, row) {
                Ok(value) => {
                    self.set(slot, row, value);
                    reached.push(row);
                }
                Err(Stop::Fault) => self.fail(row),
                Err(stop) => return Err(stop),
            }
        }
        Ok(reached)
    }

    fn assign_one(&mut self, slot: usize, value: &Value<'v>, rows: &Rows) {
        if self.program.only_static.get(slot).copied().unwrap_or(false) {
            // every use of it was replaced by what it stands for
            return;
        }
        for row in rows {
            self.set(slot, *row, value.clone());
        }
    }

    fn assign_numbers(&mut self, slot: usize, numbers: Vec<f64>, rows: &Rows) {
        let count = self.candidates.len();
        let Some(variable) = self.variables.get_mut(slot) else { return };
        if let Variable::Unset = variable {
            *variable = Variable::Numbers(vec![0.0; count]);
        }
        if let Variable::Numbers(all) = variable {
            for (row, n) in rows.iter().zip(numbers) {
                if let Some(place) = all.get_mut(*row as usize) {
                    *place = n;
                }
            }
            return;
        }
        for (row, n) in rows.iter().zip(numbers) {
            self.set(slot, *row, Value::Number(n));
        }
    }

    fn move_all(&mut self, moved: &Move, rows: Rows) -> Result<Rows, Stop> {
        match moved {
            Move::Drop(note) => {
                for row in &rows {
                    self.leave_out(*row, note);
                }
                Ok(rows)
            }
            Move::Say(code) => {
                for row in &rows {
                    self.say(*row, code);
                }
                Ok(rows)
            }
            Move::Scale(is_boost, factor, note) => {
                let fixed = match factor {
                    Node::Constant(value) => crate::semantics::number(value),
                    Node::Static(index) => match self.fixed(*index) {
                        Ok(value) => value.number(),
                        Err(stop) => return self.all_fail(stop, &rows),
                    },
                    _ => return self.scale_each(*is_boost, factor, note, rows),
                };
                let Some(factor) = fixed else {
                    return self.all_fail(Stop::Fault, &rows);
                };
                if !(if *is_boost { BOOST } else { BURY }).contains(&factor) {
                    return self.all_fail(Stop::Fault, &rows);
                }
                for row in &rows {
                    self.scale(*row, *is_boost, factor, note)?;
                }
                Ok(rows)
            }
        }
    }

    fn scale_each(&mut self, is_boost: bool, factor: &Node, note: &std::sync::Arc<str>, rows: Rows) -> Result<Rows, Stop> {
        if let Some(factors) = self.numbers(factor, &rows)?.and_then(Numbers::complete) {
            return self.scaled(is_boost, &factors.all, note, rows);
        }
        self.one_by_one(rows, |machine, row| {
            let factor = machine.value(factor, row)?.number().ok_or(Stop::Fault)?;
            machine.scale(row, is_boost, factor, note)?;
            Ok(Flow::Next(Value::Unit))
        })
    }

    fn scaled(&mut self, is_boost: bool, factors: &[f64], note: &std::sync::Arc<str>, rows: Rows) -> Result<Rows, Stop> {
        let mut reached = Rows::with_capacity(rows.len());
        for (row, factor) in rows.into_iter().zip(factors) {
            match self.scale(row, is_boost, *factor, note) {
                Ok(()) => reached.push(row),
                Err(Stop::Fault) => self.fail(row),
                Err(stop) => return Err(stop),
            }
        }
        Ok(reached)
    }
}
