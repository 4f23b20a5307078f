//! Compiled and interpreted agree: on random rules, over random products, persons, pages and settings, bit for bit.

use std::sync::Arc;

use jardin_model::{EventKind, Item, ItemId, Namespace, Timestamp, Value};
use jardin_strategy::{Adjusted, Failure, Param, Ranking, Seed, Strategy as _};

use crate::shop::{Shop, date, item, list, number, table, text, texts, wait};

/// Choices that follow from a number.
struct Dice(Seed);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        (self.0.next() % n as u64) as usize
    }

    fn one<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn chance(&mut self, in_ten: usize) -> bool {
        self.below(10) < in_ten
    }
}

/// A random rule, in words that a merchant could use.
struct Rule<'d> {
    dice: &'d mut Dice,
    /// Variables that hold numbers, texts and flags.
    numbers: Vec<String>,
    texts: Vec<String>,
    /// Names are never used twice.
    next: usize,
    has_item: bool,
}

impl Rule<'_> {
    fn name(&mut self) -> String {
        self.next += 1;
        format!("v{}", self.next)
    }

    fn literal(&mut self) -> String {
        self.dice
            .one(&[
                "0", "1", "2", "3", "7", "10", "0.5", "1.5", "2.25", "19.9", "100", "0.0", "-1", "-2.5", "1e3",
            ])
            .to_owned()
    }

    fn number(&mut self, depth: usize) -> String {
        let choice = self.dice.below(if depth == 0 { 8 } else { 18 });
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
            _ => format!("-{}", self.number(depth - 1)),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.dice.below(if depth == 0 { 5 } else { 9 }) {
            0 => format!(
                "\"{}\"",
                self.dice
                    .one(&["tents", "socks", "Nordfjell", "warm", "nobody has this", "", "ten"])
            ),
            1 => "item.category".to_owned(),
            2 => format!("(item.brand ?? {})", self.dice.one(&["\"\"", "\"Altavia\"", "item.category"])),
            3 => self
                .dice
                .one(&["params.word", "params.text", "(context.region ?? \"\")"])
                .to_owned(),
            4 => match self.texts.len() {
                0 => "item.sku".to_owned(),
                n => self.texts[self.dice.below(n)].clone(),
            },
            5 => format!("({} + {})", self.text(depth - 1), self.text(depth - 1)),
            6 => format!("{}.{}()", self.text(depth - 1), self.dice.one(&["to_upper", "to_lower"])),
            7 => format!("`${{{}}}-${{{}}}`", self.text(depth - 1), self.number(depth - 1)),
            _ => format!(
                "(if {} {{ {} }} else {{ {} }})",
                self.flag(depth - 1),
                self.text(depth - 1),
                self.text(depth - 1)
            ),
        }
    }

    fn list(&mut self) -> String {
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
    fn maybe(&mut self) -> String {
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

    fn flag(&mut self, depth: usize) -> String {
        match self.dice.below(if depth == 0 { 10 } else { 17 }) {
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
            10 | 11 => format!("({} && {})", self.flag(depth - 1), self.flag(depth - 1)),
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

    fn moved(&mut self) -> String {
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

    fn statement(&mut self, depth: usize) -> String {
        match self.dice.below(if depth == 0 { 4 } else { 14 }) {
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

    fn looped(&mut self, depth: usize) -> String {
        let body = self.block(depth);
        let leave = self.dice.one(&["", "break;", "continue;"]);
        let flag = self.flag(1);
        format!("{body} if {flag} {{ {leave} }} {}", self.moved())
    }

    fn within(&mut self, f: impl FnOnce(&mut Self) -> String) -> String {
        let (numbers, texts) = (self.numbers.len(), self.texts.len());
        let body = f(self);
        self.numbers.truncate(numbers);
        self.texts.truncate(texts);
        body
    }

    fn block(&mut self, depth: usize) -> String {
        self.within(|rule| {
            let count = 1 + rule.dice.below(3);
            (0..count).map(|_| rule.statement(depth)).collect::<Vec<_>>().join(" ")
        })
    }
}

fn script(dice: &mut Dice) -> String {
    let mut rule = Rule {
        dice,
        numbers: vec![],
        texts: vec![],
        next: 0,
        has_item: true,
    };
    let helpers = match rule.dice.below(3) {
        0 => format!("fn shown(item, params, context, subject) {{ {} }}", rule.number(2)),
        1 => format!(
            "fn shown(item, params, context, subject) {{ if {} {{ return {}; }} let x = {}; x }}",
            rule.flag(1),
            rule.number(1),
            rule.number(1)
        ),
        _ => "fn shown(item, params, context, subject) { for t in item.tags ?? [] { if t == \"new\" { return 2; } } 1.5 }".to_owned(),
    };
    let mut body: Vec<String> = vec![
        "let here = context.page_item;".to_owned(),
        "let w = shown(item, params, context, subject);".to_owned(),
    ];
    rule.numbers.push("w".to_owned());
    let count = 2 + rule.dice.below(5);
    body.extend((0..count).map(|_| rule.statement(3)));
    format!(
        "{helpers}\nfn adjust(item, subject, session, context, params) {{\n    {}\n}}",
        body.join("\n    ")
    )
}

fn products(dice: &mut Dice, count: usize) -> Vec<Item> {
    (0..count)
        .map(|n| {
            let mut more: Vec<(&str, Value)> = Vec::new();
            for name in ["stock", "margin", "pack", "sales_per_day", "popularity"] {
                if dice.chance(6) {
                    more.push((name, number([0.0, 1.0, 2.0, 0.12, 7.0, 250.0, -3.0, 0.3][dice.below(8)])));
                }
            }
            for (name, values) in [
                ("brand", ["Nordfjell", "Altavia", "Cime"]),
                ("collection", ["granite", "core", "old"]),
            ] {
                if dice.chance(7) {
                    more.push((name, text(dice.one(&values))));
                }
            }
            for name in ["tags", "seasons"] {
                if dice.chance(7) {
                    let all = ["warm", "new", "old", "winter"];
                    let kept: Vec<&str> = all.iter().copied().filter(|_| dice.chance(4)).collect();
                    more.push((name, texts(&kept)));
                }
            }
            if dice.chance(5) {
                more.push(("giftable", Value::Flag(dice.chance(5))));
            }
            if dice.chance(6) {
                more.push(("online_since", date(2026, 1 + dice.below(12) as i8, 1 + dice.below(28) as i8)));
            }
            if dice.chance(4) {
                let at = 1_700_000_000_000 + dice.below(100_000) as i64 * 1_000_000;
                more.push(("checked_at", Value::Time(Timestamp::from_ms(at))));
            }
            more.push(("in_stock", Value::Flag(dice.chance(7))));
            let category = dice.one(&["tents", "socks", "lamps", "tents/light"]);
            let price = format!("{}.{:02}", dice.below(200), dice.below(100));
            item(&format!("I{n}"), category, &price, &more)
        })
        .collect()
}

fn shop(dice: &mut Dice) -> Shop {
    let count = 1 + dice.below(30);
    let mut shop = Shop::with(&products(dice, count));
    shop.explain = dice.chance(8);
    let id = |n: usize| ItemId::new(&format!("I{n}")).unwrap();
    if dice.chance(6) {
        shop.sent
            .push((Namespace::Context, "page_item", Value::Item(id(dice.below(count)))));
    }
    if dice.chance(5) {
        shop.sent.push((Namespace::Context, "region", text("corse")));
    }
    if dice.chance(5) {
        let items: Vec<ItemId> = (0..dice.below(4)).map(|_| id(dice.below(count))).collect();
        shop.sent.push((Namespace::Session, "basket", Value::Items(items.into())));
    }
    if dice.chance(6) {
        let bought = ["I0", "I0", "I0"];
        shop.history = bought[..dice.below(4)].iter().map(|sku| (EventKind::Purchase, *sku)).collect();
    }
    let goes_with = [("tents", list(&["lamps", "socks"])), ("socks", list(&[]))];
    let mixed = Param::List(vec![Param::Text("warm".into()), Param::Integer(3), Param::Flag(true)].into());
    let mut params = vec![
        ("three", Param::Integer(3)),
        ("half", Param::Number(0.5)),
        ("big", Param::Integer(9_007_199_254_740_993)),
        ("minus", Param::Integer(-4)),
        ("zero", Param::Integer(0)),
        ("word", Param::Text("warm".into())),
        ("text", Param::Text("tents".into())),
        ("words", list(&["warm", "Nordfjell", "tents"])),
        ("mixed", mixed),
        ("yes", Param::Flag(dice.chance(5))),
        ("goes_with", Param::Table(table(&goes_with).0)),
        (
            "rates",
            Param::Table(table(&[("tents", Param::Number(1.2)), ("socks", Param::Integer(2))]).0),
        ),
        ("since", Param::Date(jardin_model::Date::new(2026, 6, 1).unwrap())),
    ];
    // a setting may be missing, or of another kind than the rule thinks
    if dice.chance(3) {
        let gone = dice.below(params.len());
        params.remove(gone);
    }
    if dice.chance(2) {
        params[0].1 = Param::Text("three".into());
    }
    shop.params = table(&params);
    shop
}

/// The bits of everything that was done.
fn bits(outcome: Result<Ranking, Failure>) -> Result<String, &'static str> {
    match outcome {
        Ok(Ranking::Adjusted(Adjusted { effects, page, failed })) => {
            let effects: Vec<_> = effects
                .into_iter()
                .map(|e| {
                    let notes: Vec<_> = e.notes.iter().map(|n| (n.factor.map(f64::to_bits), Arc::clone(&n.text))).collect();
                    (e.factor.to_bits(), e.dropped, e.says, notes)
                })
                .collect();
            Ok(format!("{effects:?} {page:?} {failed}"))
        }
        Ok(Ranking::Picks(_)) => panic!("a script gives moves"),
        Err(failure) => Err(failure.word()),
    }
}

/// Where two outcomes begin to differ.
fn difference(a: &Result<String, &str>, b: &Result<String, &str>) -> String {
    let (a, b) = (format!("{a:?}"), format!("{b:?}"));
    let at = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(100);
    let cut = |text: &str| text.chars().skip(at).take(300).collect::<String>();
    format!("compiled: {}\ninterpreted: {}", cut(&a), cut(&b))
}

/// How many rules loaded, were compiled, and ran compiled.
#[derive(Debug, Default)]
struct Tally {
    refused: usize,
    interpreted: usize,
    unsure: u64,
    compiled: u64,
}

fn compare(seed: u64, rules: usize, shops: usize) -> Tally {
    let mut dice = Dice(Seed(seed));
    let mut tally = Tally::default();
    for _ in 0..rules {
        let source = script(&mut dice);
        let first = shop(&mut dice);
        let Ok((script, _)) = first.load("probe", &source) else {
            tally.refused += 1;
            continue;
        };
        if script.functions()["adjust"].to_string() != "compiled" {
            tally.interpreted += 1;
            continue;
        }
        let oracle = first.loaded("probe", &source).interpreted();
        for shop in std::iter::once(first).chain((1..shops).map(|_| shop(&mut dice))) {
            let ask = shop.ask("probe");
            let compiled = bits(wait(script.recommend(&ask, &shop.items)));
            let interpreted = bits(wait(oracle.recommend(&ask, &shop.items)));
            if interpreted == Err("limit") {
                // steps bound the interpreter's time; a compiled rule takes fewer
                continue;
            }
            assert!(compiled == interpreted, "{source}\n{}", difference(&compiled, &interpreted));
        }
        let counters = script.health().counters;
        tally.compiled += counters["compiled"];
        tally.unsure += counters["interpreted"] + counters["error"];
    }
    tally
}

#[test]
fn compiled_and_interpreted_agree() {
    let tally = compare(20_261_120, 400, 4);
    // the comparison is worth something only where rules load and really run compiled
    assert!(tally.compiled > 400, "{tally:?}");
    assert!(tally.refused < 150 && tally.interpreted == 0, "{tally:?}");
}

#[test]
fn empty_and_single_lists_agree() {
    let tally = compare(7, 60, 1);
    assert!(tally.compiled > 20, "{tally:?}");
}
