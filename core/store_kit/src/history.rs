//! What a store keeps of an admitted event, and where.

use jardin_contract::EventDetails;
use jardin_model::{Event, HistoryEvent, SubjectId, Timestamp};
use jardin_policy::{Admitted, KeptUnder};

/// The person under whom an event is kept; `None` where it is kept under its visit.
#[must_use]
pub fn kept_subject(admitted: &Admitted) -> Option<&SubjectId> {
    let subject = admitted.event().subject.as_ref();
    subject.filter(|_| admitted.kept_under() == KeptUnder::Subject)
}

/// When an event shows somebody to have been there: an old one that is imported late does not make them present
/// today, and one that is dated ahead does not make them present tomorrow.
#[must_use]
pub fn seen_at(event: &Event, now: Timestamp) -> Timestamp {
    event.occurred_at.min(now)
}

/// What an event says beyond its line in a history and the visit that it names.
#[must_use]
pub fn event_details(event: &Event) -> EventDetails {
    let with_fields = event.lines.iter().any(|line| !line.fields.is_empty());
    let lines = event.lines.iter().filter(|_| with_fields).map(|line| line.fields.clone());
    EventDetails {
        recommendation: event.recommendation.clone(),
        fields: event.fields.clone(),
        lines: lines.collect(),
    }
}

/// Within what an event's id is its own: `person` and whose event it is, else `visit` and which, else nobody's. So that
/// one shopper's order number takes nobody else's event for a repeat.
#[must_use]
pub fn repeat_scope(event: &Event) -> (&'static [u8], &str) {
    match (&event.subject, &event.session) {
        (Some(subject), _) => (b"person", subject.as_str()),
        (None, Some(session)) => (b"visit", session.as_str()),
        (None, None) => (b"nobody", ""),
    }
}

/// Puts an event into a history: by time, and by running number where two are of one time.
pub fn insert_by_time(events: &mut Vec<HistoryEvent>, event: HistoryEvent) {
    let place = events.partition_point(|e| (e.at, e.sequence) <= (event.at, event.sequence));
    events.insert(place, event);
}
