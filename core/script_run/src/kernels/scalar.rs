//! One candidate at a time: every expression and statement, with the meaning that the interpreter gives it.

use std::sync::Arc;

use rhai::{Array, Dynamic, Map};

use jardin_script_check::{
    limits,
    lowered::{Block, List, Loop, Node, Step, Switch},
};

use super::{
    Machine,
    lanes::row_bit,
    value::{Stop, Value, check_text_size},
};
use crate::{
    functions::call_function,
    host::{Event, Events, Item, Items, List as Settings, Texts},
    semantics,
};

/// How often loops may go round for one candidate before the interpreter, which counts its steps, takes over.
pub(super) const MOST_ROUNDS: usize = 1_000;

/// How a block ended.
pub(super) enum Flow<'v> {
    /// At its end, with its last value.
    Next(Value<'v>),
    /// By `return`.
    Return(Value<'v>),
    /// By `break`.
    Break,
    /// By `continue`.
    Continue,
}

type Outcome<'v> = Result<Value<'v>, Stop>;

impl<'v, 'p> Machine<'v, 'p> {
    /// The value of an expression that is no control flow.
    pub(super) fn evaluate_one(&mut self, node: &'p Node, row: u32) -> Outcome<'v> {
        match self.run_node(node, row)? {
            Flow::Next(value) => Ok(value),
            // control flow within an expression is rare enough for the interpreter
            _ => Err(Stop::Bail),
        }
    }

    pub(super) fn run_node(&mut self, node: &'p Node, row: u32) -> Result<Flow<'v>, Stop> {
        self.spend_steps(1)?;
        match node {
            Node::If(parts) => {
                let holds = self.evaluate_one(&parts.0, row)?.flag()?;
                self.run_steps(if holds { &parts.1 } else { &parts.2 }, row)
            }
            Node::Switch(switch) => self.switch_one(switch, row),
            Node::Block(block) => self.run_steps(block, row),
            Node::Call(given, block) => {
                for (slot, node) in given {
                    let value = self.evaluate_one(node, row)?;
                    self.set_value(*slot, row, value)?;
                }
                self.calls += 1;
                let ended = self.run_steps(block, row);
                self.calls -= 1;
                match ended? {
                    Flow::Next(value) | Flow::Return(value) => Ok(Flow::Next(value)),
                    Flow::Break | Flow::Continue => Err(Stop::Bail),
                }
            }
            other => self.simple_value(other, row).map(Flow::Next),
        }
    }

    fn simple_value(&mut self, node: &'p Node, row: u32) -> Outcome<'v> {
        Ok(match node {
            Node::Constant(value) => Value::of_dynamic(value.clone(), self.request),
            Node::Static(index) => self.fixed_value(*index)?,
            Node::Field(index) => {
                let now = self.request.now();
                self.gathered_column(*index, row_bit(row))?.value(row, now)
            }
            Node::Slot(slot) => self.get_value(*slot, row)?,
            Node::Person(namespace, name, is_item) => self.person_value(*namespace, name, *is_item)?,
            Node::Params => Value::Other(Dynamic::from(self.request.params())),
            Node::Property(base, name) if matches!(**base, Node::Params) => {
                Value::of_dynamic(self.request.setting_named(name), self.request)
            }
            Node::Property(base, name) => {
                let base = self.evaluate_one(base, row)?;
                self.property_value(&base, name)?
            }
            Node::Index(base, key) => {
                let base = self.evaluate_one(base, row)?;
                let key = self.evaluate_one(key, row)?;
                self.indexed_value(&base, &key)?
            }
            Node::Not(a) => Value::Flag(!self.evaluate_one(a, row)?.flag()?),
            Node::Negate(a) => {
                let a = self.evaluate_one(a, row)?.to_dynamic(self.request);
                Value::of_dynamic(semantics::negate_value(&a)?, self.request)
            }
            Node::Arithmetic(op, a, b) => {
                let (a, b) = (self.evaluate_one(a, row)?, self.evaluate_one(b, row)?);
                a.calculates(*op, &b, self.request)?
            }
            Node::Compare(op, a, b) => {
                let (a, b) = (self.evaluate_one(a, row)?, self.evaluate_one(b, row)?);
                Value::Flag(a.compares(*op, &b, self.request)?)
            }
            Node::Equal(a, b) => {
                let (a, b) = (self.evaluate_one(a, row)?, self.evaluate_one(b, row)?);
                Value::Flag(a.equals(&b, self.request))
            }
            Node::Contains(list, x) => {
                let (list, x) = (self.evaluate_one(list, row)?, self.evaluate_one(x, row)?);
                Value::Flag(list.holds(&x, self.request)?)
            }
            Node::And(parts) => Value::Flag(self.logical_value(parts, row, false)?),
            Node::Or(parts) => Value::Flag(self.logical_value(parts, row, true)?),
            Node::Coalesce(parts) => self.coalesced_value(parts, row)?,
            Node::Function(word, given) => {
                let given = self.dynamic_values(given, row)?;
                let value = call_function(*word, &given)?;
                check_text_size(&value)?;
                Value::of_dynamic(value, self.request)
            }
            Node::Range(from, to, with_last) => {
                let (from, to) = (self.evaluate_one(from, row)?, self.evaluate_one(to, row)?);
                let (from, to) = (from.to_dynamic(self.request), to.to_dynamic(self.request));
                Value::of_dynamic(semantics::range_between(&from, &to, *with_last)?, self.request)
            }
            Node::Array(parts) => self.array_value(parts, row)?,
            Node::Map(parts) => self.map_value(parts, row)?,
            Node::Text(parts) => self.text_value(parts, row)?,
            Node::Move(moved) => {
                self.move_one(moved, row)?;
                Value::Unit
            }
            Node::If(_) | Node::Switch(_) | Node::Block(_) | Node::Call(..) => return Err(Stop::Bail),
        })
    }

    fn dynamic_values(&mut self, nodes: &'p [Node], row: u32) -> Result<Vec<Dynamic>, Stop> {
        let mut all = Vec::with_capacity(nodes.len());
        for node in nodes {
            all.push(self.evaluate_one(node, row)?.to_dynamic(self.request));
        }
        Ok(all)
    }

    /// `&&` and `||`: true as soon as a part is what `ends` says.
    fn logical_value(&mut self, parts: &'p [Node], row: u32, ends: bool) -> Result<bool, Stop> {
        for part in parts {
            if self.evaluate_one(part, row)?.flag()? == ends {
                return Ok(ends);
            }
        }
        Ok(!ends)
    }

    fn coalesced_value(&mut self, parts: &'p [Node], row: u32) -> Outcome<'v> {
        let mut value = Value::Unit;
        for part in parts {
            value = self.evaluate_one(part, row)?;
            if !value.is_unit() {
                break;
            }
        }
        Ok(value)
    }

    fn array_value(&mut self, parts: &'p [Node], row: u32) -> Outcome<'v> {
        let all: Array = self.dynamic_values(parts, row)?;
        // the interpreter counts what stands in lists within lists as well
        let nested = all.iter().any(|v| v.is_array() || v.is_map());
        if all.len() > limits::ARRAY || nested && all.len() > 8 {
            return Err(Stop::Bail);
        }
        Ok(Value::Other(all.into()))
    }

    fn map_value(&mut self, parts: &'p [(Arc<str>, Node)], row: u32) -> Outcome<'v> {
        if parts.len() > limits::MAP {
            return Err(Stop::Bail);
        }
        let mut map = Map::new();
        for (key, node) in parts {
            let value = self.evaluate_one(node, row)?.to_dynamic(self.request);
            map.insert((&**key).into(), value);
        }
        Ok(Value::Other(map.into()))
    }

    fn text_value(&mut self, parts: &'p [Node], row: u32) -> Outcome<'v> {
        let mut whole = String::new();
        for part in self.dynamic_values(parts, row)? {
            let is_plain =
                part.is_string() || part.is_int() || part.is_float() || part.is_bool() || part.is_unit();
            if !is_plain {
                return Err(Stop::Bail);
            }
            whole.push_str(&part.to_string());
        }
        let value = Dynamic::from(whole);
        check_text_size(&value)?;
        Ok(Value::of_dynamic(value, self.request))
    }

    fn switch_one(&mut self, switch: &'p Switch, row: u32) -> Result<Flow<'v>, Stop> {
        let value = self.evaluate_one(&switch.value, row)?.to_dynamic(self.request);
        let is_plain = value.is_string() || value.is_bool() || value.is_unit();
        if is_plain {
            let arms = switch
                .cases
                .iter()
                .find(|case| semantics::are_equal(&case.value, &value))
                .map(|case| &case.arms);
            for arm in arms.into_iter().flatten() {
                if let Some(given) = self.arm_one(switch, *arm, row)? {
                    return Ok(given);
                }
            }
        }
        for (range, arm) in &switch.ranges {
            if range.contains(&value)
                && let Some(given) = self.arm_one(switch, *arm, row)?
            {
                return Ok(given);
            }
        }
        match switch.default.and_then(|arm| switch.arms.get(arm)) {
            Some((_, node)) => self.run_node(node, row),
            None => Ok(Flow::Next(Value::Unit)),
        }
    }

    fn arm_one(&mut self, switch: &'p Switch, arm: usize, row: u32) -> Result<Option<Flow<'v>>, Stop> {
        let (condition, node) = switch.arms.get(arm).ok_or(Stop::Bail)?;
        if self.evaluate_one(condition, row)?.flag()? { self.run_node(node, row).map(Some) } else { Ok(None) }
    }

    /// Statements, of which the last one's value is the block's.
    pub(super) fn run_steps(&mut self, block: &'p Block, row: u32) -> Result<Flow<'v>, Stop> {
        let mut last = Value::Unit;
        for step in block {
            last = match step {
                Step::Value(node) => match self.run_node(node, row)? {
                    Flow::Next(value) => value,
                    other => return Ok(other),
                },
                Step::Set(slot, node) => {
                    let value = self.evaluate_one(node, row)?;
                    // a function changes variables of its own, which it finds anew each time
                    self.done += u64::from(self.calls == 0);
                    self.set_value(*slot, row, value)?;
                    Value::Unit
                }
                Step::For(each) => match self.run_loop(each, row)? {
                    Flow::Return(value) => return Ok(Flow::Return(value)),
                    _ => Value::Unit,
                },
                Step::Return(node) => {
                    let value = node.as_ref().map_or(Ok(Value::Unit), |n| self.evaluate_one(n, row))?;
                    return Ok(Flow::Return(value));
                }
                Step::Break => return Ok(Flow::Break),
                Step::Continue => return Ok(Flow::Continue),
            };
        }
        Ok(Flow::Next(last))
    }

    pub(super) fn run_loop(&mut self, each: &'p Loop, row: u32) -> Result<Flow<'v>, Stop> {
        let all = match &each.list {
            List::Range(from, to, last) => {
                let (from, to) = (self.evaluate_one(from, row)?, self.evaluate_one(to, row)?);
                let (Value::Whole(from), Value::Whole(to)) = (from, to) else {
                    return Err(Stop::Fault);
                };
                let to = if *last { to.checked_add(1).ok_or(Stop::Bail)? } else { to };
                (from..to).take(MOST_ROUNDS + 1).map(Value::Whole).collect()
            }
            List::Of(node) => self.elements_of(node, row)?,
        };
        if all.len() > MOST_ROUNDS {
            return Err(Stop::Bail);
        }
        for (count, value) in all.iter().enumerate() {
            if let Some(counter) = each.counter {
                let count = i64::try_from(count).map_err(|_| Stop::Bail)?;
                self.set_value(counter, row, Value::Whole(count))?;
            }
            self.set_value(each.slot, row, value.clone())?;
            match self.run_steps(&each.body, row)? {
                Flow::Next(_) | Flow::Continue => {}
                Flow::Break => break,
                Flow::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        Ok(Flow::Next(Value::Unit))
    }

    pub(super) fn list_elements(&self, list: &Dynamic) -> Result<Vec<Value<'v>>, Stop> {
        let value = |v: Dynamic| Value::of_dynamic(v, self.request);
        if let Ok(array) = list.as_array_ref() {
            return Ok(array.iter().cloned().map(value).collect());
        }
        if let Some(ends) = semantics::Ends::ends_of(list) {
            return Ok(ends.take_numbers(MOST_ROUNDS + 1).map(Value::Whole).collect());
        }
        if let Some(texts) = list.read_lock::<Texts>() {
            return Ok(texts.iter().map(value).collect());
        }
        if let Some(settings) = list.read_lock::<Settings>() {
            return Ok(settings.iter().map(value).collect());
        }
        if let Some(items) = list.read_lock::<Items>() {
            return Ok(items.clone().into_iter().map(|i: Item| Value::Item(i.index())).collect());
        }
        if let Some(events) = list.read_lock::<Events>() {
            return Ok(events.clone().into_iter().map(|e: Event| Value::Other(Dynamic::from(e))).collect());
        }
        Err(Stop::Fault)
    }
}
