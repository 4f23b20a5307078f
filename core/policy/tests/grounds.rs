//! What ends a ground, and what it erases: the table, row by row.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its policy fails")]

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{
    Choice, ChoiceStatus, Date, EventKind, HistoryEvent, HistoryLine, ItemIndex, PersonNumber, StoredValue,
    SubjectRecord, Timestamp, Value,
};
use jardin_policy::{Policy, RemovedCount};

/// Looking rests on one consent, buying on another and on an interest that stops for an objection; what was rated is used
/// by nothing.
const POLICY: &str = r#"
language = 1
[policy]
controller = "A shop, Grenoble"
contact = "privacy@shop.example"
languages = ["en"]
revision = "2026-01-01.1"
time_zone = "UTC"
fallback = "window"
dpia = "DPIA-1"
[fields.subject]
birth_date = { type = "date", class = "personal", keep = "account" }
size = { type = "text", class = "personal", keep = "account" }
colour = { type = "text", class = "personal", keep = "account" }
viewed = { type = "events", class = "personal", keep = "24 months", of = ["view_item"] }
bought = { type = "events", class = "personal", keep = "24 months", of = ["purchase"] }
rated = { type = "events", class = "personal", keep = "24 months", of = ["rate"] }
[fields.item]
sku = { type = "id", class = "none", always = true }
[consents.choose]
texts = ["2"]
lasts = "180 days"
rests_for = "30 days"
[consents.learn]
texts = ["2"]
lasts = "180 days"
[purposes.show]
says = { en = "Show what sells." }
profiling = false
basis = "nothing about a person is read"
[purposes.choose]
says = { en = "Choose for you." }
profiling = true
basis = "consent"
needs = ["choose"]
stop_if = ["objection"]
[purposes.learn]
says = { en = "Learn what goes together." }
profiling = false
profiling_because = "it counts"
basis = "consent"
needs = ["learn"]
[purposes.help]
says = { en = "Help." }
profiling = false
profiling_because = "it helps"
basis = "legitimate interests"
interest = { en = "To help." }
balance = "LIA-1"
stop_if = ["objection"]
[children]
under = 18
age_from = "subject.birth_date"
unknown_age = "adult"
unknown_because = "made for adults"
[strategies.window]
plugin = "popular"
purpose = "show"
may_read = { "item.sku" = "exact" }
[strategies.mine]
script = "mine.rhai"
purpose = "choose"
may_read = { "subject.viewed" = "exact", "subject.size" = "exact" }
[strategies.pairs]
plugin = "pairs"
purpose = "show"
learning_purpose = "learn"
may_read = { "item.sku" = "exact" }
may_learn_from = { "subject.bought" = { as = "sessions" } }
[strategies.helps]
script = "helps.rhai"
purpose = "help"
may_read = { "subject.bought" = "exact" }
"#;

const BEGIN: &str = "2026-03-01T12:00:00Z";
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn after(ms: i64) -> Timestamp {
    Timestamp::parse(BEGIN).unwrap().plus_ms(ms)
}

/// Somebody who agreed to both questions at the beginning, and an hour later looked, bought and rated, and told a size
/// and a colour. The size is used as what they looked at is, the colour by nothing, as what they rated.
fn somebody() -> SubjectRecord {
    let events = [EventKind::ViewItem, EventKind::Purchase, EventKind::Rate].into_iter().zip(1..);
    let event = |(kind, sequence)| HistoryEvent {
        sequence,
        kind,
        at: after(HOUR),
        lines: [HistoryLine { item: ItemIndex(0), quantity: 1 }].into(),
    };
    let told = |name| {
        let value = StoredValue { value: Value::Text("blue".into()), stored_at: after(HOUR) };
        (Arc::from(name), value)
    };
    let mut record = SubjectRecord {
        person: PersonNumber(1),
        fields: ["size", "colour"].into_iter().map(told).collect(),
        events: events.map(event).collect(),
        choices: BTreeMap::new(),
        objected: None,
        restricted: None,
        last_seen: after(DAY),
    };
    for name in ["choose", "learn"] {
        answer(&mut record, name, ChoiceStatus::Granted, 0);
    }
    record
}

fn answer(record: &mut SubjectRecord, name: &str, status: ChoiceStatus, at: i64) {
    let choice = Choice { status, text_version: "2".into(), at: after(at), source: "banner".into() };
    record.choices.entry(Arc::from(name)).or_default().push(choice);
}

fn born(record: &mut SubjectRecord, year: i16, told: i64) {
    let value = Value::Date(Date::new(year, 1, 1).unwrap());
    record.fields.insert("birth_date".into(), StoredValue { value, stored_at: after(told) });
}

/// What is to go of somebody after so long: `v` what they looked at, `b` what they bought, `r` what they rated. What they
/// told goes with what they did for the same purpose.
fn gone(policy: &Policy, record: &SubjectRecord, ms: i64) -> String {
    let letter = |event: &&HistoryEvent| match event.kind {
        EventKind::ViewItem => 'v',
        EventKind::Purchase => 'b',
        _ => 'r',
    };
    let groundless = policy.groundless(record, after(ms));
    let events: String = groundless.events.iter().map(letter).collect();
    let told: Vec<&str> = groundless.values.iter().map(|name| &***name).collect();
    let beside = [('r', "colour"), ('v', "size")].into_iter().filter(|(letter, _)| events.contains(*letter));
    assert_eq!(told, beside.map(|(_, name)| name).collect::<Vec<_>>(), "beside {events}");
    let removed = RemovedCount { events: events.len(), values: told.len() };
    assert_eq!(policy.count_removed(record, after(ms)), removed, "nothing of it is too old");
    events
}

type Happened = fn(&mut SubjectRecord);

#[test]
fn what_ends_a_ground_erases_what_nothing_else_covers() {
    let policy = Policy::check("policy.toml", POLICY).unwrap().0;
    let rows: &[(&str, Happened, i64, &str)] = &[
        ("nothing happened", |_| {}, 10 * DAY, "r"),
        // an answer
        (
            "a withdrawal, within the day",
            |r| answer(r, "choose", ChoiceStatus::Withdrawn, DAY),
            2 * DAY - 1,
            "r",
        ),
        ("a withdrawal, a day later", |r| answer(r, "choose", ChoiceStatus::Withdrawn, DAY), 2 * DAY, "vr"),
        ("a refusal, a day later", |r| answer(r, "choose", ChoiceStatus::Refused, DAY), 2 * DAY, "vr"),
        ("another ground covers it", |r| answer(r, "learn", ChoiceStatus::Withdrawn, DAY), 100 * DAY, "r"),
        (
            "a new yes within the day keeps it",
            |r| {
                answer(r, "choose", ChoiceStatus::Withdrawn, DAY);
                answer(r, "choose", ChoiceStatus::Granted, 2 * DAY - 1);
            },
            9 * DAY,
            "r",
        ),
        (
            "a new yes a day later does not",
            |r| {
                answer(r, "choose", ChoiceStatus::Withdrawn, DAY);
                answer(r, "choose", ChoiceStatus::Granted, 2 * DAY);
            },
            9 * DAY,
            "vr",
        ),
        (
            "two noes are one",
            |r| {
                answer(r, "choose", ChoiceStatus::Refused, DAY);
                answer(r, "choose", ChoiceStatus::Withdrawn, DAY + 23 * HOUR);
            },
            2 * DAY,
            "vr",
        ),
        // expiry after 180 days, 30 days of rest, a day of grace
        ("a yes that ended rests", |_| {}, 210 * DAY, "r"),
        ("the rest ends, within the day", |_| {}, 211 * DAY - 1, "r"),
        ("the rest ends, a day later", |_| {}, 211 * DAY, "vr"),
        (
            "a new yes while it rests keeps it",
            |r| answer(r, "choose", ChoiceStatus::Granted, 209 * DAY),
            300 * DAY,
            "r",
        ),
        // an objection to all that it rested on
        ("an objection, within the day", |r| r.objected = Some(after(DAY)), 2 * DAY - 1, "r"),
        (
            "an objection, a day later: learning does not stop for it",
            |r| r.objected = Some(after(DAY)),
            2 * DAY,
            "vr",
        ),
        (
            "an objection, and the other yes taken back",
            |r| {
                r.objected = Some(after(DAY));
                answer(r, "learn", ChoiceStatus::Withdrawn, DAY);
            },
            2 * DAY,
            "vbr",
        ),
        // a child by another age: closed, kept for 30 days
        ("a child by another age", |r| born(r, 2015, DAY), 31 * DAY - 1, "r"),
        ("a child by another age, 30 days later", |r| born(r, 2015, DAY), 31 * DAY, "vr"),
        ("an adult", |r| born(r, 1990, DAY), 100 * DAY, "r"),
        // what waits
        (
            "restricted",
            |r| {
                answer(r, "choose", ChoiceStatus::Withdrawn, DAY);
                r.restricted = Some(after(DAY));
            },
            99 * DAY,
            "",
        ),
    ];
    for (what, happened, ms, expected) in rows {
        let mut record = somebody();
        happened(&mut record);
        assert_eq!(gone(&policy, &record, *ms), *expected, "{what}");
    }
}

/// A policy that no longer has the purpose takes a day from its date.
#[test]
fn what_a_policy_no_longer_uses_goes_a_day_after_its_date() {
    let dated = |day: &str| Policy::check("policy.toml", &POLICY.replace("2026-01-01.1", day)).unwrap().0;
    let ms = 10 * DAY;
    assert_eq!(gone(&dated("2026-03-11.1"), &somebody(), ms), "");
    assert_eq!(gone(&dated("2026-03-10.1"), &somebody(), ms), "r");
}

/// A policy that waits for its approval narrows what is read, and takes no ground away.
#[test]
fn what_waits_for_an_approval_erases_nothing() {
    let check = |text: &str| Policy::check("policy.toml", text).unwrap().0;
    let grant = "may_read = { \"subject.viewed\" = \"exact\", \"subject.size\" = \"exact\" }";
    let waiting = POLICY.replace(grant, "may_read = { \"item.sku\" = \"exact\" }");
    assert_ne!(waiting, POLICY);
    let met = check(POLICY).meet(&check(&waiting));
    assert_eq!(gone(&check(&waiting), &somebody(), 10 * DAY), "vr");
    assert_eq!(gone(&met, &somebody(), 10 * DAY), "r");
    assert_eq!(gone(&met.meet(&check(&waiting)), &somebody(), 10 * DAY), "r");
}

/// Another version of the question asks again, and takes nothing back.
#[test]
fn another_wording_erases_nothing() {
    let policy = Policy::check("policy.toml", &POLICY.replace("[\"2\"]", "[\"3\"]")).unwrap().0;
    assert_eq!(gone(&policy, &somebody(), 10 * DAY), "r");
}

/// Beside what has no ground: what is too old, what is not declared, and everything of an account that has ended.
#[test]
fn what_a_policy_would_remove_is_counted() {
    let check = |from: &str, to: &str| {
        assert_eq!(POLICY.matches(from).count(), 1, "{from}");
        Policy::check("policy.toml", &POLICY.replace(from, to)).unwrap().0
    };
    let short = "viewed = { type = \"events\", class = \"personal\", keep = \"9 days\"";
    for (policy, removed) in [
        (check("viewed = { type = \"events\", class = \"personal\", keep = \"24 months\"", short), (2, 1)),
        (check("colour = { type = \"text\", class = \"personal\", keep = \"account\" }\n", ""), (1, 1)),
        (
            check(
                "size = { type = \"text\", class = \"personal\", keep = \"account\"",
                "size = { type = \"text\", class = \"personal\", keep = \"9 days\"",
            ),
            (1, 2),
        ),
        (
            check("time_zone = \"UTC\"", "time_zone = \"UTC\"\nends_after_idle = { account = \"5 days\" }"),
            (3, 2),
        ),
    ] {
        let counted = policy.count_removed(&somebody(), after(10 * DAY));
        assert_eq!((counted.events, counted.values), removed);
    }
}
