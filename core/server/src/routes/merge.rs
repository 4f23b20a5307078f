//! `POST /v1/subjects/{id}/merge`.

use jardin_access::Role;
use jardin_model::{SessionId, SubjectId};
use serde_json::json;

use super::consents::SUBJECT_ID;
use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem::HttpProblem,
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Post,
    path: &Path { template: "/v1/subjects/{id}/merge", names: &[SUBJECT_ID] },
    name: "merge_visit",
    roles: &[Role::Subjects],
    scope: None,
    summary: "carries what a visitor did in one visit into the account that they signed in to",
    parameters: &[],
    body: Body::Json(&MERGE),
    answer: Answer::json(200, &MERGED),
    problems: &[ProblemKind::NotFound, ProblemKind::NotReady],
    run: Run::ToItsEnd(|call| Box::pin(merge_visit(call))),
}];

const MERGE: Shape = Shape {
    name: "Merge",
    says: "Whose visit it was. Their answers stay theirs, and the account's own rule the account.",
    fields: &[
        Field::required("from", ValueKind::Id, "the visitor").such_as(r#""visitor-8f3c""#),
        Field::required("session_id", ValueKind::Id, "the visit; nothing of other visits is carried")
            .such_as(r#""s1""#),
    ],
    open: false,
};

const MERGED: Shape = Shape {
    name: "Merged",
    says: "What became of the visit.",
    fields: &[
        Field::required("carried", ValueKind::Whole, "how many events are the account's now"),
        Field::required(
            "left",
            ValueKind::Whole,
            "how many stayed with the visitor, since no purpose covers them on both sides",
        ),
    ],
    open: false,
};

async fn merge_visit(mut call: Call) -> Outcome {
    let into = call.subject_id()?;
    let mut body = call.take_object();
    let from = body.take_text("from").ok_or_else(|| HttpProblem::missing(&MERGE, "from"))?;
    let visit = body.take_text("session_id").ok_or_else(|| HttpProblem::missing(&MERGE, "session_id"))?;
    let from = SubjectId::new(&from).map_err(|_| HttpProblem::BadId)?;
    let visit = SessionId::new(&visit).map_err(|_| HttpProblem::BadId)?;
    let merged = call.shared.engine.merge_visit(&into, &from, &visit).await?;
    Reply::ok(&json!({"carried": merged.carried, "left": merged.left}))
}
