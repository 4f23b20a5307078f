//! What depends on the request alone is found once a request and not once a candidate: settings, context, the
//! person, the page's product, and whatever is made of them. Conditions of such values choose a branch for
//! all candidates at once.

use super::node::{Block, Case, List, LoweredMove, Node, Step, Switch};

/// A rule with its request-wide expressions taken out.
#[derive(Debug)]
pub(super) struct Marked {
    /// Its statements.
    pub(super) body: Block,
    /// The expressions; [`Node::Static`] is a position here.
    pub(super) nodes: Vec<Node>,
}

struct Statics {
    nodes: Vec<Node>,
    /// For each variable how often it is set.
    set: Vec<usize>,
    /// For each variable what it stands for, where it is set once: a request-wide expression or a column.
    stands_for: Vec<Option<Node>>,
}

/// Marks the request-wide expressions of a rule.
pub(super) fn mark_statics(body: Block, slots: usize) -> Marked {
    let mut statics = Statics { nodes: Vec::new(), set: vec![0; slots], stands_for: vec![None; slots] };
    count_assignments(&body, &mut statics.set);
    let body = statics.mark_block(body);
    Marked { body, nodes: statics.nodes }
}

fn count_assignments(block: &Block, set: &mut [usize]) {
    let mut add = |slot: usize, by: usize| {
        if let Some(n) = set.get_mut(slot) {
            *n += by;
        }
    };
    for step in block {
        match step {
            Step::Set(slot, _) => add(*slot, 1),
            Step::For(each) => {
                // a loop sets its variables more than once
                add(each.slot, 2);
                each.counter.into_iter().for_each(|c| add(c, 2));
            }
            _ => {}
        }
    }
    for step in block {
        if let Step::For(each) = step {
            count_assignments(&each.body, set);
            if let List::Of(node) = &each.list {
                count_in(node, set);
            }
            if let List::Range(from, to, _) = &each.list {
                count_in(from, set);
                count_in(to, set);
            }
        }
        if let Step::Value(node) | Step::Set(_, node) | Step::Return(Some(node)) = step {
            count_in(node, set);
        }
    }
}

fn count_in(node: &Node, set: &mut [usize]) {
    match node {
        Node::If(parts) => {
            count_in(&parts.0, set);
            count_assignments(&parts.1, set);
            count_assignments(&parts.2, set);
        }
        Node::Block(block) => count_assignments(block, set),
        Node::Call(given, block) => {
            for (slot, node) in given {
                if let Some(n) = set.get_mut(*slot) {
                    *n += 1;
                }
                count_in(node, set);
            }
            count_assignments(block, set);
        }
        other => other.visit_inner(&mut |n| count_in(n, set)),
    }
}

impl Statics {
    fn mark_block(&mut self, block: Block) -> Block {
        block.into_iter().map(|step| self.mark_step(step)).collect()
    }

    fn mark_step(&mut self, step: Step) -> Step {
        match step {
            Step::Value(node) => Step::Value(self.extract_static(node)),
            Step::Set(slot, node) => {
                let node = self.extract_static(node);
                self.stand_for(slot, &node);
                Step::Set(slot, node)
            }
            Step::Return(node) => Step::Return(node.map(|n| self.extract_static(n))),
            Step::For(mut each) => {
                each.list = match each.list {
                    List::Of(node) => List::Of(self.extract_static(node)),
                    List::Range(from, to, last) => {
                        List::Range(self.extract_static(from), self.extract_static(to), last)
                    }
                };
                each.body = self.mark_block(each.body);
                Step::For(each)
            }
            Step::Break | Step::Continue => step,
        }
    }

    fn stand_for(&mut self, slot: usize, node: &Node) {
        let stands_for = match node {
            Node::Static(_) | Node::Field(_) => node.clone(),
            Node::Constant(_) => Node::Static(self.add_static(node.clone())),
            // a column with what stands for an absent cell
            Node::Coalesce(parts) if matches!(parts.as_slice(), [Node::Field(_), Node::Static(_)]) => {
                node.clone()
            }
            _ => return,
        };
        if self.set.get(slot) == Some(&1)
            && let Some(known) = self.stands_for.get_mut(slot)
        {
            *known = Some(stands_for);
        }
    }

    fn add_static(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The node itself, with what is request-wide in it taken out.
    fn extract_static(&mut self, node: Node) -> Node {
        let node = self.resolve_variables(node);
        if is_static(&node) {
            return match node {
                // a number or the symbol of a text is looked up once a request
                Node::Constant(value) if value.is_unit() || value.is_bool() => Node::Constant(value),
                Node::Static(_) => node,
                whole => Node::Static(self.add_static(whole)),
            };
        }
        self.take_inner(node)
    }

    /// Puts in what variables stand for.
    fn resolve_variables(&self, node: Node) -> Node {
        match node {
            Node::Slot(slot) => self.stands_for.get(slot).cloned().flatten().unwrap_or(Node::Slot(slot)),
            Node::Property(a, name) => Node::Property(self.resolved(a), name),
            Node::Not(a) => Node::Not(self.resolved(a)),
            Node::Negate(a) => Node::Negate(self.resolved(a)),
            Node::Index(a, b) => Node::Index(self.resolved(a), self.resolved(b)),
            Node::Arithmetic(op, a, b) => Node::Arithmetic(op, self.resolved(a), self.resolved(b)),
            Node::Compare(op, a, b) => Node::Compare(op, self.resolved(a), self.resolved(b)),
            Node::Equal(a, b) => Node::Equal(self.resolved(a), self.resolved(b)),
            Node::Contains(a, b) => Node::Contains(self.resolved(a), self.resolved(b)),
            Node::Range(a, b, last) => Node::Range(self.resolved(a), self.resolved(b), last),
            Node::And(all) => Node::And(self.resolve_all(all)),
            Node::Or(all) => Node::Or(self.resolve_all(all)),
            Node::Coalesce(all) => Node::Coalesce(self.resolve_all(all)),
            Node::Function(word, all) => Node::Function(word, self.resolve_all(all)),
            Node::Array(all) => Node::Array(self.resolve_all(all)),
            Node::Text(all) => Node::Text(self.resolve_all(all)),
            Node::Map(all) => {
                Node::Map(all.into_iter().map(|(k, n)| (k, self.resolve_variables(n))).collect())
            }
            other => other,
        }
    }

    #[expect(clippy::boxed_local, reason = "nodes stand in boxes on both sides")]
    fn resolved(&self, node: Box<Node>) -> Box<Node> {
        Box::new(self.resolve_variables(*node))
    }

    fn resolve_all(&self, all: Vec<Node>) -> Vec<Node> {
        all.into_iter().map(|n| self.resolve_variables(n)).collect()
    }

    fn take_inner(&mut self, node: Node) -> Node {
        match node {
            Node::Property(a, name) => Node::Property(self.taken(a), name),
            Node::Not(a) => Node::Not(self.taken(a)),
            Node::Negate(a) => Node::Negate(self.taken(a)),
            Node::Index(a, b) => Node::Index(self.taken(a), self.taken(b)),
            Node::Arithmetic(op, a, b) => Node::Arithmetic(op, self.taken(a), self.taken(b)),
            Node::Compare(op, a, b) => Node::Compare(op, self.taken(a), self.taken(b)),
            Node::Equal(a, b) => Node::Equal(self.taken(a), self.taken(b)),
            Node::Contains(a, b) => Node::Contains(self.taken(a), self.taken(b)),
            Node::Range(a, b, last) => Node::Range(self.taken(a), self.taken(b), last),
            Node::And(all) => Node::And(self.take_all(all)),
            Node::Or(all) => Node::Or(self.take_all(all)),
            Node::Coalesce(all) => Node::Coalesce(self.take_all(all)),
            Node::Function(word, all) => Node::Function(word, self.take_all(all)),
            Node::Array(all) => Node::Array(self.take_all(all)),
            Node::Text(all) => Node::Text(self.take_all(all)),
            Node::Map(all) => Node::Map(all.into_iter().map(|(k, n)| (k, self.extract_static(n))).collect()),
            Node::If(parts) => {
                let (condition, yes, no) = *parts;
                Node::If(Box::new((
                    self.extract_static(condition),
                    self.mark_block(yes),
                    self.mark_block(no),
                )))
            }
            Node::Switch(switch) => Node::Switch(Box::new(Switch {
                value: self.extract_static(switch.value),
                cases: switch.cases.into_iter().map(|case| self.mark_case(case)).collect(),
                arms: switch
                    .arms
                    .into_iter()
                    .map(|(c, v)| (self.extract_static(c), self.extract_static(v)))
                    .collect(),
                ..*switch
            })),
            Node::Block(block) => Node::Block(self.mark_block(block)),
            Node::Call(given, block) => self.mark_call(given, block),
            Node::Move(moved) => Node::Move(Box::new(match *moved {
                LoweredMove::Scale(word, factor, note) => {
                    LoweredMove::Scale(word, self.extract_static(factor), note)
                }
                other @ (LoweredMove::Drop(_) | LoweredMove::Say(_)) => other,
            })),
            leaf @ (Node::Constant(_)
            | Node::Field(_)
            | Node::Slot(_)
            | Node::Static(_)
            | Node::Person(..)
            | Node::Params) => leaf,
        }
    }

    fn mark_case(&mut self, case: Case) -> Case {
        Case { constant: self.extract_static(case.constant), ..case }
    }

    fn mark_call(&mut self, given: Vec<(usize, Node)>, block: Block) -> Node {
        let mut kept = Vec::new();
        for (slot, node) in given {
            let node = self.extract_static(node);
            self.stand_for(slot, &node);
            kept.push((slot, node));
        }
        Node::Call(kept, self.mark_block(block))
    }

    #[expect(clippy::boxed_local, reason = "nodes stand in boxes on both sides")]
    fn taken(&mut self, node: Box<Node>) -> Box<Node> {
        Box::new(self.extract_static(*node))
    }

    fn take_all(&mut self, all: Vec<Node>) -> Vec<Node> {
        all.into_iter().map(|n| self.extract_static(n)).collect()
    }
}

/// True for what reads no candidate, moves none and holds no statements.
fn is_static(node: &Node) -> bool {
    match node {
        Node::Field(_) | Node::Slot(_) | Node::Move(_) => false,
        Node::If(parts) => is_static(&parts.0) && one_value(&parts.1) && one_value(&parts.2),
        Node::Block(block) => one_value(block),
        Node::Call(..) => false,
        other => {
            let mut all = true;
            other.visit_inner(&mut |n| all = all && is_static(n));
            all
        }
    }
}

fn one_value(block: &Block) -> bool {
    match block.as_slice() {
        [] => true,
        [Step::Value(node)] => is_static(node),
        _ => false,
    }
}
