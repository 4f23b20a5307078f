//! `GET /v1/version`.

use jardin_policy::LANGUAGE_VERSION;
use serde_json::json;

use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    reply::{Outcome, Reply},
    route::{Answer, Body, Path, Route, Run, Verb},
};

pub(super) const ROUTES: &[Route] = &[Route {
    verb: Verb::Get,
    path: &Path::plain("/v1/version"),
    name: "show_version",
    roles: &[],
    scope: None,
    summary: "the versions of the program, of this API, of the policy language and of the interface of plugins",
    parameters: &[],
    body: Body::None,
    answer: Answer::json(200, &VERSION),
    problems: &[],
    run: Run::ToItsEnd(|call| Box::pin(show_version(call))),
}];

/// The version in every path.
const API: &str = "v1";

const VERSION: Shape = Shape {
    name: "Version",
    says: "What this server is and speaks.",
    fields: &[
        Field::required("program", ValueKind::Text, "the program"),
        Field::required("api", ValueKind::Word(&[API]), "this API"),
        Field::required("policy_language", ValueKind::Whole, "`language` of policy.toml"),
        Field::required("abi", ValueKind::Text, "the interface of plugins, major and minor"),
    ],
    open: false,
};

async fn show_version(call: Call) -> Outcome {
    let program = call.shared.program;
    let (major, minor) = program.abi;
    Reply::ok(&json!({
        "program": program.version,
        "api": API,
        "policy_language": LANGUAGE_VERSION,
        "abi": format!("{major}.{minor}"),
    }))
}
