//! Moves of candidates.

use std::sync::Arc;

use jardin_contract::Note;

use jardin_script_check::{
    lowered::{LoweredMove, Node},
    vocabulary::Move,
};

use super::{
    Machine,
    lanes::{Mask, each_row, row_bit},
    scalar::Flow,
    value::{Stop, Value},
};

impl<'v, 'p> Machine<'v, 'p> {
    /// A move of every selected candidate.
    pub(super) fn move_all(&mut self, moved: &'p LoweredMove, here: Mask) -> Result<Mask, Stop> {
        match moved {
            LoweredMove::Scale(word, factor, note) => return self.scale_all(*word, factor, note, here),
            LoweredMove::Drop(note) => self.leave_out_rows(here, note),
            LoweredMove::Say(code) => self.say_rows(here, code),
        }
        Ok(here)
    }

    fn scale_all(&mut self, word: Move, factor: &'p Node, note: &Arc<str>, here: Mask) -> Result<Mask, Stop> {
        let done = self.done;
        let Some(arg) = self.number_arg(factor, here)? else {
            self.not_twice(done)?;
            return self.one_by_one(here, |machine, row| {
                let factor = machine.evaluate_one(factor, row)?.number().ok_or(Stop::Fault)?;
                machine.scale_one(row, word, factor, note)?;
                Ok(Flow::Next(Value::Unit))
            });
        };
        let here = self.open_rows(here);
        let allowed = word.factors().ok_or(Stop::Bail)?;
        let fits = {
            let factor = self.read_argument(&arg)?;
            factor.matching(|n| allowed.contains(&n)) & !factor.absent
        };
        self.fail_rows(Stop::Fault, here & !fits)?;
        let here = here & fits;
        self.done += 1;
        let mut factors = std::mem::take(&mut self.effects);
        let scaled = self
            .read_argument(&arg)
            .map(|by| by.scale(factors.factors_mut().get_mut(self.base..).unwrap_or_default(), here));
        self.effects = factors;
        scaled?;
        for row in self.explained_rows(here) {
            let factor = self.read_argument(&arg)?.at(row);
            self.note_move(row, factor, note);
        }
        Ok(here)
    }

    /// A move of one candidate.
    pub(super) fn move_one(&mut self, moved: &'p LoweredMove, row: u32) -> Result<(), Stop> {
        match moved {
            LoweredMove::Scale(word, factor, note) => {
                let factor = self.evaluate_one(factor, row)?.number().ok_or(Stop::Fault)?;
                return self.scale_one(row, *word, factor, note);
            }
            LoweredMove::Drop(note) => self.leave_out_rows(row_bit(row), note),
            LoweredMove::Say(code) => self.say_rows(row_bit(row), code),
        }
        Ok(())
    }

    fn scale_one(&mut self, row: u32, word: Move, factor: f64, note: &Arc<str>) -> Result<(), Stop> {
        let allowed = word.factors().ok_or(Stop::Bail)?;
        if !allowed.contains(&factor) {
            return Err(Stop::Fault);
        }
        self.done += 1;
        if let Some(place) = self.effects.factors_mut().get_mut(self.base + row as usize) {
            *place *= factor;
        }
        if self.request.explains() {
            self.note_move(row, Some(factor), note);
        }
        Ok(())
    }

    fn leave_out_rows(&mut self, here: Mask, note: &Arc<str>) {
        self.done += 1;
        let why = self.effects.intern_text(note);
        for row in each_row(here) {
            self.effects.leave_out(self.base + row as usize, why);
        }
        for row in self.explained_rows(here) {
            self.note_move(row, None, note);
        }
    }

    fn say_rows(&mut self, here: Mask, code: &Arc<str>) {
        self.done += 1;
        let code = self.effects.intern_text(code);
        for row in each_row(here) {
            self.effects.name_reason(self.base + row as usize, code);
        }
    }

    /// Those whose moves are noted.
    fn explained_rows(&self, here: Mask) -> impl Iterator<Item = u32> + use<> {
        each_row(if self.request.explains() { here } else { 0 })
    }

    fn note_move(&mut self, row: u32, factor: Option<f64>, text: &Arc<str>) {
        let note = Note { factor, text: Arc::clone(text) };
        self.effects.add_note(self.base + row as usize, note);
    }
}
