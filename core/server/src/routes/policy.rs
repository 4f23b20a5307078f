//! `GET /v1/policy`. The policy changes by its file only.

use jardin_access::Role;
use serde_json::json;

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Get,
    path: &Path::plain("/v1/policy"),
    name: "show_policy",
    roles: &[Role::Compliance],
    scope: None,
    summary: "the policy in force; it changes by its file only",
    parameters: &[],
    body: Body::None,
    answer: Answer::json(200, &POLICY),
    problems: &[],
    run: Run::ToItsEnd(|call| Box::pin(show_policy(call))),
}];

const POLICY: Shape = Shape {
    name: "Policy",
    says: "The policy in force.",
    fields: &[
        Field::required("revision", ValueKind::Text, "its revision"),
        Field::required("text", ValueKind::Text, "the file as it was read"),
    ],
    open: false,
};

async fn show_policy(call: Call) -> Outcome {
    let policy = call.shared.engine.policy();
    Reply::ok(&json!({"revision": &*policy.revision, "text": &*policy.text}))
}
