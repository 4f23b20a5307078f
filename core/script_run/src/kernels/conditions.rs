//! Conditions over a selection of candidates.

use jardin_script_check::{lowered::Node, operators::Comparison};

use super::{
    Machine, STEPS_A_KERNEL,
    columns::Cells,
    lanes::{Lanes, Mask, all_if, each_row, matching, matching_pairs, row_bit},
    value::{Stop, Value},
};
use crate::{host::List as Settings, semantics};
use rhai::Dynamic;

impl<'v, 'p> Machine<'v, 'p> {
    /// Where a condition holds within a selection. Candidates on which it fails are marked as failed, and are
    /// not among them.
    pub(super) fn rows_where(&mut self, node: &'p Node, within: Mask) -> Result<Mask, Stop> {
        if within == 0 {
            return Ok(0);
        }
        self.spend_steps(STEPS_A_KERNEL)?;
        match node {
            Node::And(parts) => {
                let mut here = within;
                for part in parts {
                    here = self.rows_where(part, here)?;
                }
                Ok(here)
            }
            Node::Or(parts) => {
                let (mut open, mut yes) = (within, 0);
                for part in parts {
                    let found = self.rows_where(part, open)?;
                    open = self.open_rows(open & !found);
                    yes |= found;
                }
                Ok(yes)
            }
            Node::Not(inner) => {
                let held = self.rows_where(inner, within)?;
                Ok(self.open_rows(within & !held))
            }
            Node::Compare(..) | Node::Equal(..) | Node::Contains(..) => {
                let done = self.done;
                match self.rows_by_kernel(node, within)? {
                    Some(yes) => Ok(self.open_rows(yes & within)),
                    None => self.holds_each(node, within, done),
                }
            }
            _ => {
                let done = self.done;
                match self.evaluate_lanes(node, within)? {
                    Some(Lanes::Flags { yes, absent }) => {
                        self.fail_rows(Stop::Fault, within & absent)?;
                        Ok(self.open_rows(within & yes & !absent))
                    }
                    Some(Lanes::Fixed(Value::Flag(flag))) => Ok(self.open_rows(within & all_if(flag))),
                    Some(_) => {
                        // what is neither true nor false is no condition
                        self.fail_rows(Stop::Fault, within)?;
                        Ok(0)
                    }
                    None => self.holds_each(node, within, done),
                }
            }
        }
    }

    fn rows_by_kernel(&mut self, node: &'p Node, within: Mask) -> Result<Option<Mask>, Stop> {
        match node {
            Node::Compare(op, a, b) => self.compare_rows(*op, a, b, within),
            Node::Equal(a, b) => self.equal_rows(a, b, within),
            Node::Contains(list, x) => self.contained_rows(list, x, within),
            _ => Ok(None),
        }
    }

    fn holds_each(&mut self, node: &'p Node, within: Mask, done: u64) -> Result<Mask, Stop> {
        self.not_twice(done)?;
        let mut yes = 0;
        for row in each_row(self.open_rows(within)) {
            match self.evaluate_one(node, row).and_then(|v| v.flag()) {
                Ok(holds) => yes |= row_bit(row) & all_if(holds),
                Err(stop) => self.fail_one(stop, row)?,
            }
        }
        Ok(yes)
    }

    fn compare_rows(
        &mut self,
        op: Comparison,
        a: &'p Node,
        b: &'p Node,
        within: Mask,
    ) -> Result<Option<Mask>, Stop> {
        let Some((a, b)) = self.number_args(a, b, within)? else {
            return Ok(None);
        };
        let (x, y) = (self.read_argument(&a)?, self.read_argument(&b)?);
        // a loop for each comparison, so that it has no branch
        let yes = match op {
            Comparison::Less => x.compared(&y, |x, y| x < y),
            Comparison::AtMost => x.compared(&y, |x, y| x <= y),
            Comparison::More => x.compared(&y, |x, y| x > y),
            Comparison::AtLeast => x.compared(&y, |x, y| x >= y),
        };
        // an absent value has no order
        let absent = x.absent | y.absent;
        self.fail_rows(Stop::Fault, within & absent)?;
        Ok(Some(yes))
    }

    fn equal_rows(&mut self, a: &'p Node, b: &'p Node, within: Mask) -> Result<Option<Mask>, Stop> {
        if let Some(same) = self.text_field(a, b, within)? {
            return Ok(Some(same));
        }
        if let (Node::Field(index), Node::Constant(value)) = (a, b)
            && value.is_unit()
        {
            return Ok(Some(self.gathered_column(*index, within)?.absent()));
        }
        let (Some(a), Some(b)) = (self.evaluate_lanes(a, within)?, self.evaluate_lanes(b, within)?) else {
            return Ok(None);
        };
        Ok(self.equal_lanes(&a, &b))
    }

    /// Where two values are the same; `None` where lanes do not tell.
    #[expect(clippy::float_cmp, reason = "`==` of scripts is that of IEEE 754")]
    pub(super) fn equal_lanes(&mut self, a: &Lanes<'v>, b: &Lanes<'v>) -> Option<Mask> {
        let (a, b) = if matches!(a, Lanes::Fixed(_)) { (b, a) } else { (a, b) };
        match (a, b) {
            (Lanes::Fixed(a), Lanes::Fixed(b)) => Some(all_if(a.equals(b, self.request))),
            (Lanes::Cells(column), Lanes::Fixed(Value::Unit)) => {
                self.columns.get(*column).map(super::columns::Column::absent)
            }
            (Lanes::Cells(_), _) | (_, Lanes::Cells(_)) => None,
            (a, Lanes::Fixed(Value::Unit | Value::Item(None))) => a.absent(),
            (Lanes::Numbers(_), Lanes::Numbers(_) | Lanes::Fixed(Value::Number(_) | Value::Whole(_))) => {
                let (a, b) = (self.as_argument(a.clone())?, self.as_argument(b.clone())?);
                let (x, y) = (self.read_argument(&a).ok()?, self.read_argument(&b).ok()?);
                Some(x.absent & y.absent | x.compared(&y, |x, y| x == y) & !x.absent & !y.absent)
            }
            (Lanes::Flags { yes, absent }, Lanes::Fixed(Value::Flag(flag))) => {
                Some(!(yes ^ all_if(*flag)) & !absent)
            }
            (Lanes::Flags { yes: a, absent: no_a }, Lanes::Flags { yes: b, absent: no_b }) => {
                Some(no_a & no_b | !(a ^ b) & !no_a & !no_b)
            }
            (Lanes::Symbols(all), Lanes::Fixed(Value::Symbol(symbol))) => {
                Some(matching(all.all(), |s| s == symbol.0))
            }
            (Lanes::Symbols(all), Lanes::Fixed(Value::Other(text))) if text.is_string() => {
                let symbol = self.symbol_of(text)?;
                Some(matching(all.all(), |s| s == symbol))
            }
            (Lanes::Symbols(a), Lanes::Symbols(b)) => Some(matching_pairs(a.all(), b.all(), |x, y| x == y)),
            // values of different kinds differ, unless there is none of either
            (a, b) => Some(a.absent()? & b.absent()?),
        }
    }

    /// `x in list`.
    fn contained_rows(&mut self, list: &'p Node, x: &'p Node, within: Mask) -> Result<Option<Mask>, Stop> {
        if let Some(column) = self.texts_field(list) {
            let Some(x) = self.evaluate_lanes(x, within)? else {
                return Ok(None);
            };
            return self.in_cells(column, &x, within);
        }
        if let Node::Array(parts) = list {
            return self.rows_among(parts, x, within);
        }
        if let (Node::Static(index), Node::Field(column)) = (list, x)
            && let Some(symbols) = self.fixed_symbols(*index)?
            && let Cells::Symbols(all) = &self.gathered_column(*column, within)?.cells
        {
            return Ok(Some(matching(all.all(), |s| symbols.has(s))));
        }
        let Some(x) = self.evaluate_lanes(x, within)? else {
            return Ok(None);
        };
        if let (Node::Static(index), Lanes::Symbols(all)) = (list, &x)
            && let Some(symbols) = self.fixed_symbols(*index)?
        {
            return Ok(Some(matching(all.all(), |s| symbols.has(s))));
        }
        let Some(Lanes::Fixed(list)) = self.evaluate_lanes(list, within)? else {
            return Ok(None);
        };
        Ok(match (&list, &x) {
            (Value::Unit, _) => Some(0),
            (list, Lanes::Fixed(x)) => match list.holds(x, self.request) {
                Ok(holds) => Some(all_if(holds)),
                Err(stop) => {
                    self.fail_rows(stop, within)?;
                    Some(0)
                }
            },
            (list, Lanes::Symbols(all)) => {
                self.symbols_of(list).map(|symbols| matching(all.all(), |s| symbols.has(s)))
            }
            (Value::Other(list), Lanes::Numbers(numbers)) => {
                let among =
                    |holds: &dyn Fn(f64) -> bool| matching(numbers.all.all(), holds) & !numbers.absent;
                if let Some(ends) = semantics::Ends::ends_of(list) {
                    Some(among(&|n| ends.hold_number(n)))
                } else {
                    let elements = numbers_of(list);
                    // each candidate is compared with each of them
                    self.spend_steps(4 * elements.as_ref().map_or(0, Vec::len) as u64)?;
                    elements.map(|all| among(&|n| all.contains(&n)))
                }
            }
            _ => None,
        })
    }

    /// `x in field` of a field of texts.
    fn in_cells(&mut self, column: usize, x: &Lanes<'v>, within: Mask) -> Result<Option<Mask>, Stop> {
        let column = self.gathered_column(column, within)?;
        let Cells::Lists(all) = &column.cells else {
            return Ok(None);
        };
        let has = |row: u32, symbol: u32| {
            let list = all.get(row as usize).copied().flatten();
            list.is_some_and(|list| list.iter().any(|s| s.0 == symbol))
        };
        let found = |yes: Mask, row: u32, symbol: u32| yes | (Mask::from(has(row, symbol)) << row);
        Ok(match x {
            Lanes::Fixed(Value::Symbol(symbol)) => {
                Some(each_row(within).fold(0, |yes, row| found(yes, row, symbol.0)))
            }
            Lanes::Symbols(symbols) => Some(each_row(within).fold(0, |yes, row| {
                let symbol = symbols.all().get(row as usize).copied().unwrap_or(u32::MAX);
                found(yes, row, symbol)
            })),
            // a text that no product has, or no text
            Lanes::Fixed(_) | Lanes::Numbers(_) | Lanes::Flags { .. } => Some(0),
            Lanes::Cells(_) => None,
        })
    }

    /// `x in [a, b]`.
    fn rows_among(&mut self, parts: &'p [Node], x: &'p Node, within: Mask) -> Result<Option<Mask>, Stop> {
        let (mut all, mut found) = (Vec::new(), 0);
        for part in parts {
            let Some(part) = self.evaluate_lanes(part, within)? else {
                return Ok(None);
            };
            all.push(part);
        }
        let Some(x) = self.evaluate_lanes(x, within)? else {
            return Ok(None);
        };
        for part in &all {
            let Some(same) = self.equal_lanes(part, &x) else {
                return Ok(None);
            };
            found |= same;
        }
        // `()` is in nothing
        Ok(x.absent().map(|absent| found & !absent))
    }

    /// `field` or `field ?? []`: nothing is in `()`, and nothing is in an empty list.
    fn texts_field(&self, node: &Node) -> Option<usize> {
        let of = match node {
            Node::Coalesce(parts) => match parts.as_slice() {
                [of, rest] if self.is_empty_list(rest) => of,
                _ => return None,
            },
            other => other,
        };
        match of {
            Node::Field(index) => Some(*index),
            _ => None,
        }
    }

    pub(super) fn is_empty_list(&self, node: &Node) -> bool {
        match node {
            Node::Array(parts) => parts.is_empty(),
            Node::Static(index) => {
                matches!(self.program.statics.get(*index), Some(Node::Array(parts)) if parts.is_empty())
            }
            _ => false,
        }
    }
}

/// The numbers in a list, of which other elements equal no number.
fn numbers_of(list: &Dynamic) -> Option<Vec<f64>> {
    if let Ok(array) = list.as_array_ref() {
        return Some(array.iter().filter_map(semantics::number_of).collect());
    }
    let settings = list.read_lock::<Settings>()?;
    Some(settings.iter().filter_map(|e| semantics::number_of(&e)).collect())
}
