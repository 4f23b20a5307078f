//! Moves of candidates.

use std::sync::Arc;

use jardin_contract::Note;

use jardin_script_check::{
    lowered::{LoweredMove, Node},
    vocabulary::Move,
};

use super::{
    Machine,
    lanes::{Mask, bit, rows},
    scalar::Flow,
    value::{Stop, Value},
};

impl<'v, 'p> Machine<'v, 'p> {
    /// A move of every selected candidate.
    pub(super) fn move_all(&mut self, moved: &'p LoweredMove, here: Mask) -> Result<Mask, Stop> {
        match moved {
            LoweredMove::Scale(word, factor, note) => return self.scale_all(*word, factor, note, here),
            LoweredMove::Drop(note) => self.leave_out(here, note),
            LoweredMove::Say(code) => self.say(here, code),
        }
        Ok(here)
    }

    fn scale_all(&mut self, word: Move, factor: &'p Node, note: &Arc<str>, here: Mask) -> Result<Mask, Stop> {
        let done = self.done;
        let Some(arg) = self.number_arg(factor, here)? else {
            self.not_twice(done)?;
            return self.one_by_one(here, |machine, row| {
                let factor = machine.value(factor, row)?.number().ok_or(Stop::Fault)?;
                machine.scale(row, word, factor, note)?;
                Ok(Flow::Next(Value::Unit))
            });
        };
        let here = self.open(here);
        let allowed = word.factors().ok_or(Stop::Bail)?;
        let fits = {
            let factor = self.seen(&arg)?;
            factor.matching(|n| allowed.contains(&n)) & !factor.absent
        };
        self.fail(Stop::Fault, here & !fits)?;
        let here = here & fits;
        self.done += 1;
        let mut factors = std::mem::take(&mut self.effects);
        let scaled = self
            .seen(&arg)
            .map(|by| by.scale(factors.factors_mut().get_mut(self.base..).unwrap_or_default(), here));
        self.effects = factors;
        scaled?;
        for row in self.explained(here) {
            let factor = self.seen(&arg)?.at(row);
            self.note(row, factor, note);
        }
        Ok(here)
    }

    /// A move of one candidate.
    pub(super) fn moved(&mut self, moved: &'p LoweredMove, row: u32) -> Result<(), Stop> {
        match moved {
            LoweredMove::Scale(word, factor, note) => {
                let factor = self.value(factor, row)?.number().ok_or(Stop::Fault)?;
                return self.scale(row, *word, factor, note);
            }
            LoweredMove::Drop(note) => self.leave_out(bit(row), note),
            LoweredMove::Say(code) => self.say(bit(row), code),
        }
        Ok(())
    }

    fn scale(&mut self, row: u32, word: Move, factor: f64, note: &Arc<str>) -> Result<(), Stop> {
        let allowed = word.factors().ok_or(Stop::Bail)?;
        if !allowed.contains(&factor) {
            return Err(Stop::Fault);
        }
        self.done += 1;
        if let Some(place) = self.effects.factors_mut().get_mut(self.base + row as usize) {
            *place *= factor;
        }
        if self.request.explains() {
            self.note(row, Some(factor), note);
        }
        Ok(())
    }

    fn leave_out(&mut self, here: Mask, note: &Arc<str>) {
        self.done += 1;
        let why = self.effects.text(note);
        for row in rows(here) {
            self.effects.leave_out(self.base + row as usize, why);
        }
        for row in self.explained(here) {
            self.note(row, None, note);
        }
    }

    fn say(&mut self, here: Mask, code: &Arc<str>) {
        self.done += 1;
        let code = self.effects.text(code);
        for row in rows(here) {
            self.effects.say(self.base + row as usize, code);
        }
    }

    /// Those whose moves are noted.
    fn explained(&self, here: Mask) -> impl Iterator<Item = u32> + use<> {
        rows(if self.request.explains() { here } else { 0 })
    }

    fn note(&mut self, row: u32, factor: Option<f64>, text: &Arc<str>) {
        let note = Note { factor, text: Arc::clone(text) };
        self.effects.note(self.base + row as usize, note);
    }
}
