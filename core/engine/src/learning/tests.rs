use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_model::{
    Choice, ChoiceStatus, DAY_MS, EventKind, HistoryLine, ItemIndex, PersonNumber, StoredValue,
    SubjectRecord, Timestamp, Value,
};
use jardin_policy::{Learnable, Policy, PolicyInForce};

use super::{
    archive::{LearnableEvent, Owner},
    judge::Judge,
    sessions::make_sessions,
};

const MINUTE: i64 = 60_000;

fn kept(sequence: u64, visit: Option<u64>, kind: EventKind, minute: i64, items: &[u32]) -> LearnableEvent {
    LearnableEvent {
        sequence,
        visit: visit.map(PersonNumber),
        kind,
        at: Timestamp::from_ms(minute * MINUTE),
        lines: items.iter().map(|i| HistoryLine { item: ItemIndex(*i), quantity: 1 }).collect(),
    }
}

/// The items of each session, by the sequence of its first event.
fn made(events: &[LearnableEvent], never: &[u32]) -> Vec<(u64, Vec<u32>)> {
    let tied = |item: ItemIndex| !never.contains(&item.0);
    let mut made: Vec<(u64, Vec<u32>)> =
        make_sessions(Owner::Subject(PersonNumber(1)), events, &tied, &[3; 32], None)
            .values()
            .map(|rows| (rows[0].sequence, rows.iter().map(|r| r.item.0).collect()))
            .collect();
    made.sort();
    made
}

#[test]
fn a_session_is_a_visit_else_thirty_minutes_and_a_purchase_is_its_own_basket() {
    use EventKind::{Purchase, ViewItem};
    let events = [
        kept(1, Some(7), ViewItem, 0, &[10]),
        kept(2, None, ViewItem, 1, &[11]),
        kept(3, Some(7), ViewItem, 300, &[12]),
        kept(4, None, ViewItem, 31, &[13]),
        kept(5, None, ViewItem, 62, &[14]),
        kept(6, Some(7), Purchase, 301, &[15, 16]),
        kept(7, Some(7), Purchase, 302, &[15]),
        kept(8, Some(8), ViewItem, 303, &[17]),
    ];
    // 11 and 13 lie exactly 30 minutes apart, 13 and 14 one minute more
    let expected = [
        (1, vec![10, 12]),
        (2, vec![11, 13]),
        (5, vec![14]),
        (6, vec![15, 16]),
        (7, vec![15]),
        (8, vec![17]),
    ];
    assert_eq!(made(&events, &[]), expected);
    let without = [(1, vec![12]), (2, vec![11, 13]), (5, vec![14]), (6, vec![16]), (8, vec![17])];
    let mut without = without.to_vec();
    without[0].0 = 3;
    without.sort();
    assert_eq!(
        made(&events, &[10, 15]),
        without,
        "an item of `never` leaves no row, and an event without rows begins nothing"
    );
}

#[test]
fn rows_go_by_time_and_a_late_event_joins_its_session() {
    let events =
        [kept(5, Some(7), EventKind::ViewItem, 60, &[1]), kept(9, Some(7), EventKind::ViewItem, 0, &[2])];
    let sessions = make_sessions(Owner::Visit(PersonNumber(7)), &events, &|_| true, &[3; 32], None);
    let rows = sessions.values().next().unwrap();
    let seen: Vec<_> = rows.iter().map(|r| (r.sequence, r.ordinal, r.item.0, r.hour)).collect();
    assert_eq!(seen, [(5, 0, 2, 0), (5, 1, 1, 1)]);
}

#[test]
fn numbers_differ_between_strategies_and_people() {
    let number = |owner: u64, secret: u8| {
        let events = [kept(1, Some(7), EventKind::ViewItem, 0, &[1])];
        *make_sessions(Owner::Subject(PersonNumber(owner)), &events, &|_| true, &[secret; 32], None)
            .keys()
            .next()
            .unwrap()
    };
    assert_eq!(number(1, 1), number(1, 1));
    assert_eq!(BTreeSet::from([number(1, 1), number(2, 1), number(1, 2)]).len(), 3);
}

fn policy() -> PolicyInForce {
    Policy::load("policy.toml", include_str!("../../testdata/policy.toml"))
        .map_err(|r| r.rendered())
        .unwrap()
        .0
        .bind(BTreeSet::new(), None)
}

fn record(choices: &[(i64, ChoiceStatus)]) -> SubjectRecord {
    let choice = |(day, status): &(i64, ChoiceStatus)| Choice {
        status: *status,
        text_version: "2026-10".into(),
        at: Timestamp::from_ms(day * DAY_MS),
        source: "banner".into(),
    };
    SubjectRecord {
        person: PersonNumber(1),
        fields: BTreeMap::new(),
        events: Vec::new(),
        choices: [(Arc::from("improvement"), choices.iter().map(choice).collect())].into(),
        objected: None,
        restricted: None,
        last_seen: Timestamp::from_ms(20_000 * DAY_MS),
    }
}

/// On which of the days a purchase may be learned from, at day 20,000.
fn learnable_days(record: &SubjectRecord, days: &[i64]) -> Vec<i64> {
    let policy = policy();
    let learnable = policy.learners().remove(0);
    let judge = Judge::new(
        &policy,
        &learnable,
        Owner::Subject(PersonNumber(1)),
        Some(record),
        Timestamp::from_ms(20_000 * DAY_MS),
    );
    let may = |day: &i64| judge.may_learn(&kept(1, None, EventKind::Purchase, day * 24 * 60, &[1]));
    days.iter().copied().filter(may).collect()
}

#[test]
fn learning_lasts_from_a_consent_to_its_first_end_and_begins_anew() {
    use ChoiceStatus::{Granted, Withdrawn};
    let days = [19_700, 19_850, 19_900, 19_950, 19_999];
    assert_eq!(learnable_days(&record(&[]), &days), [0_i64; 0]);
    assert_eq!(learnable_days(&record(&[(19_840, Granted)]), &days), [19_850, 19_900, 19_950, 19_999]);
    assert_eq!(learnable_days(&record(&[(19_840, Granted), (19_920, Withdrawn)]), &days), [0_i64; 0]);
    let renewed = record(&[(19_840, Granted), (19_920, Withdrawn), (19_930, Granted)]);
    assert_eq!(
        learnable_days(&renewed, &days),
        [19_950, 19_999],
        "what lies before the withdrawal never comes back"
    );
    let in_time = record(&[(19_690, Granted), (19_845, Granted)]);
    assert_eq!(learnable_days(&in_time, &days), days, "renewed before its 180 days were over");
    let too_late = record(&[(19_690, Granted), (19_880, Granted)]);
    assert_eq!(learnable_days(&too_late, &days), [19_900, 19_950, 19_999], "it had expired for ten days");
    assert_eq!(learnable_days(&record(&[(19_690, Granted)]), &days), [0_i64; 0], "expired by now");
}

#[test]
fn objection_restriction_childhood_and_absence_end_learning() {
    let days = [19_850, 19_999];
    let agreed = || record(&[(19_840, ChoiceStatus::Granted)]);
    assert_eq!(
        learnable_days(&SubjectRecord { objected: Some(Timestamp::from_ms(0)), ..agreed() }, &days),
        [0_i64; 0]
    );
    assert_eq!(
        learnable_days(&SubjectRecord { restricted: Some(Timestamp::from_ms(0)), ..agreed() }, &days),
        [0_i64; 0]
    );
    let idle = Timestamp::from_ms((20_000 - 800) * DAY_MS);
    assert_eq!(learnable_days(&SubjectRecord { last_seen: idle, ..agreed() }, &days), [0_i64; 0]);
    // day 19,900 is 2024-06-26: who was born on 2006-06-26 comes of age on it
    let born = Value::Date(jardin_model::Date::new(2006, 6, 26).unwrap());
    let birth = StoredValue { value: born, stored_at: Timestamp::from_ms(19_840 * DAY_MS) };
    let grown =
        |record| SubjectRecord { fields: [(Arc::from("birth_date"), birth.clone())].into(), ..record };
    let did = [19_850, 19_899, 19_901];
    assert_eq!(learnable_days(&grown(agreed()), &did), [0_i64; 0], "what a child agreed to never counts");
    let again = record(&[(19_840, ChoiceStatus::Granted), (19_900, ChoiceStatus::Granted)]);
    assert_eq!(learnable_days(&grown(again), &did), [19_901], "what a child did is never learned from");
}

#[test]
fn kinds_and_ages_that_the_policy_does_not_list_teach_nothing() {
    let policy = policy();
    let learnable: Learnable = policy.learners().remove(0);
    let agreed = record(&[(19_840, ChoiceStatus::Granted)]);
    let now = Timestamp::from_ms(20_000 * DAY_MS);
    let at = |owner, kind| {
        Judge::new(&policy, &learnable, owner, Some(&agreed), now).may_learn(&kept(
            1,
            None,
            kind,
            19_999 * 24 * 60,
            &[1],
        ))
    };
    assert!(at(Owner::Subject(PersonNumber(1)), EventKind::Purchase));
    assert!(!at(Owner::Subject(PersonNumber(1)), EventKind::ViewItem));
    assert!(!at(Owner::Visit(PersonNumber(1)), EventKind::Purchase), "it learns from subjects alone");
}
