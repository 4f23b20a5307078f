//! What a call says of the person beside what is stored: lists and events obey it alike.

use serde_json::{Value, json};

use crate::support::{Server, example, unhurried};

const NOW: &str = "2026-11-20T10:00:00Z";
/// Made in February 2026, with the publisher purposes 5 and 6; and one that allows 5 alone.
const ALLOWS: &str = "CQgYw72QgYw72AfACBFRAwFgAIwAAAAAAAqIAAAAAAAA.YYAAAAAAAAA";
const ALLOWS_LESS: &str = "CQgYw72QgYw72AfACBFRAwFgAIwAAAAAAAqIAAAAAAAA.YQAAAAAAAAA";

/// Whether a list of theirs is made for them, and whether an event of theirs is kept.
fn is_obeyed(server: &Server, says: &Value, headers: &[(&str, &str)]) -> (bool, bool) {
    let with = |mut body: Value| {
        body.as_object_mut().unwrap().extend(says.as_object().unwrap().clone());
        body.to_string()
    };
    let list = with(json!({"placement": "home", "subject_id": "ada"}));
    let list = server.client.send("POST", "/v1/recommendations", Some(list.as_bytes()), headers).unwrap();
    list.expect(200);
    let event = json!({"type": "view_item", "occurred_at": NOW, "subject_id": "ada", "items": [{"item_id": "TEN-103"}]});
    let events = with(json!({"events": [event]}));
    let events = server.client.send("POST", "/v1/events", Some(events.as_bytes()), headers).unwrap();
    let kept = events.expect(202)["accepted"] == 1;
    (list.tried("for-you").is_some_and(|(status, _)| status == "ran"), kept)
}

#[test]
fn lists_and_events_are_narrowed_by_the_same_words() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    unhurried(&example("shop"), &shop);
    let server = Server::serve_at(&shop, &folder.path().join("data"), NOW, 1);
    server.client.put_example_items(&[]);
    server.client.consent("ada", "personalisation");
    for (says, headers) in [
        (json!({}), &[][..]),
        (json!({}), &[("sec-gpc", "0")]),
        (json!({"objected": false, "consent": {"personalisation": true}}), &[]),
        (
            json!({"signals": {"gpc": false, "tcf": ALLOWS, "consent_mode": {"personalization_storage": "granted"}}}),
            &[],
        ),
    ] {
        assert_eq!(is_obeyed(&server, &says, headers), (true, true), "{says} {headers:?}");
    }
    for (says, headers) in [
        (json!({}), &[("sec-gpc", "1")][..]),
        (json!({"signals": {"gpc": false}}), &[("sec-gpc", "1")]),
        (json!({"signals": {"gpc": true}}), &[]),
        (json!({"objected": true}), &[]),
        (json!({"consent": {"personalisation": false}}), &[]),
        (json!({"signals": {"tcf": ALLOWS_LESS}}), &[]),
        (json!({"signals": {"tcf": "not one"}}), &[]),
        (json!({"signals": {"consent_mode": {"personalization_storage": "denied"}}}), &[]),
        // the text of a table is a no, as everything is that is no yes
        (json!({"signals": {"consent_mode": {"personalization_storage": "No"}}}), &[]),
    ] {
        assert_eq!(is_obeyed(&server, &says, headers), (false, false), "{says} {headers:?}");
    }
    // a question that is not asked is told at both doors: somebody who means to refuse must not be misread
    for body in [
        json!({"placement": "home", "consent": {"nothing": false}}),
        json!({"events": [], "consent": {"nothing": false}}),
    ] {
        let path = if body["events"].is_array() { "/v1/events" } else { "/v1/recommendations" };
        assert_eq!(
            server.client.post(path, &body).expect(422)["names"],
            json!(["improvement", "personalisation"])
        );
    }
}
