//! Random statements.

use super::rule::Rule;

impl Rule<'_> {
    pub(super) fn moved(&mut self) -> String {
        if !self.has_item {
            return "return 1;".to_owned();
        }
        match self.dice.below(9) {
            0 => format!("item.boost({}, \"b\");", self.dice.one(&["2", "1.4", "1", "10", "1.05"])),
            1 => format!("item.bury({}, \"d\");", self.dice.one(&["0.5", "0.1", "1", "0.95"])),
            2 => format!("item.boost(max(1, min(10, {})), \"c\");", self.number(1)),
            3 => format!("item.bury(1 / (1 + abs({})), \"c\");", self.number(1)),
            4 => format!("item.boost(1 + {} / 100);", self.number(0)),
            5 => "item.drop(\"out\");".to_owned(),
            6 => format!("item.say(\"{}\");", self.dice.one(&["goes_with", "new_in", "good_deal"])),
            7 => "item.drop(\"out\"); return;".to_owned(),
            _ => "return;".to_owned(),
        }
    }

    pub(super) fn statement(&mut self, depth: usize) -> String {
        match self.dice.below(if depth == 0 { 4 } else { 18 }) {
            0..=2 => self.moved(),
            3 => {
                let value = self.number(2);
                let name = self.name();
                self.numbers.push(name.clone());
                format!("let {name} = {value};")
            }
            4 => {
                let value = self.text(1);
                let name = self.name();
                self.texts.push(name.clone());
                format!("let {name} = {value};")
            }
            5 if !self.numbers.is_empty() => {
                let n = self.dice.below(self.numbers.len());
                let (name, op) = (self.numbers[n].clone(), self.dice.one(&["=", "+=", "-=", "*=", "/="]));
                format!("{name} {op} {};", self.number(1))
            }
            14 => {
                let value = self.flag(2);
                let name = self.name();
                self.flags.push(name.clone());
                format!("let {name} = {value};")
            }
            15 => {
                let (name, field) =
                    (self.name(), self.dice.one(&["item.category", "(item.brand ?? \"\")", "item.sku"]));
                self.texts.push(name.clone());
                format!("let {name} = {field};")
            }
            16 if self.has_item => "mark(item, params);".to_owned(),
            17 if self.has_item => format!("let {} = mark(item, params);", self.name()),
            6 => format!(
                "switch {} {{ \"tents\" => {}, \"socks\" | \"warm\" if {} => {}, _ => {} }}",
                self.text(0),
                self.arm(),
                self.flag(0),
                self.arm(),
                self.arm()
            ),
            7 => format!(
                "switch {} {{ 0..5 => {}, 5..=19 if {} => {} }}",
                self.number(0),
                self.arm(),
                self.flag(0),
                self.arm()
            ),
            8 => {
                let (list, name) = (
                    self.dice.one(&[
                        "item.tags ?? []",
                        "params.words",
                        "[\"warm\", \"new\", \"old\"]",
                        "subject.bought ?? []",
                    ]),
                    self.name(),
                );
                let inner = self.within(|rule| {
                    rule.texts.push(name.clone());
                    rule.looped(depth - 1)
                });
                format!("for {name} in {list} {{ {inner} }}")
            }
            9 => {
                let (name, counter) = (self.name(), self.name());
                let inner = self.within(|rule| {
                    rule.numbers.extend([name.clone(), counter.clone()]);
                    rule.looped(depth - 1)
                });
                format!(
                    "for ({name}, {counter}) in {}..{} {{ {inner} }}",
                    self.dice.below(3),
                    self.dice.below(6)
                )
            }
            10 => {
                let name = self.name();
                format!(
                    "for {name} in session.basket ?? [] {{ if {name}.category == item.category || {name}.price > {} {{ {} }} }}",
                    self.number(0),
                    self.moved()
                )
            }
            _ => {
                let flag = self.flag(2);
                let yes = self.block(depth - 1);
                let no = match self.dice.below(3) {
                    0 => format!(" else {{ {} }}", self.block(depth - 1)),
                    1 => {
                        let (other, third) = (self.flag(1), self.block(depth - 1));
                        format!(" else if {other} {{ {third} }}")
                    }
                    _ => String::new(),
                };
                format!("if {flag} {{ {yes} }}{no}")
            }
        }
    }

    fn arm(&mut self) -> String {
        format!("{{ {} }}", self.moved())
    }

    pub(super) fn looped(&mut self, depth: usize) -> String {
        let body = self.block(depth);
        let leave = self.dice.one(&["", "break;", "continue;"]);
        let flag = self.flag(1);
        format!("{body} if {flag} {{ {leave} }} {}", self.moved())
    }

    pub(super) fn within(&mut self, f: impl FnOnce(&mut Self) -> String) -> String {
        let (numbers, texts, flags) = (self.numbers.len(), self.texts.len(), self.flags.len());
        let body = f(self);
        self.numbers.truncate(numbers);
        self.texts.truncate(texts);
        self.flags.truncate(flags);
        body
    }

    pub(super) fn block(&mut self, depth: usize) -> String {
        self.within(|rule| {
            let count = 1 + rule.dice.below(3);
            (0..count).map(|_| rule.statement(depth)).collect::<Vec<_>>().join(" ")
        })
    }
}
