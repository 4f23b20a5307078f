//! `/v1/subjects/{id}/consents/{name}`.

use std::sync::Arc;

use jardin_access::{Role, Scope};
use jardin_engine::{ConsentGiven, ConsentShown};
use jardin_model::ChoiceStatus;
use serde_json::{Value, json};

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

/// A person in a path.
pub(super) const SUBJECT_ID: Field = Field::required("id", ValueKind::Id, "which person").such_as(r#""u1""#);

const PATH: Path = Path {
    template: "/v1/subjects/{id}/consents/{name}",
    names: &[
        SUBJECT_ID,
        Field::required("name", ValueKind::Text, "a consent that the policy asks for")
            .such_as(r#""personalisation""#),
    ],
};

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Put,
        path: &PATH,
        name: "put_consent",
        roles: &[Role::Subjects],
        scope: Some(Scope::Consent),
        summary: "records an answer to a consent question, obeyed by the next answer",
        parameters: &[],
        body: Body::Json(&GIVEN),
        answer: Answer::json(200, &CONSENT),
        problems: &[ProblemKind::NotFound, ProblemKind::InForceNotDurable, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(put_consent(call))),
    },
    Route {
        verb: Verb::Get,
        path: &PATH,
        name: "show_consent",
        roles: &[Role::Subjects],
        scope: Some(Scope::Consent),
        summary: "the last answer to a consent question",
        parameters: &[],
        body: Body::None,
        answer: Answer::json(200, &CONSENT),
        problems: &[ProblemKind::NotFound, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(show_consent(call))),
    },
];

const STATUS: ValueKind = ValueKind::Word(&["granted", "refused", "withdrawn"]);
/// The most bytes of a version or source.
const MAX_NOTE: u64 = 64;

pub(super) const GIVEN: Shape = Shape {
    name: "ConsentAnswer",
    says: "What a person answered. A yes needs `text_version`.",
    fields: &[
        Field::required("status", STATUS, "yes or no"),
        Field::optional("text_version", ValueKind::Text, "which text of the question was answered")
            .at_most(MAX_NOTE)
            .such_as(r#""2026-10""#),
        Field::optional("source", ValueKind::Text, "where it was asked; of a page token its own id instead")
            .at_most(MAX_NOTE)
            .such_as(r#""banner""#),
    ],
    open: false,
};

pub(super) const CONSENT: Shape = Shape {
    name: "Consent",
    says: "A recorded answer to a consent question.",
    fields: &[
        Field::required("name", ValueKind::Text, "the question"),
        Field::required("status", STATUS, "yes or no"),
        Field::required("text_version", ValueKind::Text, "which text of the question was answered"),
        Field::required("source", ValueKind::Text, "where it was asked"),
        Field::required("at", ValueKind::Time, "when"),
        Field::required("counts", ValueKind::Flag, "whether it permits anything now"),
        Field::optional(
            "ask_from",
            ValueKind::Time,
            "from when on they may be asked again; now where it is missing",
        ),
    ],
    open: false,
};

async fn show_consent(call: Call) -> Outcome {
    let shown = call.shared.engine.consent(&call.subject_id()?, call.name(1)).await?;
    Reply::ok(&consent_body(&shown))
}

async fn put_consent(call: Call) -> Outcome {
    let (id, name) = (call.subject_id()?, call.name(1).to_owned());
    let (shared, given) = (Arc::clone(&call.shared), read_consent(call)?);
    Reply::ok(&consent_body(&shared.engine.put_consent(&id, &name, given).await?))
}

/// An answer, and where it was given: of a page token its own id, whatever the page says.
pub(super) fn read_consent(mut call: Call) -> Result<ConsentGiven, HttpProblem> {
    let mut body = call.take_object();
    let source = body.take_text("source");
    let status = body.take_text("status").and_then(|word| ChoiceStatus::from_word(&word));
    let status = status.ok_or_else(|| HttpProblem::missing(&GIVEN, "status"))?;
    let text_version = body.take_text("text_version");
    if status == ChoiceStatus::Granted && text_version.is_none() {
        return Err(HttpProblem::missing(&GIVEN, "text_version"));
    }
    Ok(ConsentGiven {
        status,
        text_version: text_version.unwrap_or_default().into(),
        source: call.source(source),
    })
}

/// A consent as it is shown.
pub(super) fn consent_body(consent: &ConsentShown) -> Value {
    let mut body = json!({
        "name": &*consent.name,
        "status": consent.status.word(),
        "text_version": &*consent.text_version,
        "source": &*consent.source,
        "at": consent.at.to_string(),
        "counts": consent.counts,
    });
    if let (Some(at), Some(members)) = (consent.ask_from, body.as_object_mut()) {
        members.insert("ask_from".to_owned(), json!(at.to_string()));
    }
    body
}
