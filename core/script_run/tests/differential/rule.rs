//! Random rules, in words that a merchant could use.

use super::dice::Dice;

/// What the script's own functions are given.
pub(super) const ARGUMENTS: &str = "item, params, context, subject";

/// A random rule, in words that a merchant could use.
pub(super) struct Rule<'d> {
    pub(super) dice: &'d mut Dice,
    /// Variables that hold numbers, texts and flags.
    pub(super) numbers: Vec<String>,
    pub(super) texts: Vec<String>,
    pub(super) flags: Vec<String>,
    /// Names are never used twice.
    pub(super) next: usize,
    pub(super) has_item: bool,
}

impl Rule<'_> {
    pub(super) fn name(&mut self) -> String {
        self.next += 1;
        format!("v{}", self.next)
    }

    fn literal(&mut self) -> String {
        self.dice
            .one(&[
                "0", "1", "2", "3", "7", "10", "0.5", "1.5", "2.25", "19.9", "100", "0.0", "-1", "-2.5",
                "1e3",
            ])
            .to_owned()
    }

    pub(super) fn number(&mut self, depth: usize) -> String {
        let choice = self.dice.below(if depth == 0 { 8 } else { 22 });
        match choice {
            0 | 1 => self.literal(),
            2 => "item.price".to_owned(),
            3 => format!(
                "(item.{} ?? {})",
                self.dice.one(&["stock", "margin", "pack", "sales_per_day", "popularity"]),
                self.literal()
            ),
            4 => self
                .dice
                .one(&["params.three", "params.half", "params.big", "params.minus", "params.zero"])
                .to_owned(),
            5 => match self.numbers.len() {
                0 => self.literal(),
                n => self.numbers[self.dice.below(n)].clone(),
            },
            6 => format!("(context.page_item.price ?? {})", self.dice.one(&["item.price", "50", "9.5"])),
            7 => format!("(subject.usual_price ?? {})", self.literal()),
            8..=12 => {
                let op = self.dice.one(&["+", "-", "*", "/", "%", "+", "*", "**"]);
                let (a, b) = (self.number(depth - 1), self.number(depth - 1));
                format!("({a} {op} {b})")
            }
            13 => format!(
                "{}({}, {})",
                self.dice.one(&["min", "max"]),
                self.number(depth - 1),
                self.number(depth - 1)
            ),
            14 => format!(
                "{}({})",
                self.dice.one(&["abs", "floor", "ceil", "round", "sqrt"]),
                self.number(depth - 1)
            ),
            15 => format!(
                "(if {} {{ {} }} else {{ {} }})",
                self.flag(depth - 1),
                self.number(depth - 1),
                self.number(depth - 1)
            ),
            16 => match self.dice.below(5) {
                0 => format!(
                    "({}(item.online_since) ?? {})",
                    self.dice.one(&["days_since", "days_until"]),
                    self.literal()
                ),
                1 => format!("(days_since(item.checked_at) ?? {})", self.literal()),
                2 => "(item.tags ?? []).len()".to_owned(),
                3 => format!("({} ?? {} ?? {})", "item.margin", "item.stock", self.number(depth - 1)),
                _ => "(params.rates[item.category] ?? 1.5)".to_owned(),
            },
            17 => format!("-{}", self.number(depth - 1)),
            18 => format!("shown({ARGUMENTS})"),
            19 => format!("(params[{}] ?? {})", self.text(0), self.literal()),
            20 => format!(
                "(switch {} {{ \"tents\" => {}, \"warm\" if {} => {}, _ => {} }})",
                self.text(0),
                self.number(0),
                self.flag(0),
                self.number(0),
                self.number(0)
            ),
            _ => self.block_value(depth),
        }
    }

    /// A block with a value, which may change a variable from outside.
    fn block_value(&mut self, depth: usize) -> String {
        let name = self.name();
        let value = self.number(depth - 1);
        let changed = match self.numbers.len() {
            0 => String::new(),
            n => format!("{} += 1;", self.numbers[self.dice.below(n)]),
        };
        format!("{{ let {name} = {value}; {changed} {name} * 2 }}")
    }

    pub(super) fn text(&mut self, depth: usize) -> String {
        match self.dice.below(if depth == 0 { 5 } else { 11 }) {
            0 => format!(
                "\"{}\"",
                self.dice.one(&["tents", "socks", "Nordfjell", "warm", "nobody has this", "", "ten"])
            ),
            1 => "item.category".to_owned(),
            2 => format!("(item.brand ?? {})", self.dice.one(&["\"\"", "\"Altavia\"", "item.category"])),
            3 => self.dice.one(&["params.word", "params.text", "(context.region ?? \"\")"]).to_owned(),
            4 => match self.texts.len() {
                0 => "item.sku".to_owned(),
                n => self.texts[self.dice.below(n)].clone(),
            },
            5 => format!("({} + {})", self.text(depth - 1), self.text(depth - 1)),
            6 => format!("{}.{}()", self.text(depth - 1), self.dice.one(&["to_upper", "to_lower"])),
            7 => format!("`${{{}}}-${{{}}}`", self.text(depth - 1), self.number(depth - 1)),
            8 => format!("named({ARGUMENTS})"),
            9 => format!(
                "(switch {} {{ 0..10 => {}, 10..=50 => {}, _ => \"far\" }})",
                self.number(0),
                self.text(0),
                self.text(0)
            ),
            _ => format!(
                "(if {} {{ {} }} else {{ {} }})",
                self.flag(depth - 1),
                self.text(depth - 1),
                self.text(depth - 1)
            ),
        }
    }

    pub(super) fn list(&mut self) -> String {
        match self.dice.below(7) {
            0 => "item.tags".to_owned(),
            1 => "(item.seasons ?? [])".to_owned(),
            2 => self.dice.one(&["params.words", "params.missing", "params.mixed", "[]"]).to_owned(),
            3 => format!("[{}, {}]", self.text(0), self.text(0)),
            4 => "(params.goes_with[context.page_item.category ?? \"\"] ?? [])".to_owned(),
            5 => "(params.goes_with[item.category] ?? [])".to_owned(),
            _ => "(subject.bought ?? [])".to_owned(),
        }
    }

    /// Something that may be absent.
    pub(super) fn maybe(&mut self) -> String {
        let all = [
            "item.stock",
            "item.margin",
            "item.brand",
            "item.tags",
            "item.giftable",
            "item.online_since",
            "item.pack",
            "context.page_item",
            "context.page_item.brand",
            "context.page_item.in_stock",
            "subject.bought",
            "subject.usual_price",
            "params.missing",
            "params.word",
            "context.region",
            "session.basket",
            "subject.birth_date",
        ];
        self.dice.one(&all).to_owned()
    }

    pub(super) fn flag(&mut self, depth: usize) -> String {
        match self.dice.below(if depth == 0 { 11 } else { 19 }) {
            0..=2 => {
                let op = self.dice.one(&["<", "<=", ">", ">=", "==", "!="]);
                format!("{} {op} {}", self.number(depth.min(1)), self.number(depth.min(1)))
            }
            3 => {
                let op = self.dice.one(&["==", "!=", "<", ">="]);
                format!("{} {op} {}", self.text(depth.min(1)), self.text(depth.min(1)))
            }
            4 => {
                let (op, maybe) = (self.dice.one(&["==", "!="]), self.maybe());
                format!("{maybe} {op} ()")
            }
            5 => format!("{} in {}", self.text(0), self.list()),
            6 => format!("item.brand in {}", self.list()),
            7 => match self.dice.below(6) {
                0 => "item.giftable == true".to_owned(),
                1 => "context.page_item.in_stock == false".to_owned(),
                2 => "item.in_stock".to_owned(),
                3 => "params.yes".to_owned(),
                4 => "item.brand == context.page_item.brand".to_owned(),
                _ => format!("item.{} == {}", self.dice.one(&["stock", "margin", "pack"]), self.literal()),
            },
            8 => format!(
                "{}.{}({})",
                self.text(0),
                self.dice.one(&["starts_with", "ends_with", "contains"]),
                self.text(0)
            ),
            9 => match self.dice.below(4) {
                0 => format!("item.margin != () && item.margin < {}", self.number(0)),
                1 => format!("item.stock == () || item.stock > {}", self.number(0)),
                2 => "item.online_since != () && item.online_since < params.since".to_owned(),
                _ => "\"a\" in params.goes_with".to_owned(),
            },
            10 => match self.flags.len() {
                0 => "item.in_stock".to_owned(),
                n => self.flags[self.dice.below(n)].clone(),
            },
            17 => format!("is_so({ARGUMENTS})"),
            18 => format!("{} in {}..{}", self.number(0), self.dice.below(5), self.dice.below(90)),
            11 => format!("({} && {})", self.flag(depth - 1), self.flag(depth - 1)),
            12 | 13 => format!("({} || {})", self.flag(depth - 1), self.flag(depth - 1)),
            14 => format!("!({})", self.flag(depth - 1)),
            15 => format!("{} in [{}, {}, {}]", self.number(0), self.number(0), self.literal(), self.text(0)),
            _ => format!(
                "(if {} {{ {} }} else {{ {} }})",
                self.flag(depth - 1),
                self.flag(depth - 1),
                self.flag(depth - 1)
            ),
        }
    }
}

/// A value in a function, which calls no other function of the script.
fn plain<'d>(rule: &mut Rule<'d>, mut value: impl FnMut(&mut Rule<'d>) -> String) -> String {
    loop {
        let value = value(rule);
        if ["shown(", "named(", "is_so("].iter().all(|call| !value.contains(call)) {
            return value;
        }
    }
}

/// A function of the script: one expression, an early return, a local, a loop, or a `switch`.
fn function<'d>(rule: &mut Rule<'d>, name: &str, value: fn(&mut Rule<'d>, usize) -> String) -> String {
    let one = |rule: &mut Rule<'d>, depth| plain(rule, |r| value(r, depth));
    let body = match rule.dice.below(5) {
        0 => one(rule, 2),
        1 => {
            let (yes, no, end) = (one(rule, 1), one(rule, 1), one(rule, 1));
            let flag = plain(rule, |r| r.flag(1));
            let other = plain(rule, |r| r.flag(0));
            format!("if {flag} {{ return {yes}; }} else if {other} {{ return {no}; }} {end}")
        }
        2 => {
            let (first, then) = (one(rule, 1), one(rule, 1));
            let flag = plain(rule, |r| r.flag(1));
            format!("let x = {first}; if {flag} {{ x = {then}; }} x")
        }
        3 => {
            let (found, end) = (one(rule, 0), one(rule, 0));
            format!("for t in item.tags ?? [] {{ if t == \"new\" {{ return {found}; }} }} {end}")
        }
        _ => {
            let (a, b, c) = (one(rule, 0), one(rule, 0), one(rule, 0));
            format!("switch item.category {{ \"tents\" => {{ return {a}; }} \"socks\" => {b}, _ => {c} }}")
        }
    };
    format!("fn {name}({ARGUMENTS}) {{ {body} }}\n")
}

/// A script with some functions and an `adjust`.
pub(super) fn script(dice: &mut Dice) -> String {
    let mut rule = Rule { dice, numbers: vec![], texts: vec![], flags: vec![], next: 0, has_item: false };
    let mut source = function(&mut rule, "shown", Rule::number);
    source += &function(&mut rule, "named", Rule::text);
    source += &function(&mut rule, "is_so", Rule::flag);
    rule.has_item = true;
    let moved = rule.moved();
    source += &format!(
        "fn mark(item, params) {{ if params.yes == true {{ {} }} 1 }}\n",
        moved.replace("context.page_item.price", "item.price").replace("subject.usual_price", "item.margin")
    );
    let mut body: Vec<String> =
        vec!["let here = context.page_item;".to_owned(), format!("let w = shown({ARGUMENTS});")];
    rule.numbers.push("w".to_owned());
    let count = 2 + rule.dice.below(5);
    body.extend((0..count).map(|_| rule.statement(3)));
    source +=
        &format!("fn adjust(item, subject, session, context, params) {{\n    {}\n}}", body.join("\n    "));
    source
}
