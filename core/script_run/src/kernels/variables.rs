//! Variables of a block's candidates.

use super::{
    Machine,
    columns::NO_SYMBOL,
    lanes::{Lanes, Mask, Numbers, Operand, ROWS, all_if, each_row, row_bit},
    pool::Lent,
    value::{Stop, Value},
};

/// One variable of each candidate of a block.
#[derive(Debug)]
pub(super) struct Variable<'v> {
    pub(super) held: Held<'v>,
    /// Which candidates have it.
    set: Mask,
    /// Anything, where lanes do not hold it. Kept from block to block.
    values: Vec<Value<'v>>,
}

/// What a variable holds.
#[derive(Debug)]
pub(super) enum Held<'v> {
    /// Lanes.
    Lanes(Lanes<'v>),
    /// What stands in `values`.
    Values,
}

impl<'v> Variable<'v> {
    /// Its lanes; `None` where it holds something else, or some candidate has it not.
    pub(super) const fn lanes(&self, within: Mask) -> Option<&Lanes<'v>> {
        match &self.held {
            Held::Lanes(lanes) if within & !self.set == 0 => Some(lanes),
            _ => None,
        }
    }

    /// A variable that no candidate has.
    pub(super) const fn unset() -> Self {
        Self { held: Held::Values, set: 0, values: Vec::new() }
    }

    /// Forgets the values of the last block.
    pub(super) fn forget(&mut self) {
        self.held = Held::Values;
        self.set = 0;
    }
}

impl<'v> Machine<'v, '_> {
    /// What a variable of a candidate holds.
    pub(super) fn get_value(&self, slot: usize, row: u32) -> Result<Value<'v>, Stop> {
        let variable = self.variables.get(slot).ok_or(Stop::Bail)?;
        if variable.set & row_bit(row) == 0 {
            return Err(Stop::Bail);
        }
        match &variable.held {
            Held::Lanes(lanes) => self.lane(lanes, row),
            Held::Values => variable.values.get(row as usize).cloned().ok_or(Stop::Bail),
        }
    }

    /// One candidate's value among lanes.
    pub(super) fn lane(&self, lanes: &Lanes<'v>, row: u32) -> Result<Value<'v>, Stop> {
        if let Lanes::Cells(column) = lanes {
            let column = self.columns.get(*column).ok_or(Stop::Bail)?;
            return Ok(column.value(row, self.request.now()));
        }
        let text = |symbol| Self::own_text(&self.texts, symbol);
        lanes.value(row, text).ok_or(Stop::Bail)
    }

    /// Gives a variable of a candidate a value.
    pub(super) fn set_value(&mut self, slot: usize, row: u32, value: Value<'v>) -> Result<(), Stop> {
        self.spill_lanes(slot)?;
        let variable = self.variables.get_mut(slot).ok_or(Stop::Bail)?;
        variable.set |= row_bit(row);
        *variable.values.get_mut(row as usize).ok_or(Stop::Bail)? = value;
        Ok(())
    }

    /// Gives a variable of candidates their lanes.
    pub(super) fn set_all(&mut self, slot: usize, lanes: Lanes<'v>, here: Mask) -> Result<(), Stop> {
        let Some(variable) = self.variables.get_mut(slot) else {
            return Err(Stop::Bail);
        };
        let others = variable.set & !here;
        if others == 0 {
            variable.held = Held::Lanes(lanes);
            variable.set = here;
            return Ok(());
        }
        variable.set |= here;
        let mut blended = None;
        if let Held::Lanes(before) = &variable.held {
            let before = before.clone();
            blended = self.blend_lanes(before, others, &lanes, here);
        }
        match (blended, self.variables.get_mut(slot)) {
            (Some(blended), Some(variable)) => variable.held = Held::Lanes(blended),
            _ => {
                for row in each_row(here) {
                    let value = self.lane(&lanes, row)?;
                    self.set_value(slot, row, value)?;
                }
            }
        }
        Ok(())
    }

    /// Keeps a variable candidate by candidate from now on.
    fn spill_lanes(&mut self, slot: usize) -> Result<(), Stop> {
        let variable = self.variables.get_mut(slot).ok_or(Stop::Bail)?;
        let Held::Lanes(lanes) = std::mem::replace(&mut variable.held, Held::Values) else {
            variable.values.resize(ROWS, Value::Unit);
            return Ok(());
        };
        let (mut values, set) = (std::mem::take(&mut variable.values), variable.set);
        values.resize(ROWS, Value::Unit);
        for row in each_row(set) {
            if let Some(place) = values.get_mut(row as usize) {
                *place = self.lane(&lanes, row)?;
            }
        }
        if let Some(variable) = self.variables.get_mut(slot) {
            variable.values = values;
        }
        Ok(())
    }

    /// Lanes of some candidates with those of others; `None` where they are of different kinds.
    pub(super) fn blend_lanes(
        &mut self,
        a: Lanes<'v>,
        a_rows: Mask,
        b: &Lanes<'v>,
        b_rows: Mask,
    ) -> Option<Lanes<'v>> {
        if a_rows == 0 {
            return Some(b.clone());
        }
        if b_rows == 0 || matches!((&a, b), (Lanes::Fixed(Value::Unit), Lanes::Fixed(Value::Unit))) {
            return Some(a);
        }
        let like = if matches!(a, Lanes::Fixed(Value::Unit)) { b.clone() } else { a.clone() };
        match self.spread_lanes(like)? {
            Lanes::Numbers(_) => {
                let (mut a, b) = (self.number_lanes(a)?, self.as_argument(b.clone())?);
                let b = self.read_argument(&b).ok()?;
                b.copy(a.all.all_mut(), b_rows);
                a.absent = (a.absent & !b_rows) | (b.absent & b_rows);
                a.whole = (a.whole & !b_rows) | (b.whole & b_rows);
                Some(Lanes::Numbers(a))
            }
            Lanes::Flags { .. } => {
                let (Lanes::Flags { yes: a, absent: no_a }, Lanes::Flags { yes: b, absent: no_b }) =
                    (flag_lanes(a)?, flag_lanes(b.clone())?)
                else {
                    return None;
                };
                Some(Lanes::Flags {
                    yes: (a & !b_rows) | (b & b_rows),
                    absent: (no_a & !b_rows) | (no_b & b_rows),
                })
            }
            Lanes::Symbols(_) => {
                let (Lanes::Symbols(mut a), Lanes::Symbols(b)) =
                    (self.symbol_lanes(a)?, self.symbol_lanes(b.clone())?)
                else {
                    return None;
                };
                copy_rows(a.all_mut(), b.all(), b_rows);
                Some(Lanes::Symbols(a))
            }
            _ => None,
        }
    }

    /// One value of all as a value of each.
    fn spread_lanes(&mut self, lanes: Lanes<'v>) -> Option<Lanes<'v>> {
        match &lanes {
            Lanes::Fixed(Value::Number(_) | Value::Whole(_)) => self.number_lanes(lanes).map(Lanes::Numbers),
            Lanes::Fixed(Value::Flag(_)) => flag_lanes(lanes),
            Lanes::Fixed(Value::Symbol(_) | Value::Other(_)) => self.symbol_lanes(lanes),
            Lanes::Fixed(_) => None,
            _ => Some(lanes),
        }
    }

    /// Texts of each.
    pub(super) fn symbol_lanes(&mut self, lanes: Lanes<'v>) -> Option<Lanes<'v>> {
        let one = match &lanes {
            Lanes::Symbols(_) => return Some(lanes),
            Lanes::Fixed(Value::Unit) => NO_SYMBOL,
            Lanes::Fixed(Value::Symbol(symbol)) => symbol.0,
            Lanes::Fixed(Value::Other(text)) => self.symbol_of(text)?,
            _ => return None,
        };
        Some(Lanes::Symbols(Lent::one(self.pool, one)))
    }

    /// Numbers of each.
    fn number_lanes(&self, lanes: Lanes<'v>) -> Option<Numbers<'v>> {
        match Operand::of(lanes)? {
            Operand::Each(numbers) => Some(numbers),
            Operand::One(n, is_whole) => Some(Numbers::one(self.pool, n, is_whole)),
            Operand::Absent => Some(Numbers { absent: Mask::MAX, ..Numbers::one(self.pool, 0.0, false) }),
        }
    }
}

/// Copies the selected ones.
fn copy_rows<T: Copy>(to: &mut [T; ROWS], from: &[T; ROWS], wanted: Mask) {
    for row in each_row(wanted) {
        if let (Some(to), Some(from)) = (to.get_mut(row as usize), from.get(row as usize)) {
            *to = *from;
        }
    }
}

/// Flags of each.
fn flag_lanes(lanes: Lanes<'_>) -> Option<Lanes<'_>> {
    match lanes {
        Lanes::Flags { .. } => Some(lanes),
        Lanes::Fixed(Value::Flag(flag)) => Some(Lanes::flags(all_if(flag))),
        Lanes::Fixed(Value::Unit) => Some(Lanes::Flags { yes: 0, absent: Mask::MAX }),
        _ => None,
    }
}
