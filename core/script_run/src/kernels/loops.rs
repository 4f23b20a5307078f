//! Loops over a selection of candidates: those over a list of the whole request go round for all candidates
//! at once.

use jardin_script_check::lowered::{List, Loop};

use super::{
    Machine,
    lanes::{Lanes, Mask},
    scalar::MOST_ROUNDS,
    value::{Stop, Value},
};

/// A loop that is under way.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// Who left it by `break`.
    broken: Mask,
    /// Who left the present round by `continue`.
    skipped: Mask,
}

impl<'v, 'p> Machine<'v, 'p> {
    pub(super) fn for_each(&mut self, each: &'p Loop, here: Mask) -> Result<Mask, Stop> {
        let done = self.done;
        let Some(elements) = self.same_elements(each, here)? else {
            self.not_twice(done)?;
            return self.one_by_one(here, |machine, row| machine.run_loop(each, row));
        };
        self.loops.push(Frame::default());
        let mut going = self.open_rows(here);
        for (count, element) in elements.into_iter().enumerate() {
            if going == 0 {
                break;
            }
            self.spend_steps(1)?;
            if let Some(counter) = each.counter {
                let count = i64::try_from(count).map_err(|_| Stop::Bail)?;
                self.set_round(counter, Value::Whole(count), going)?;
            }
            self.set_round(each.slot, element, going)?;
            going = self.run_statements(&each.body, going)?;
            if let Some(frame) = self.loops.last_mut() {
                going |= std::mem::take(&mut frame.skipped);
            }
        }
        let broken = self.loops.pop().map_or(0, |frame| frame.broken);
        Ok(self.open_rows(going | broken))
    }

    /// `break` and `continue`: nobody goes on from here.
    pub(super) fn leave_round(&mut self, here: Mask, for_good: bool) -> Result<Mask, Stop> {
        let frame = self.loops.last_mut().ok_or(Stop::Bail)?;
        if for_good {
            frame.broken |= here;
        } else {
            frame.skipped |= here;
        }
        Ok(0)
    }

    /// A loop's variable, which nobody reads after the round.
    fn set_round(&mut self, slot: usize, value: Value<'v>, going: Mask) -> Result<(), Stop> {
        if let Some(variable) = self.variables.get_mut(slot) {
            variable.forget();
        }
        self.set_all(slot, Lanes::Fixed(value), going)
    }

    /// The elements of a list that is the same for all; `None` where it is not, or where there are too many.
    fn same_elements(&mut self, each: &'p Loop, here: Mask) -> Result<Option<Vec<Value<'v>>>, Stop> {
        let elements = match &each.list {
            List::Range(from, to, last) => {
                let (from, to) = (self.evaluate_lanes(from, here)?, self.evaluate_lanes(to, here)?);
                let (Some(Lanes::Fixed(Value::Whole(from))), Some(Lanes::Fixed(Value::Whole(to)))) =
                    (from, to)
                else {
                    return Ok(None);
                };
                let to = if *last { to.checked_add(1).ok_or(Stop::Bail)? } else { to };
                (from..to).take(MOST_ROUNDS + 1).map(Value::Whole).collect()
            }
            List::Of(node) => {
                let Some(Lanes::Fixed(list)) = self.evaluate_lanes(node, here)? else {
                    return Ok(None);
                };
                match self.list_elements(&list.to_dynamic(self.request)) {
                    Ok(elements) => elements,
                    Err(_) => return Ok(None),
                }
            }
        };
        Ok((elements.len() <= MOST_ROUNDS).then_some(elements))
    }
}
