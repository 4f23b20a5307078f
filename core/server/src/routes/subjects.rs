//! `/v1/subjects/{id}`: a person's profile, export, erasure, objection and restriction.

use jardin_access::{Role, Scope};
use serde_json::{Value, json};

use super::{
    consents::SUBJECT_ID,
    erasures::{ERASURE, ErasureBody},
    person::{PERSON, PersonBody},
    receipt::{REDACTED, redacted_entry},
};
use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Parameter, Path, Route, Run, Verb},
};

const ROLES: &[Role] = &[Role::Subjects];
const SUBJECT: Path = Path { template: "/v1/subjects/{id}", names: &[SUBJECT_ID] };
const OBJECTION: Path = Path { template: "/v1/subjects/{id}/objection", names: &[SUBJECT_ID] };
const RESTRICTION: Path = Path { template: "/v1/subjects/{id}/restriction", names: &[SUBJECT_ID] };

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Put,
        path: &SUBJECT,
        name: "put_subject",
        roles: ROLES,
        scope: None,
        summary: "sets a person's profile; fields that are not named go",
        parameters: &[Parameter::IfMatch],
        body: Body::Json(&PROFILE),
        answer: Answer::json(200, &STORED).tagged(),
        problems: &[ProblemKind::VersionConflict, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(store_profile(call, true))),
    },
    Route {
        verb: Verb::Patch,
        path: &SUBJECT,
        name: "change_subject",
        roles: ROLES,
        scope: None,
        summary: "changes some fields of a profile; `null` takes one away",
        parameters: &[Parameter::IfMatch],
        body: Body::Json(&PROFILE),
        answer: Answer::json(200, &STORED).tagged(),
        problems: &[ProblemKind::VersionConflict, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(store_profile(call, false))),
    },
    Route {
        verb: Verb::Get,
        path: &SUBJECT,
        name: "export_subject",
        roles: ROLES,
        scope: None,
        summary: "everything that is stored of a person, and what it means (GDPR Art. 15, 20)",
        parameters: &[Parameter::Locale],
        body: Body::None,
        answer: Answer::json(200, &PERSON).tagged(),
        problems: &[ProblemKind::NotFound, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(export_subject(call))),
    },
    Route {
        verb: Verb::Delete,
        path: &SUBJECT,
        name: "erase_subject",
        roles: ROLES,
        scope: None,
        summary: "erases a person and what was learned from them (GDPR Art. 17), before it answers",
        parameters: &[Parameter::IfMatch, Parameter::Remember],
        body: Body::None,
        answer: Answer::json(200, &ERASURE),
        problems: &[
            ProblemKind::NotFound,
            ProblemKind::VersionConflict,
            ProblemKind::InForceNotDurable,
            ProblemKind::NotReady,
        ],
        run: Run::ToItsEnd(|call| Box::pin(erase_subject(call))),
    },
    Route {
        verb: Verb::Put,
        path: &OBJECTION,
        name: "put_objection",
        roles: ROLES,
        scope: Some(Scope::Consent),
        summary: "sets or lifts an objection (GDPR Art. 21), obeyed by the next answer",
        parameters: &[],
        body: Body::Json(&ACTIVE),
        answer: Answer::json(200, &ACTIVE),
        problems: &[ProblemKind::InForceNotDurable, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(put_objection(call))),
    },
    Route {
        verb: Verb::Put,
        path: &RESTRICTION,
        name: "put_restriction",
        roles: ROLES,
        scope: None,
        summary: "sets or lifts a restriction (GDPR Art. 18), obeyed by the next answer",
        parameters: &[],
        body: Body::Json(&ACTIVE),
        answer: Answer::json(200, &ACTIVE),
        problems: &[ProblemKind::InForceNotDurable, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(put_restriction(call))),
    },
];

const PROFILE: Shape = Shape {
    name: "Profile",
    says: "The fields of a person.",
    fields: &[Field::required(
        "fields",
        ValueKind::Map(&ValueKind::Any),
        "by the names that the policy declares",
    )
    .such_as(r#"{"birth_date":"1990-05-17"}"#)],
    open: false,
};

const STORED: Shape = Shape {
    name: "StoredProfile",
    says: "What became of a profile.",
    fields: &[Field::required(
        "redacted",
        ValueKind::List(&ValueKind::Object(&REDACTED)),
        "what was dropped",
    )],
    open: false,
};

pub(super) const ACTIVE: Shape = Shape {
    name: "Active",
    says: "Whether it holds.",
    fields: &[Field::required("active", ValueKind::Flag, "`false` lifts it")],
    open: false,
};

async fn export_subject(call: Call) -> Outcome {
    let id = call.subject_id()?;
    let person = call.shared.engine.subject(&id).await?;
    let meaning = call.shared.engine.explain_subject(&id, &person, call.locale()).await?;
    Reply::ok(&PersonBody::new(id.as_str().to_owned(), &person, &meaning))?.tagged(&person.version)
}

async fn store_profile(call: Call, replace: bool) -> Outcome {
    let (id, version) = (call.subject_id()?, call.if_match());
    let fields = call.content.into_object().take_map("fields").unwrap_or_default();
    let stored = call.shared.engine.put_subject(&id, fields, replace, version.as_deref()).await?;
    let dropped: Vec<Value> = stored.redacted.iter().map(|d| without_index(redacted_entry(d))).collect();
    Reply::ok(&json!({"redacted": dropped}))?.tagged(&stored.version)
}

fn without_index(mut dropped: Value) -> Value {
    dropped.as_object_mut().map(|map| map.remove("index"));
    dropped
}

async fn erase_subject(call: Call) -> Outcome {
    let (id, version, remember) = (call.subject_id()?, call.if_match(), call.remembers_objection());
    let receipt = call.shared.engine.erase_subject(&id, version.as_deref(), remember).await?;
    Reply::ok(&ErasureBody::from(receipt))
}

async fn put_objection(call: Call) -> Outcome {
    let id = call.subject_id()?;
    let active = read_active(call.content.into_object().take_flag("active"))?;
    call.shared.engine.put_objection(&id, active).await?;
    Reply::ok(&json!({"active": active}))
}

async fn put_restriction(call: Call) -> Outcome {
    let id = call.subject_id()?;
    let active = read_active(call.content.into_object().take_flag("active"))?;
    call.shared.engine.put_restriction(&id, active).await?;
    Reply::ok(&json!({"active": active}))
}

pub(super) fn read_active(sent: Option<bool>) -> Result<bool, HttpProblem> {
    sent.ok_or_else(|| HttpProblem::missing(&ACTIVE, "active"))
}
