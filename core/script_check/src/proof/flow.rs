//! Loops: walked until nothing more is learned.

use rhai::{Expr, FlowControl, Ident, Position};

use super::{
    Walk,
    abstracts::{Absence, Abstract, Decided, Elements, Object, Origin, Value},
    state::State,
    value_type::{Types, ValueType},
};
use crate::codes::SCRIPT_LIMIT;

/// Rounds after which a loop's state has settled: each variable can weaken a few times only.
const MOST_ROUNDS: usize = 256;

impl Walk<'_> {
    fn walk_loop(&mut self, round: impl FnMut(&mut Self) -> State) {
        self.walk_enclosed(|walk| walk.walk_rounds(round));
    }

    /// Walks a loop: `round` walks it once, from the state at its head, and says what is known where it ends
    /// by itself.
    fn walk_rounds(&mut self, mut round: impl FnMut(&mut Self) -> State) {
        let (depth, in_loops) = (self.state.variables.len(), self.ways_out.in_loops);
        let number = self.next_number();
        for _ in 0..MOST_ROUNDS {
            let head = self.state.clone();
            self.loops.push((depth, None, None));
            let ended = round(self);
            let (_, left, repeated) = self.loops.pop().unwrap_or((depth, None, None));
            let mut again = self.state.clone();
            again.variables.truncate(depth);
            if let Some(repeated) = repeated {
                again = again.join(repeated, self.next_number());
            }
            let next = head.clone().join(again, number);
            if next == head {
                self.state = match left {
                    Some(left) => ended.join(left, self.next_number()),
                    None => ended,
                };
                self.state.variables.truncate(depth);
                // `break` and `continue` lead no further than to here
                self.ways_out.in_loops = in_loops;
                return;
            }
            self.state = next;
        }
        self.too_involved(Position::NONE);
    }

    /// `while`, and `loop` whose condition is `()`.
    pub(super) fn while_loop(&mut self, flow: &FlowControl, at: Position) {
        let (was_reached, returns) = (self.state.reachable, self.ways_out.returns);
        self.walk_loop(|walk| {
            let ended = if matches!(flow.expr, Expr::Unit(_)) {
                State { reachable: false, ..walk.state.clone() }
            } else {
                let branches = walk.walk_condition(&flow.expr);
                walk.state = branches.yes;
                branches.no
            };
            walk.walk_block(flow.body.statements());
            ended
        });
        let is_endless = matches!(flow.expr, Expr::Unit(_) | Expr::BoolConstant(true, _));
        if is_endless && was_reached && !self.state.reachable && self.ways_out.returns == returns {
            let help = Some("leave it with `break` or `return`".to_owned());
            self.add_finding(SCRIPT_LIMIT, at, "this loop never ends".to_owned(), help);
        }
    }

    /// `do … while` and `do … until`.
    pub(super) fn do_loop(&mut self, flow: &FlowControl) {
        self.walk_loop(|walk| {
            walk.walk_block(flow.body.statements());
            walk.resume_repeated();
            let branches = walk.walk_condition(&flow.expr);
            // `while` or `until`: both ways are taken as possible
            let ended = branches.yes.join(branches.no, walk.next_number());
            walk.state = ended.clone();
            ended
        });
    }

    /// What `continue` reached goes on with the condition of `do`.
    fn resume_repeated(&mut self) {
        if let Some(repeated) = self.loops.last_mut().and_then(|(_, _, repeated)| repeated.take()) {
            let number = self.next_number();
            self.state = self.state.clone().join(repeated, number);
        }
    }

    /// `for x in list`.
    pub(super) fn for_loop(
        &mut self,
        name: &Ident,
        counter: Option<&Ident>,
        flow: &FlowControl,
        at: Position,
    ) {
        let list = self.walk_expression(&flow.expr);
        self.require_present(&list, &flow.expr, "gone through");
        let origin = self.origin_of(&list);
        let object =
            Object::Looped(at.line().unwrap_or(0), at.position().unwrap_or(0), name.name.as_str().into());
        if origin == Origin::OrderOnly {
            self.order_only.insert(object.clone());
        }
        let element = match list {
            Abstract::Many(Elements::Items, ..) => Abstract::Item(object.clone()),
            Abstract::Many(Elements::Events, ..) => Abstract::Event(object.clone()),
            other => {
                let held = self.plain_value(other, flow.expr.start_position(), "gone through");
                self.check_type((&held, &flow.expr), Types::LIST.or(Types::RANGE), "`for` goes through");
                Abstract::Value(Value {
                    absence: held.inner.max(Absence::Settings),
                    place: None,
                    own: held.element,
                    element: ValueType::ANY,
                    ..held
                })
            }
        };
        self.walk_loop(|walk| {
            walk.state.note_decided(Decided::by(origin, flow.expr.start_position()));
            let ended = walk.state.clone();
            walk.state.forget_object(&object);
            if let Some(counter) = counter {
                let count = Value::of_type(ValueType::plain(Types::WHOLE));
                let count = Abstract::Value(Value { origin, ..count });
                walk.state.variables.push((counter.name.to_string(), count));
            }
            walk.state.variables.push((name.name.to_string(), element.clone()));
            walk.walk_block(flow.body.statements());
            ended
        });
        self.state.forget_object(&object);
    }

    /// `break` and `continue`.
    pub(super) fn leave_loop(&mut self, value: Option<&Expr>, is_break: bool, at: Position) {
        if let Some(value) = value {
            self.walk_expression(value);
            self.refuse_banned(at, "a loop gives no value".into(), "assign it to a variable before `break`");
        }
        self.ways_out.in_loops += 1;
        let number = self.next_number();
        let mut here = self.state.clone();
        if let Some((depth, left, repeated)) = self.loops.last_mut() {
            here.variables.truncate(*depth);
            let slot = if is_break { left } else { repeated };
            *slot = Some(match slot.take() {
                Some(before) => before.join(here, number),
                None => here,
            });
        }
        self.state.reachable = false;
    }
}
