//! `POST /v1/events`.

use hyper::StatusCode;
use jardin_access::{PageToken, Role, Scope};
use jardin_engine::MAX_EVENTS;
use serde_json::Value;

use super::{
    narrowing::{CONSENT, OBJECTED, SIGNALS, read_narrowing},
    receipt::{RECEIPT, ReceiptBody},
};
use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Parameter, Path, Route, Run, Verb},
    shared::Shared,
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Post,
    path: &Path::plain("/v1/events"),
    name: "record_events",
    roles: &[Role::Ingest],
    scope: Some(Scope::Ingest),
    summary: "records what happened, at most 1,000 events; durable before the answer",
    parameters: &[Parameter::SecGpc],
    body: Body::Json(&EVENTS),
    answer: Answer::json(202, &RECEIPT),
    problems: &[ProblemKind::NotReady],
    run: Run::ToItsEnd(|call| Box::pin(record(call))),
}];

const EVENTS: Shape = Shape {
    name: "Events",
    says: "Events, of which each is judged by itself, and what narrows all of them.",
    fields: &[
        Field::required("events", ValueKind::Rows(&EVENT), "what happened")
            .at_most(MAX_EVENTS as u64)
            .such_as(r#"[{"type":"view_item","occurred_at":"2026-11-20T10:00:00Z","session_id":"s1","items":[{"item_id":"TEN-103"}]}]"#),
        CONSENT,
        OBJECTED,
        SIGNALS,
    ],
    open: false,
};

const EVENT: Shape = Shape {
    name: "Event",
    says: "One event. Beside these keys it may have the event fields that the policy declares.",
    fields: &[
        Field::required("type", ValueKind::Text, "GA4's word, such as `view_item` or `purchase`"),
        Field::required("occurred_at", ValueKind::Time, "when"),
        Field::optional("event_id", ValueKind::Id, "by which a repeat is recognised for 7 days"),
        Field::optional("subject_id", ValueKind::Id, "who"),
        Field::optional("session_id", ValueKind::Id, "in which visit"),
        Field::optional("recommendation_id", ValueKind::Id, "the answer that led to it"),
        Field::optional("items", ValueKind::Rows(&LINE), "the products; all but `search` need one")
            .at_most(2_000),
    ],
    open: true,
};

const LINE: Shape = Shape {
    name: "EventItem",
    says: "One product of an event. Beside these keys it may have the event fields that the policy declares.",
    fields: &[
        Field::required("item_id", ValueKind::Id, "which item"),
        Field::optional("quantity", ValueKind::Whole, "how many; 1 where it is not there").at_most(1_000_000),
    ],
    open: true,
};

async fn record(call: Call) -> Outcome {
    let gpc = call.gpc();
    let mut body = call.content.into_object();
    let mut events = body.take_list("events").unwrap_or_default();
    let narrowing = read_narrowing(&mut body, gpc);
    if let Some(visitor) = call.caller.page_token().filter(|token| token.is_visitor)
        && !has_consented(&call.shared, visitor).await?
    {
        // an id that nobody has agreed to is stored nowhere
        events.iter_mut().filter_map(Value::as_object_mut).for_each(|event| drop(event.remove("subject_id")));
    }
    let receipt = call.shared.engine.ingest(events, &narrowing).await?;
    Reply::json(StatusCode::ACCEPTED, &ReceiptBody::from(&receipt))
}

async fn has_consented(shared: &Shared, visitor: &PageToken) -> Result<bool, HttpProblem> {
    match &visitor.person {
        Some(person) => Ok(shared.engine.has_consented(person).await?),
        None => Ok(false),
    }
}
