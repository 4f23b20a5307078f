//! Random people, visits, requests, catalogues and events.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{
    Choice, ChoiceStatus, Date, Event, EventKind, HistoryEvent, HistoryLine, ItemId, ItemIndex, Line,
    PersonNumber, SessionId, SessionRecord, StoredValue, SubjectId, SubjectRecord, Timestamp, Value,
};

use super::Dice;
use crate::naive::{Known, Product, Products, Switches};

const DAY: i64 = 86_400_000;
/// Instants of 2026: an ordinary one, and those about the two changes of the clock.
const NOWS: [&str; 7] = [
    "2026-11-20T11:00:00Z",
    "2026-03-29T00:59:59.999Z",
    "2026-03-29T01:30:00Z",
    "2026-10-25T00:30:00Z",
    "2026-10-25T01:30:00Z",
    "2026-12-31T23:30:00Z",
    "2028-02-29T12:00:00Z",
];
/// How long ago something was: about the borders of the spans that the policies use.
const AGES: [i64; 22] = [
    0,
    1,
    60_000,
    10 * 60_000,
    30 * 60_000,
    2 * 3_600_000,
    36 * 3_600_000,
    DAY,
    10 * DAY,
    15 * DAY,
    20 * DAY,
    28 * DAY,
    30 * DAY,
    31 * DAY,
    59 * DAY,
    61 * DAY,
    90 * DAY,
    180 * DAY,
    184 * DAY,
    365 * DAY,
    730 * DAY,
    -4 * 60_000,
];
const CATEGORIES: [&str; 12] = [
    "tents",
    "pharmacy/sleep",
    "PHARMACY",
    "pharmacyx",
    "Pharmacy > Sleep",
    "phar\u{ad}macy|Sleep",
    "Ｐharmacy  /\u{200b}sleep",
    "cafe\u{301}/noir",
    "CAF\u{c9}",
    "a/b/c",
    " a / b ",
    "/A//B",
];
const KINDS: [EventKind; 5] =
    [EventKind::ViewItem, EventKind::AddToCart, EventKind::Purchase, EventKind::Search, EventKind::Rate];

pub fn products(dice: &mut Dice) -> Products {
    let mut products = Products::default();
    for i in 0..9 {
        let id = format!("i{i}");
        let category = dice.percent(85).then(|| dice.of(&CATEGORIES).to_owned());
        let tags = dice.some(&["halal", "red", "x", "X/y"], 30).into_iter().map(str::to_owned).collect();
        let price = dice.percent(85).then(|| dice.of(&[4.5, 9.99, 10.0, 15.25, 20.5, 30.0, 120.0]));
        products.sold.insert(id.clone(), Product { category, tags, price });
        products.ids.push(id);
    }
    // two that were sold once, and are not any longer
    products.ids.extend(["gone".to_owned(), "i9".to_owned()]);
    products
}

pub fn switches(dice: &mut Dice, strategies: &[String]) -> Switches {
    Switches {
        everything: dice.percent(5),
        strategies: dice.some(strategies, 5),
        finishes: dice.some(strategies, 10),
        reviewed: !dice.percent(5),
        ignores_policy: false,
    }
}

fn ago(dice: &mut Dice, now: i64) -> i64 {
    now - dice.of(&AGES) + dice.of(&[-1, 0, 0, 1])
}

pub fn known(dice: &mut Dice) -> Known {
    let now = Timestamp::parse(dice.of(&NOWS)).unwrap().ms() + dice.of(&[0, 0, 1, 3_600_000]);
    let record = dice.percent(85).then(|| record(dice, now));
    Known {
        now,
        id: record.is_some().then(|| "somebody".to_owned()),
        record,
        session: dice.percent(75).then(|| SessionRecord {
            person: PersonNumber(7),
            events: history(dice, now),
            choices: BTreeMap::new(),
            last_seen: Timestamp::from_ms(now - dice.of(&[0, 10 * 60_000, 30 * 60_000, 3 * 3_600_000])),
        }),
        sent: sent(dice),
        gpc: dice.percent(20),
        objects: dice.percent(10),
        says: ["yes", "also"]
            .into_iter()
            .filter(|_| dice.percent(10))
            .map(|n| (n.to_owned(), false))
            .collect(),
        tcf: dice.percent(30).then(|| dice.some(&[1, 5, 6], 70)),
        modes: if dice.percent(20) {
            BTreeMap::from([("m".to_owned(), dice.percent(50))])
        } else {
            BTreeMap::new()
        },
        clock_stepped_back: dice.percent(3),
    }
}

fn record(dice: &mut Dice, now: i64) -> SubjectRecord {
    let mut fields = BTreeMap::new();
    for (name, value) in values(dice) {
        if dice.percent(75) {
            let stored_at = Timestamp::from_ms(ago(dice, now));
            fields.insert(Arc::from(name), StoredValue { value, stored_at });
        }
    }
    let mut choices = BTreeMap::new();
    for name in ["yes", "also"] {
        let count = dice.of(&[0, 1, 1, 1, 2]);
        let mut list: Vec<Choice> = (0..count).map(|_| choice(dice, now)).collect();
        // two answers of one instant
        if dice.percent(5) && !list.is_empty() {
            list.push(Choice { status: ChoiceStatus::Withdrawn, ..list[0].clone() });
        }
        list.sort_by_key(|c| c.at);
        choices.insert(Arc::from(name), list);
    }
    SubjectRecord {
        person: PersonNumber(1),
        fields,
        events: history(dice, now),
        choices,
        objected: dice.percent(10).then(|| Timestamp::from_ms(ago(dice, now))),
        restricted: dice.percent(8).then(|| Timestamp::from_ms(ago(dice, now))),
        last_seen: Timestamp::from_ms(if dice.percent(80) { now - DAY } else { ago(dice, now) }),
    }
}

/// Somebody of whom nothing is stored but that she was there.
pub fn someone(at: Timestamp) -> Option<SubjectRecord> {
    Some(SubjectRecord {
        person: PersonNumber(1),
        fields: BTreeMap::new(),
        events: Vec::new(),
        choices: BTreeMap::new(),
        objected: None,
        restricted: None,
        last_seen: at,
    })
}

fn choice(dice: &mut Dice, now: i64) -> Choice {
    Choice {
        status: if dice.percent(80) { ChoiceStatus::Granted } else { ChoiceStatus::Withdrawn },
        text_version: dice.of(&["1", "1", "2", "3"]).into(),
        at: Timestamp::from_ms(if dice.percent(60) { now - 1000 } else { ago(dice, now) }),
        source: "banner".into(),
    }
}

/// Values of the subject's fields; some that a field cannot hold.
fn values(dice: &mut Dice) -> Vec<(&'static str, Value)> {
    let date = |dice: &mut Dice| {
        let (year, month, day) = dice.of(&[
            (1990, 5, 17),
            (2008, 2, 29),
            (2008, 11, 20),
            (2008, 11, 21),
            (2011, 3, 29),
            (2030, 1, 1),
            (1850, 1, 1),
            (1946, 11, 20),
        ]);
        Value::Date(Date::new(year, month, day).unwrap())
    };
    let text = |t: &str| Value::Text(t.into());
    let item = |dice: &mut Dice| ItemId::new(dice.of(&["i0", "i1", "i2", "i3", "i9", "nowhere"])).unwrap();
    let items: Vec<ItemId> = (0..dice.below(4)).map(|_| item(dice)).collect();
    vec![
        ("birth_date", if dice.percent(5) { text("1990-05-17") } else { date(dice) }),
        ("postcode", text(dice.of(&["38000", "3", "e\u{301}a\u{301}b", "\u{e9}t\u{e9}"]))),
        ("genres", Value::Texts(["a".into(), "b".into()].into())),
        (
            "points",
            if dice.percent(5) {
                text("12")
            } else {
                Value::Number(dice.of(&[-3.0, 0.0, 9.99, 10.0, 12.5, 1e6]))
            },
        ),
        ("spent", Value::Money(dice.of(&["0.00", "9.99", "99.50", "12.30", "-1.25"]).parse().unwrap())),
        ("member", Value::Flag(dice.percent(50))),
        ("reader", text(dice.of(&["a", "b", "c", "d"]))),
        ("joined", Value::Time(Timestamp::from_ms(1_700_000_000_000))),
        ("favourite", Value::Item(item(dice))),
        ("wished", Value::Items(items.into())),
    ]
}

fn sent(dice: &mut Dice) -> Vec<(String, Value)> {
    let items: Vec<ItemId> = (0..dice.below(4))
        .map(|_| ItemId::new(dice.of(&["i0", "i1", "i4", "i5", "gone"])).unwrap())
        .collect();
    let all = vec![
        ("session.basket".to_owned(), Value::Items(items.into())),
        ("session.note".to_owned(), Value::Text(dice.of(&["abc", "e\u{301}tat"]).into())),
        ("context.front".to_owned(), Value::Text(dice.of(&["a", "b", "c"]).into())),
        ("context.reader".to_owned(), Value::Text(dice.of(&["a", "b", "c"]).into())),
        (
            "context.page_item".to_owned(),
            Value::Item(ItemId::new(dice.of(&["i0", "i1", "i2", "nowhere"])).unwrap()),
        ),
        ("context.kids".to_owned(), Value::Flag(dice.percent(30))),
    ];
    dice.some(&all, 60)
}

fn history(dice: &mut Dice, now: i64) -> Vec<HistoryEvent> {
    let mut events: Vec<HistoryEvent> = (0..dice.below(9))
        .map(|sequence| HistoryEvent {
            sequence: sequence as u64,
            kind: dice.of(&KINDS),
            at: Timestamp::from_ms(ago(dice, now)),
            lines: (0..=dice.below(3))
                .map(|_| HistoryLine {
                    item: ItemIndex(dice.below(12) as u32),
                    quantity: 1 + dice.below(3) as u32,
                })
                .collect(),
        })
        .collect();
    events.sort_by_key(|e| (e.at, e.sequence));
    events
}

pub fn event(dice: &mut Dice, now: i64) -> Event {
    let at = if dice.percent(10) { now + dice.of(&[5 * 60_000, 5 * 60_000 + 1]) } else { ago(dice, now) };
    let said = |dice: &mut Dice| -> BTreeMap<Arc<str>, Value> {
        let all: Vec<(Arc<str>, Value)> = vec![
            ("coupon".into(), Value::Text("C".into())),
            (
                "amount".into(),
                if dice.percent(50) {
                    Value::Money("1.00".parse().unwrap())
                } else {
                    Value::Text("1".into())
                },
            ),
            ("colour".into(), Value::Text("red".into())),
            ("category".into(), Value::Text(dice.of(&CATEGORIES).into())),
        ];
        dice.some(&all, 15).into_iter().collect()
    };
    let fields = said(dice);
    let lines = (0..=dice.below(2)).map(|_| Line {
        item: ItemId::new(dice.of(&["i0", "i1", "i2", "i3", "i4", "i5", "gone", "new"])).unwrap(),
        quantity: 1,
        fields: said(dice),
    });
    let lines = lines.collect();
    Event {
        id: None,
        kind: dice.of(&KINDS),
        occurred_at: Timestamp::from_ms(at),
        subject: if dice.percent(70) { SubjectId::new("somebody").ok() } else { None },
        session: if dice.percent(70) { SessionId::new("visit").ok() } else { None },
        recommendation: None,
        lines,
        fields,
    }
}
