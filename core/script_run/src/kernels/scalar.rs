//! One candidate at a time: every expression and statement, with the meaning that the interpreter gives it.

use std::sync::Arc;

use jardin_model::Namespace;
use rhai::{Array, Dynamic, Map};

use jardin_script_check::{
    limits,
    lowered::{Block, List, Loop, Node, Step, Switch},
    vocabulary::EventField,
};

use super::{
    Machine,
    lanes::bit,
    value::{Stop, Value, small},
};
use crate::{
    functions::call_function,
    host::{Event, Events, Item, Items, List as Settings, Table, Texts},
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
    pub(super) fn value(&mut self, node: &'p Node, row: u32) -> Outcome<'v> {
        match self.flow(node, row)? {
            Flow::Next(value) => Ok(value),
            // control flow within an expression is rare enough for the interpreter
            _ => Err(Stop::Bail),
        }
    }

    pub(super) fn flow(&mut self, node: &'p Node, row: u32) -> Result<Flow<'v>, Stop> {
        self.spend(1)?;
        match node {
            Node::If(parts) => {
                let holds = self.value(&parts.0, row)?.flag()?;
                self.steps(if holds { &parts.1 } else { &parts.2 }, row)
            }
            Node::Switch(switch) => self.switch_one(switch, row),
            Node::Block(block) => self.steps(block, row),
            Node::Call(given, block) => {
                for (slot, node) in given {
                    let value = self.value(node, row)?;
                    self.set(*slot, row, value)?;
                }
                self.calls += 1;
                let ended = self.steps(block, row);
                self.calls -= 1;
                match ended? {
                    Flow::Next(value) | Flow::Return(value) => Ok(Flow::Next(value)),
                    Flow::Break | Flow::Continue => Err(Stop::Bail),
                }
            }
            other => self.simple(other, row).map(Flow::Next),
        }
    }

    fn simple(&mut self, node: &'p Node, row: u32) -> Outcome<'v> {
        Ok(match node {
            Node::Constant(value) => Value::of(value.clone(), self.request),
            Node::Static(index) => self.fixed(*index)?,
            Node::Field(index) => {
                let now = self.request.now();
                self.gathered(*index, bit(row))?.value(row, now)
            }
            Node::Slot(slot) => self.get(*slot, row)?,
            Node::Person(namespace, name, is_item) => self.person(*namespace, name, *is_item)?,
            Node::Params => Value::Other(Dynamic::from(self.request.params())),
            Node::Property(base, name) if matches!(**base, Node::Params) => {
                Value::of(self.request.setting(name), self.request)
            }
            Node::Property(base, name) => {
                let base = self.value(base, row)?;
                self.property(&base, name)?
            }
            Node::Index(base, key) => {
                let base = self.value(base, row)?;
                let key = self.value(key, row)?;
                self.index(&base, &key)?
            }
            Node::Not(a) => Value::Flag(!self.value(a, row)?.flag()?),
            Node::Negate(a) => {
                let a = self.value(a, row)?.dynamic(self.request);
                Value::of(semantics::negate(&a)?, self.request)
            }
            Node::Arithmetic(op, a, b) => {
                let (a, b) = (self.value(a, row)?, self.value(b, row)?);
                a.calculates(*op, &b, self.request)?
            }
            Node::Compare(op, a, b) => {
                let (a, b) = (self.value(a, row)?, self.value(b, row)?);
                Value::Flag(a.compares(*op, &b, self.request)?)
            }
            Node::Equal(a, b) => {
                let (a, b) = (self.value(a, row)?, self.value(b, row)?);
                Value::Flag(a.equals(&b, self.request))
            }
            Node::Contains(list, x) => {
                let (list, x) = (self.value(list, row)?, self.value(x, row)?);
                Value::Flag(list.holds(&x, self.request)?)
            }
            Node::And(parts) => Value::Flag(self.logical(parts, row, false)?),
            Node::Or(parts) => Value::Flag(self.logical(parts, row, true)?),
            Node::Coalesce(parts) => self.coalesce(parts, row)?,
            Node::Function(word, given) => {
                let given = self.dynamics(given, row)?;
                let value = call_function(*word, &given)?;
                small(&value)?;
                Value::of(value, self.request)
            }
            Node::Range(from, to, with_last) => {
                let (from, to) = (self.value(from, row)?, self.value(to, row)?);
                let (from, to) = (from.dynamic(self.request), to.dynamic(self.request));
                Value::of(semantics::range(&from, &to, *with_last)?, self.request)
            }
            Node::Array(parts) => self.array(parts, row)?,
            Node::Map(parts) => self.map(parts, row)?,
            Node::Text(parts) => self.text(parts, row)?,
            Node::Move(moved) => {
                self.moved(moved, row)?;
                Value::Unit
            }
            Node::If(_) | Node::Switch(_) | Node::Block(_) | Node::Call(..) => return Err(Stop::Bail),
        })
    }

    fn dynamics(&mut self, nodes: &'p [Node], row: u32) -> Result<Vec<Dynamic>, Stop> {
        let mut all = Vec::with_capacity(nodes.len());
        for node in nodes {
            all.push(self.value(node, row)?.dynamic(self.request));
        }
        Ok(all)
    }

    /// `&&` and `||`: true as soon as a part is what `ends` says.
    fn logical(&mut self, parts: &'p [Node], row: u32, ends: bool) -> Result<bool, Stop> {
        for part in parts {
            if self.value(part, row)?.flag()? == ends {
                return Ok(ends);
            }
        }
        Ok(!ends)
    }

    fn coalesce(&mut self, parts: &'p [Node], row: u32) -> Outcome<'v> {
        let mut value = Value::Unit;
        for part in parts {
            value = self.value(part, row)?;
            if !value.is_unit() {
                break;
            }
        }
        Ok(value)
    }

    fn array(&mut self, parts: &'p [Node], row: u32) -> Outcome<'v> {
        let all: Array = self.dynamics(parts, row)?;
        // the interpreter counts what stands in lists within lists as well
        let nested = all.iter().any(|v| v.is_array() || v.is_map());
        if all.len() > limits::ARRAY || nested && all.len() > 8 {
            return Err(Stop::Bail);
        }
        Ok(Value::Other(all.into()))
    }

    fn map(&mut self, parts: &'p [(Arc<str>, Node)], row: u32) -> Outcome<'v> {
        if parts.len() > limits::MAP {
            return Err(Stop::Bail);
        }
        let mut map = Map::new();
        for (key, node) in parts {
            let value = self.value(node, row)?.dynamic(self.request);
            map.insert((&**key).into(), value);
        }
        Ok(Value::Other(map.into()))
    }

    fn text(&mut self, parts: &'p [Node], row: u32) -> Outcome<'v> {
        let mut whole = String::new();
        for part in self.dynamics(parts, row)? {
            let is_plain =
                part.is_string() || part.is_int() || part.is_float() || part.is_bool() || part.is_unit();
            if !is_plain {
                return Err(Stop::Bail);
            }
            whole.push_str(&part.to_string());
        }
        let value = Dynamic::from(whole);
        small(&value)?;
        Ok(Value::of(value, self.request))
    }

    fn person(&mut self, namespace: Namespace, name: &str, is_item: bool) -> Outcome<'v> {
        let denied = matches!(self.request.view().get(namespace, name), jardin_policy::Access::Denied);
        if denied {
            // the interpreter denies it, if the rule gets there
            return Err(Stop::Bail);
        }
        let value = self.request.field(namespace, name, is_item).map_err(|_| Stop::Bail)?;
        Ok(Value::of(value, self.request))
    }

    pub(super) fn property(&self, base: &Value<'v>, name: &Arc<str>) -> Outcome<'v> {
        let value = match base {
            Value::Unit => return Ok(Value::Unit),
            Value::Item(index) => {
                if self.request.view().column(name).is_none() {
                    return Err(Stop::Bail);
                }
                self.request.item_field(*index, name).map_err(|_| Stop::Bail)?
            }
            Value::Other(value) => inside(value, name).ok_or(Stop::Fault)?,
            _ => return Err(Stop::Fault),
        };
        Ok(Value::of(value, self.request))
    }

    pub(super) fn index(&self, base: &Value<'v>, key: &Value<'v>) -> Outcome<'v> {
        let Value::Other(held) = base else {
            return match (base, key) {
                (Value::Unit, _) => Ok(Value::Unit),
                // a product by a constant name
                (Value::Item(_), Value::Symbol(symbol)) => {
                    let name = self.request.view().text(*symbol).cloned().ok_or(Stop::Bail)?;
                    self.property(base, &name)
                }
                (Value::Item(_) | Value::Symbol(_), _) => Err(Stop::Bail),
                _ => Err(Stop::Fault),
            };
        };
        let key = key.dynamic(self.request);
        let found = if let Some(table) = held.read_lock::<Table>() {
            Some(table.at(&key))
        } else if let Some(list) = held.read_lock::<Settings>() {
            Some(list.at(&key))
        } else if let Ok(map) = held.as_map_ref() {
            let key = key.as_immutable_string_ref().map_err(|_| Stop::Fault)?;
            Some(map.get(key.as_str()).cloned().unwrap_or(Dynamic::UNIT))
        } else if let Ok(array) = held.as_array_ref() {
            Some(element(&array, &key)?)
        } else if held.is_string() {
            return Err(Stop::Bail);
        } else {
            None
        };
        found.map(|v| Value::of(v, self.request)).ok_or(Stop::Fault)
    }

    fn switch_one(&mut self, switch: &'p Switch, row: u32) -> Result<Flow<'v>, Stop> {
        let value = self.value(&switch.value, row)?.dynamic(self.request);
        let is_plain = value.is_string() || value.is_bool() || value.is_unit();
        if is_plain {
            let arms =
                switch.cases.iter().find(|case| semantics::equal(&case.value, &value)).map(|case| &case.arms);
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
            Some((_, node)) => self.flow(node, row),
            None => Ok(Flow::Next(Value::Unit)),
        }
    }

    fn arm_one(&mut self, switch: &'p Switch, arm: usize, row: u32) -> Result<Option<Flow<'v>>, Stop> {
        let (condition, node) = switch.arms.get(arm).ok_or(Stop::Bail)?;
        if self.value(condition, row)?.flag()? { self.flow(node, row).map(Some) } else { Ok(None) }
    }

    /// Statements, of which the last one's value is the block's.
    pub(super) fn steps(&mut self, block: &'p Block, row: u32) -> Result<Flow<'v>, Stop> {
        let mut last = Value::Unit;
        for step in block {
            last = match step {
                Step::Value(node) => match self.flow(node, row)? {
                    Flow::Next(value) => value,
                    other => return Ok(other),
                },
                Step::Set(slot, node) => {
                    let value = self.value(node, row)?;
                    // a function changes variables of its own, which it finds anew each time
                    self.done += u64::from(self.calls == 0);
                    self.set(*slot, row, value)?;
                    Value::Unit
                }
                Step::For(each) => match self.each(each, row)? {
                    Flow::Return(value) => return Ok(Flow::Return(value)),
                    _ => Value::Unit,
                },
                Step::Return(node) => {
                    let value = node.as_ref().map_or(Ok(Value::Unit), |n| self.value(n, row))?;
                    return Ok(Flow::Return(value));
                }
                Step::Break => return Ok(Flow::Break),
                Step::Continue => return Ok(Flow::Continue),
            };
        }
        Ok(Flow::Next(last))
    }

    pub(super) fn each(&mut self, each: &'p Loop, row: u32) -> Result<Flow<'v>, Stop> {
        let all = match &each.list {
            List::Range(from, to, last) => {
                let (from, to) = (self.value(from, row)?, self.value(to, row)?);
                let (Value::Whole(from), Value::Whole(to)) = (from, to) else {
                    return Err(Stop::Fault);
                };
                let to = if *last { to.checked_add(1).ok_or(Stop::Bail)? } else { to };
                (from..to).take(MOST_ROUNDS + 1).map(Value::Whole).collect()
            }
            List::Of(node) => {
                let list = self.value(node, row)?.dynamic(self.request);
                self.elements(&list)?
            }
        };
        if all.len() > MOST_ROUNDS {
            return Err(Stop::Bail);
        }
        for (count, value) in all.into_iter().enumerate() {
            if let Some(counter) = each.counter {
                let count = i64::try_from(count).map_err(|_| Stop::Bail)?;
                self.set(counter, row, Value::Whole(count))?;
            }
            self.set(each.slot, row, value)?;
            match self.steps(&each.body, row)? {
                Flow::Next(_) | Flow::Continue => {}
                Flow::Break => break,
                Flow::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        Ok(Flow::Next(Value::Unit))
    }

    pub(super) fn elements(&self, list: &Dynamic) -> Result<Vec<Value<'v>>, Stop> {
        let value = |v: Dynamic| Value::of(v, self.request);
        if let Ok(array) = list.as_array_ref() {
            return Ok(array.iter().cloned().map(value).collect());
        }
        if let Some(ends) = semantics::Ends::of(list) {
            return Ok(ends.take(MOST_ROUNDS + 1).map(Value::Whole).collect());
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

/// A field of an event, or a key of a table.
fn inside(held: &Dynamic, name: &str) -> Option<Dynamic> {
    if let Some(event) = held.read_lock::<Event>() {
        return EventField::from_name(name).and_then(|field| event.field(field).ok());
    }
    if let Some(table) = held.read_lock::<Table>() {
        return Some(table.named(name));
    }
    held.as_map_ref().ok().map(|map| map.get(name).cloned().unwrap_or(Dynamic::UNIT))
}

/// An element of an array; from its end where the place is negative.
fn element(array: &Array, place: &Dynamic) -> Result<Dynamic, Stop> {
    let place = place.as_int().map_err(|_| Stop::Fault)?;
    let from_end = usize::try_from(place.unsigned_abs()).map_err(|_| Stop::Fault)?;
    let index = if place < 0 { array.len().checked_sub(from_end) } else { Some(from_end) };
    index.and_then(|i| array.get(i)).cloned().ok_or(Stop::Fault)
}
