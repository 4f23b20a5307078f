//! Events of other programs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::feed;

/// What a file is read as: its events, and why the other rows are none.
fn read_events(name: &str) -> (Vec<Value>, BTreeMap<String, u64>) {
    let opened = jardin_import::open(&feed(name), None).unwrap();
    let mut events = Vec::new();
    let summary = opened.read_rows(&jardin_import::ReadOptions::default(), &mut |batch| {
        events.extend(batch.events);
        Ok(())
    });
    let summary = summary.unwrap();
    assert_eq!(summary.bad, 0, "{:?}", summary.bad_rows);
    (events, summary.set_aside.into_iter().map(|(why, count)| (why.into_owned(), count)).collect())
}

#[test]
fn events_of_google_analytics_are_ours_under_the_visit_they_belong_to() {
    let (mut events, aside) = read_events("ga4.jsonl");
    let ids: Vec<Value> =
        events.iter_mut().map(|event| event.as_object_mut().unwrap().remove("event_id").unwrap()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    assert_eq!(
        events,
        [
            json!({"type": "view_item", "occurred_at": "2026-11-20T10:03:21Z", "session_id": "401.1.1795169000",
                "items": [{"item_id": "00123", "quantity": 1}]}),
            json!({"type": "add_to_cart", "occurred_at": "2026-11-20T10:03:22Z", "session_id": "401.1.1795169000",
                "items": [{"item_id": "00123", "quantity": 2}]}),
            json!({"type": "purchase", "occurred_at": "2026-11-20T10:03:23Z", "session_id": "401.1.1795169000", "subject_id": "c-17",
                "currency": "EUR", "value": "56.8",
                "items": [{"item_id": "00123", "quantity": 2}, {"item_id": "BR-7", "quantity": 1}]}),
            json!({"type": "search", "occurred_at": "2026-11-20T10:03:24Z", "session_id": "402.9.1795169000", "search_term": "rosé"}),
        ]
    );
    let expected = [
        ("an event of a type that is not kept: session_start", 1),
        ("an event of a visitor who denied storage for analytics", 1),
        ("an event that names no product", 1),
    ];
    assert_eq!(aside, expected.map(|(why, count)| (why.to_owned(), count)).into());
}

#[test]
fn calls_of_segment_are_ours_and_say_nothing_of_their_context() {
    let (events, aside) = read_events("segment.jsonl");
    assert_eq!(
        events,
        [
            json!({"event_id": "m-1", "type": "view_item", "occurred_at": "2026-11-20T10:00:01Z", "session_id": "a-1",
                "items": [{"item_id": "00123"}]}),
            json!({"event_id": "m-2", "type": "purchase", "occurred_at": "2026-11-20T10:05:00Z", "session_id": "a-1", "subject_id": "c-17",
                "currency": "EUR", "value": "56.8",
                "items": [{"item_id": "00123", "quantity": 2}, {"item_id": "BR-7", "quantity": 1}]}),
        ]
    );
    let expected =
        [("a call that is not `track`", 2), ("an event of a type that is not kept: Video Played", 1)];
    assert_eq!(aside, expected.map(|(why, count)| (why.to_owned(), count)).into());
}

#[test]
fn the_second_set_of_online_retail_is_read_as_the_first() {
    let (events, aside) = read_events("online_retail_ii.csv");
    assert_eq!(events.len(), 1);
    assert_eq!(
        events[0]["items"],
        json!([{"item_id": "85048", "quantity": 12}, {"item_id": "79323P", "quantity": 12}])
    );
    assert_eq!((&events[0]["subject_id"], &aside["cancellations"]), (&json!("13085"), &1));
}
