//! `/v1/sessions/{id}`: what somebody without an account decides for one visit, gone with it.

use std::sync::Arc;

use jardin_access::{Role, Scope};
use jardin_engine::ConsentGiven;
use serde_json::json;

use super::{
    consents::{CONSENT, GIVEN, consent_body, read_consent},
    subjects::{ACTIVE, read_active},
};
use crate::{
    call::Call,
    field::{Field, ValueKind},
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

/// A visit in a path.
pub(super) const SESSION_ID: Field =
    Field::required("id", ValueKind::Id, "which visit").such_as(r#""visit-7""#);

const CONSENT_PATH: Path = Path {
    template: "/v1/sessions/{id}/consents/{name}",
    names: &[
        SESSION_ID,
        Field::required("name", ValueKind::Text, "a consent that the policy asks for")
            .such_as(r#""personalisation""#),
    ],
};
const OBJECTION_PATH: Path = Path { template: "/v1/sessions/{id}/objection", names: &[SESSION_ID] };

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Put,
        path: &CONSENT_PATH,
        name: "put_visit_consent",
        roles: &[Role::Subjects],
        scope: Some(Scope::Consent),
        summary: "records an answer to a consent question for one visit of nobody known, gone with it",
        parameters: &[],
        body: Body::Json(&GIVEN),
        answer: Answer::json(200, &CONSENT),
        problems: &[ProblemKind::NotFound, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(put_visit_consent(call))),
    },
    Route {
        verb: Verb::Put,
        path: &OBJECTION_PATH,
        name: "put_visit_objection",
        roles: &[Role::Subjects],
        scope: Some(Scope::Consent),
        summary: "sets or lifts an objection for one visit; what it did is forgotten with an objection",
        parameters: &[],
        body: Body::Json(&ACTIVE),
        answer: Answer::json(200, &ACTIVE),
        problems: &[ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(put_visit_objection(call))),
    },
];

async fn put_visit_consent(call: Call) -> Outcome {
    let (id, name) = (call.session_id()?, call.name(1).to_owned());
    // a visit has no key that would seal what a key's caller says of where it was asked
    let (shared, source) = (Arc::clone(&call.shared), call.source(None));
    let given = ConsentGiven { source, ..read_consent(call)? };
    Reply::ok(&consent_body(&shared.engine.put_visit_consent(&id, &name, given).await?))
}

async fn put_visit_objection(mut call: Call) -> Outcome {
    let (id, source) = (call.session_id()?, call.source(None));
    let mut body = call.take_object();
    let active = read_active(body.take_flag("active"))?;
    call.shared.engine.put_visit_objection(&id, active, &source).await?;
    Reply::ok(&json!({"active": active}))
}
